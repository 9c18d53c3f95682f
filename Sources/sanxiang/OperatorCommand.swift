import ArgumentParser
import Cryptography
import NodeClient
import RecordModel
import RecordSchema
import TransparencyLog

/// The people who look after a node.
struct OperatorCommand: ParsableCommand {
  static let configuration = describe(
    "operator", "运维人员：生成批准新纪元用的密钥", "operators: keys that approve new epochs",
    subcommands: [OperatorInit.self])
}

struct OperatorInit: AsyncParsableCommand {
  static let configuration = describe(
    "init", "生成运维人员密钥，公钥写入 node.yaml 的 operators",
    "make an operator's key; its public half goes into node.yaml, operators")

  @OptionGroup var node: NodeOptions
  @OptionGroup var secret: PassphraseOptions
  @Option(name: .long, help: help("此人的代号，a-z 0-9 . -", "who it is for, in a-z 0-9 . -"))
  var label: String
  @Option(name: .long, help: help("密钥文件；公钥写在旁边的 .vkey", "the key's file; FILE.vkey beside it"))
  var out: String
  @Option(
    name: .long, help: help("联邦名（缺省问节点）", "the federation's name; default: the node is asked"))
  var federation: String?
  @Option(
    name: .long, help: help("节点的机关代码（缺省问节点）", "the node's code; default: the node is asked"))
  var code: String?

  func validate() throws {
    guard Self.isLabel(label) else {
      throw ValidationError(
        say("label 须为 1 到 64 个 a-z 0-9 . -", "label must be 1 to 64 of a-z 0-9 . -"))
    }
    guard (federation == nil) == (code == nil) else {
      throw ValidationError(
        say("--federation 与 --code 须同时给出", "--federation and --code go together"))
    }
  }

  func run() async throws {
    let passphrase = try secret.passphrase()
    let (federation, code) = try await whose()
    let suite = Suite.sha256Ed25519
    let key = try suite.generateSigningKey()
    let verifier = try VerifierKey(
      name: KeyName.operator(
        federation: federation, code: try AgencyCode(code), label: label),
      key: key.verificationKey, type: suite.noteSignatureType)
    let file = OperatorKeyFile(path: out)
    guard !Files.exists(file.public) else {
      throw Failure(
        .failed, "operator.exists",
        say("\(file.public) 已存在，不覆盖", "\(file.public) is there already and is not replaced"))
    }
    try Files.write(key.encryptedPEM(passphrase: passphrase), to: file.path, mode: 0o600)
    try Files.write(Array("\(verifier)\n".utf8), to: file.public)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("name", verifier.name)
      writer.member("vkey", verifier.description)
      writer.member("file", file.path)
    }
    node.show(json: writer.bytes, text: [verifier.description])
  }

  /// The federation and the node that the operator works for.
  private func whose() async throws -> (federation: String, code: String) {
    if let federation, let code { return (federation, try Check.code(code)) }
    return try await node.withNode { client in
      (try await client.directory().value.federation, try await client.live().value.code)
    }
  }

  static func isLabel(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x2e
      }
  }
}

/// An operator's key: the encrypted private half, and beside it the vkey, which holds its name.
struct OperatorKeyFile: Sendable {
  var path: String
  var `public`: String { path + ".vkey" }

  /// Signs a text under the key's name.
  func sign(_ text: String, passphrase: [UInt8]) throws -> NoteSignature {
    let suite = Suite.sha256Ed25519
    let key = try SigningKey(
      encryptedPEM: Files.read(path, limit: 64 << 10), passphrase: passphrase, suite: suite)
    let line = String(decoding: try Files.read(`public`, limit: 64 << 10), as: UTF8.self)
    let verifier = try VerifierKey(
      parsing: line.hasSuffix("\n") ? String(line.dropLast()) : line, suite: suite)
    guard verifier.key == key.verificationKey else {
      throw Failure(
        .failed, "operator.key",
        say("\(`public`) 不是 \(path) 的公钥", "\(`public`) is not the public half of \(path)"))
    }
    return try SignedNote.sign(text: text, name: verifier.name, key: key)
  }
}
