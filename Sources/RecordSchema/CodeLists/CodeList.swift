/// A closed set of codes for one field, with labels for people.
public struct CodeList: Sendable {
  /// One code.
  public struct Entry: Sendable {
    /// What stands in a payload.
    public var code: String { text.description }
    /// The label in Chinese.
    public let chinese: String
    /// The label in English.
    public let english: String

    let text: StaticString

    init(_ code: StaticString, _ chinese: String, _ english: String) {
      self.text = code
      self.chinese = chinese
      self.english = english
    }
  }

  /// The list's name, for example `category`.
  public let name: String
  /// The codes in their published order.
  public let entries: [Entry]

  init(_ name: String, _ entries: [Entry]) {
    self.name = name
    self.entries = entries
  }

  /// The entry with that code, compared byte for byte.
  public subscript(code: String) -> Entry? {
    CodeFormat.withUTF8(code) { position(of: $0) }.map { entries[$0] }
  }

  /// Where a code stands in the list.
  func position(of code: UnsafeBufferPointer<UInt8>) -> Int? {
    for position in entries.indices {
      let text = entries[position].text
      if text.utf8CodeUnitCount == code.count, CodeFormat.hasBytes(code, at: 0, text) {
        return position
      }
    }
    return nil
  }

  /// All lists that the built-in schemas use, by field.
  public static let all: [CodeList] = [
    category, classification, industry, measure, refuseReason, returnReason, source, subjectRole,
  ]
}
