import Cryptography
import Foundation
import Testing

/// The certificates of `certs/mint` must be what this module demands.
@Suite("Development certificates")
struct MintTests {
  static let node = "11100000MB0143028R"
  static let neighbour = "12100000400002259P"

  /// `certs/mint` of this repository, also when the tests' folder was reached through a link.
  static let mint = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "certs/mint").path

  private func run(_ arguments: [String]) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: Self.mint)
    process.arguments = arguments
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "sanxiang-mint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func contents(_ folder: URL, _ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: folder.appending(path: path)))
  }

  private func identity(_ folder: URL, _ code: String) throws -> TLSIdentity {
    let passphrase = try contents(folder, "passphrase").filter { $0 != UInt8(ascii: "\n") }
    return try TLSIdentity(
      chain: Certificate.list(pem: contents(folder, "nodes/\(code)/tls.pem")),
      key: PrivateKey(pem: contents(folder, "nodes/\(code)/tls.key"), passphrase: passphrase))
  }

  /// Verdict on a minted leaf as a client and as a server, now.
  private func verdict(_ folder: URL, _ identity: TLSIdentity) throws -> [String?] {
    let verifier = ChainVerifier(
      anchors: try Certificate.list(pem: contents(folder, "authority/ca.pem")),
      revocationLists: try RevocationList.list(pem: contents(folder, "authority/crl.pem")))
    let now = Int64(Date().timeIntervalSince1970)
    return [ChainVerifier.Purpose.tlsClient, .tlsServer].map { purpose in
      code {
        try verifier.verify(
          leaf: identity.chain[0], intermediates: [], at: now, purpose: purpose)
      }
    }
  }

  @Test("Minted certificates verify, stay on a second run, and end with a revocation")
  func lifeCycle() throws {
    try withFolder { folder in
      let arguments = ["--out", folder.path, Self.node, Self.neighbour]
      #expect(try run(arguments) == (0, ""))
      let first = try identity(folder, Self.node)
      #expect(first.chain[0].uriNames == ["urn:sanxiang:node:\(Self.node)"])
      #expect(first.key.kind == .p256)
      #expect(try verdict(folder, first) == [nil, nil])

      #expect(try run(arguments) == (0, ""))
      #expect(try identity(folder, Self.node).chain == first.chain)

      #expect(try run(["--out", folder.path, "--revoke", Self.node]) == (0, ""))
      let revoked = "crypto.certificate.revoked"
      #expect(try verdict(folder, first) == [revoked, revoked])
      #expect(try verdict(folder, identity(folder, Self.neighbour)) == [nil, nil])

      #expect(try run(arguments) == (0, ""))
      let second = try identity(folder, Self.node)
      #expect(second.chain[0] != first.chain[0])
      #expect(try verdict(folder, second) == [nil, nil])
    }
  }

  @Test("No file that mint makes can be read by others")
  func modes() throws {
    try withFolder { folder in
      #expect(try run(["--out", folder.path, Self.node]).status == 0)
      for path in ["authority/ca.key", "nodes/\(Self.node)/tls.key", "passphrase"] {
        let attributes = try FileManager.default.attributesOfItem(
          atPath: folder.appending(path: path).path)
        #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
      }
      for path in ["authority/ca.key", "nodes/\(Self.node)/tls.key"] {
        let pem = try contents(folder, path)
        #expect(code { _ = try PrivateKey(pem: pem) } == "crypto.key.locked")
      }
    }
  }

  @Test(
    "A wrong call says what is wrong and makes nothing",
    arguments: [
      (["11100000MB0143028X"], 64, "is not a unified social credit code"),
      (["--revoke", node], 1, "there is no authority"),
      (["--revoke"], 64, "needs the code"),
      (["--days", "0", node], 64, "--days must be a number"),
      (["--passphrase-file", "/nowhere", node], 1, "cannot be read"),
      (["--frobnicate"], 64, "unknown option --frobnicate"),
    ] as [([String], Int32, String)])
  func misuse(arguments: [String], status: Int32, words: String) throws {
    try withFolder { folder in
      let outcome = try run(["--out", folder.appending(path: "out").path] + arguments)
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(words))
      let made = folder.appending(path: "out/authority/ca.pem").path
      #expect(!FileManager.default.fileExists(atPath: made))
    }
  }

  @Test("A folder's keys do not open with another passphrase")
  func wrongPassphrase() throws {
    try withFolder { folder in
      #expect(try run(["--out", folder.path, Self.node]).status == 0)
      let other = folder.appending(path: "other")
      try Data("other\n".utf8).write(to: other)
      let outcome = try run(["--out", folder.path, "--passphrase-file", other.path, Self.node])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("does not open"))
    }
  }
}
