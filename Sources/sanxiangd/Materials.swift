import Cryptography
import Exchange
import PeerLink
import RecordModel
import TransparencyLog

/// Everything that the daemon reads before it opens anything: keys, certificates, directory.
struct Materials: Sendable {
  let identity: NodeIdentity
  let authority: AuthorityFile
  let tls: PeerTLS
  /// Whose approval opens a new epoch, two of them at a time.
  let operators: [VerifierKey]
  /// Nil when there is no file: a stored directory may do.
  let directoryNote: [UInt8]?

  /// Reads and checks all of it; each error names the file.
  init(_ settings: Settings, environment: [String: String]) throws {
    let folder = settings.dataFolder
    authority = try Self.named(folder + "/authority.json") { path in
      try AuthorityFile(parsing: FileBytes.read(path))
    }
    guard authority.federation == settings.federation else {
      throw DaemonError.key("federation", "differs from authority.json, which names another")
    }
    operators = try Self.operators(settings, suite: authority.suite)
    let passphrase = try Passphrase.find(
      file: settings.passphraseFile, environment: environment)
    let suite = authority.suite
    func key(_ use: String) throws -> SigningKey {
      try Self.named(folder + "/keys/\(use).key") { path in
        try SigningKey(
          encryptedPEM: FileBytes.readSecret(path, environment: environment),
          passphrase: passphrase, suite: suite)
      }
    }
    identity = NodeIdentity(
      code: settings.code, federation: settings.federation, recordKey: try key("record"),
      receiptKey: try key("receipt"), witnessKey: try key("witness"))
    tls = try Self.readTLS(settings, passphrase: passphrase, environment: environment)
    directoryNote = try Self.readDirectory(settings)
  }

  /// The operators' keys: each under a name of this node's, and enough of them to approve anything.
  static func operators(_ settings: Settings, suite: Suite) throws -> [VerifierKey] {
    let name = KeyName.operator(
      federation: settings.federation, code: settings.code, label: "")
    let keys = try settings.operators.map { text in
      guard let key = try? VerifierKey(parsing: text, suite: suite),
        key.type == suite.noteSignatureType, key.name.hasPrefix(name),
        key.name.utf8.count > name.utf8.count
      else {
        throw DaemonError.key("operators", "each must be a vkey named \(name)<label>")
      }
      return key
    }
    guard Set(keys.map(\.key)).count == keys.count, Set(keys.map(\.name)).count == keys.count else {
      throw DaemonError.key("operators", "each must have a label and a key of its own")
    }
    guard keys.isEmpty || keys.count >= EpochStatement.quorum else {
      throw DaemonError.key(
        "operators", "must be none, or \(EpochStatement.quorum) or more: fewer approve nothing")
    }
    return keys
  }

  /// The TLS files, also read again on SIGHUP.
  static func readTLS(
    _ settings: Settings, passphrase: [UInt8], environment: [String: String]
  ) throws -> PeerTLS {
    let chain = try named(settings.tls.chain) { try Certificate.list(pem: FileBytes.read($0)) }
    guard let leaf = chain.first else {
      throw DaemonError.key("tls.chain", "the file holds no certificate")
    }
    let name = "urn:sanxiang:node:\(settings.code)"
    guard leaf.uriNames.contains(name) else {
      throw DaemonError.key(
        "tls.chain", "the first certificate does not carry the subject alternative name \(name)")
    }
    let key = try named(settings.tls.key) {
      try PrivateKey(
        pem: FileBytes.readSecret($0, environment: environment), passphrase: passphrase)
    }
    let identity = try named(settings.tls.key) { _ in try TLSIdentity(chain: chain, key: key) }
    let lists = try settings.tls.revocationLists.flatMap { path in
      try named(path) { try RevocationList.list(pem: FileBytes.read($0)) }
    }
    return PeerTLS(identity: identity, revocationLists: lists)
  }

  /// The directory's note, if the file is there.
  static func readDirectory(_ settings: Settings) throws -> [UInt8]? {
    guard FileBytes.exists(settings.directoryPath) else { return nil }
    return try FileBytes.read(settings.directoryPath)
  }

  /// Whether the directory given names this node with these keys; only a first look, the exchange
  /// verifies it against what is stored.
  func check(_ note: [UInt8]) throws -> FederationDirectory {
    let directory = try Self.named("directory") { _ in
      try FederationDirectory(verifying: note, pinned: authority.authority)
    }
    try check(directory)
    return directory
  }

  /// Whether a directory lists this node with the keys that it has.
  func check(_ directory: FederationDirectory) throws {
    guard let entry = directory.nodes[identity.code] else {
      throw DaemonError(
        .configuration, "the federation directory does not name this node, \(identity.code)")
    }
    let uses = [
      ("record", entry.recordKeys, identity.recordKey),
      ("receipt", entry.receiptKeys, identity.receiptKey),
      ("witness", entry.witnessKeys, identity.witnessKey),
    ]
    for (use, listed, own) in uses
    where !listed.contains(where: { $0.key == own.verificationKey }) {
      throw DaemonError(
        .configuration,
        "the federation directory lists another \(use) key for this node than keys/\(use).key")
    }
  }

  /// Puts a file's name before what is wrong with it.
  private static func named<Value>(_ path: String, _ body: (String) throws -> Value) throws -> Value
  {
    do {
      return try body(path)
    } catch let error as DaemonError {
      throw error
    } catch {
      throw DaemonError(.configuration, "\(path): \(error)")
    }
  }
}
