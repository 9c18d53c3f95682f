/// An entry bundle of a C2SP tlog-tiles log: up to 256 log entries one after another, each behind its
/// length in two bytes, big-endian.
public enum EntryBundle {
  /// The most bytes that an entry of a bundle can have.
  public static let entryByteLimit = Int(UInt16.max)
  /// The most bytes that a bundle can have.
  public static let byteLimit = Tile.fullWidth * (2 + entryByteLimit)

  /// Adds an entry to a bundle; throws `log.bundle.entry` where it is too long for one.
  public static func append(
    _ entry: [UInt8], to bundle: inout [UInt8]
  ) throws(TransparencyLogError) {
    guard let length = UInt16(exactly: entry.count) else {
      throw TransparencyLogError(
        code: .bundleEntry, message: "an entry of \(entry.count) bytes fits into no bundle")
    }
    appendBigEndian(length, to: &bundle)
    bundle += entry
  }

  /// The bundle of these entries; throws what ``append(_:to:)`` throws.
  public static func encode(
    _ entries: some Sequence<[UInt8]>
  ) throws(TransparencyLogError) -> [UInt8] {
    var bundle: [UInt8] = []
    // Not `for … in`, which would lose the type of the error.
    var rest = entries.makeIterator()
    while let entry = rest.next() { try append(entry, to: &bundle) }
    return bundle
  }

  /// The first `count` entries of a bundle, which may hold more: a wider bundle begins with all
  /// narrower ones. Throws `log.bundle.malformed` where it ends before.
  public static func decode(
    _ bundle: [UInt8], count: Int
  ) throws(TransparencyLogError) -> [ArraySlice<UInt8>] {
    let found = readable(bundle, count: count)
    guard found.count == count else {
      throw TransparencyLogError(
        code: .bundleMalformed, message: "a bundle has \(found.count) whole entries, not \(count)")
    }
    return found
  }

  /// What can be read of the first `count` entries: those before the first that is cut off.
  public static func readable(_ bundle: [UInt8], count: Int) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    var place = 0
    while found.count < count, bundle.count - place >= 2 {
      let length = Int(bundle[place]) << 8 | Int(bundle[place + 1])
      guard bundle.count - place - 2 >= length else { break }
      found.append(bundle[place + 2..<place + 2 + length])
      place += 2 + length
    }
    return found
  }

  /// The bytes of a bundle that its first `count` entries take: the narrower bundle. Throws
  /// `log.bundle.malformed` where there are fewer.
  public static func prefix(
    _ bundle: [UInt8], count: Int
  ) throws(TransparencyLogError) -> ArraySlice<UInt8> {
    let entries = try decode(bundle, count: count)
    return bundle[..<(entries.last?.endIndex ?? 0)]
  }
}

extension TransparencyLogError.Code {
  /// An entry is longer than an entry bundle can hold.
  public static let bundleEntry = Self(rawValue: "log.bundle.entry")
  /// An entry bundle ends before the entries that it must have.
  public static let bundleMalformed = Self(rawValue: "log.bundle.malformed")
}
