/// How large a file and a function may be: what fits into a reader's head.
enum Sizes {
  /// Files stay below this many lines.
  static let fileLines = 400
  /// Functions stay below this many lines, signature and closing brace included.
  static let functionLines = 60

  static func breaches(in source: SourceText) -> [Breach] {
    var found: [Breach] = []
    if !source.isComplete {
      found.append(
        Breach(
          rule: "size.unreadable", path: source.path, line: 0,
          detail: "the scanner reached the end inside a literal or a comment"))
    }
    if source.lineCount >= fileLines {
      found.append(
        Breach(
          rule: "size.file", path: source.path, line: 0,
          detail: "\(source.lineCount) lines; fewer than \(fileLines) are allowed"))
    }
    for span in FunctionScanner(source).spans() where span.lineCount >= functionLines {
      found.append(
        Breach(
          rule: "size.function", path: source.path, line: span.firstLine,
          detail: "\(span.name) takes \(span.lineCount) lines; "
            + "fewer than \(functionLines) are allowed"))
    }
    return found
  }
}
