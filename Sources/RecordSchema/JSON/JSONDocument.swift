/// A strictly parsed JSON text over its own bytes.
///
/// Holds the bytes and one tape; strings are made only when asked for. Immutable, so it can be
/// shared freely.
public struct JSONDocument: Sendable {
  /// How strict to be.
  public enum Profile: Sendable {
    /// RFC 8259 (well-formed UTF-8, no byte order mark), and no repeated names.
    case general
    /// Also no half surrogates, text in NFC only, numbers within ±(2^53−1).
    case record
  }

  /// What a document may cost. Both limits hold in both profiles.
  public struct Limits: Hashable, Sendable {
    /// Nested arrays and objects: 32 unless told otherwise.
    public var depth: Int
    /// Bytes: 1 MiB unless told otherwise; more than 64 MiB is never read.
    public var size: Int

    /// The limits of a record's payload.
    public init(depth: Int = 32, size: Int = 1 << 20) {
      self.depth = depth
      self.size = size
    }
  }

  let storage: Storage

  /// Reads exactly one value. Throws ``JSONError``.
  public init(
    parsing bytes: [UInt8], profile: Profile = .record, limits: Limits = .init()
  ) throws(JSONError) {
    self.storage = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
      Storage(bytes: bytes, tape: try Self.tape(buffer, profile: profile, limits: limits))
    }
  }

  static func tape(
    _ buffer: UnsafeBufferPointer<UInt8>, profile: Profile, limits: Limits
  ) throws(JSONError) -> TapeBuffer {
    let size = min(limits.size, TapeEntry.byteLimit)
    if buffer.count > size { throw JSONError(.size, offset: size, pointer: "") }
    guard let base = buffer.baseAddress, buffer.count > 0 else {
      throw JSONError(.syntax, offset: 0, pointer: "")
    }
    var parser = JSONParser(
      base, count: buffer.count, profile: profile, depthLimit: limits.depth)
    try parser.parse()
    return parser.takeTape()
  }

  /// The document's value.
  public var root: JSONNode { JSONNode(storage: storage, index: JSONView.root) }

  /// Bytes and tape, never changed after `init`.
  ///
  /// Unchecked because the tape is a raw pointer: it is owned here alone, written only before
  /// this object exists, and freed when the last reference goes.
  final class Storage: @unchecked Sendable {
    let bytes: [UInt8]
    private let tape: TapeBuffer

    init(bytes: [UInt8], tape: consuming TapeBuffer) {
      self.bytes = bytes
      self.tape = tape
    }

    @inline(__always)
    func withView<R>(_ body: (JSONView) -> R) -> R {
      bytes.withUnsafeBufferPointer { buffer in
        // A document has at least one byte, so its array has an address.
        tape.withView(over: buffer.baseAddress.unsafelyUnwrapped, body)
      }
    }
  }
}
