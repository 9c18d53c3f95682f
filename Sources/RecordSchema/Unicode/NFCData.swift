/// The tables of ``NFCTables`` made ready for looking up, once a process.
enum NFCData {
  // MARK: Classes

  /// Which block of ``blocks`` holds the classes of 128 scalars; block 0 is all zeros.
  private static let blockOf: [UInt8] = table.blockOf
  private static let blocks: [NFC.QuickClass] = table.blocks
  private static let blockBits: UInt32 = 7

  private static let table: (blockOf: [UInt8], blocks: [NFC.QuickClass]) = {
    let blockLength = 1 << Int(blockBits)
    var blockOf = [UInt8](repeating: 0, count: 0x11_0000 >> Int(blockBits))
    var blocks = [NFC.QuickClass](repeating: 0, count: blockLength)
    for (first, more, quickClass) in parse(NFCTables.classes) {
      for scalar in first...first + more {
        let index = Int(scalar >> blockBits)
        if blockOf[index] == 0 {
          // Fewer than 256 blocks hold anything; a table with more would trap in every test.
          blockOf[index] = UInt8(blocks.count / blockLength)
          blocks += [NFC.QuickClass](repeating: 0, count: blockLength)
        }
        blocks[Int(blockOf[index]) * blockLength + Int(scalar) % blockLength] =
          NFC.QuickClass(quickClass)
      }
    }
    return (blockOf, blocks)
  }()

  static func quickClass(_ scalar: UInt32) -> NFC.QuickClass {
    guard scalar >= 0x300 else { return 0 }
    let block = Int(blockOf[Int(scalar >> blockBits)])
    if block == 0 { return 0 }
    return blocks[block << Int(blockBits) | Int(scalar & (1 << blockBits - 1))]
  }

  static func combiningClass(_ scalar: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: quickClass(scalar))
  }

  // MARK: Compositions

  private struct Composition {
    let first: UInt32
    let second: UInt32
    let composite: UInt32
    var pair: UInt64 { UInt64(first) << 32 | UInt64(second) }
  }

  private static let byComposite = parse(NFCTables.compositions)
    .map { Composition(first: $0.1, second: $0.2, composite: $0.0) }
    .sorted { $0.composite < $1.composite }
  private static let byPair = byComposite.sorted { $0.pair < $1.pair }

  private static func find<Key: Comparable>(
    _ key: Key, in list: [Composition], by keyOf: (Composition) -> Key
  ) -> Composition? {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if keyOf(list[middle]) < key { low = middle + 1 } else { high = middle }
    }
    return low < list.count && keyOf(list[low]) == key ? list[low] : nil
  }

  /// Writes the full canonical decomposition and gives its length. No scalar that NFC contains
  /// has more than four parts (the tests look at all of them).
  static func decompose(_ scalar: UInt32, into parts: inout SIMD4<UInt32>) -> Int {
    if let count = Hangul.decompose(scalar, into: &parts) { return count }
    var seconds = SIMD4<UInt32>()
    var count = 0
    var head = scalar
    while count < 3, let found = find(head, in: byComposite, by: \.composite) {
      seconds[count] = found.second
      head = found.first
      count += 1
    }
    parts[0] = head
    for index in 0..<count { parts[count - index] = seconds[index] }
    return count + 1
  }

  /// The primary composite of two scalars, if there is one.
  static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    guard quickClass(second) & NFC.maybe != 0 else { return nil }
    return Hangul.composite(first, second)
      ?? find(UInt64(first) << 32 | UInt64(second), in: byPair, by: \.pair)?.composite
  }

  // MARK: Reading the tables

  private static func parse(_ table: StaticString) -> [(UInt32, UInt32, UInt32)] {
    var out: [(UInt32, UInt32, UInt32)] = []
    var numbers: [UInt32] = []
    var number: UInt32?
    let bytes = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
    for byte in Array(bytes) + [UInt8(ascii: "\n")] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number = (number ?? 0) << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"):
        number = (number ?? 0) << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      default:
        if let value = number { numbers.append(value) }
        number = nil
        if numbers.count == 3 {
          out.append((numbers[0], numbers[1], numbers[2]))
          numbers.removeAll(keepingCapacity: true)
        }
      }
    }
    return out
  }
}

/// Hangul syllables compose by arithmetic (Unicode Standard 3.12).
private enum Hangul {
  static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
  static let leading: ClosedRange<UInt32> = 0x1100...0x1112
  static let vowels: ClosedRange<UInt32> = 0x1161...0x1175
  static let trailing: ClosedRange<UInt32> = 0x11A8...0x11C2
  static let trailingCount: UInt32 = 28
  static let perLeading: UInt32 = 588

  static func decompose(_ scalar: UInt32, into parts: inout SIMD4<UInt32>) -> Int? {
    guard syllables.contains(scalar) else { return nil }
    let index = scalar - syllables.lowerBound
    parts[0] = leading.lowerBound + index / perLeading
    parts[1] = vowels.lowerBound + index % perLeading / trailingCount
    parts[2] = trailing.lowerBound + index % trailingCount - 1
    return index % trailingCount == 0 ? 2 : 3
  }

  static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if leading.contains(first), vowels.contains(second) {
      return syllables.lowerBound + (first - leading.lowerBound) * perLeading
        + (second - vowels.lowerBound) * trailingCount
    }
    if syllables.contains(first), trailing.contains(second),
      (first - syllables.lowerBound) % trailingCount == 0
    {
      return first + second - trailing.lowerBound + 1
    }
    return nil
  }
}
