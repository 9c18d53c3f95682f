/// Host names: of RFC 1123, with the A-labels of RFC 5890 among them, and internationalised ones.
enum HostName {
  /// Octets that a name may have in the DNS, as text and without the dot of the root.
  static let lengthLimit = 253

  /// A name of ASCII letters, digits and hyphens, whose labels that begin with `xn--` are A-labels.
  static func isHostName(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isLetterDigitHyphen(text) && (!holdsEncodedLabel(text) || isInternational(text))
  }

  /// Labels of RFC 1123 between dots, each of 1 to 63 octets, at most 253 in all. Allocates nothing.
  static func isLetterDigitHyphen(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (1...lengthLimit).contains(text.count) else { return false }
    var start = 0
    for index in 0...text.count {
      if index < text.count, text[index] != UInt8(ascii: ".") {
        guard ABNF.isAlphanumeric(text[index]) || text[index] == UInt8(ascii: "-") else {
          return false
        }
        continue
      }
      guard (1...DomainLabel.lengthLimit).contains(index - start),
        text[start] != UInt8(ascii: "-"), text[index - 1] != UInt8(ascii: "-")
      else { return false }
      start = index + 1
    }
    return true
  }

  /// Whether a label begins with `xn--`, in either case.
  private static func holdsEncodedLabel(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.indices.dropLast(3).contains { index in
      text[index] | 0x20 == UInt8(ascii: "x") && text[index + 1] | 0x20 == UInt8(ascii: "n")
        && text[index + 2] == UInt8(ascii: "-") && text[index + 3] == UInt8(ascii: "-")
        && (index == 0 || text[index - 1] == UInt8(ascii: "."))
    }
  }

  /// A name whose labels, after the mapping of Unicode Technical Standard 46, are ASCII labels,
  /// A-labels or U-labels of IDNA2008. Ideographic and full-width full stops separate labels too.
  ///
  /// A label of a hostile length is given up as soon as it cannot become one of 63 octets.
  static func isInternational(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var labels: [[UInt32]] = []
    var length = -1
    var mapped: [UInt32] = []
    var index = 0
    while index <= text.count {
      if index < text.count {
        guard let scalar = UTF8Reader.scalar(text, at: index) else { return false }
        index += scalar.length
        if !isFullStop(scalar.value) {
          IDNAMapping.append(scalar.value, to: &mapped)
          guard mapped.count <= DomainLabel.scalarLimit else { return false }
          continue
        }
      } else {
        index += 1
      }
      guard let label = DomainLabel(mapped: mapped) else { return false }
      length += label.length + 1
      guard length <= lengthLimit else { return false }
      labels.append(label.scalars)
      mapped.removeAll(keepingCapacity: true)
    }
    return BidiRule.isObeyed(labels)
  }

  /// The separators of RFC 3490, section 3.1.
  private static func isFullStop(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x2E, 0x3002, 0xFF0E, 0xFF61: true
    default: false
    }
  }
}
