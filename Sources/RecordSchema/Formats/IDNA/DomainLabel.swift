/// One label of a domain name that obeys RFC 5891: its Unicode form and the length of its ASCII
/// form.
struct DomainLabel {
  /// Octets that a label may have in the DNS.
  static let lengthLimit = 63
  /// Scalars of a label as they come in, before composition: none of 63 scalars decomposes into
  /// more than four.
  static let scalarLimit = 4 * lengthLimit

  /// The U-label, or the ASCII label.
  let scalars: [UInt32]
  /// Octets of the A-label, or of the ASCII label.
  let length: Int

  private static let prefix: [UInt32] = [0x78, 0x6E, 0x2D, 0x2D]
  private static let hyphen: UInt32 = 0x2D

  /// - Parameter mapped: a label after the mapping, in any normalisation form.
  init?(mapped: [UInt32]) {
    if mapped.allSatisfy({ $0 < 0x80 }) {
      self.init(ascii: mapped)
    } else {
      self.init(unicode: LabelComposition.composed(mapped))
    }
  }

  private init?(unicode label: [UInt32]) {
    // Each scalar takes one octet of the A-label or more.
    guard label.count <= Self.lengthLimit, Self.isUnicodeLabel(label) else { return nil }
    scalars = label
    length = Self.prefix.count + Punycode.encode(label).count
    guard length <= Self.lengthLimit else { return nil }
  }

  /// Lower-case letters, digits and inner hyphens, or an A-label.
  private init?(ascii label: [UInt32]) {
    guard (1...Self.lengthLimit).contains(label.count), label.first != Self.hyphen,
      label.last != Self.hyphen, label.allSatisfy({ IDNAProperty.of($0) != nil })
    else { return nil }
    length = label.count
    scalars = label.starts(with: Self.prefix) ? Punycode.decode(label.dropFirst(4)) ?? [] : label
    guard label.starts(with: Self.prefix) else { return }
    guard scalars.contains(where: { $0 >= 0x80 }), Self.isUnicodeLabel(scalars),
      LabelComposition.composed(scalars) == scalars,
      Punycode.encode(scalars).elementsEqual(label.dropFirst(4))
    else { return nil }
  }

  /// RFC 5891, section 4.2: hyphens, leading marks, permitted scalars, contextual rules.
  private static func isUnicodeLabel(_ label: [UInt32]) -> Bool {
    guard label.first != hyphen, label.last != hyphen,
      label.count < 4 || label[2] != hyphen || label[3] != hyphen,
      let first = label.first, IDNAProperty.of(first)?.isMark == false
    else { return false }
    return label.indices.allSatisfy { index in
      guard let property = IDNAProperty.of(label[index]) else { return false }
      return property.derived == .valid || ContextualRule.isObeyed(label, at: index)
    }
  }
}
