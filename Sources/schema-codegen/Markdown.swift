/// Markdown that is being written: blocks with an empty line between them.
struct Markdown {
  private var blocks: [String] = []

  var text: String { blocks.joined(separator: "\n\n") + "\n" }

  mutating func paragraph(_ text: String) { blocks.append(text) }

  /// A heading; references can lead to `anchor`.
  mutating func heading(_ level: Int, _ title: String, anchor: String? = nil) {
    if let anchor { blocks.append("<a id=\"\(anchor)\"></a>") }
    blocks.append(String(repeating: "#", count: level) + " " + title)
  }

  /// A bullet list; nothing where there are no items.
  mutating func list(_ items: [String]) {
    if items.isEmpty { return }
    blocks.append(items.map { "- " + $0 }.joined(separator: "\n"))
  }

  /// A table; a cell's text is one line.
  mutating func table(_ header: [String], _ rows: [[String]]) {
    let lines =
      [row(header), row(header.map { _ in "---" })] + rows.map(row)
    blocks.append(lines.joined(separator: "\n"))
  }

  private func row(_ cells: [String]) -> String {
    let escaped = cells.map { cell in
      cell.map { $0 == "|" ? "\\|" : $0 == "\n" ? " " : String($0) }.joined()
    }
    return "| " + escaped.joined(separator: " | ") + " |"
  }
}
