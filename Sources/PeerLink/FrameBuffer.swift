import Exchange
import NIOCore

/// Cuts the stream into frames. Holds the bytes of at most one unfinished frame, and no memory when
/// there is none.
struct FrameBuffer {
  /// Bytes of the length before each frame: unsigned, big-endian.
  static let prefix = 4

  /// The greatest length of a frame that is accepted from here on.
  var limit: Int
  private var pending = ByteBuffer()

  init(limit: Int) {
    self.limit = limit
  }

  /// Bytes that wait for the rest of their frame, or to be asked for.
  var count: Int { pending.readableBytes }

  mutating func append(_ bytes: ByteBuffer) {
    guard pending.readableBytes > 0 else {
      pending = bytes
      return
    }
    // Room for the whole frame at once, if its length is known and will be accepted: doubling up to
    // 2 MiB would copy it again and again. `limit` keeps a stranger from claiming much.
    if let length = length(), length <= limit {
      let missing = Self.prefix + length - pending.readableBytes
      pending.discardReadBytes()
      pending.reserveCapacity(minimumWritableBytes: max(missing, bytes.readableBytes))
    }
    pending.writeImmutableBuffer(bytes)
  }

  /// The body of the next frame; nil when it is not all there.
  /// - Throws: `FaultCode.frameTooLarge`, as soon as the length is read; `FaultCode.frame` for a
  ///   length of zero. The stream cannot be read on after either.
  mutating func next() throws(Fault) -> ByteBuffer? {
    guard let length = length() else {
      release()
      return nil
    }
    guard length <= limit else {
      throw Fault(.frameTooLarge, "A frame of \(length) bytes; at most \(limit) are accepted.")
    }
    guard length > 0 else { throw Fault(.frame, "A frame of no bytes.") }
    guard pending.readableBytes >= Self.prefix + length else { return nil }
    pending.moveReaderIndex(forwardBy: Self.prefix)
    return pending.readSlice(length: length)
  }

  /// Forgets everything.
  mutating func clear() {
    pending = ByteBuffer()
  }

  private func length() -> Int? {
    pending.getInteger(at: pending.readerIndex, as: UInt32.self).map(Int.init)
  }

  private mutating func release() {
    if pending.readableBytes == 0 { pending = ByteBuffer() }
  }
}
