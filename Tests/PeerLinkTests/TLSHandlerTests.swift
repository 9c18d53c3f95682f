import Cryptography
import NIOCore
import NIOEmbedded
import RecordModel
import SanxiangTesting
import Testing

@testable import PeerLink

@Suite struct TLSHandlerTests {
  private let federation: PeerFederation
  private let client: TLSContext
  private let server: TLSContext

  init() throws {
    federation = try PeerFederation()
    client = try federation.trust(PeerFederation.low).context
    server = try federation.trust(PeerFederation.middle).context
  }

  @Test(arguments: [1, 7, 1000, Int.max])
  func `Both sides learn who the other is, however the bytes are cut`(step: Int) throws {
    let pipe = try TLSPipe(client: client, server: server)
    try pipe.connect()
    try pipe.pump(step: step)
    for (probe, peer) in [
      (pipe.atClient, PeerFederation.middle), (pipe.atServer, PeerFederation.low),
    ] {
      let completed = try #require(probe.handshakes.first)
      #expect(probe.handshakes.count == 1 && probe.errors.isEmpty)
      #expect(completed.peerChain.first?.uriNames == [PeerTrust.namePrefix + peer.rawValue])
      #expect(completed.applicationProtocol == "sanxiang/1")
    }
    pipe.finish()
  }

  @Test(arguments: [0, 1, 16_384, 65_537, 3_000_000])
  func `What is written comes out, whole and in order`(size: Int) throws {
    let pipe = try TLSPipe(client: client, server: server)
    try pipe.connect()
    try pipe.pump()
    let bytes = SeededRandom(seed: 1).bytes(size)
    let written = pipe.client.writeAndFlush(ByteBuffer(bytes: bytes))
    try pipe.pump(step: 10_000)
    try written.wait()
    #expect(pipe.atServer.bytes == bytes)
    try pipe.server.writeAndFlush(ByteBuffer(string: "answer")).wait()
    try pipe.pump()
    #expect(pipe.atClient.bytes == Array("answer".utf8))
    pipe.finish()
  }

  @Test func `What is written before the handshake leaves after it`() throws {
    let pipe = try TLSPipe(client: client, server: server)
    let early = pipe.client.writeAndFlush(ByteBuffer(string: "ear"))
    try pipe.connect()
    let late = pipe.client.writeAndFlush(ByteBuffer(string: "ly"))
    try pipe.pump()
    try early.wait()
    try late.wait()
    #expect(pipe.atServer.bytes == Array("early".utf8))
    pipe.finish()
  }

  @Test func `More than may wait for the handshake is refused`() throws {
    let pipe = try TLSPipe(client: client, server: server) { $0.earlyLimit = 4 }
    let fits = pipe.client.writeAndFlush(ByteBuffer(string: "1234"))
    let tooMuch = pipe.client.writeAndFlush(ByteBuffer(string: "5"))
    #expect(throws: TLSHandlerError.tooMuchBeforeHandshake) { try tooMuch.wait() }
    try pipe.connect()
    try pipe.pump()
    try fits.wait()
    #expect(pipe.atServer.bytes == Array("1234".utf8))
    pipe.finish()
  }

  @Test func `A handshake that takes too long ends the connection, by the loop's clock`() throws {
    let pipe = try TLSPipe(client: client, server: server) {
      $0.handshakeTimeout = .seconds(3)
    }
    let waiting = pipe.client.writeAndFlush(ByteBuffer(string: "x"))
    try pipe.connect()
    pipe.client.embeddedEventLoop.advanceTime(by: .milliseconds(2_999))
    #expect(pipe.client.isActive)
    pipe.client.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(!pipe.client.isActive && pipe.atClient.isInactive)
    #expect(pipe.atClient.errors.first as? TLSHandlerError == .handshakeTimeout)
    #expect(throws: TLSHandlerError.handshakeTimeout) { try waiting.wait() }
    pipe.finish()
  }

  @Test func `After the handshake its timeout does nothing`() throws {
    let pipe = try TLSPipe(client: client, server: server)
    try pipe.connect()
    try pipe.pump()
    pipe.client.embeddedEventLoop.advanceTime(by: .hours(1))
    #expect(pipe.client.isActive && pipe.atClient.errors.isEmpty)
    pipe.finish()
  }

  @Test func `Closing says goodbye, and the other side closes without an error`() throws {
    let pipe = try TLSPipe(client: client, server: server)
    try pipe.connect()
    try pipe.pump()
    pipe.client.write(ByteBuffer(string: "last words"), promise: nil)
    pipe.client.close(promise: nil)
    try pipe.pump()
    #expect(pipe.atServer.bytes == Array("last words".utf8))
    #expect(pipe.atServer.isInactive && pipe.atServer.errors.isEmpty)
    #expect(pipe.atClient.isInactive && pipe.atClient.errors.isEmpty)
    #expect(throws: ChannelError.self) {
      try pipe.server.writeAndFlush(ByteBuffer(string: "x")).wait()
    }
  }

  @Test func `With half-closure allowed the peer's goodbye leaves our way open`() throws {
    let pipe = try TLSPipe(client: client, server: server) { $0.allowsHalfClosure = true }
    try pipe.connect()
    try pipe.pump()
    pipe.client.close(promise: nil)
    try pipe.pump()
    #expect(pipe.atServer.inputClosed && !pipe.atServer.isInactive)
    try pipe.server.writeAndFlush(ByteBuffer(string: "still here")).wait()
    pipe.server.close(promise: nil)
    #expect(pipe.atServer.isInactive && pipe.atServer.errors.isEmpty)
  }

  @Test func `A transport that ends without a goodbye is an error`() throws {
    let pipe = try TLSPipe(client: client, server: server)
    try pipe.connect()
    try pipe.pump()
    pipe.client.pipeline.triggerUserOutboundEvent(TLSAbort(), promise: nil)
    #expect(!pipe.client.isActive)
    pipe.server.pipeline.fireChannelInactive()
    #expect(pipe.atServer.errors.first as? TLSHandlerError == .truncated)
    pipe.finish()
  }

  @Test func `Bytes that are not TLS end the connection with an error`() throws {
    let pipe = try TLSPipe(client: client, server: server)
    try pipe.connect()
    _ = try? pipe.server.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
    #expect(pipe.atServer.errors.first is CryptographyError)
    #expect(pipe.atServer.errors.count == 1 && pipe.atServer.isInactive)
    pipe.finish()
  }

  @Test func `A byte changed on the way ends the connection with an error`() throws {
    let pipe = try TLSPipe(client: client, server: server)
    try pipe.connect()
    try pipe.pump()
    pipe.client.writeAndFlush(ByteBuffer(string: "secret"), promise: nil)
    var bytes = try #require(try pipe.client.readOutbound(as: ByteBuffer.self))
    bytes.setInteger(bytes.getInteger(at: 10, as: UInt8.self).map { $0 ^ 1 } ?? 0, at: 10)
    _ = try? pipe.server.writeInbound(bytes)
    #expect(pipe.atServer.bytes.isEmpty)
    #expect(pipe.atServer.errors.first is CryptographyError && pipe.atServer.isInactive)
    pipe.finish()
  }

  @Test func `The client learns why the server refused its certificate`() throws {
    let identity = try federation.identity(PeerFederation.low)
    let list = try federation.list(of: PeerFederation.low, revoking: [identity])
    let pipe = try TLSPipe(
      client: try federation.trust(PeerFederation.low, identity: identity).context,
      server: try federation.trust(PeerFederation.middle, lists: [list]).context)
    try pipe.connect()
    try pipe.pump()
    let ours = try #require(pipe.atServer.errors.first as? CryptographyError)
    let theirs = try #require(pipe.atClient.errors.first as? CryptographyError)
    #expect(ours.code == .tlsCertificateRevoked)
    #expect(theirs.code == .tlsAlertCertificateRevoked)
    #expect(pipe.atServer.handshakes.isEmpty)
    pipe.finish()
  }

  @Test func `A reader that waits gets its read even when the first bytes bring no plaintext`()
    throws
  {
    let pipe = try TLSPipe(client: client, server: server)
    let counter = ReadCounter()
    try pipe.server.pipeline.syncOperations.addHandler(counter, position: .first)
    try pipe.connect()
    try pipe.pump()
    pipe.server.pipeline.read()
    let before = counter.reads
    pipe.client.writeAndFlush(ByteBuffer(string: "0123456789"), promise: nil)
    var bytes = try #require(try pipe.client.readOutbound(as: ByteBuffer.self))
    let first = bytes.readSlice(length: 9)
    try pipe.server.writeInbound(try #require(first))
    #expect(counter.reads > before)
    #expect(pipe.atServer.bytes.isEmpty)
    try pipe.server.writeInbound(bytes)
    #expect(pipe.atServer.bytes == Array("0123456789".utf8))
    pipe.finish()
  }
}

/// Counts how often the transport is asked for bytes.
private final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  var reads = 0

  func read(context: ChannelHandlerContext) {
    reads += 1
    context.read()
  }
}
