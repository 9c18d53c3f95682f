import Cryptography
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import TransparencyLog

@testable import PeerLink

/// Three nodes, each with a certification authority of its own, and the directory that names them.
struct PeerFederation {
  static let day: Int64 = 86_400
  static let low = SampleAgency.code(1)
  static let middle = SampleAgency.code(2)
  static let high = SampleAgency.code(3)
  static let codes = [low, middle, high].sorted()

  let clock = ManualClock()
  let random = SeededRandom(seed: 7)
  let authorities: [AgencyCode: EphemeralAuthority]
  private let signer: SigningKey
  private let nodes: [AgencyCode: NodeEntry]

  init() throws {
    let now = clock.now.seconds
    signer = try Suite.sha256Ed25519.generateSigningKey()
    var authorities: [AgencyCode: EphemeralAuthority] = [:]
    var nodes: [AgencyCode: NodeEntry] = [:]
    for code in Self.codes {
      let authority = try EphemeralAuthority(
        name: "authority of \(code)", notBefore: now - 1000 * Self.day,
        notAfter: now + 1000 * Self.day)
      authorities[code] = authority
      nodes[code] = NodeEntry(
        code: code, name: "示例机关", role: .procuratorate, endpoint: nil,
        recordKeys: [try Self.key()], receiptKeys: [try Self.key()],
        witnessKeys: [try Self.key()], tlsAnchors: [Self.pem(authority.certificate)])
    }
    self.authorities = authorities
    self.nodes = nodes
  }

  var now: Timestamp { clock.now }
  var environment: Environment { clock.environment(random: random) }

  /// A directory with these endpoints and without these nodes.
  func directory(
    version: UInt64 = 1, endpoints: [AgencyCode: String] = [:], without: Set<AgencyCode> = [],
    anchorsOf: [AgencyCode: AgencyCode] = [:]
  ) throws -> FederationDirectory {
    let authority = try Authority(
      threshold: 1,
      keys: [
        try VerifierKey(
          name: "authority.example", key: signer.verificationKey,
          type: Suite.sha256Ed25519.noteSignatureType)
      ])
    var contents = DirectoryContents(
      federation: "example", version: version,
      notBefore: Timestamp(milliseconds: 0),
      notAfter: now.advanced(byMilliseconds: 365 * Self.day * 1000), suite: .sha256Ed25519,
      authority: authority)
    for (code, node) in nodes where !without.contains(code) {
      var node = node
      node.endpoint = endpoints[code]
      if let other = anchorsOf[code], let entry = nodes[other] {
        node.tlsAnchors = entry.tlsAnchors
      }
      contents.nodes[code] = node
    }
    let note = try DirectoryDraft(contents).sign(with: [signer])
    return try FederationDirectory(verifying: note.encoded, pinned: authority)
  }

  /// A certificate for `code`, from its own authority unless another is named.
  func identity(
    _ code: AgencyCode, from issuer: AgencyCode? = nil, uris: [String]? = nil,
    notAfter: Int64? = nil
  ) throws -> TLSIdentity {
    guard let authority = authorities[issuer ?? code] else { throw Missing() }
    let now = now.seconds
    return try authority.issue(
      name: "node \(code)", uris: uris ?? [PeerTrust.namePrefix + code.rawValue],
      notBefore: now - 10 * Self.day, notAfter: notAfter ?? now + 10 * Self.day)
  }

  /// The list of `code`'s authority.
  func list(of code: AgencyCode, revoking revoked: [TLSIdentity]) throws -> RevocationList {
    guard let authority = authorities[code] else { throw Missing() }
    return try authority.revocationList(
      revoking: revoked.map { $0.chain[0] }, thisUpdate: now.seconds - Self.day,
      nextUpdate: now.seconds + 100 * Self.day)
  }

  /// How `own` judges others.
  func trust(
    _ own: AgencyCode, identity: TLSIdentity? = nil, lists: [RevocationList] = [],
    anchorsOf: [AgencyCode: AgencyCode] = [:]
  ) throws -> PeerTrust {
    var anchors: [AgencyCode: [Certificate]] = [:]
    for code in Self.codes {
      guard let authority = authorities[anchorsOf[code] ?? code] else { throw Missing() }
      anchors[code] = [authority.certificate]
    }
    let clock = clock
    return try PeerTrust(
      own: own,
      tls: PeerTLS(identity: identity ?? self.identity(own), revocationLists: lists),
      anchors: anchors, now: { clock.now })
  }

  static func hello(
    _ code: AgencyCode, to peer: AgencyCode, channels: [ChannelReport] = []
  ) -> Hello {
    Hello(
      code: code, directoryVersion: 1, directoryDigest: .zero, software: "sanxiangd 1.0",
      clock: Timestamp(milliseconds: 1_795_396_500_000),
      schemas: ["lead.sign/1", "lead.transfer/1"], channels: channels)
  }

  static func origin(_ from: AgencyCode, _ to: AgencyCode, epoch: UInt32 = 1) -> Origin {
    Origin(federation: "example", direction: Direction(from: from, to: to), epoch: epoch)
  }

  struct Missing: Error {}

  private static func key() throws -> DatedKey {
    DatedKey(
      key: try Suite.sha256Ed25519.generateSigningKey().verificationKey,
      notBefore: Timestamp(milliseconds: 0), notAfter: nil)
  }

  private static func pem(_ certificate: Certificate) -> String {
    let lines = Data(certificate.der).base64EncodedString(
      options: [.lineLength64Characters, .endLineWithLineFeed])
    return "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n"
  }
}
