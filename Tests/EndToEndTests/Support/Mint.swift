import Cryptography
import Foundation
import RecordModel

/// Keys, certificates and node folders as an authority and three agencies make them with the
/// command line, once for all tests; each federation works on a copy.
struct Mint: Sendable {
  static let federation = "e2e.example"
  static let passphrase = "correct horse battery staple"

  /// One of the agencies of `examples/agencies.json`.
  struct Agency: Sendable {
    var role: AgencyRole
    var code: AgencyCode
    var name: String
    /// Its real certificate, for those who speak in its place.
    var identity: TLSIdentity

    /// The certificate's name for the node.
    var uri: String { "urn:sanxiang:node:\(code)" }
  }

  let folder: String
  let agencies: [Agency]
  /// The certification authority of every node.
  let root: EphemeralAuthority

  private static let made = Task { try await Mint() }

  /// The one that all tests share.
  static func shared() async throws -> Mint { try await made.value }

  private init() async throws {
    folder = try Workshop.shared.fresh("mint")
    try Files.makeFolder(folder)
    let secret = folder + "/passphrase"
    try Files.write(Self.passphrase + "\n", to: secret)
    let root = try Self.certificationAuthority("e2e root")
    self.root = root
    try Files.write(root.certificate.pem, to: folder + "/ca.pem")
    agencies = try [
      (AgencyRole.procuratorate, "11000000MB0000019X", "示例市人民检察院"),
      (.discipline, "11000000MB0000027Q", "示例市纪委监委"),
      (.enforcement, "11000000MB0000035K", "示例市市场监督管理局"),
    ].map { role, code, name in
      Agency(
        role: role, code: try AgencyCode(code), name: name,
        identity: try Self.leaf(of: root, uris: ["urn:sanxiang:node:\(code)"]))
    }
    let authority = folder + "/authority"
    try await Spoken.fine([
      "federation", "init", "--folder", authority, "--name", Self.federation, "--keys", "3",
      "--threshold", "2", "--passphrase-file", secret,
    ])
    for number in 1...3 { try await soften("\(authority)/authority-\(number).key") }
    for agency in agencies { try await makeNode(agency, authority) }
    try await Self.sign(authority, passphraseFile: secret)
  }

  /// Signs the draft with two of the three keys.
  static func sign(_ authority: String, passphraseFile: String) async throws {
    try await Spoken.fine([
      "federation", "sign", "--folder", authority, "--passphrase-file", passphraseFile,
      "--key", authority + "/authority-1.key", "--key", authority + "/authority-3.key",
    ])
  }

  private func makeNode(_ agency: Agency, _ authority: String) async throws {
    let home = folder + "/" + agency.role.rawValue
    try await Spoken.fine([
      "node", "init", "--data", home, "--code", agency.code.rawValue, "--name", agency.name,
      "--role", agency.role.rawValue, "--authority", authority + "/authority.json",
      "--tls-anchor", folder + "/ca.pem", "--tls-chain", home + "/tls.pem",
      "--tls-key", home + "/tls.key", "--socket", home + "/api.sock", "--port", "0",
      "--passphrase-file", folder + "/passphrase",
    ])
    try Self.write(agency.identity, home)
    for use in ["record", "receipt", "witness"] { try await soften("\(home)/keys/\(use).key") }
    try await soften(home + "/tls.key")
    try await Spoken.fine([
      "federation", "add", home + "/node.enrolment.json", "--folder", authority,
    ])
  }

  /// Writes a chain and its key where a node looks for them.
  static func write(_ identity: TLSIdentity, _ home: String) throws {
    try Files.write(identity.chain.flatMap(\.pem), to: home + "/tls.pem")
    try Files.write(
      identity.key.encryptedPEM(passphrase: Array(passphrase.utf8)), to: home + "/tls.key")
  }

  /// The same key under the same passphrase, derived cheaply: nodes start and stop often here, and
  /// scrypt takes a fifth of a second for every key.
  private func soften(_ key: String) async throws {
    let spoken = try await Spoken.running(
      "/usr/bin/openssl",
      [
        "pkcs8", "-topk8", "-in", key, "-passin", "env:SECRET", "-passout", "env:SECRET",
        "-v2", "aes-256-cbc", "-iter", "1000", "-out", key + ".soft",
      ],
      environment: ["SECRET": Self.passphrase])
    guard spoken.status == 0 else { throw Trouble("openssl pkcs8: \(spoken)") }
    Files.remove(key)
    try Files.copy(key + ".soft", to: key)
    Files.remove(key + ".soft")
  }

  // MARK: Certificates

  static let day: Int64 = 86_400
  static var now: Int64 { Int64(time(nil)) }

  /// An authority that nobody trusts until a directory names it.
  static func certificationAuthority(_ name: String) throws -> EphemeralAuthority {
    try EphemeralAuthority(name: name, notBefore: now - 30 * day, notAfter: now + 30 * day)
  }

  /// A certificate for these names; in date unless told otherwise.
  static func leaf(
    of authority: EphemeralAuthority, uris: [String], until: Int64 = now + 20 * day
  ) throws -> TLSIdentity {
    try authority.issue(name: "e2e", uris: uris, notBefore: now - 20 * day, notAfter: until)
  }
}
