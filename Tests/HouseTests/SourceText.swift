/// A Swift file split into what the compiler runs and what people read: the same lines twice, once
/// with comments and the insides of string literals blanked out, once with nothing but comments.
///
/// It knows line comments, nested block comments, string literals (plain, raw, multi-line, with
/// interpolations, whose code counts as code) and `#/…/#` regular expressions. Bare `/…/` regular
/// expressions are not known; one that holds a quotation mark leaves a literal open, which
/// `isComplete` reports, so that such a file is never waved through unread.
struct SourceText {
  /// Path relative to the repository's root, for messages.
  let path: String
  /// The lines as they are.
  let raw: [String]
  /// The lines without comments and without what string literals say.
  let code: [String]
  /// The text of the comments on each line, slashes and stars removed.
  let comments: [String]
  /// False when the file ends inside a comment or a literal.
  let isComplete: Bool

  init(path: String, text: String) {
    self.path = path
    raw = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var scanner = SourceScanner(Array(text.unicodeScalars))
    scanner.run()
    code = scanner.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    comments = scanner.comments.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).trimmed(of: " /*!") }
    isComplete = scanner.isComplete
  }

  /// How many lines the file has; a newline at the end begins no new one.
  var lineCount: Int { raw.last == "" ? raw.count - 1 : raw.count }

  /// Whether a comment of at least three words stands on the line or within three lines above it.
  func hasNeighbouringComment(line: Int) -> Bool {
    (max(0, line - 3)...line).contains { index in
      comments[index].split(separator: " ").count >= 3
    }
  }
}

extension String {
  /// Without any of `characters` at either end.
  func trimmed(of characters: String) -> String {
    var rest = self[...]
    while let first = rest.first, characters.contains(first) { rest.removeFirst() }
    while let last = rest.last, characters.contains(last) { rest.removeLast() }
    return String(rest)
  }
}

/// The scanner behind `SourceText`: one pass over the scalars with a stack of open constructs.
private struct SourceScanner {
  private enum Mode: Equatable {
    /// Code; `depth` counts parentheses open since an interpolation began, 0 outside of one.
    case code(depth: Int, interpolation: Bool)
    case lineComment
    case blockComment
    case string(hashes: Int, multiline: Bool)
    case regex(hashes: Int)
  }

  private let text: [Unicode.Scalar]
  private var index = 0
  private var stack: [Mode] = [.code(depth: 0, interpolation: false)]
  private(set) var code = ""
  private(set) var comments = ""

  var isComplete: Bool { stack == [.code(depth: 0, interpolation: false)] }

  init(_ text: [Unicode.Scalar]) { self.text = text }

  mutating func run() {
    while index < text.count {
      if text[index] == "\n" {
        newline()
        continue
      }
      // The stack's first element is never popped, so it always has a last one.
      switch stack[stack.count - 1] {
      case .code(let depth, let interpolation):
        readCode(depth: depth, interpolation: interpolation)
      case .lineComment:
        take(1, comment: true)
      case .blockComment:
        readBlockComment()
      case .string(let hashes, let multiline):
        readString(hashes: hashes, multiline: multiline)
      case .regex(let hashes):
        if matches("/" + String(repeating: "#", count: hashes)) {
          take(1 + hashes, comment: false)
          stack.removeLast()
        } else {
          take(1, comment: nil)
        }
      }
    }
    if stack.last == .lineComment { stack.removeLast() }
  }

  private mutating func newline() {
    code += "\n"
    comments += "\n"
    index += 1
    if stack.last == .lineComment { stack.removeLast() }
  }

  private mutating func readCode(depth: Int, interpolation: Bool) {
    if matches("//") {
      stack.append(.lineComment)
      take(2, comment: true)
    } else if matches("/*") {
      stack.append(.blockComment)
      take(2, comment: true)
    } else if let (hashes, multiline) = stringStart() {
      stack.append(.string(hashes: hashes, multiline: multiline))
      take(hashes + (multiline ? 3 : 1), comment: false)
    } else if let hashes = regexStart() {
      stack.append(.regex(hashes: hashes))
      take(hashes + 1, comment: false)
    } else if interpolation, text[index] == ")", depth == 0 {
      stack.removeLast()
      take(1, comment: false)
    } else {
      if interpolation, text[index] == "(" || text[index] == ")" {
        let change = text[index] == "(" ? 1 : -1
        stack[stack.count - 1] = .code(depth: depth + change, interpolation: true)
      }
      take(1, comment: false)
    }
  }

  private mutating func readBlockComment() {
    if matches("/*") {
      stack.append(.blockComment)
      take(2, comment: true)
    } else if matches("*/") {
      stack.removeLast()
      take(2, comment: true)
    } else {
      take(1, comment: true)
    }
  }

  private mutating func readString(hashes: Int, multiline: Bool) {
    let pounds = String(repeating: "#", count: hashes)
    if matches("\\" + pounds + "(") {
      stack.append(.code(depth: 0, interpolation: true))
      take(hashes + 2, comment: nil)
    } else if matches("\\" + pounds) {
      take(min(hashes + 2, text.count - index), comment: nil)
    } else if matches((multiline ? "\"\"\"" : "\"") + pounds) {
      stack.removeLast()
      take((multiline ? 3 : 1) + hashes, comment: false)
    } else {
      take(1, comment: nil)
    }
  }

  /// The number of `#` before a quotation mark here, and whether there are three of the latter.
  private func stringStart() -> (hashes: Int, multiline: Bool)? {
    let hashes = poundCount()
    guard index + hashes < text.count, text[index + hashes] == "\"" else { return nil }
    return (hashes, matches(String(repeating: "#", count: hashes) + "\"\"\""))
  }

  private func regexStart() -> Int? {
    let hashes = poundCount()
    guard hashes > 0, index + hashes < text.count, text[index + hashes] == "/" else { return nil }
    return hashes
  }

  private func poundCount() -> Int {
    var count = 0
    while index + count < text.count, text[index + count] == "#" { count += 1 }
    return count
  }

  private func matches(_ wanted: String) -> Bool {
    var at = index
    for scalar in wanted.unicodeScalars {
      guard at < text.count, text[at] == scalar else { return false }
      at += 1
    }
    return true
  }

  /// Moves on by `count` scalars, which are code (false), comment (true) or neither (nil).
  private mutating func take(_ count: Int, comment: Bool?) {
    for _ in 0..<count where index < text.count {
      let scalar = text[index]
      if scalar == "\n" {
        newline()
        continue
      }
      code.unicodeScalars.append(comment == false ? scalar : " ")
      comments.unicodeScalars.append(comment == true ? scalar : " ")
      index += 1
    }
  }
}
