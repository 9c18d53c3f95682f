import ArgumentParser
import RecordSchema
import Testing

@testable import sanxiang

@Suite("Help")
struct HelpTests {
  @Test("Every command's help fits in 80 columns", arguments: ActTable.commands.map(\.path))
  func fits(_ path: [String]) throws {
    let command = try #require(ActTable.commands.first { $0.path == path })
    let text = Sanxiang.helpMessage(for: command.type, columns: 1_000_000)
    let lines = HelpText.wrap(text, width: 80).split(separator: "\n")
    #expect(lines.count > 3)
    #expect(lines.filter { DisplayWidth.of(String($0)) > 80 } == [])
  }

  @Test(
    "What the parser says by itself is in the caller's language too, in lines of 100 columns",
    arguments: ["zh", "en"], [[], ["inbox"], ["inbox", "decide"], ["letter", "issue"]])
  func whole(_ language: String, _ path: [String]) throws {
    let run = try CommandRun(path + ["--help", "--lang", language])
    #expect(run.status == 0)
    #expect(run.lines.filter { DisplayWidth.of($0) > 100 } == [])
    let isChinese = language == "zh"
    #expect(run.output.contains("USAGE:") != isChinese)
    #expect(run.output.contains("用法：") == isChinese)
    for word in ["OPTIONS", "Show help", "(default", "(values", "detailed help"] {
      #expect(!isChinese || !run.output.contains(word), "\(word)")
    }
  }

  @Test("Every command and every flag is explained, in either language", arguments: ["zh", "en"])
  func explained(_ language: String) throws {
    let run = try CommandRun(["--experimental-dump-help", "--lang", language])
    let limits = JSONDocument.Limits(size: 8 << 20)
    let root = try JSONDocument(parsing: Array(run.output.utf8), limits: limits).root
    var count = 0
    func elements(_ node: JSONNode?) -> [JSONNode] { node.map { Array($0.elements) } ?? [] }
    func look(_ command: JSONNode, _ path: String) {
      let name = path + " " + (command["commandName"]?.string ?? "")
      var texts = [("", command["abstract"]?.string)]
      for argument in elements(command["arguments"]) {
        let flag = argument["valueName"]?.string ?? ""
        guard flag != "help", flag != "version" else { continue }
        texts.append((flag, argument["abstract"]?.string))
      }
      for (flag, text) in texts {
        let isChinese = text?.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) }
        #expect(text?.isEmpty == false, "\(name) \(flag)")
        // English help may name a document in Chinese.
        #expect(isChinese == true || language == "en", "\(name) \(flag): \(text ?? "")")
        count += 1
      }
      for subcommand in elements(command["subcommands"])
      where subcommand["commandName"]?.string != "help" {
        look(subcommand, name)
      }
    }
    look(try #require(root["command"]), "")
    #expect(count > 300)
  }

  @Test("A long line goes on below the place where its text begins")
  func hanging() {
    let line = "  --type <type>           函件类型：司法建议书、检察建议书、监察建议书、公安提示函"
    let lines = HelpText.lines(of: line, width: 50)
    #expect(
      lines == [
        "  --type <type>           函件类型：司法建议书、检",
        "                         察建议书、监察建议书、公",
        "                         安提示函",
      ])
    #expect(HelpText.lines(of: line, width: 100) == [line])
  }
}

@Suite("Paragraphs on a terminal")
struct ParagraphTests {
  @Test(
    "No line is wider than it may be, and no character is lost",
    arguments: [
      "移送案件线索，附检验报告。", "a plain sentence of several words", "averyveryverylongword",
      "混排 text 与（括号）以及“引号”。", "", "一", "第一段\n第二段比较长一些，要折行",
    ], [2, 4, 7, 10, 80])
  func wrap(_ text: String, _ width: Int) {
    let lines = Paragraph.wrap(text, width: width)
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(lines)")
    #expect(
      lines.joined().filter { $0 != " " } == text.filter { $0 != " " && $0 != "\n" })
  }

  @Test("Closing punctuation begins no line and opening punctuation ends none")
  func punctuation() {
    #expect(Paragraph.wrap("移送线索，附件", width: 8) == ["移送线", "索，附件"])
    #expect(Paragraph.wrap("移送线（附件）", width: 8) == ["移送线", "（附件）"])
    #expect(Paragraph.wrap("one two three", width: 8) == ["one two", "three"])
  }

  @Test("What would steer a terminal is made visible, line by line")
  func safe() {
    #expect(Paragraph.wrap("a\u{1b}[31m\nb", width: 80) == ["a\u{fffd}[31m", "b"])
  }

  @Test("A text's own line breaks are kept, its further lines indented, empty ones empty")
  func point() {
    let lines = Language.$current.withValue(.en) {
      Paragraph.point("Facts", "first\n\nsecond paragraph", indent: 2, width: 16)
    }
    #expect(lines == ["  Facts: first", "", "      second", "      paragraph"])
  }

  @Test("Values stand below each other whatever script their names are in")
  func facts() {
    #expect(
      Paragraph.facts([("编号", "1"), ("id", "two words")], width: 11)
        == ["编号  1", "id    two", "      words"])
  }

  @Test(
    "The width is the terminal's, then that of COLUMNS, then a usual one, and never too small",
    arguments: [
      (120, ["COLUMNS": "90"], 120), (nil, ["COLUMNS": "90"], 90), (nil, [:], 100),
      (nil, ["COLUMNS": "x"], 100), (20, [:], 60),
    ] as [(Int?, [String: String], Int)])
  func width(_ terminal: Int?, _ environment: [String: String], _ expected: Int) {
    #expect(Terminal.width(terminal: terminal, environment: environment) == expected)
  }
}
