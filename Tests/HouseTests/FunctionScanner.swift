/// A function, initialiser, subscript, accessor or computed property and the lines that it takes.
struct FunctionSpan: Equatable {
  var name: String
  /// 1-based, of the keyword.
  var firstLine: Int
  /// 1-based, of the closing brace.
  var lastLine: Int
  var lineCount: Int { lastLine - firstLine + 1 }
}

/// Finds every body in a file by counting braces in code from which comments and literals are gone.
struct FunctionScanner {
  private struct Token: Equatable {
    var text: String
    var line: Int
  }

  private static let openers: Set<String> = ["func", "init", "deinit", "subscript", "var"]
  private static let accessors: Set<String> = [
    "get", "set", "willSet", "didSet", "_read", "_modify",
  ]
  /// What can only begin another declaration: the one before it had no body (a protocol's
  /// requirement, a stored property).
  private static let enders: Set<String> = [
    "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum",
    "protocol", "extension", "associatedtype", "typealias", "import", "return",
  ]

  private let tokens: [Token]

  init(_ source: SourceText) {
    tokens = Self.tokens(of: source.code)
  }

  /// Every body with its length, in the order of appearance; nested ones too.
  func spans() -> [FunctionSpan] {
    tokens.indices.compactMap { index in
      let token = tokens[index]
      let previous = index > 0 ? tokens[index - 1].text : ""
      if Self.accessors.contains(token.text) {
        guard next(index) == "{" else { return nil }
        return span(named: token.text, from: index, body: index + 1)
      }
      guard Self.openers.contains(token.text), previous != ".", previous != "#" else { return nil }
      // `init` also appears in calls (`self.init(`) and as a bare reference; both follow a point.
      guard let body = bodyStart(after: index) else { return nil }
      let name = token.text == "func" || token.text == "var" ? next(index) : token.text
      return span(named: name, from: index, body: body)
    }
  }

  private func next(_ index: Int) -> String {
    index + 1 < tokens.count ? tokens[index + 1].text : ""
  }

  /// Where the body's brace stands; nil when the declaration has none.
  private func bodyStart(after start: Int) -> Int? {
    var depth = 0
    for index in (start + 1)..<max(tokens.count, start + 1) {
      let token = tokens[index]
      switch token.text {
      case "(", "[": depth += 1
      case ")", "]":
        depth -= 1
        if depth < 0 { return nil }
      case "{" where depth == 0: return index
      case "}" where depth == 0: return nil
      case "=", ";":
        // A property with a first value: its closure, if any, is an expression.
        if depth == 0, tokens[start].text == "var" { return nil }
      default:
        guard depth == 0, index > start + 1 else { continue }
        if Self.enders.contains(token.text) || token.text == "@" { return nil }
      }
    }
    return nil
  }

  private func span(named name: String, from start: Int, body: Int) -> FunctionSpan? {
    var depth = 0
    for index in body..<tokens.count {
      if tokens[index].text == "{" { depth += 1 }
      if tokens[index].text == "}" { depth -= 1 }
      if depth == 0 {
        return FunctionSpan(
          name: name, firstLine: tokens[start].line, lastLine: tokens[index].line)
      }
    }
    return nil
  }

  /// Words and single marks, each with its 1-based line.
  private static func tokens(of code: [String]) -> [Token] {
    var result: [Token] = []
    for (index, line) in code.enumerated() {
      var word: [UInt8] = []
      func endWord() {
        if !word.isEmpty {
          result.append(Token(text: String(decoding: word, as: UTF8.self), line: index + 1))
        }
        word.removeAll(keepingCapacity: true)
      }
      for byte in line.utf8 {
        switch byte {
        // Letters (beyond ASCII too), digits, underscores, backquotes.
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x60, 0x80...: word.append(byte)
        case 0x20, 0x09, 0x0D: endWord()
        default:
          endWord()
          result.append(Token(text: String(decoding: [byte], as: UTF8.self), line: index + 1))
        }
      }
      endWord()
    }
    return result
  }
}
