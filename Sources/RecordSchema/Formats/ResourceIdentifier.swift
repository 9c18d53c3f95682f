/// URIs of RFC 3986 and IRIs of RFC 3987, by their whole grammars.
struct ResourceIdentifier {
  enum Grammar {
    case uri
    /// Beyond ASCII, `ucschar` stands wherever a letter may, and `iprivate` in queries.
    case iri
  }

  private let text: UnsafeBufferPointer<UInt8>
  private let grammar: Grammar

  private init(_ text: UnsafeBufferPointer<UInt8>, _ grammar: Grammar) {
    self.text = text
    self.grammar = grammar
  }

  /// `URI` or `IRI`: a scheme and what follows it.
  static func isAbsolute(_ text: UnsafeBufferPointer<UInt8>, _ grammar: Grammar) -> Bool {
    let identifier = ResourceIdentifier(text, grammar)
    guard let colon = identifier.firstColon else { return false }
    return identifier.isScheme(0..<colon) && identifier.isHierarchy(from: colon + 1)
  }

  /// `URI-reference` or `IRI-reference`: the same, or a relative reference, whose first segment
  /// holds no colon.
  static func isReference(_ text: UnsafeBufferPointer<UInt8>, _ grammar: Grammar) -> Bool {
    let identifier = ResourceIdentifier(text, grammar)
    guard let colon = identifier.firstColon else { return identifier.isHierarchy(from: 0) }
    return identifier.isScheme(0..<colon) && identifier.isHierarchy(from: colon + 1)
  }

  /// Where the first colon stands, when it stands before any of `/?#`.
  private var firstColon: Int? {
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: ":"): return index
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return nil
      default: break
      }
    }
    return nil
  }

  private func isScheme(_ range: Range<Int>) -> Bool {
    guard let first = range.first, ABNF.isAlpha(text[first]) else { return false }
    return range.allSatisfy { index in
      switch text[index] {
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
      default: ABNF.isAlphanumeric(text[index])
      }
    }
  }

  /// `hier-part` or `relative-part`, with the query and the fragment.
  private func isHierarchy(from start: Int) -> Bool {
    let fragment = first(of: UInt8(ascii: "#"), in: start..<text.count)
    let query = first(of: UInt8(ascii: "?"), in: start..<fragment)
    var path = start
    if query - start >= 2, text[start] == UInt8(ascii: "/"), text[start + 1] == UInt8(ascii: "/") {
      path = first(of: UInt8(ascii: "/"), in: start + 2..<query)
      guard isAuthority(start + 2..<path) else { return false }
    }
    return holds(path..<query, [.colon, .at, .slash])
      && holds(min(query + 1, fragment)..<fragment, [.colon, .at, .slash, .question, .privateUse])
      && holds(min(fragment + 1, text.count)..<text.count, [.colon, .at, .slash, .question])
  }

  /// The index of a byte, or the end of the range.
  private func first(of byte: UInt8, in range: Range<Int>) -> Int {
    range.first { text[$0] == byte } ?? range.upperBound
  }

  // MARK: Authority

  /// `[ userinfo "@" ] host [ ":" port ]`.
  private func isAuthority(_ range: Range<Int>) -> Bool {
    var host = range
    let at = first(of: UInt8(ascii: "@"), in: range)
    if at < range.upperBound {
      guard holds(range.lowerBound..<at, [.colon]) else { return false }
      host = at + 1..<range.upperBound
    }
    if let first = host.first, text[first] == UInt8(ascii: "[") {
      let end = self.first(of: UInt8(ascii: "]"), in: host)
      guard end < host.upperBound else { return false }
      return isLiteral(first + 1..<end) && isPort(end + 1..<host.upperBound)
    }
    let colon = first(of: UInt8(ascii: ":"), in: host)
    return holds(host.lowerBound..<colon, []) && isPort(colon..<host.upperBound)
  }

  /// Nothing, or a colon and any number of digits.
  private func isPort(_ range: Range<Int>) -> Bool {
    guard let first = range.first else { return true }
    return text[first] == UInt8(ascii: ":")
      && range.dropFirst().allSatisfy { ABNF.isDigit(text[$0]) }
  }

  /// `IPv6address`, or `IPvFuture`: `v`, a version, a dot and a text of its own.
  private func isLiteral(_ range: Range<Int>) -> Bool {
    guard let first = range.first else { return false }
    guard text[first] | 0x20 == UInt8(ascii: "v") else {
      return NetworkAddress.isIPv6(UnsafeBufferPointer(rebasing: text[range]))
    }
    let dot = self.first(of: UInt8(ascii: "."), in: range)
    let version = first + 1..<dot
    let address = min(dot + 1, range.upperBound)..<range.upperBound
    return !version.isEmpty && version.allSatisfy { ABNF.isHexDigit(text[$0]) }
      && !address.isEmpty
      && address.allSatisfy { Self.isPlain(text[$0]) || text[$0] == UInt8(ascii: ":") }
  }

  // MARK: Characters

  /// What a component may hold beyond `unreserved`, `pct-encoded` and `sub-delims`.
  private struct Extra: OptionSet {
    let rawValue: UInt8
    static let colon = Extra(rawValue: 1)
    static let at = Extra(rawValue: 2)
    static let slash = Extra(rawValue: 4)
    static let question = Extra(rawValue: 8)
    static let privateUse = Extra(rawValue: 16)
  }

  private func holds(_ range: Range<Int>, _ extra: Extra) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      switch text[index] {
      case UInt8(ascii: "%"):
        guard PercentEncoding.isTriplet(text, at: index, end: range.upperBound) else {
          return false
        }
        index += 3
        continue
      case UInt8(ascii: ":"): guard extra.contains(.colon) else { return false }
      case UInt8(ascii: "@"): guard extra.contains(.at) else { return false }
      case UInt8(ascii: "/"): guard extra.contains(.slash) else { return false }
      case UInt8(ascii: "?"): guard extra.contains(.question) else { return false }
      case 0x80...:
        guard grammar == .iri, let scalar = UTF8Reader.scalar(text, at: index),
          ResourceScalars.isUniversal(scalar.value)
            || extra.contains(.privateUse) && ResourceScalars.isPrivate(scalar.value)
        else { return false }
        index += scalar.length
        continue
      default: guard Self.isPlain(text[index]) else { return false }
      }
      index += 1
    }
    return true
  }

  /// `unreserved` or `sub-delims`.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
      UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&")...UInt8(ascii: ","),
      UInt8(ascii: ";"), UInt8(ascii: "="):
      true
    default: ABNF.isAlphanumeric(byte)
    }
  }
}

/// `pct-encoded` of RFC 3986.
enum PercentEncoding {
  /// A percent sign and two hexadecimal digits, before the end.
  @inline(__always)
  static func isTriplet(_ text: UnsafeBufferPointer<UInt8>, at index: Int, end: Int) -> Bool {
    index + 2 < end && text[index] == UInt8(ascii: "%") && ABNF.isHexDigit(text[index + 1])
      && ABNF.isHexDigit(text[index + 2])
  }
}

/// The scalars beyond ASCII that RFC 3987, section 2.2, lets into an IRI.
enum ResourceScalars {
  /// `ucschar`.
  static func isUniversal(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
    case 0x1_0000...0xD_FFFF: scalar & 0xFFFF <= 0xFFFD
    case 0xE_1000...0xE_FFFD: true
    default: false
    }
  }

  /// `iprivate`.
  static func isPrivate(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xE000...0xF8FF, 0xF_0000...0xF_FFFD, 0x10_0000...0x10_FFFD: true
    default: false
    }
  }
}
