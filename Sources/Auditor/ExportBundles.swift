import Cryptography
import RecordModel
import TransparencyLog

/// A bundle of payloads: for each entry of the entry bundle with the same number and width, one byte
/// (0 left out of this export, 1 here, 2 erased at the node), and for 1: 32 bytes of salt, the
/// payload's length in four bytes, big-endian, and the payload.
public enum PayloadBundle {
  /// How many bytes stand between the first byte of a payload that is here and the payload.
  public static let headByteCount = 36
  /// The most bytes of a payload in a bundle.
  public static let payloadByteLimit = 16 << 20

  /// What became of a payload.
  public enum State: Hashable, Sendable {
    /// The export was made without payloads.
    case leftOut
    /// It is here.
    case held(salt: [UInt8], payload: [UInt8])
    /// The node has erased it.
    case erased
  }

  /// Adds what became of the next entry's payload; throws `export.bundle` where it fits into none.
  public static func append(
    _ state: State, to bundle: inout [UInt8]
  ) throws(ExportError) {
    switch state {
    case .leftOut: bundle.append(0)
    case .erased: bundle.append(2)
    case .held(let salt, let payload):
      guard salt.count == 32, payload.count <= payloadByteLimit else {
        throw ExportError(.bundle, "a salt has not 32 bytes, or a payload too many")
      }
      bundle.append(1)
      bundle += salt
      withUnsafeBytes(of: UInt32(payload.count).bigEndian) { bundle.append(contentsOf: $0) }
      bundle += payload
    }
  }

  /// The payload's length from the `headByteCount` bytes before it; nil where it is over the limit.
  public static func length(head: some Collection<UInt8>) -> Int? {
    let length = head.suffix(4).reduce(0) { $0 << 8 | Int($1) }
    return length <= payloadByteLimit ? length : nil
  }

  /// All states of a bundle; throws `export.bundle` unless it is one of exactly `count` entries.
  public static func decode(_ bundle: [UInt8], count: Int) throws(ExportError) -> [State] {
    var states: [State] = []
    var rest = bundle[...]
    while states.count < count, let first = rest.popFirst() {
      switch first {
      case 0: states.append(.leftOut)
      case 2: states.append(.erased)
      case 1:
        let head = rest.prefix(headByteCount)
        guard head.count == headByteCount, let length = length(head: head),
          rest.count - headByteCount >= length
        else { throw ExportError(.bundle, "a bundle of payloads is cut off") }
        rest = rest.dropFirst(headByteCount)
        states.append(.held(salt: Array(head.prefix(32)), payload: Array(rest.prefix(length))))
        rest = rest.dropFirst(length)
      default: throw ExportError(.bundle, "a bundle of payloads has a mark that is none")
      }
    }
    guard states.count == count, rest.isEmpty else {
      throw ExportError(.bundle, "a bundle of payloads has more or fewer than \(count)")
    }
    return states
  }
}

/// A bundle of signed heads, ascending by size: each note behind its length in four bytes, big-endian.
public enum CheckpointBundle {
  /// How many heads a complete bundle has.
  public static let fullWidth = Tile.fullWidth
  /// The most bytes of a head's note.
  public static let noteByteLimit = 128 << 10
  /// The most bytes of a bundle.
  public static let byteLimit = fullWidth * (4 + noteByteLimit)

  /// Adds a note; throws `export.bundle` where it is too long.
  public static func append(_ note: [UInt8], to bundle: inout [UInt8]) throws(ExportError) {
    guard note.count <= noteByteLimit else {
      throw ExportError(.bundle, "a checkpoint of \(note.count) bytes")
    }
    withUnsafeBytes(of: UInt32(note.count).bigEndian) { bundle.append(contentsOf: $0) }
    bundle += note
  }

  /// What can be read of the first `count` notes: those before the first that is cut off.
  public static func readable(_ bundle: [UInt8], count: Int) -> [[UInt8]] {
    var notes: [[UInt8]] = []
    var rest = bundle[...]
    while notes.count < count, rest.count >= 4 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard rest.count >= length else { break }
      notes.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return notes
  }
}

extension AuditCheckpoint {
  /// Signed heads from their notes, in the order in which they are kept, which is that of their sizes;
  /// several may be of one size. Size, root and receipt time are what each note says. One that does not
  /// parse, or whose size does not fit between those beside it, gets the smallest size that does: the
  /// audit finds that it is not that of its note.
  /// - Parameters:
  ///   - first: no head is smaller than this one.
  ///   - name: the name under which the receiver cosigns; nil where there is none.
  public static func ascending(
    _ notes: [[UInt8]], from first: UInt64 = 0, receipt name: String? = nil
  ) -> [AuditCheckpoint] {
    var last = max(first, 1)
    let parsed = notes.map { try? Checkpoint.signed(parsing: $0) }
    return notes.indices.map { index in
      let next = index + 1 < notes.count ? parsed[index + 1]?.checkpoint.size : nil
      let head = parsed[index]
      var size = head?.checkpoint.size ?? 0
      // Of two that are out of order, the one is wrong without which the others are in order.
      if size < last || next.map({ $0 < size && $0 >= last }) == true {
        size = next.map { $0 > last ? last + 1 : last } ?? (last == .max ? last : last + 1)
      }
      last = size
      let receipt = head?.note.signatures.first { signature in
        name.map { signature.name.utf8.elementsEqual($0.utf8) } ?? false
      }
      return AuditCheckpoint(
        size: size, root: head?.checkpoint.root ?? .zero, note: notes[index],
        receiptTime: receipt.flatMap { try? Cosignature.time(of: $0) })
    }
  }
}
