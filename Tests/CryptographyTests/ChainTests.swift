import Testing

@testable import Cryptography

@Suite("Certificates and their chains")
struct ChainTests {
  static let now = TestWorld.now
  static let day = TestWorld.day

  let world: TestWorld

  init() throws {
    world = try TestWorld()
  }

  private func verdict(
    _ identity: TLSIdentity, at time: Int64 = Self.now, lists: [RevocationList] = [],
    anchors: [Certificate]? = nil, purpose: ChainVerifier.Purpose = .tlsServer
  ) -> String? {
    let verifier = ChainVerifier(
      anchors: anchors ?? [world.authority.certificate], revocationLists: lists)
    return code {
      try verifier.verify(
        leaf: identity.chain[0], intermediates: Array(identity.chain.dropFirst()), at: time,
        purpose: purpose)
    }
  }

  @Test("A certificate tells its names and times and survives PEM and DER")
  func fields() throws {
    let leaf = try world.identity("11100000MB0143028R").chain[0]
    #expect(leaf.subject == "CN=11100000MB0143028R")
    #expect(leaf.issuer == "CN=测试根")
    #expect(leaf.uriNames == ["urn:sanxiang:node:11100000MB0143028R"])
    #expect(leaf.notBefore == Self.now - Self.day)
    #expect(leaf.notAfter == Self.now + Self.day)
    #expect(try Certificate(pem: leaf.pem) == leaf)
    #expect(try Certificate(der: leaf.der).der == leaf.der)
    #expect(leaf.fingerprint == SignatureSuite.sha256Ed25519.digest(leaf.der))
  }

  @Test("A list of PEM certificates keeps its order, and damage is never passed over")
  func lists() throws {
    let one = try world.identity("one").chain[0]
    let two = world.authority.certificate
    #expect(try Certificate.list(pem: one.pem + two.pem) == [one, two])
    var damaged = one.pem
    damaged[200] = UInt8(ascii: "!")
    let malformed = "crypto.certificate.malformed"
    #expect(code { _ = try Certificate.list(pem: two.pem + damaged) } == malformed)
    #expect(code { _ = try Certificate.list(pem: two.pem + one.pem.prefix(300)) } == malformed)
    #expect(code { _ = try Certificate.list(pem: []) } == malformed)
    #expect(code { _ = try Certificate(pem: one.pem + two.pem) } == malformed)
    #expect(code { _ = try Certificate(der: one.der + [0]) } == malformed)
    #expect(code { _ = try Certificate(der: []) } == malformed)
    #expect(code { _ = try RevocationList(pem: one.pem) } == "crypto.revocationList.malformed")
  }

  @Test("A revocation list tells its times and survives PEM")
  func revocationList() throws {
    let list = try RevocationList(pem: try world.list().pem)
    #expect(list.issuer == "CN=测试根")
    #expect(list.thisUpdate == Self.now - Self.day)
    #expect(list.nextUpdate == Self.now + Self.day)
    #expect(try RevocationList.list(pem: list.pem + list.pem).count == 2)
  }

  @Test("A chain holds from its first second until its end", arguments: [-1, 0, 1] as [Int64])
  func validity(offset: Int64) throws {
    let leaf = try world.identity("leaf")
    let start = Self.now - Self.day
    let end = Self.now + Self.day
    #expect(
      verdict(leaf, at: start + offset)
        == (offset < 0 ? "crypto.certificate.notYetValid" : nil))
    #expect(verdict(leaf, at: end + offset) == (offset < 0 ? nil : "crypto.certificate.expired"))
  }

  @Test("A chain through an intermediate holds when the intermediate is shown")
  func intermediate() throws {
    let middle = try world.authority.issueAuthority(
      name: "middle", notBefore: Self.now - Self.day, notAfter: Self.now + Self.day)
    let leaf = try middle.issue(
      name: "leaf", notBefore: Self.now - Self.day, notAfter: Self.now + Self.day)
    #expect(leaf.chain.count == 2)
    #expect(verdict(leaf) == nil)
    let alone = try TLSIdentity(chain: [leaf.chain[0]], key: leaf.key)
    #expect(verdict(alone) == "crypto.certificate.unknownIssuer")
    // An anchor is trusted as given, also one that another authority issued.
    #expect(verdict(alone, anchors: [middle.certificate]) == nil)
  }

  @Test("A revoked intermediate takes its leaves with it")
  func revokedIntermediate() throws {
    let middle = try world.authority.issueAuthority(
      name: "middle", notBefore: Self.now - Self.day, notAfter: Self.now + Self.day)
    let leaf = try middle.issue(
      name: "leaf", notBefore: Self.now - Self.day, notAfter: Self.now + Self.day)
    let list = try world.authority.revocationList(
      revoking: [middle.certificate], thisUpdate: Self.now - 1, nextUpdate: Self.now + 1)
    #expect(verdict(leaf, lists: [list]) == "crypto.certificate.revoked")
    #expect(verdict(leaf, lists: [try world.list()]) == nil)
  }

  @Test("An issuer is known by its key, not by its name")
  func unknownIssuer() throws {
    let leaf = try world.identity("leaf")
    let namesake = try TestWorld.authority("测试根")
    #expect(
      verdict(leaf, anchors: [world.stranger.certificate]) == "crypto.certificate.unknownIssuer")
    #expect(verdict(leaf, anchors: [namesake.certificate]) == "crypto.certificate.unknownIssuer")
    #expect(verdict(leaf, anchors: []) == "crypto.certificate.unknownIssuer")
  }

  @Test("A leaf cannot issue, though its key signed and its issuer is trusted")
  func leafAsIssuer() throws {
    let leaf = try world.identity("leaf")
    let forger = EphemeralAuthority(abusing: leaf)
    let forged = try forger.issue(name: "forged", notBefore: Self.now - 1, notAfter: Self.now + 1)
    #expect(forged.chain.count == 2)
    #expect(verdict(forged) == "crypto.certificate.invalid")
  }

  @Test(
    "A leaf serves only the purpose it was issued for",
    arguments: [
      ("serverAuth", ChainVerifier.Purpose.tlsServer, nil),
      ("serverAuth", .tlsClient, "crypto.certificate.purpose"),
      ("clientAuth", .tlsClient, nil),
      ("clientAuth", .tlsServer, "crypto.certificate.purpose"),
      ("clientAuth", .any, nil),
      ("emailProtection", .tlsServer, "crypto.certificate.purpose"),
      ("serverAuth,clientAuth", .tlsClient, nil),
    ] as [(String, ChainVerifier.Purpose, String?)])
  func purpose(usage: String, purpose: ChainVerifier.Purpose, expected: String?) throws {
    #expect(verdict(try world.identity("leaf", usage: usage), purpose: purpose) == expected)
  }

  @Test("A revoked certificate is refused, its neighbour is not")
  func revoked() throws {
    let good = try world.identity("good")
    let bad = try world.identity("bad")
    let list = try world.list(revoking: [bad])
    #expect(verdict(good, lists: [list]) == nil)
    #expect(verdict(bad, lists: [list]) == "crypto.certificate.revoked")
    #expect(verdict(bad, lists: []) == nil)
  }

  @Test("A revocation list out of date refuses its issuer's leaves and nobody else's")
  func staleList() throws {
    let leaf = try world.identity("leaf")
    let other = try world.stranger.issue(
      name: "other", notBefore: Self.now - 1, notAfter: Self.now + 1)
    let stale = "crypto.certificate.revocationListStale"
    for (from, to) in [(Self.now - 9, Self.now - 1), (Self.now + 1, Self.now + 9)] {
      let list = try world.authority.revocationList(revoking: [], thisUpdate: from, nextUpdate: to)
      #expect(verdict(leaf, lists: [list]) == stale)
      let anchors = [world.authority.certificate, world.stranger.certificate]
      #expect(verdict(other, lists: [list], anchors: anchors) == nil)
    }
  }

  @Test("A forged revocation list does not pass for the issuer's own")
  func forgedList() throws {
    let leaf = try world.identity("leaf")
    let namesake = try TestWorld.authority("测试根")
    let forged = try namesake.revocationList(
      revoking: [], thisUpdate: Self.now - 1, nextUpdate: Self.now + 1)
    #expect(verdict(leaf, lists: [forged]) == "crypto.certificate.invalid")
  }

  @Test("The refusal names the certificate and says why")
  func message() throws {
    let leaf = try world.identity("leaf")
    let verifier = ChainVerifier(anchors: [world.authority.certificate], revocationLists: [])
    let error = #expect(throws: CryptographyError.self) {
      try verifier.verify(
        leaf: leaf.chain[0], intermediates: [], at: Self.now + 9 * Self.day, purpose: .any)
    }
    #expect(error?.message == "certificate has expired (certificate \"CN=leaf\", depth 0)")
  }

  @Test("An identity's key must be its certificate's")
  func mismatch() throws {
    let one = try world.identity("one")
    let two = try world.identity("two")
    #expect(code { _ = try TLSIdentity(chain: one.chain, key: two.key) } == "crypto.key.mismatch")
    #expect(code { _ = try TLSIdentity(chain: [], key: two.key) } == "crypto.certificate.malformed")
  }
}
