import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where text for people is shown.
enum Terminal {
  /// Narrower is not readable.
  static let narrowest = 60
  /// Where nobody says how wide.
  static let usual = 100

  /// Columns of a line: of the terminal that standard output is, of `COLUMNS`, or the usual.
  static let width = width(
    terminal: onTerminal(), environment: ProcessInfo.processInfo.environment)

  static func width(terminal: Int?, environment: [String: String]) -> Int {
    max(terminal ?? environment["COLUMNS"].flatMap { Int($0) } ?? usual, narrowest)
  }

  private static func onTerminal() -> Int? {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// Text in lines of a given width, counted in columns of a terminal.
enum Paragraph {
  /// The lines of a text, each at most `width` columns, the first at most `first`; breaks at
  /// spaces, between wide characters, and inside a word only where it is longer than a line. Line
  /// breaks of the text's own are kept.
  static func wrap(_ text: String, width: Int, first: Int? = nil) -> [String] {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      lines += wrapLine(
        DisplayWidth.safe(String(line)), width: width,
        first: lines.isEmpty ? first ?? width : width)
    }
    return lines
  }

  /// `title: text`; the lines after the first are indented a little more than the title.
  static func point(_ title: String, _ text: String, indent: Int, width: Int) -> [String] {
    let head = String(repeating: " ", count: indent) + DisplayWidth.safe(title) + say("：", ": ")
    let padding = String(repeating: " ", count: indent + 4)
    let lines = wrap(
      text, width: width - padding.utf8.count, first: width - DisplayWidth.of(head))
    return lines.enumerated().map { $0 == 0 ? head + $1 : $1.isEmpty ? "" : padding + $1 }
  }

  /// Pieces two spaces apart, none broken that fits in a line; those that do not fit any more go on
  /// below, indented as the first is behind the label.
  static func pieces(_ pieces: [String], label: String, indent: Int, width: Int) -> [String] {
    let room = width - indent
    var rows: [String] = []
    for piece in pieces.map(DisplayWidth.safe) {
      if let last = rows.last, DisplayWidth.of(last) + 2 + DisplayWidth.of(piece) <= room {
        rows[rows.count - 1] = last + "  " + piece
      } else {
        rows += wrap(piece, width: room)
      }
    }
    let padding = String(repeating: " ", count: indent)
    return rows.enumerated().map { index, row in
      guard index == 0, !label.isEmpty else { return padding + row }
      return label + String(repeating: " ", count: max(indent - DisplayWidth.of(label), 1)) + row
    }
  }

  /// A name and a value in each line, the values below each other.
  static func facts(_ facts: [(String, String)], width: Int) -> [String] {
    let column = (facts.map { DisplayWidth.of($0.0) }.max() ?? 0) + 2
    return facts.flatMap { name, value in
      let padding = String(repeating: " ", count: column - DisplayWidth.of(name))
      let indent = String(repeating: " ", count: column)
      return wrap(value, width: width - column).enumerated().map {
        $0 == 0 ? name + padding + $1 : indent + $1
      }
    }
  }

  private static func wrapLine(_ line: String, width: Int, first: Int) -> [String] {
    guard DisplayWidth.of(line) > first else { return [line] }
    var lines: [String] = []
    var rest = Array(line)[...]
    while !rest.isEmpty {
      let count = fitting(rest, max(lines.isEmpty ? first : width, 2))
      var part = String(rest.prefix(count))
      rest = rest.dropFirst(count).drop { $0 == " " }
      while part.last == " " { part.removeLast() }
      lines.append(part)
    }
    return lines
  }

  /// How many characters the next line takes: at least one.
  private static func fitting(_ text: ArraySlice<Character>, _ width: Int) -> Int {
    var columns = 0
    var breakable = 0
    for (count, character) in text.enumerated() {
      let next = DisplayWidth.of(String(character))
      if columns + next > width {
        if character == " " { return max(count, 1) }
        return breakable > 0 ? breakable : max(count, 1)
      }
      columns += next
      guard let following = text.dropFirst(count + 1).first else { return text.count }
      if mayBreak(after: character, before: following) { breakable = count + 1 }
    }
    return text.count
  }

  /// Closing punctuation does not begin a line, opening punctuation does not end one.
  private static func mayBreak(after left: Character, before right: Character) -> Bool {
    if right == " " { return false }
    if left == " " { return true }
    guard isWide(left) || isWide(right) else { return false }
    return !"，。、；：？！）》」』”’…〕,.;:?!)".contains(right) && !"（《「『“‘〔(".contains(left)
  }

  private static func isWide(_ character: Character) -> Bool {
    DisplayWidth.of(String(character)) > 1
  }
}
