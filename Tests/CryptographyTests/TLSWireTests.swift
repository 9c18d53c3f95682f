import Testing

@testable import Cryptography

@Suite("TLS against peers that misbehave")
struct TLSWireTests {
  let world: TestWorld
  let context: TLSContext

  init() throws {
    world = try TestWorld()
    context = try world.context(try world.identity("node"))
  }

  private func session(_ role: TLSSession.Role, fed bytes: [UInt8]) throws -> TLSSession {
    let session = try TLSSession(context: context, role: role)
    if role == .client { #expect(try session.handshake() == .needsInput) }
    try bytes.withUnsafeBytes { try session.feed($0) }
    return session
  }

  /// A record of type handshake with one message in it.
  static func handshakeRecord(type: UInt8, _ body: [UInt8]) -> [UInt8] {
    let message = [type, 0, UInt8(body.count >> 8), UInt8(body.count & 255)] + body
    return [0x16, 3, 1, UInt8(message.count >> 8), UInt8(message.count & 255)] + message
  }

  /// RFC 5246 hellos without `supported_versions`: TLS 1.2 and no more.
  static let oldClientHello = handshakeRecord(
    type: 1,
    [3, 3] + [UInt8](repeating: 0x5a, count: 32) + [0]
      + [0, 4, 0xc0, 0x2b, 0xc0, 0x2f] + [1, 0]
      + [0, 18, 0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 6, 0, 4, 4, 3, 8, 4])
  static let oldServerHello = handshakeRecord(
    type: 2, [3, 3] + [UInt8](repeating: 0x5a, count: 32) + [0] + [0xc0, 0x2b] + [0])

  @Test("A client that speaks only TLS 1.2 is refused and told")
  func oldClient() throws {
    let server = try session(.server, fed: Self.oldClientHello)
    #expect(code { _ = try server.handshake() } == "crypto.tls.version")
    let client = try session(.client, fed: drained(server))
    #expect(code { _ = try client.handshake() } == "crypto.tls.alert.version")
  }

  @Test("A server that speaks only TLS 1.2 is refused")
  func oldServer() throws {
    let client = try session(.client, fed: Self.oldServerHello)
    #expect(code { _ = try client.handshake() } == "crypto.tls.version")
    #expect(client.pendingCiphertext > 0)
  }

  @Test(
    "Bytes that are not TLS are refused",
    arguments: [
      Array("GET / HTTP/1.1\r\nHost: node\r\n\r\n".utf8),
      [UInt8](repeating: 0, count: 64),
      [UInt8](repeating: 0xff, count: 64),
      [0x16, 3, 1, 0xff, 0xff] + [UInt8](repeating: 1, count: 64),
    ], [TLSSession.Role.client, .server])
  func garbage(bytes: [UInt8], role: TLSSession.Role) throws {
    let session = try session(role, fed: bytes)
    #expect(code { _ = try session.handshake() } == "crypto.tls.protocol")
    #expect(code { _ = try session.handshake() } == "crypto.tls.state")
  }

  @Test("A transport that ends within the handshake is a truncation", arguments: [0, 3, 40, 150])
  func truncatedHandshake(count: Int) throws {
    let client = try session(.client, fed: [])
    let hello = drained(client)
    let server = try session(.server, fed: Array(hello.prefix(count)))
    #expect(try server.handshake() == .needsInput)
    server.feedEnd()
    #expect(code { _ = try server.handshake() } == "crypto.tls.truncated")
  }

  @Test("A transport that ends without close_notify is a truncation, after what came whole")
  func truncatedData() throws {
    let pair = try connected()
    try TLSPair.write([1, 2, 3], to: pair.client)
    try TLSPair.carry(from: pair.client, to: pair.server)
    try TLSPair.write([4, 5, 6], to: pair.client)
    let rest = drained(pair.client)
    try rest.dropLast().withUnsafeBytes { try pair.server.feed($0) }
    pair.server.feedEnd()
    #expect(try TLSPair.read(pair.server, 100) == [1, 2, 3])
    for _ in 0..<2 {
      #expect(code { _ = try TLSPair.read(pair.server, 100) } == "crypto.tls.truncated")
    }
  }

  @Test("A changed byte of a record is noticed", arguments: [0, 1, 3, 5, 12, 20])
  func tampered(index: Int) throws {
    let pair = try connected()
    try TLSPair.write([1, 2, 3], to: pair.client)
    var record = drained(pair.client)
    record[index] ^= 0x40
    try record.withUnsafeBytes { try pair.server.feed($0) }
    pair.server.feedEnd()
    let refusal = code { _ = try TLSPair.read(pair.server, 100) }
    // A changed length makes the record seem longer than what came.
    #expect(refusal == (index == 3 ? "crypto.tls.truncated" : "crypto.tls.protocol"))
  }

  @Test("A record that is played again is noticed")
  func replayed() throws {
    let pair = try connected()
    try TLSPair.write([1, 2, 3], to: pair.client)
    let record = drained(pair.client)
    try (record + record).withUnsafeBytes { try pair.server.feed($0) }
    #expect(try TLSPair.read(pair.server, 100) == [1, 2, 3])
    #expect(code { _ = try TLSPair.read(pair.server, 100) } == "crypto.tls.protocol")
  }

  @Test("Nothing is read or written before the handshake, nor fed after the end")
  func wrongState() throws {
    let client = try session(.client, fed: [])
    #expect(code { _ = try TLSPair.read(client, 1) } == "crypto.tls.state")
    #expect(code { try TLSPair.write([1], to: client) } == "crypto.tls.state")
    #expect(client.peerChain.isEmpty)
    #expect(client.applicationProtocol == nil)
    client.feedEnd()
    #expect(code { try [1].withUnsafeBytes { try client.feed($0) } } == "crypto.tls.state")
    client.close()
    #expect(code { _ = try client.handshake() } == "crypto.tls.state")
  }

  private func connected() throws -> TLSPair {
    let pair = try TLSPair(client: context, server: context)
    let outcome = try pair.shakeHands()
    try #require(outcome == (nil, nil))
    return pair
  }

  private func drained(_ session: TLSSession) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: session.pendingCiphertext)
    let count = bytes.withUnsafeMutableBytes { session.drain(into: $0) }
    #expect(count == bytes.count)
    return bytes
  }
}
