import Testing

@testable import sanxiang

@Suite("Text on a terminal")
struct DisplayTests {
  @Test(
    "Characters take the columns that a terminal gives them",
    arguments: [
      ("", 0), ("abc", 3), ("移送", 4), ("〔2026〕", 8), ("，", 2), ("e\u{301}", 1), ("ｱ", 1),
      ("𠮷", 2), ("한", 2),
    ])
  func width(_ text: String, _ columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test("Columns line up whatever the script, numbers to the right, no space at a line's end")
  func table() {
    var table = TextTable([.init("名称"), .init("N", number: true), .init("C")])
    table.rows = [["检察院", "7", "x"], ["ab", "1234", "移"]]
    #expect(
      table.lines == [
        "名称       N  C",
        "检察院     7  x",
        "ab      1234  移",
      ])
  }

  @Test("A long cell is cut at a whole character with an ellipsis")
  func cut() {
    #expect(DisplayWidth.cut("移送移送", to: 8) == "移送移送")
    #expect(DisplayWidth.cut("移送移送", to: 7) == "移送移…")
    #expect(DisplayWidth.cut("移送移送", to: 6) == "移送…")
  }

  @Test(
    "What would steer a terminal is made visible",
    arguments: ["\u{1b}[31m", "a\rb", "a\u{202e}b", "a\u{9b}b", "a\nb"])
  func safe(_ text: String) {
    let safe = DisplayWidth.safe(text)
    #expect(safe.unicodeScalars.contains("\u{fffd}"))
    #expect(!safe.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202e })
  }

  @Test(
    "The language is that of the option, then of LC_ALL, LC_MESSAGES, LANG",
    arguments: [
      (["--lang", "zh"], ["LC_ALL": "en_US.UTF-8"], Language.zh),
      (["--lang=en"], ["LANG": "zh_CN.UTF-8"], .en),
      ([], ["LC_ALL": "zh_CN.UTF-8", "LANG": "en_US"], .zh),
      ([], ["LC_ALL": "", "LC_MESSAGES": "C", "LANG": "zh_CN"], .en),
      ([], ["LANG": "zh_CN.UTF-8"], .zh), ([], [:], .en),
    ])
  func language(_ arguments: [String], _ environment: [String: String], _ expected: Language) {
    #expect(Language.detect(arguments: arguments, environment: environment) == expected)
  }

  @Test("An id or a code that could be another path is refused before a node is asked")
  func checks() throws {
    for text in ["../../health/live", "", "0190A5D4-0000-7000-8000-000000000000", "a/b"] {
      #expect(throws: Failure.self) { try Check.id(text) }
      #expect(throws: Failure.self) { try Check.code(text) }
    }
    #expect(try Check.code("11000000MB0000019X") == "11000000MB0000019X")
  }
}
