import ArgumentParser

/// Help and usage errors as the parser makes them, in the caller's language and in lines that fit:
/// the parser counts characters, of which Chinese ones take two columns, and breaks at spaces alone.
enum HelpText {
  /// No help text is wider, however wide the terminal is.
  static let widest = 100

  static func of(_ error: any Error, width: Int = min(Terminal.width, widest)) -> String {
    // So wide that the parser breaks no line.
    wrap(Sanxiang.fullMessage(for: error, columns: 1_000_000), width: width)
  }

  /// A text of the parser's in lines that fit; what is for programs, such as a script for shells, as
  /// it is.
  static func wrap(_ text: String, width: Int) -> String {
    guard headings.contains(where: { text.hasPrefix($0.english) }) else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { lines(of: translate(String($0)), width: width) }
      .joined(separator: "\n")
  }

  /// One line, broken below where its text begins.
  static func lines(of line: String, width: Int) -> [String] {
    guard DisplayWidth.of(line) > width else { return [line] }
    let hang = min(hang(of: line), width / 2)
    let wrapped = Paragraph.wrap(line, width: width - hang, first: width)
    let padding = String(repeating: " ", count: hang)
    return wrapped.enumerated().map { $0 == 0 ? $1 : padding + $1 }
  }

  /// The column in which a line's text begins: behind its label, else its own indent.
  private static func hang(of line: String) -> Int {
    let indent = line.prefix { $0 == " " }.count
    if let heading = headings.first(where: {
      line.hasPrefix($0.chinese) || line.hasPrefix($0.english)
    }) {
      return DisplayWidth.of(line.hasPrefix(heading.english) ? heading.english : heading.chinese)
    }
    // An example goes on a little further to the right.
    if line.hasPrefix("  sanxiang ") { return 6 }
    let label = line.dropFirst(indent)
    guard indent == 2, let gap = label.firstRange(of: "  ") else { return indent }
    return DisplayWidth.of(String(line[..<gap.lowerBound]))
      + label[gap.lowerBound...].prefix { $0 == " " }.count
  }

  private static let headings = [
    (english: "OVERVIEW: ", chinese: "说明："), (english: "USAGE: ", chinese: "用法："),
    (english: "Usage: ", chinese: "用法："), (english: "Error: ", chinese: "错误："),
  ]

  private static let fixed = [
    "ARGUMENTS:": "参数：", "OPTIONS:": "选项：", "SUBCOMMANDS:": "子命令：",
    "  -h, --help              Show help information.": "  -h, --help              显示本说明",
    "  --version               Show the version.": "  --version               显示版本",
  ]

  /// What the parser says by itself, in Chinese for those who read it.
  private static func translate(_ line: String) -> String {
    guard Language.current == .zh else { return line }
    if let known = fixed[line] { return known }
    for heading in headings where line.hasPrefix(heading.english) {
      return heading.chinese + line.dropFirst(heading.english.count)
    }
    if let tail = line.firstRange(of: " <subcommand>' for detailed help.") {
      return line[..<tail.lowerBound].replacing("See '", with: "各子命令的说明：") + " <子命令>"
    }
    return line.replacing("(default: ", with: "(默认 ").replacing("(values: ", with: "(可选 ")
      .replacing("; default: ", with: "；默认 ")
  }
}
