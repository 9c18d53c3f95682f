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
    var scanner = SourceScanner(Array(text.utf8))
    scanner.run()
    code = scanner.code.split(separator: newline, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    comments = scanner.comments.split(separator: newline, omittingEmptySubsequences: false)
      .map { line in
        // Most lines have no comment.
        guard line.contains(where: { $0 != space }) else { return "" }
        return String(decoding: line, as: UTF8.self).trimmed(of: " /*!")
      }
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

private let newline = UInt8(ascii: "\n")
private let space = UInt8(ascii: " ")
private let pound = UInt8(ascii: "#")
private let quote = UInt8(ascii: "\"")
private let slash = UInt8(ascii: "/")
private let star = UInt8(ascii: "*")
private let backslash = UInt8(ascii: "\\")
private let open = UInt8(ascii: "(")
private let close = UInt8(ascii: ")")

/// The scanner behind `SourceText`: one pass over the bytes with a stack of open constructs.
private struct SourceScanner {
  private enum Mode: Equatable {
    /// Code; `depth` counts parentheses open since an interpolation began, 0 outside of one.
    case code(depth: Int, interpolation: Bool)
    case lineComment
    case blockComment
    case string(hashes: Int, multiline: Bool)
    case regex(hashes: Int)
  }

  private enum Target { case code, comment, nothing }

  private let text: [UInt8]
  private var index = 0
  private var stack: [Mode] = [.code(depth: 0, interpolation: false)]
  private(set) var code: [UInt8] = []
  private(set) var comments: [UInt8] = []

  var isComplete: Bool { stack == [.code(depth: 0, interpolation: false)] }

  init(_ text: [UInt8]) {
    self.text = text
    code.reserveCapacity(text.count)
    comments.reserveCapacity(text.count)
  }

  mutating func run() {
    while index < text.count {
      if text[index] == newline {
        endLine()
        continue
      }
      // The stack's first element is never popped, so it always has a last one.
      switch stack[stack.count - 1] {
      case .code(let depth, let interpolation):
        readCode(depth: depth, interpolation: interpolation)
      case .lineComment: take(1, .comment)
      case .blockComment: readBlockComment()
      case .string(let hashes, let multiline): readString(hashes: hashes, multiline: multiline)
      case .regex(let hashes):
        if text[index] == slash, pounds(at: index + 1) >= hashes {
          take(1 + hashes, .code)
          stack.removeLast()
        } else {
          take(1, .nothing)
        }
      }
    }
    if stack.last == .lineComment { stack.removeLast() }
  }

  private mutating func endLine() {
    code.append(newline)
    comments.append(newline)
    index += 1
    if stack.last == .lineComment { stack.removeLast() }
  }

  private mutating func readCode(depth: Int, interpolation: Bool) {
    switch text[index] {
    case slash where byte(1) == slash:
      stack.append(.lineComment)
      take(2, .comment)
    case slash where byte(1) == star:
      stack.append(.blockComment)
      take(2, .comment)
    case quote, pound:
      readOpening()
    case close where interpolation && depth == 0:
      stack.removeLast()
      take(1, .code)
    case open where interpolation:
      stack[stack.count - 1] = .code(depth: depth + 1, interpolation: true)
      take(1, .code)
    case close where interpolation:
      stack[stack.count - 1] = .code(depth: depth - 1, interpolation: true)
      take(1, .code)
    default:
      take(1, .code)
    }
  }

  /// A literal's beginning, if it is one: `"`, three of them, `#"`, `#/` and the like.
  private mutating func readOpening() {
    let hashes = pounds(at: index)
    if byte(hashes) == quote {
      let multiline = byte(hashes + 1) == quote && byte(hashes + 2) == quote
      stack.append(.string(hashes: hashes, multiline: multiline))
      take(hashes + (multiline ? 3 : 1), .code)
    } else if hashes > 0, byte(hashes) == slash {
      stack.append(.regex(hashes: hashes))
      take(hashes + 1, .code)
    } else {
      take(max(hashes, 1), .code)
    }
  }

  private mutating func readBlockComment() {
    if text[index] == slash, byte(1) == star {
      stack.append(.blockComment)
      take(2, .comment)
    } else if text[index] == star, byte(1) == slash {
      stack.removeLast()
      take(2, .comment)
    } else {
      take(1, .comment)
    }
  }

  private mutating func readString(hashes: Int, multiline: Bool) {
    let marks = multiline ? 3 : 1
    if text[index] == backslash, pounds(at: index + 1) >= hashes {
      if byte(hashes + 1) == open {
        stack.append(.code(depth: 0, interpolation: true))
      }
      take(hashes + 2, .nothing)
    } else if text[index] == quote,
      !multiline || (byte(1) == quote && byte(2) == quote), pounds(at: index + marks) >= hashes
    {
      stack.removeLast()
      take(marks + hashes, .code)
    } else {
      take(1, .nothing)
    }
  }

  /// The byte `offset` further on; a zero beyond the end.
  private func byte(_ offset: Int) -> UInt8 {
    index + offset < text.count ? text[index + offset] : 0
  }

  private func pounds(at start: Int) -> Int {
    var end = start
    while end < text.count, text[end] == pound { end += 1 }
    return end - start
  }

  /// Moves on by `count` bytes, which are code, comment or neither.
  private mutating func take(_ count: Int, _ target: Target) {
    for _ in 0..<count where index < text.count {
      let byte = text[index]
      if byte == newline {
        endLine()
        continue
      }
      code.append(target == .code ? byte : space)
      comments.append(target == .comment ? byte : space)
      index += 1
    }
  }
}
