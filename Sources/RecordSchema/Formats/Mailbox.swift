/// Addresses of electronic mail: `Mailbox` of RFC 5321, section 4.1.2, and as RFC 6531 extends it.
///
/// The grammar alone decides, as JSON Schema wants it: the 64 octets of a local part that every
/// receiver must take are no limit of the grammar. A domain obeys the lengths of the DNS.
enum Mailbox {
  static func isMailbox(_ text: UnsafeBufferPointer<UInt8>, international: Bool) -> Bool {
    var index = 0
    guard readLocalPart(text, &index, international), index + 1 < text.count,
      text[index] == UInt8(ascii: "@")
    else { return false }
    let domain = UnsafeBufferPointer(rebasing: text[(index + 1)...])
    if domain[0] == UInt8(ascii: "[") { return isAddressLiteral(domain) }
    return international ? HostName.isInternational(domain) : HostName.isLetterDigitHyphen(domain)
  }

  /// `Dot-string` or `Quoted-string`.
  private static func readLocalPart(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ international: Bool
  ) -> Bool {
    if text.first == UInt8(ascii: "\"") {
      index = 1
      return readQuoted(text, &index, international)
    }
    var isAfterDot = true
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "."):
        if isAfterDot { return false }
        index += 1
        isAfterDot = true
      case 0x80...:
        guard international, let scalar = UTF8Reader.scalar(text, at: index) else { return false }
        index += scalar.length
        isAfterDot = false
      case let byte where isAtomText(byte):
        index += 1
        isAfterDot = false
      default:
        return !isAfterDot
      }
    }
    return false
  }

  /// What follows a quotation mark, up to and with the next one that is not escaped.
  private static func readQuoted(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ international: Bool
  ) -> Bool {
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\""):
        index += 1
        return true
      case UInt8(ascii: "\\"):
        guard index + 1 < text.count, (0x20...0x7E).contains(text[index + 1]) else { return false }
        index += 2
      case 0x20...0x7E:
        index += 1
      case 0x80...:
        guard international, let scalar = UTF8Reader.scalar(text, at: index) else { return false }
        index += scalar.length
      default:
        return false
      }
    }
    return false
  }

  /// `atext` of RFC 5322.
  private static func isAtomText(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="),
      UInt8(ascii: "?"), UInt8(ascii: "^")...UInt8(ascii: "`"),
      UInt8(ascii: "{")...UInt8(ascii: "~"):
      true
    default: ABNF.isAlphanumeric(byte)
    }
  }

  /// `[192.0.2.1]` or `[IPv6:2001:db8::1]`. `General-address-literal` needs a tag that is
  /// registered, and no other is.
  private static func isAddressLiteral(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count > 2, text.last == UInt8(ascii: "]") else { return false }
    let address = UnsafeBufferPointer(rebasing: text[1..<text.count - 1])
    let tag: StaticString = "ipv6:"
    let length = tag.utf8CodeUnitCount
    guard address.count > length,
      (0..<length).allSatisfy({ place in
        let byte = address[place]
        return (ABNF.isAlpha(byte) ? byte | 0x20 : byte) == tag.utf8Start[place]
      })
    else { return NetworkAddress.isIPv4(address, .mail) }
    return NetworkAddress.isIPv6(UnsafeBufferPointer(rebasing: address[length...]), .mail)
  }
}
