public import Cryptography
import RecordSchema
import TransparencyLog

/// The authority's public side as a file, `authority.json`: what every node pins.
///
/// `{"v":1,"federation":"<name>","suite":"<suite>","threshold":<k>,"keys":["<vkey>", …]}`
public struct AuthorityFile: Hashable, Sendable {
  /// The federation's name.
  public var federation: String
  /// The federation's algorithms.
  public var suite: Suite
  /// The keys and how many of them must sign.
  public var authority: Authority

  private static let members: Set<String> = ["v", "federation", "suite", "threshold", "keys"]

  /// A file of these parts.
  public init(federation: String, suite: Suite, authority: Authority) {
    self.federation = federation
    self.suite = suite
    self.authority = authority
  }

  /// Reads a file.
  /// - Throws: `RecordModelError` with `.authorityFile` naming the field, `.directoryAuthority`;
  ///   `TransparencyLogError` for a key that is none.
  public init(parsing bytes: [UInt8]) throws {
    func wrong(_ field: String) -> RecordModelError {
      RecordModelError(
        .authorityFile, "The authority file's field \(field) is missing or wrong.")
    }
    let root: JSONNode
    do {
      root = try JSONDocument(parsing: bytes, profile: .general).root
    } catch {
      throw RecordModelError(
        .authorityFile, "The authority file is not strict JSON.", cause: "\(error)")
    }
    guard root.kind == .object else { throw wrong("(whole)") }
    for member in root.members where !Self.members.contains(member.key) {
      throw wrong(member.key)
    }
    guard root["v"]?.integer == 1 else { throw wrong("v") }
    guard let federation = root["federation"]?.string else { throw wrong("federation") }
    guard let name = root["suite"]?.string, let suite = Suite(name: name) else {
      throw wrong("suite")
    }
    guard let threshold = root["threshold"]?.integer,
      (1...Int64(Authority.keyLimit)).contains(threshold)
    else { throw wrong("threshold") }
    guard let keys = root["keys"], keys.kind == .array else { throw wrong("keys") }
    self.federation = federation
    self.suite = suite
    authority = try Authority(
      threshold: Int(threshold),
      keys: keys.elements.map { node in
        guard let text = node.string else { throw wrong("keys") }
        return try VerifierKey(parsing: text, suite: suite)
      })
  }

  /// The file's bytes.
  public var encoded: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("v", 1)
      writer.member("federation", federation)
      writer.member("suite", suite.name)
      writer.member("threshold", authority.threshold)
      writer.array("keys") { writer in
        for key in authority.keys { writer.string(key.description) }
      }
    }
    return writer.bytes + [0x0a]
  }
}

extension RecordModelError.Code {
  /// An authority file with a field missing, unknown or wrong.
  public static let authorityFile = Self(rawValue: "authority.file")
}
