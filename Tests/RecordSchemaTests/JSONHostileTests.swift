import RecordSchema
import Testing

/// Documents made to cost more than they weigh. None of these tests looks at a clock: what they
/// guard against would take hours, or all of the stack or memory, where it takes seconds now.
@Suite("Hostile documents")
struct JSONHostileTests {
  private static let large = JSONDocument.Limits(depth: 32, size: .max)
  private static let megabyte = 1 << 20

  private static func repeated(_ text: String, toBytes count: Int) -> [UInt8] {
    let unit = Array(text.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + unit.count)
    while bytes.count < count { bytes += unit }
    return bytes
  }

  private static func quoted(_ bytes: [UInt8]) -> [UInt8] { [0x22] + bytes + [0x22] }

  // MARK: Names

  @Test(
    "a hundred thousand names of one length and one beginning are told apart",
    arguments: [("a", 100_000), (#"\u0061"#, 20_000)])
  func manyNames(letter: String, count: Int) throws {
    // Five thousand million comparisons, were they made in pairs.
    let common = String(repeating: letter, count: 24)
    let members = (0..<count).map { "\"\(common)\(1_000_000 + $0)\":0" }
    let text = "{" + members.joined(separator: ",") + "}"
    #expect(try parse(text, limits: Self.large).count == count)
    let again = "{" + members.joined(separator: ",") + ",\"\(common)1000007\":1}"
    let error = parseError(Array(again.utf8), limits: Self.large)
    #expect(error?.code == .duplicateKey)
    #expect(error?.pointer == "/" + String(repeating: "a", count: 24) + "1000007")
  }

  @Test(
    "names of many kilobytes that part at their last byte are told apart",
    arguments: [2, 31, 32, 33])
  func longNames(count: Int) throws {
    let common = String(repeating: "n", count: 30_000)
    let members = (0..<count).map { "\"\(common)\(100 + $0)z\":0" }
    #expect(
      try parse("{" + members.joined(separator: ",") + "}", limits: Self.large).count == count)
    let error = parseError(
      Array(("{" + (members + [members[count / 2]]).joined(separator: ",") + "}").utf8),
      limits: Self.large)
    #expect(error?.code == .duplicateKey)
    #expect(error?.pointer == "/*")
  }

  // MARK: Numbers

  @Test("numbers of two million digits are judged, read and compared")
  func longNumbers() throws {
    let digits = Self.repeated("1234567890", toBytes: 2 * Self.megabyte)
    #expect(parseError(digits, limits: Self.large)?.code == .number)
    let whole = try JSONDocument(parsing: digits, profile: .general, limits: Self.large).root
    #expect(whole.number == nil)
    #expect(whole.integer == nil)
    // Below the bound by its last digit only.
    let fraction = Array("9007199254740990.".utf8) + digits
    let inside = try JSONDocument(parsing: fraction, limits: Self.large).root
    #expect(inside.number == 9_007_199_254_740_990)
    #expect(inside.integer == nil)
    let outside = Array("9007199254740991.".utf8) + Self.repeated("0", toBytes: 1 << 20) + [0x31]
    #expect(parseError(outside, limits: Self.large)?.code == .number)
    let zeros = Array("1.".utf8) + Self.repeated("0", toBytes: Self.megabyte)
    #expect(try JSONDocument(parsing: zeros, limits: Self.large).root.integer == 1)
  }

  @Test("exponents of two million digits are judged and read", arguments: ["", "-", "+"])
  func longExponents(sign: String) throws {
    let digits = Self.repeated("9", toBytes: 2 * Self.megabyte)
    let bytes = Array("5e\(sign)".utf8) + digits
    if sign == "-" {
      let node = try JSONDocument(parsing: bytes, limits: Self.large).root
      #expect(node.number == 0)
      #expect(node.integer == nil)
    } else {
      #expect(parseError(bytes, limits: Self.large)?.code == .number)
      let node = try JSONDocument(parsing: bytes, profile: .general, limits: Self.large).root
      #expect(node.number == nil)
    }
    let zero = Array("0e\(sign)".utf8) + digits
    #expect(try JSONDocument(parsing: zero, limits: Self.large).root.integer == 0)
  }

  // MARK: Text

  @Test(
    "strings of megabytes are read to their end",
    arguments: [
      ("a", 10, nil), ("线", 4, nil), ("é“", 1, nil), (#"\n"#, 1, nil), (#"\ud83d\ude00"#, 1, nil),
      ("x\u{323}\u{301}", 1, nil), ("\u{315}", 1, nil), (#"x\u0323"#, 1, nil),
      ("\u{1161}", 1, nil), ("\u{1611F}", 1, nil), ("\u{315}\u{301}", 1, .nfc),
      ("\u{1100}\u{1161}", 1, .nfc),
    ] as [(String, Int, JSONError.Code?)])
  func longStrings(unit: String, megabytes: Int, code: JSONError.Code?) {
    let bytes = Self.repeated(unit, toBytes: megabytes * Self.megabyte)
    #expect(parseError(Self.quoted(bytes), limits: Self.large)?.code == code)
    #expect(parseError(Self.quoted(bytes), .general, limits: Self.large) == nil)
    let unclosed = parseError([0x22] + bytes, .general, limits: Self.large)
    #expect(unclosed?.code == .syntax)
    #expect(unclosed?.offset == bytes.count + 1)
  }

  // MARK: Nesting

  @Test("ten thousand levels are read where the limit allows it", arguments: ["[", "{\"k\":"])
  func deep(unit: String) throws {
    let closing = unit == "[" ? "]" : "}"
    let text =
      String(repeating: unit, count: 10_000) + "0" + String(repeating: closing, count: 10_000)
    let limits = JSONDocument.Limits(depth: 10_000)
    for profile in [JSONDocument.Profile.general, .record] {
      var node = try parse(text, profile, limits: limits)
      var depth = 0
      while let child = node[0] ?? node["k"] {
        node = child
        depth += 1
      }
      #expect(depth == 10_000)
      #expect(node.integer == 0)
      #expect(node.pointer.utf8.count == 20_000)
    }
    let error = parseError(Array(text.utf8), limits: .init(depth: 9_999))
    #expect(error?.code == .depth)
    #expect((error?.pointer.utf8.count ?? .max) <= JSONPointer.byteLimit)
  }

  @Test("half a million levels take no stack")
  func deepest() throws {
    let limits = JSONDocument.Limits(depth: .max, size: .max)
    let open = [UInt8](repeating: UInt8(ascii: "["), count: 500_000)
    let close = [UInt8](repeating: UInt8(ascii: "]"), count: 500_000)
    _ = try JSONDocument(parsing: open + close, profile: .general, limits: limits)
    let error = parseError(open, .general, limits: limits)
    #expect(error?.code == .syntax)
    #expect(error?.offset == open.count)
  }

  // MARK: Size

  @Test("more than 64 MiB is never read, whatever the limits say")
  func largest() throws {
    let limit = 1 << 26 - 1
    var bytes = Self.quoted([UInt8](repeating: 0x20, count: limit - 2))
    #expect(bytes.count == limit)
    #expect(parseError(bytes, limits: Self.large) == nil)
    bytes.append(0x20)
    let error = parseError(bytes, limits: Self.large)
    #expect(error?.code == .size)
    #expect(error?.offset == limit)
  }

  @Test("a million values are counted right to the last")
  func manyValues() throws {
    let bytes = [UInt8(ascii: "[")] + Self.repeated("1,", toBytes: 2_000_000) + Array("1]".utf8)
    #expect(try JSONDocument(parsing: bytes, limits: Self.large).root.count == 1_000_001)
  }
}
