import Cryptography
import RecordModel
import TransparencyLog

/// A throw-away authority of some keys, and directories that it signs.
struct SampleAuthority {
  let keys: [SigningKey]
  let authority: Authority

  init(_ count: Int, threshold: Int, label: String = "key") throws {
    keys = try (0..<count).map { _ in try Suite.sha256Ed25519.generateSigningKey() }
    authority = try Authority(
      threshold: threshold,
      keys: keys.enumerated().map { index, key in
        try VerifierKey(
          name: KeyName.authority(federation: Samples.federation, label: "\(label)\(index + 1)"),
          key: key.verificationKey, type: Suite.sha256Ed25519.noteSignatureType)
      })
  }

  /// A directory of two nodes, to be changed by the test.
  func contents(version: UInt64 = 1) throws -> DirectoryContents {
    var contents = DirectoryContents(
      federation: Samples.federation, version: version,
      notBefore: try Timestamp(parsing: "2026-01-01T00:00:00.000+08:00"),
      notAfter: try Timestamp(parsing: "2027-01-01T00:00:00.000+08:00"), suite: .sha256Ed25519,
      authority: authority)
    let nodes = [
      try Self.node(try Samples.enforcement(), "示例市市场监督管理局", .enforcement),
      try Self.node(try Samples.procuratorate(), "示例市人民检察院", .procuratorate),
    ]
    for node in nodes { contents.nodes[node.code] = node }
    contents.policy = DirectoryPolicy(allow: [
      .init(from: [.enforcement], to: [.procuratorate, .police], kinds: ["lead.transfer"]),
      .init(from: [.procuratorate], to: [.enforcement], kinds: ["lead.*", "letter.issue"]),
    ])
    return contents
  }

  static func node(_ code: AgencyCode, _ name: String, _ role: AgencyRole) throws -> NodeEntry {
    let start = try Timestamp(parsing: "2026-01-01T00:00:00.000+08:00")
    func key() throws -> [DatedKey] {
      [
        DatedKey(
          key: try Suite.sha256Ed25519.generateSigningKey().verificationKey, notBefore: start,
          notAfter: nil)
      ]
    }
    return NodeEntry(
      code: code, name: name, role: role, endpoint: "node.example.org:7443",
      recordKeys: try key(), receiptKeys: try key(), witnessKeys: try key(),
      tlsAnchors: ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"])
  }

  func sign(_ contents: DirectoryContents, with indices: [Int]? = nil) throws -> [UInt8] {
    let signers = (indices ?? Array(keys.indices)).map { keys[$0] }
    return try DirectoryDraft(contents).sign(with: signers).encoded
  }

  func directory(_ contents: DirectoryContents) throws -> FederationDirectory {
    try FederationDirectory(verifying: try sign(contents), pinned: authority)
  }
}

/// Signs any text as the authority, whatever it says.
func signed(_ text: String, by sample: SampleAuthority) throws -> [UInt8] {
  var note = SignedNote(text: text, signatures: [])
  for (key, known) in zip(sample.keys, sample.authority.keys) {
    note.add(try SignedNote.sign(text: text, name: known.name, key: key))
  }
  return note.encoded
}
