import Cryptography
import FoundationEssentials
import RecordModel
import TransparencyLog

/// Two agencies with throw-away keys in a folder, as the daemon wants to find them.
struct BenchFederation {
  /// One of the two.
  struct Member {
    var code: AgencyCode
    var folder: String
    var configuration: String { folder + "/node.yaml" }
    /// What the node says.
    var log: String { folder + "/node.log" }
    /// A Unix socket's path has at most 107 bytes.
    var socket: String { folder + "/api.sock" }
  }

  static let name = "bench.example"
  let sender: Member
  let receiver: Member
  private let authorityKey: SigningKey
  private var contents: DirectoryContents

  /// Writes everything but the directory's endpoints, which are known only once the nodes run.
  init(folder: String, outboxRecords: Int) throws {
    let suite = Suite.sha256Ed25519
    authorityKey = try suite.generateSigningKey()
    let label = KeyName.authority(federation: Self.name, label: "bench")
    let authority = try Authority(
      threshold: 1,
      keys: [
        VerifierKey(
          name: label, key: authorityKey.verificationKey, type: suite.noteSignatureType)
      ])
    let now = Int64(Date.now.timeIntervalSince1970)
    let day: Int64 = 86_400
    contents = DirectoryContents(
      federation: Self.name, version: 1, notBefore: Timestamp(milliseconds: (now - day) * 1000),
      notAfter: Timestamp(milliseconds: (now + 30 * day) * 1000), suite: suite,
      authority: authority)
    contents.policy = .unrestricted
    sender = Member(code: try AgencyCode("11000000MB0000035K"), folder: folder + "/a")
    receiver = Member(code: try AgencyCode("11000000MB0000019X"), folder: folder + "/b")
    let root = try EphemeralAuthority(
      name: "bench root", kind: .p256, notBefore: now - day, notAfter: now + 30 * day)
    for (member, role) in [(sender, AgencyRole.enforcement), (receiver, .procuratorate)] {
      let node = NodeWriter(member: member, root: root, suite: suite, now: now)
      contents.nodes[member.code] = try node.write(
        role: role, outboxRecords: outboxRecords,
        authority: AuthorityFile(federation: Self.name, suite: suite, authority: authority))
    }
    let note = try note()
    for member in [sender, receiver] {
      try Files.write(note, to: member.folder + "/federation.note")
    }
  }

  /// The directory's next version, which tells where the receiver listens.
  mutating func publish(receiverPort: Int) throws -> [UInt8] {
    contents.version += 1
    contents.nodes[receiver.code]?.endpoint = "127.0.0.1:\(receiverPort)"
    return try note()
  }

  private func note() throws -> [UInt8] {
    try DirectoryDraft(contents).sign(with: [authorityKey]).encoded
  }
}

/// Writes one node's folder.
private struct NodeWriter {
  let member: BenchFederation.Member
  let root: EphemeralAuthority
  let suite: Suite
  let now: Int64

  func write(role: AgencyRole, outboxRecords: Int, authority: AuthorityFile) throws -> NodeEntry {
    let passphrase = SecureRandom.bytes(24).map { String($0, radix: 16) }.joined()
    let secret = Array(passphrase.utf8)
    try Files.makeFolder(member.folder)
    try Files.makeFolder(member.folder + "/keys")
    try Files.write(secret, to: member.folder + "/passphrase")
    try Files.write(authority.encoded, to: member.folder + "/authority.json")
    func key(_ use: String) throws -> [DatedKey] {
      let key = try suite.generateSigningKey()
      try Files.write(
        key.encryptedPEM(passphrase: secret), to: member.folder + "/keys/\(use).key")
      let from = Timestamp(milliseconds: (now - 86_400) * 1000)
      return [DatedKey(key: key.verificationKey, notBefore: from, notAfter: nil)]
    }
    let tls = try root.issue(
      name: "\(member.code)", uris: ["urn:sanxiang:node:\(member.code)"],
      notBefore: now - 86_400, notAfter: now + 30 * 86_400)
    let chain = tls.chain.map { String(decoding: $0.pem, as: UTF8.self) }.joined()
    try Files.write(Array(chain.utf8), to: member.folder + "/tls.pem")
    try Files.write(
      tls.key.encryptedPEM(passphrase: secret), to: member.folder + "/tls.key")
    try Files.write(Array(configuration(outboxRecords).utf8), to: member.configuration)
    return NodeEntry(
      code: member.code, name: "示例机关", role: role, endpoint: nil,
      recordKeys: try key("record"), receiptKeys: try key("receipt"),
      witnessKeys: try key("witness"),
      tlsAnchors: [String(decoding: root.certificate.pem, as: UTF8.self)])
  }

  private func configuration(_ outboxRecords: Int) -> String {
    """
    code: "\(member.code)"
    federation: "\(BenchFederation.name)"
    data: "\(member.folder)"
    passphraseFile: "\(member.folder)/passphrase"
    peer:
      host: "127.0.0.1"
      port: 0
    tls:
      chain: "\(member.folder)/tls.pem"
      key: "\(member.folder)/tls.key"
    api:
      socket: "\(member.socket)"
    log:
      level: "warning"
    limits:
      outboxRecords: \(outboxRecords)
      outboxBytes: 1099511627776

    """
  }
}
