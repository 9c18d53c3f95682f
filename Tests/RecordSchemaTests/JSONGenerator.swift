/// Random JSON texts, valid by RFC 8259, that make use of everything it allows.
struct JSONGenerator {
  private var random: SeededGenerator
  /// Only what the record profile takes too.
  private let isRecord: Bool

  init(seed: UInt64, isRecord: Bool) {
    self.random = SeededGenerator(seed: seed)
    self.isRecord = isRecord
  }

  /// One document with white space round it.
  mutating func document() -> String { space() + value(depth: 0) + space() }

  private mutating func value(depth: Int) -> String {
    switch below(depth < 6 ? 10 : 6) {
    case 0: return pick(["null", "true", "false"])
    case 1, 2: return number()
    case 3, 4, 5: return string()
    case 6, 7:
      let elements = (0..<below(6)).map { _ in space() + value(depth: depth + 1) + space() }
      return "[" + (elements.isEmpty ? space() : elements.joined(separator: ",")) + "]"
    default:
      // Each name ends in a number of its own: no two are equal, nor canonically equivalent.
      let members = (0..<below(pick([3, 6, 40]))).map { number in
        space() + string(end: "#\(number)") + space() + ":" + space() + value(depth: depth + 1)
          + space()
      }
      return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
    }
  }

  // MARK: Numbers

  private mutating func number() -> String {
    let sign = below(3) == 0 ? "-" : ""
    let fraction = below(2) == 0 ? "" : "." + digits(1 + below(12))
    let exponent =
      below(3) == 0
      ? pick(["e", "E"]) + pick(["", "+", "-"]) + pick(["", "0", "00"]) + String(below(4)) : ""
    let whole = below(4) == 0 ? "0" : String(1 + below(9)) + digits(below(11))
    return sign + whole + fraction + exponent
  }

  private mutating func digits(_ count: Int) -> String {
    (0..<count).map { _ in String(below(10)) }.joined()
  }

  // MARK: Strings

  private mutating func string(end: String = "") -> String {
    "\"" + (0..<below(pick([2, 8, 30]))).map { _ in piece() }.joined() + end + "\""
  }

  private mutating func piece() -> String {
    switch below(9) {
    case 0: return "\\" + pick(["\"", "\\", "/", "b", "f", "n", "r", "t"])
    case 1: return escape(scalar())
    case 2, 3: return pick(["线索移送", "，。、（）", "〔2026〕", "“”—…", "plain ASCII", "示例区"])
    case 4: return String(Unicode.Scalar(UInt8(0x23 + below(0x39))))
    default:
      let scalar = scalar()
      // What must be escaped is escaped.
      let isPlain = scalar.value >= 0x20 && scalar != "\"" && scalar != "\\"
      return isPlain ? String(scalar) : escape(scalar)
    }
  }

  /// Any scalar; for records one that no neighbour makes other than normalised.
  private mutating func scalar() -> Unicode.Scalar {
    let ranges: [ClosedRange<UInt32>] = [
      0...0x7F, 0x80...0x7FF, 0x800...0xFFFF, 0x4E00...0x9FFF, 0x10000...0x10FFFF,
    ]
    let recordRanges: [ClosedRange<UInt32>] = [
      0...0x7F, 0x80...0x2FF, 0x400...0x47F, 0x3400...0x9FFF, 0x1F300...0x1FAFF,
    ]
    while true {
      let range = pick(isRecord ? recordRanges : ranges)
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { return scalar }
    }
  }

  /// `\uXXXX`, twice beyond the basic plane, in either case.
  private mutating func escape(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16, uppercase: below(2) == 0)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  private mutating func space() -> String { pick(["", "", "", " ", "\n", "\r\n\t", "  "]) }

  // MARK: Choices

  private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}

/// Small damage to a document.
struct Mutator {
  private var random: SeededGenerator
  private static let interesting: [UInt8] =
    Array("{}[]\",:\\u09eE-+.dD \n".utf8) + [
      0, 0x1F, 0x7F, 0x80, 0xBF, 0xC0, 0xE4, 0xED, 0xF4, 0xFF,
    ]

  init(seed: UInt64) { self.random = SeededGenerator(seed: seed) }

  mutating func mutate(_ original: [UInt8], times: ClosedRange<Int> = 1...4) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: times, using: &random) {
      if bytes.isEmpty { bytes = [0x20] }
      let place = Int.random(in: bytes.indices, using: &random)
      let byte = Self.interesting[Int.random(in: Self.interesting.indices, using: &random)]
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] = byte
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.insert(byte, at: place)
      case 3: bytes.removeSubrange(place..<min(place + 4, bytes.count))
      default: bytes.insert(contentsOf: bytes[place..<min(place + 30, bytes.count)], at: place)
      }
    }
    return bytes
  }
}
