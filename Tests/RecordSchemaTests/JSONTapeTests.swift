import Testing

@testable import RecordSchema

@Suite("What the parser notes of strings")
struct JSONTapeTests {
  private static func entry(_ content: String) throws -> TapeEntry {
    try parse("\"\(content)\"", .general).storage.withView { $0.tape[JSONView.root] }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  @Test("controls are noted wherever they stand, and nothing else is", arguments: [0, 7, 8, 9])
  func controls(before: Int) throws {
    let prefix = String(repeating: "a", count: before)
    var wrong: [Unicode.Scalar] = []
    for value in Array(UInt32(0)...0x4FF) + Array(0x1FF0...0x20FF) + Array(0x2F00...0x3100)
      + [0x33FF, 0x3400, 0x4E00, 0x9FFF, 0xFEFE, 0xFEFF, 0xFF00, 0xFF7F, 0xFFFF, 0x1F600]
    {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isLine = scalar == "\n" || scalar == "\t"
      let isControl = TextScalars.isControl(value) && !isLine
      var spellings = [Self.escaped(scalar)]
      if value >= 0x20, scalar != "\"", scalar != "\\" { spellings.append(String(scalar)) }
      for spelling in spellings {
        let entry = try Self.entry(prefix + spelling + "线索bcdefghi")
        if entry.mayHoldControls != isControl || entry.holdsLines != isLine {
          wrong.append(scalar)
        }
      }
    }
    #expect(wrong.isEmpty)
    #expect(try Self.entry(prefix + #"\n"#).holdsLines)
    #expect(try Self.entry(prefix + #"\t"#).holdsLines)
    #expect(try Self.entry(prefix + #"\r"#).mayHoldControls)
  }

  @Test("escapes are noted, and only they", arguments: [("\\n", true), ("n", false), ("", false)])
  func escapes(content: String, expected: Bool) throws {
    #expect(try Self.entry(content).isEscaped == expected)
  }
}
