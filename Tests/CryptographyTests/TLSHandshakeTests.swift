import Testing

@testable import Cryptography

@Suite("TLS handshakes")
struct TLSHandshakeTests {
  static let now = TestWorld.now
  static let day = TestWorld.day

  let world: TestWorld

  init() throws {
    world = try TestWorld()
  }

  @Test("Two nodes shake hands whatever the size of the pieces", arguments: [1, 7, 100, 65_536])
  func success(step: Int) throws {
    let alice = try world.identity("alice")
    let bob = try world.identity("bob", kind: .ed25519)
    let lists = [try world.list()]
    let pair = try TLSPair(
      client: world.context(alice, lists: lists), server: world.context(bob, lists: lists))
    let outcome = try pair.shakeHands(step: step)
    #expect(outcome == (nil, nil))
    #expect(try pair.client.handshake() == .complete)
    #expect(try pair.server.handshake() == .complete)
    #expect(pair.client.peerChain == bob.chain)
    #expect(pair.server.peerChain == alice.chain)
    #expect(pair.client.applicationProtocol == "sanxiang/1")
    #expect(pair.server.applicationProtocol == "sanxiang/1")
  }

  @Test("Intermediates are shown to the peer, leaf first, on both sides")
  func intermediates() throws {
    let middle = try world.authority.issueAuthority(
      name: "middle", notBefore: Self.now - 1, notAfter: Self.now + 1)
    let leaf = try middle.issue(name: "leaf", notBefore: Self.now - 1, notAfter: Self.now + 1)
    let context = try world.context(leaf)
    let pair = try TLSPair(client: context, server: context)
    #expect(try pair.shakeHands() == (nil, nil))
    #expect(pair.client.peerChain == leaf.chain)
    #expect(pair.server.peerChain == leaf.chain)
  }

  /// What is wrong with the one side's certificate, and what both sides must say.
  enum Defect: String, CaseIterable, Sendable {
    case unknownIssuer, expired, notYetValid, revoked, staleList, purpose

    var refusal: String {
      switch self {
      case .unknownIssuer: "crypto.tls.certificate.unknownIssuer"
      case .expired: "crypto.tls.certificate.expired"
      case .notYetValid: "crypto.tls.certificate.notYetValid"
      case .revoked: "crypto.tls.certificate.revoked"
      case .staleList: "crypto.tls.certificate.revocationListStale"
      case .purpose: "crypto.tls.certificate.purpose"
      }
    }

    var alert: String {
      switch self {
      case .unknownIssuer: "crypto.tls.alert.unknownIssuer"
      case .expired, .staleList: "crypto.tls.alert.certificateExpired"
      case .revoked: "crypto.tls.alert.certificateRevoked"
      case .notYetValid, .purpose: "crypto.tls.alert.badCertificate"
      }
    }
  }

  @Test(
    "A bad certificate is refused with its reason, and its owner learns it",
    arguments: Defect.allCases, [TLSSession.Role.client, .server])
  func refused(defect: Defect, side: TLSSession.Role) throws {
    let good = try world.identity("good")
    let bad = try defective(defect, side)
    let lists = try lists(for: defect, bad)
    // Only the judge holds the list: its own certificate is not in question.
    let judge = try world.context(good, lists: lists)
    let anchors = [world.authority.certificate]
    let judged = try world.context(bad, anchors: anchors)
    let pair =
      side == .client
      ? try TLSPair(client: judged, server: judge) : try TLSPair(client: judge, server: judged)
    let outcome = try pair.shakeHands()
    #expect((side == .client ? outcome.server : outcome.client) == defect.refusal)
    #expect((side == .client ? outcome.client : outcome.server) == defect.alert)
  }

  private func defective(_ defect: Defect, _ side: TLSSession.Role) throws -> TLSIdentity {
    switch defect {
    case .unknownIssuer:
      try world.stranger.issue(
        name: "bad", notBefore: Self.now - Self.day, notAfter: Self.now + Self.day)
    case .expired:
      try world.authority.issue(
        name: "bad", notBefore: Self.now - Self.day, notAfter: Self.now - 1)
    case .notYetValid:
      try world.authority.issue(
        name: "bad", notBefore: Self.now + 1, notAfter: Self.now + Self.day)
    case .revoked, .staleList: try world.identity("bad")
    case .purpose:
      try world.identity("bad", usage: side == .client ? "serverAuth" : "clientAuth")
    }
  }

  private func lists(for defect: Defect, _ bad: TLSIdentity) throws -> [RevocationList] {
    switch defect {
    case .revoked: [try world.list(revoking: [bad])]
    case .staleList:
      [
        try world.authority.revocationList(
          revoking: [], thisUpdate: Self.now - 9, nextUpdate: Self.now - 1)
      ]
    default: []
    }
  }

  @Test("A client without a certificate is turned away")
  func missingCertificate() throws {
    let server = try world.context(try world.identity("server"))
    let pair = try TLSPair(client: world.context(nil), server: server)
    let outcome = try pair.shakeHands()
    #expect(outcome.server == "crypto.tls.certificate.missing")
    #expect(outcome.client == "crypto.tls.alert.certificateRequired")
  }

  @Test("Two sides that speak different protocols part")
  func protocolMismatch() throws {
    let identity = try world.identity("node")
    let pair = try TLSPair(
      client: world.context(identity, applicationProtocol: "sanxiang/2"),
      server: world.context(identity))
    let outcome = try pair.shakeHands()
    #expect(outcome.server == "crypto.tls.applicationProtocol")
    #expect(outcome.client == "crypto.tls.alert.applicationProtocol")
  }

  @Test("A peer that names no protocol is refused on either side", arguments: [true, false])
  func protocolMissing(silentClient: Bool) throws {
    let identity = try world.identity("node")
    let silent = try world.context(identity, offersProtocol: false)
    let strict = try world.context(identity)
    let pair = try TLSPair(
      client: silentClient ? silent : strict, server: silentClient ? strict : silent)
    let outcome = try pair.shakeHands()
    #expect(
      (silentClient ? outcome.server : outcome.client) == "crypto.tls.applicationProtocol")
  }

  @Test("The clock that was handed in judges, not the system's")
  func injectedClock() throws {
    let identity = try world.identity("node")
    let late = try world.context(identity, at: Self.now + 9 * Self.day)
    let pair = try TLSPair(client: late, server: world.context(identity))
    #expect(try pair.shakeHands().client == "crypto.tls.certificate.expired")
  }

  @Test("The refusal names the certificate")
  func message() throws {
    let bad = try defective(.expired, .server)
    let context = try world.context(try world.identity("client"))
    let pair = try TLSPair(client: context, server: world.context(bad))
    let error = #expect(throws: CryptographyError.self) {
      while true {
        _ = try pair.client.handshake()
        try TLSPair.carry(from: pair.client, to: pair.server)
        _ = try pair.server.handshake()
        try TLSPair.carry(from: pair.server, to: pair.client)
      }
    }
    #expect(error?.message.contains("certificate has expired (certificate \"CN=bad\"") == true)
    #expect(error?.cause?.contains("certificate verify failed") == true)
  }

  @Test("A protocol's name has 1 to 255 bytes", arguments: [0, 256])
  func protocolName(count: Int) throws {
    let identity = try world.identity("node")
    let name = String(repeating: "p", count: count)
    #expect(
      code { _ = try world.context(identity, applicationProtocol: name) } == "crypto.tls.setup")
  }
}
