public import Cryptography

/// The auditors who may read a node's logs over HTTP, by the SHA-256 digests of their tokens: whoever
/// reads this file cannot read the node with it.
///
/// One auditor a line: name, digest in lower-case hexadecimal, and `payloads` where they may have
/// payloads too. Empty lines and those that begin with `#` say nothing.
public struct AuditAccess: Sendable, Hashable {
  /// Most bytes of the file.
  public static let byteLimit = 1 << 20
  /// Most characters of an auditor's name.
  public static let nameLimit = 64
  /// The most bytes of a token that are looked at.
  static let tokenLimit = 512

  /// One auditor.
  public struct Auditor: Sendable, Hashable {
    /// What logs and counters call them.
    public var name: String
    /// Whether payloads are for them.
    public var payloads: Bool
  }

  private let auditors: [Digest: Auditor]

  /// Reads the file.
  /// - Throws: `AuditAccessError`, which names the line and never the digest.
  public init(parsing bytes: [UInt8]) throws(AuditAccessError) {
    var auditors: [Digest: Auditor] = [:]
    var names: Set<String> = []
    guard bytes.count <= Self.byteLimit else { throw AuditAccessError(line: 0) }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      guard let name = words.first, !name.hasPrefix("#") else { continue }
      guard (2...3).contains(words.count), words.count == 2 || words[2] == "payloads",
        name.count <= Self.nameLimit, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
        let digest = Digest(hexadecimal: words[1]), names.insert(String(name)).inserted,
        auditors.updateValue(
          Auditor(name: String(name), payloads: words.count == 3), forKey: digest) == nil
      else { throw AuditAccessError(line: number + 1) }
    }
    self.auditors = auditors
  }

  /// Whether anybody may read at all.
  public var isEmpty: Bool { auditors.isEmpty }

  /// Who shows `authorization: Bearer <token>`; nil where that is nobody.
  func auditor(_ authorization: String?) -> Auditor? {
    guard let authorization else { return nil }
    let parts = authorization.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer",
      parts[1].utf8.count <= Self.tokenLimit
    else { return nil }
    // Found by its digest: how long that takes says nothing of any token.
    return auditors[Self.digest(of: String(parts[1]))]
  }

  /// The digest that stands in the file for a token.
  public static func digest(of token: String) -> Digest {
    Suite.sha256Ed25519.digest(Array(token.utf8))
  }
}

/// A line of the auditors' file that says nothing.
public struct AuditAccessError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Its number, from 1; 0 where the file is too long.
  public var line: Int

  /// The form that a line has.
  public var description: String {
    line == 0
      ? "the file is too long"
      : "line \(line) is not '<name> <SHA-256 in lower-case hexadecimal> [payloads]', or repeats one"
  }
}
