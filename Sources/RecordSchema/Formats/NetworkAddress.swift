/// Addresses of the Internet Protocol, as text.
enum NetworkAddress {
  /// The three grammars differ in small things.
  enum Grammar {
    /// RFC 2673, RFC 4291 and RFC 3986: no leading zeros; `::` stands for one group or more.
    case general
    /// RFC 5321, section 4.1.3: up to three digits each; `::` stands for two groups or more.
    case mail
  }

  /// Four decimal numbers up to 255, between dots.
  static func isIPv4(
    _ text: UnsafeBufferPointer<UInt8>, _ grammar: Grammar = .general
  ) -> Bool {
    guard (7...15).contains(text.count) else { return false }
    var index = 0
    for part in 0..<4 {
      if part > 0 {
        guard index < text.count, text[index] == UInt8(ascii: ".") else { return false }
        index += 1
      }
      let start = index
      var value = 0
      while index < text.count, index < start + 3, ABNF.isDigit(text[index]) {
        value = value * 10 + Int(text[index] - 0x30)
        index += 1
      }
      guard index > start, value <= 255 else { return false }
      if grammar == .general, index > start + 1, text[start] == UInt8(ascii: "0") { return false }
    }
    return index == text.count
  }

  /// Eight groups of up to four hexadecimal digits, of which one run may be written `::` and the
  /// last two as an IPv4 address. No zone, no prefix length.
  static func isIPv6(
    _ text: UnsafeBufferPointer<UInt8>, _ grammar: Grammar = .general
  ) -> Bool {
    guard (2...45).contains(text.count) else { return false }
    var index = 0
    var groups = 0
    var isElided = false
    if text[0] == UInt8(ascii: ":") {
      guard text[1] == UInt8(ascii: ":") else { return false }
      isElided = true
      index = 2
    }
    while index < text.count {
      let start = index
      while index < text.count, index - start < 5, ABNF.isHexDigit(text[index]) { index += 1 }
      if index < text.count, text[index] == UInt8(ascii: ".") {
        guard isIPv4(UnsafeBufferPointer(rebasing: text[start...]), grammar) else { return false }
        groups += 2
        index = text.count
        break
      }
      guard (1...4).contains(index - start) else { return false }
      groups += 1
      if index == text.count { break }
      guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return false }
      index += 1
      if text[index] == UInt8(ascii: ":") {
        guard !isElided else { return false }
        isElided = true
        index += 1
      }
    }
    return isElided ? groups <= (grammar == .mail ? 6 : 7) : groups == 8
  }
}
