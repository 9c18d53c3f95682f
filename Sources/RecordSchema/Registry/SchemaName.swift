/// A kind and a version: `lead.transfer/1`.
public struct SchemaName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The kind of record, for example `lead.transfer`.
  public let kind: String
  /// From 1 to 9999.
  public let version: Int

  /// Nil unless the text is lower-case words with one dot between them, a slash, and a version
  /// without leading zeros.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, Self.isKind(parts[0].utf8), (1...4).contains(parts[1].utf8.count),
      parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), parts[1].utf8.first != 0x30,
      let version = Int(parts[1])
    else { return nil }
    self.kind = String(parts[0])
    self.version = version
  }

  private static func isKind(_ text: some Collection<UInt8>) -> Bool {
    let words = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return words.count == 2
      && words.allSatisfy { word in
        !word.isEmpty && word.allSatisfy { (0x61...0x7A).contains($0) }
      }
  }

  /// As it stands in a header.
  public var description: String { "\(kind)/\(version)" }

  /// By kind in byte order, then by version.
  public static func < (first: SchemaName, second: SchemaName) -> Bool {
    first.kind.utf8.elementsEqual(second.kind.utf8)
      ? first.version < second.version
      : first.kind.utf8.lexicographicallyPrecedes(second.kind.utf8)
  }
}

/// A text of a schema document in both languages: `title` or `description`, and the same under
/// `x-en`.
public struct BilingualText: Hashable, Sendable {
  /// In Chinese.
  public let chinese: String
  /// In English.
  public let english: String

  init(of schema: JSONNode, _ member: String) {
    chinese = schema[member]?.string ?? ""
    english = schema["x-en"]?[member]?.string ?? ""
  }
}
