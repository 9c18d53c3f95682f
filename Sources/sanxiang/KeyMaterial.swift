import ArgumentParser
import Cryptography
import FoundationEssentials
import RecordModel
import RecordSchema

/// Where a passphrase comes from. Never an argument: arguments are public.
struct PassphraseOptions: ParsableArguments {
  @Option(
    name: .long,
    help: help(
      "口令文件（首行）；缺省取 systemd 凭据 sanxiang-passphrase 或环境变量 SANXIANG_PASSPHRASE",
      """
      file whose first line is the passphrase; default: the systemd credential \
      sanxiang-passphrase, else the variable SANXIANG_PASSPHRASE
      """))
  var passphraseFile: String?

  /// The passphrase's bytes.
  func passphrase() throws -> [UInt8] {
    let environment = ProcessInfo.processInfo.environment
    let credential = environment["CREDENTIALS_DIRECTORY"].map { $0 + "/sanxiang-passphrase" }
    let bytes: [UInt8]
    if let passphraseFile = passphraseFile ?? credential.flatMap({ Files.exists($0) ? $0 : nil }) {
      let line = try Files.read(passphraseFile, limit: 64 << 10).prefix { $0 != 0x0a }
      bytes = line.last == 0x0d ? Array(line.dropLast()) : Array(line)
    } else if let value = environment["SANXIANG_PASSPHRASE"] {
      bytes = Array(value.utf8)
    } else {
      throw Failure(
        .usage, "passphrase.missing",
        say(
          "没有口令：用 --passphrase-file 指定文件，或设环境变量 SANXIANG_PASSPHRASE",
          "there is no passphrase: give --passphrase-file or set SANXIANG_PASSPHRASE"))
    }
    guard bytes.count >= 8 else {
      throw Failure(
        .usage, "passphrase.short",
        say("口令至少 8 字节", "a passphrase has at least 8 bytes"))
    }
    return bytes
  }
}

/// What a node tells the authority of itself: public keys and how to reach it.
struct EnrolmentFile: Sendable {
  var federation: String
  var suite: Suite
  var entry: NodeEntry

  private static let members: Set<String> = [
    "v", "federation", "suite", "code", "name", "role", "endpoint", "recordKey", "receiptKey",
    "witnessKey", "notBefore", "tlsAnchors",
  ]

  init(federation: String, suite: Suite, entry: NodeEntry) {
    self.federation = federation
    self.suite = suite
    self.entry = entry
  }

  /// The file's JSON.
  var encoded: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("v", 1)
      writer.member("federation", federation)
      writer.member("suite", suite.name)
      writer.member("code", entry.code.rawValue)
      writer.member("name", entry.name)
      writer.member("role", entry.role.rawValue)
      writer.member("endpoint", entry.endpoint)
      for (name, keys) in [
        ("recordKey", entry.recordKeys), ("receiptKey", entry.receiptKeys),
        ("witnessKey", entry.witnessKeys),
      ] {
        writer.member(name, Data(keys.first?.key.raw ?? []).base64EncodedString())
      }
      writer.member("notBefore", entry.recordKeys.first?.notBefore.description)
      writer.array("tlsAnchors") { writer in
        for anchor in entry.tlsAnchors { writer.string(anchor) }
      }
    }
    return writer.bytes + [0x0a]
  }

  /// Checks that a directory with this node alone in it could be signed.
  /// - Throws: `RecordModelError` with a `directory.*` code.
  func check(pinned: Authority) throws {
    let start = entry.recordKeys.first?.notBefore ?? Timestamp(milliseconds: 0)
    var contents = DirectoryContents(
      federation: federation, version: 1, notBefore: start,
      notAfter: Timestamp(milliseconds: start.milliseconds + 1), suite: suite, authority: pinned)
    contents.nodes[entry.code] = entry
    _ = try DirectoryDraft(contents).text()
  }

  /// Reads the file.
  init(reading path: String) throws {
    func wrong(_ field: String) -> Failure {
      Failure(
        .failed, "enrolment.file",
        say("\(path)：字段 \(field) 缺失或有误", "\(path): the field \(field) is missing or wrong"))
    }
    let root = try parse(path, members: Self.members)
    func text(_ name: String) throws -> String {
      guard let text = root[name]?.string else { throw wrong(name) }
      return text
    }
    guard root["v"]?.integer == 1 else { throw wrong("v") }
    guard let suite = Suite(name: try text("suite")) else { throw wrong("suite") }
    guard let role = AgencyRole(rawValue: try text("role")) else { throw wrong("role") }
    let notBefore = try Timestamp(parsing: text("notBefore"))
    func key(_ name: String) throws -> [DatedKey] {
      guard let raw = Data(base64Encoded: try text(name)) else { throw wrong(name) }
      return [
        DatedKey(
          key: try suite.verificationKey(raw: Array(raw)), notBefore: notBefore, notAfter: nil)
      ]
    }
    guard let anchors = root["tlsAnchors"], anchors.kind == .array else {
      throw wrong("tlsAnchors")
    }
    federation = try text("federation")
    self.suite = suite
    entry = NodeEntry(
      code: try AgencyCode(text("code")), name: try text("name"), role: role,
      endpoint: root["endpoint"]?.string, recordKeys: try key("recordKey"),
      receiptKeys: try key("receiptKey"), witnessKeys: try key("witnessKey"),
      tlsAnchors: try anchors.elements.map { node in
        guard let pem = node.string else { throw wrong("tlsAnchors") }
        return pem
      })
  }
}

/// A file's strict JSON object with none but these members.
private func parse(_ path: String, members: Set<String>) throws -> JSONNode {
  let document: JSONDocument
  do {
    document = try JSONDocument(parsing: Files.read(path, limit: 1 << 20), profile: .general)
  } catch let error as JSONError {
    throw Failure(.failed, error.code.rawValue, "\(path): \(error)")
  }
  guard document.root.kind == .object else {
    throw Failure(
      .failed, "json.object", say("\(path)：不是 JSON 对象", "\(path): not a JSON object"))
  }
  for member in document.root.members where !members.contains(member.key) {
    throw Failure(
      .failed, "json.member",
      say("\(path)：多余的字段 \(member.key)", "\(path): unknown field \(member.key)"))
  }
  return document.root
}

/// The digest by which two people compare a file over the telephone: groups of four digits.
func fingerprint(_ bytes: [UInt8], suite: Suite) -> String {
  let digits = Array(suite.digest(bytes).description)
  return stride(from: 0, to: digits.count, by: 4)
    .map { String(digits[$0..<min($0 + 4, digits.count)]) }.joined(separator: " ")
}
