import Exchange
import NIOCore
import SanxiangTesting
import Testing

@testable import PeerLink

@Suite struct FrameBufferTests {
  @Test(arguments: [1, 2, 3, 5, 7, 64, 1000])
  func `Frames come out whole however the stream is cut`(step: Int) throws {
    let bodies: [[UInt8]] = [[1], [2, 2], [UInt8](repeating: 3, count: 500), [4]]
    var stream = ByteBuffer()
    for body in bodies { stream.writeImmutableBuffer(Samples.framed(body)) }
    var frames = FrameBuffer(limit: 500)
    var found: [[UInt8]] = []
    while let piece = stream.readSlice(length: min(step, stream.readableBytes)),
      piece.readableBytes > 0
    {
      frames.append(piece)
      while let body = try frames.next() { found.append(Array(body.readableBytesView)) }
    }
    #expect(found == bodies)
    #expect(frames.count == 0)
  }

  @Test func `A half frame stays half`() throws {
    var frames = FrameBuffer(limit: 100)
    frames.append(ByteBuffer(bytes: [0, 0, 0, 3, 9, 9]))
    let early = try frames.next()
    frames.append(ByteBuffer(bytes: [9]))
    let whole = try frames.next()
    #expect(early == nil)
    #expect(whole == ByteBuffer(bytes: [9, 9, 9]))
  }

  @Test(arguments: [
    ([0, 0, 0, 101], FaultCode.frameTooLarge), ([0xFF, 0xFF, 0xFF, 0xFF], .frameTooLarge),
    ([0, 0, 0, 0], .frame),
  ])
  func `A bad length is a fault as soon as it is read`(prefix: [UInt8], code: FaultCode) {
    var frames = FrameBuffer(limit: 100)
    frames.append(ByteBuffer(bytes: prefix))
    let fault = Samples.fault { () throws(Fault) in _ = try frames.next() }
    #expect(fault?.code == code)
  }

  @Test func `The limit is exact, and can be raised between two frames`() throws {
    var frames = FrameBuffer(limit: 2)
    frames.append(Samples.framed([1, 1]))
    frames.append(Samples.framed([2, 2, 2]))
    let first = try frames.next()
    #expect(first?.readableBytes == 2)
    var strict = frames
    let fault = Samples.fault { () throws(Fault) in _ = try strict.next() }
    #expect(fault?.code == .frameTooLarge)
    frames.limit = 3
    #expect(try frames.next()?.readableBytes == 3)
  }

  @Test func `A claimed length alone reserves no memory`() throws {
    var frames = FrameBuffer(limit: WireLimits.frameBeforeHello)
    frames.append(ByteBuffer(bytes: [0, 0]))
    frames.append(ByteBuffer(bytes: [0x40, 0]))
    #expect(try frames.next() == nil)
    #expect(frames.count == 4)
  }

  @Test(arguments: 0..<20)
  func `Random bytes never do worse than a fault`(seed: UInt64) {
    let random = SeededRandom(seed: seed)
    var frames = FrameBuffer(limit: WireLimits.frame)
    for _ in 0..<200 {
      // Mostly short lengths, so that bodies are reached too.
      var bytes = random.bytes(random.below(300))
      if bytes.count > 4, random.below(4) > 0 { bytes.replaceSubrange(0..<3, with: [0, 0, 0]) }
      frames.append(ByteBuffer(bytes: bytes))
      do {
        while let body = try frames.next() { _ = try FrameDecoder.decode(body) }
      } catch {
        #expect([FaultCode.frame, .frameTooLarge].contains(error.code))
        frames.clear()
      }
    }
  }
}
