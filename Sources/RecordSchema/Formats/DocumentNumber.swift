/// A 发文字号 in its parts. A payload that was taken has one of this form (`cn-docno`).
public struct DocumentNumber: Hashable, Sendable {
  /// What stands before the year: the agency's mark.
  public let prefix: String
  /// The year in the brackets.
  public let year: Int
  /// The number, not padded.
  public let number: Int

  /// Nil unless the text has that form.
  public init?(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    guard let open = scalars.firstIndex(of: "〔"), let close = scalars.firstIndex(of: "〕"),
      open < close, scalars.last == "号",
      let year = Int(String(String.UnicodeScalarView(scalars[(open + 1)..<close]))),
      let number = Int(String(String.UnicodeScalarView(scalars[(close + 1)..<(scalars.count - 1)])))
    else { return nil }
    prefix = String(String.UnicodeScalarView(scalars[..<open]))
    self.year = year
    self.number = number
  }
}
