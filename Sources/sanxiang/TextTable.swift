/// A table of text with a head; the columns line up by display width.
struct TextTable {
  struct Column {
    var title: String
    /// Numbers stand to the right.
    var isNumber = false
    /// Columns that the cell may take.
    var limit = 48
    /// Whether its cells go on in a line below where the table is too wide.
    var wraps = false

    init(_ title: String, number: Bool = false, limit: Int = 48, wraps: Bool = false) {
      self.title = title
      isNumber = number
      self.limit = limit
      self.wraps = wraps
    }
  }

  struct Row: ExpressibleByArrayLiteral {
    var cells: [String]
    /// Lines below the row, as wide as the table may be.
    var notes: [String] = []

    init(_ cells: [String], notes: [String] = []) {
      self.cells = cells
      self.notes = notes
    }
    init(arrayLiteral cells: String...) { self.cells = cells }
  }

  /// No column that wraps is made narrower than this.
  static let narrowest = 8

  var columns: [Column]
  var rows: [Row] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// The lines, two spaces between columns, no space at a line's end, however wide.
  var lines: [String] { lines(fitting: .max) }

  /// The lines, where some columns wrap none wider than `width` if that can be had.
  func lines(fitting width: Int) -> [String] {
    let cells = rows.map { row in
      zip(row.cells, columns).map { cell, column in
        let cell = DisplayWidth.safe(cell)
        return column.wraps ? cell : DisplayWidth.cut(cell, to: column.limit)
      }
    }
    let widths = widths([columns.map(\.title)] + cells, fitting: width)
    var lines = self.lines(of: columns.map(\.title), widths)
    for (row, cells) in zip(rows, cells) {
      lines += self.lines(of: cells, widths)
      lines += row.notes.flatMap { note in
        Paragraph.wrap(note, width: width == .max ? width : width - 6).enumerated()
          .map { ($0 == 0 ? "    " : "      ") + $1 }
      }
    }
    return lines
  }

  /// As wide as the widest cell; then the widest of the columns that wrap give way.
  private func widths(_ cells: [[String]], fitting width: Int) -> [Int] {
    var widths = columns.indices.map { index in
      cells.map { DisplayWidth.of($0[index]) }.max() ?? 0
    }
    let gaps = 2 * max(columns.count - 1, 0)
    while widths.reduce(gaps, +) > width {
      let giving = columns.indices.filter { columns[$0].wraps && widths[$0] > Self.narrowest }
      guard let widest = giving.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }

  private func lines(of cells: [String], _ widths: [Int]) -> [String] {
    let parts = cells.indices.map { index in
      columns[index].wraps ? Paragraph.wrap(cells[index], width: widths[index]) : [cells[index]]
    }
    let height = parts.map(\.count).max() ?? 1
    return (0..<height).map { place in
      var line = ""
      for (index, part) in parts.enumerated() {
        let cell = place < part.count ? part[place] : ""
        let padding = String(
          repeating: " ", count: max(widths[index] - DisplayWidth.of(cell), 0))
        line += columns[index].isNumber ? padding + cell : cell + padding
        if index + 1 < parts.count { line += "  " }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
