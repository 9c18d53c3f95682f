import RecordSchema

/// The two languages in which everything is written.
enum Tongue: CaseIterable {
  case english, chinese

  /// The field reference's file in docs/.
  var referenceFile: String {
    switch self {
    case .english: "records.md"
    case .chinese: "records.zh-CN.md"
    }
  }

  /// The text in this language.
  func of(_ text: BilingualText) -> String {
    switch self {
    case .english: text.english
    case .chinese: text.chinese
    }
  }

  /// One of two texts.
  func say(_ english: String, _ chinese: String) -> String {
    switch self {
    case .english: english
    case .chinese: chinese
    }
  }

  /// A decimal number; English groups its digits.
  func number(_ value: Int64) -> String { number(String(value)) }

  /// A number as a schema writes it.
  func number(_ text: String) -> String {
    guard self == .english, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return text
    }
    var grouped: [Character] = []
    for (index, digit) in text.reversed().enumerated() {
      if index > 0, index % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    return String(grouped.reversed())
  }
}
