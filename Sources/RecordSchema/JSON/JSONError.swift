/// Why bytes are not the strict JSON that was asked for.
///
/// Carries where, never what: neither the message nor the pointer holds a value. Member names
/// that are not short printable ASCII are written as `*` in the pointer, because a hostile or
/// careless sender may put data into a name.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as a stable dotted string.
  public struct Code: Hashable, Sendable {
    /// The stable name, for example `json.duplicateKey`.
    public let rawValue: String

    private init(_ rawValue: String) { self.rawValue = rawValue }

    /// Not JSON by RFC 8259's grammar, or a byte order mark.
    public static let syntax = Code("json.syntax")
    /// Two members of one object have the same name after unescaping.
    public static let duplicateKey = Code("json.duplicateKey")
    /// Bytes that are not well-formed UTF-8.
    public static let utf8 = Code("json.utf8")
    /// A `\u` escape that is half of a surrogate pair.
    public static let surrogate = Code("json.surrogate")
    /// A string that is not in Unicode normalisation form C.
    public static let nfc = Code("json.nfc")
    /// A number beyond ±(2^53−1).
    public static let number = Code("json.number")
    /// More nested arrays and objects than the limit.
    public static let depth = Code("json.depth")
    /// More bytes than the limit.
    public static let size = Code("json.size")
    /// Something other than white space after the value.
    public static let trailing = Code("json.trailing")
  }

  /// What is wrong.
  public let code: Code
  /// The byte at which it was found: the unexpected byte, the opening quote of a repeated name or
  /// of a string that is not in NFC, the first byte of an ill-formed sequence or of a number, the
  /// backslash of a lone surrogate, the limit itself for `json.size`.
  public let offset: Int
  /// JSON Pointer (RFC 6901) to the innermost value that was being read, at most
  /// ``JSONPointer/byteLimit`` bytes; where it would be longer it names an ancestor.
  public let pointer: String
  /// One sentence in English.
  public var message: String { code.sentences.english }
  /// The same in Chinese.
  public var messageZH: String { code.sentences.chinese }
  /// The code, the place and the sentence.
  public var description: String {
    "\(code.rawValue) at byte \(offset) (\"\(pointer)\"): \(message)"
  }

  init(_ code: Code, offset: Int, pointer: String) {
    self.code = code
    self.offset = offset
    self.pointer = pointer
  }
}

extension JSONError.Code {
  fileprivate var sentences: (english: String, chinese: String) {
    switch self {
    case .duplicateKey: ("Two members have the same name.", "对象中有重名项。")
    case .utf8: ("The bytes are not well-formed UTF-8.", "不是合法的 UTF-8 编码。")
    case .surrogate: ("An escape is half of a surrogate pair.", "转义只含代理对的一半。")
    case .nfc:
      ("Text must be in Unicode normalisation form C.", "文本必须采用 Unicode 规范化形式 C。")
    case .number: ("A number lies beyond ±(2^53−1).", "数字超出 ±(2^53−1)。")
    case .depth: ("Values are nested too deeply.", "嵌套层数过多。")
    case .size: ("There are more bytes than the limit.", "字节数超过上限。")
    case .trailing: ("Something follows the value.", "值之后还有多余内容。")
    default: ("Not JSON as RFC 8259 defines it.", "不符合 RFC 8259 规定的 JSON 语法。")
    }
  }
}

/// Writing JSON Pointers (RFC 6901).
public enum JSONPointer {
  /// Pointers in errors and violations are at most this long.
  public static let byteLimit = 512
  static let tokenByteLimit = 64

  /// A member name as a reference token: `~` becomes `~0`, `/` becomes `~1`.
  public static func escape(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") })
    else { return name }
    var out = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": out += "~0"
      case "/": out += "~1"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// Whether a name may stand in an error: at most 64 bytes of printable ASCII.
  static func isPlain(_ name: some Collection<UInt8>) -> Bool {
    name.count <= tokenByteLimit && name.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// Joins tokens until the next one would pass the limit.
  static func join(_ tokens: some Sequence<String>) -> String {
    var out = ""
    for token in tokens {
      guard out.utf8.count + 1 + token.utf8.count <= byteLimit else { break }
      out += "/"
      out += token
    }
    return out
  }
}
