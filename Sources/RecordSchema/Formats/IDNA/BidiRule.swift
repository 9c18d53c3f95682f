/// The Bidi rule of RFC 5893, section 2.
enum BidiRule {
  /// Whether a name that holds any right-to-left label has none that breaks the rule. In other
  /// names the rule does not count.
  static func isObeyed(_ labels: [[UInt32]]) -> Bool {
    let directions = labels.map { $0.map { IDNAProperty.of($0)?.direction ?? .otherNeutral } }
    return !directions.contains(where: isRightToLeft) || directions.allSatisfy(isObeyed)
  }

  /// Holds R, AL or AN.
  private static func isRightToLeft(_ label: [IDNAProperty.Direction]) -> Bool {
    label.contains { [.rightToLeft, .arabicLetter, .arabicNumber].contains($0) }
  }

  private static func isObeyed(_ label: [IDNAProperty.Direction]) -> Bool {
    let last = label.last { $0 != .nonspacingMark }
    switch label.first {
    case .rightToLeft, .arabicLetter:
      guard let last,
        [.rightToLeft, .arabicLetter, .europeanNumber, .arabicNumber].contains(last)
      else { return false }
      return !label.contains(.leftToRight)
        && !(label.contains(.europeanNumber) && label.contains(.arabicNumber))
    case .leftToRight:
      return !isRightToLeft(label) && (last == .leftToRight || last == .europeanNumber)
    default:
      return false
    }
  }
}
