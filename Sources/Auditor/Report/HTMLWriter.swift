/// Writes HTML. Whatever did not come from this program goes through `text`, and nothing else can
/// reach the page: payloads, names and paths are hostile.
struct HTMLWriter {
  private(set) var bytes: [UInt8] = []

  /// Markup of this program's own.
  mutating func markup(_ markup: StaticString) {
    markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Text, escaped; without control characters and marks that turn the direction of writing.
  mutating func text(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": bytes.append(contentsOf: Array("&amp;".utf8))
      case "<": bytes.append(contentsOf: Array("&lt;".utf8))
      case ">": bytes.append(contentsOf: Array("&gt;".utf8))
      case "\"": bytes.append(contentsOf: Array("&quot;".utf8))
      case "'": bytes.append(contentsOf: Array("&#39;".utf8))
      default:
        let isUnsafe: Bool =
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
            true
          default: false
          }
        bytes.append(contentsOf: Array(String(isUnsafe ? "\u{fffd}" : scalar).utf8))
      }
    }
  }

  /// A whole number: safe anywhere, in attributes too.
  mutating func number(_ number: some BinaryInteger) {
    bytes.append(contentsOf: Array(String(number).utf8))
  }

  /// An element with text in it.
  mutating func element(_ tag: Tag, _ text: String) {
    open(tag)
    self.text(text)
    close(tag)
  }

  /// An element with whatever `body` writes.
  mutating func element(_ tag: Tag, _ body: (inout HTMLWriter) -> Void) {
    open(tag)
    body(&self)
    close(tag)
  }

  private mutating func open(_ tag: Tag) {
    bytes.append(contentsOf: Array("<\(tag.name)".utf8))
    if !tag.style.isEmpty { bytes.append(contentsOf: Array(" class=\"\(tag.style)\"".utf8)) }
    bytes.append(contentsOf: Array(">".utf8))
  }

  private mutating func close(_ tag: Tag) {
    bytes.append(contentsOf: Array("</\(tag.name)>\n".utf8))
  }

  /// An element's name and class, of this program's own.
  struct Tag {
    let name: String
    let style: String

    init(_ name: StaticString, _ style: StaticString = "") {
      self.name = "\(name)"
      self.style = "\(style)"
    }
  }
}

extension HTMLWriter {
  /// A table; cells of columns that are marked stand in a fixed-width face, numbers to the right.
  mutating func table(_ columns: [Column], _ rows: [[String]], empty: String) {
    guard !rows.isEmpty else { return element(Tag("p", "none"), empty) }
    element(Tag("table")) { html in
      html.element(Tag("thead")) { html in
        html.element(Tag("tr")) { html in
          for column in columns { html.element(column.head, column.title) }
        }
      }
      html.element(Tag("tbody")) { html in
        for row in rows {
          html.element(Tag("tr")) { html in
            for (column, cell) in zip(columns, row) { html.element(column.cell, cell) }
          }
        }
      }
    }
  }

  /// A column of a table.
  struct Column {
    enum Face { case text, number, code, name }

    let title: String
    let face: Face

    init(_ title: String, _ face: Face = .text) {
      self.title = title
      self.face = face
    }

    fileprivate var head: Tag { face == .number ? Tag("th", "n") : Tag("th") }
    fileprivate var cell: Tag {
      switch face {
      case .text: Tag("td")
      case .number: Tag("td", "n")
      case .code: Tag("td", "c")
      case .name: Tag("td", "k")
      }
    }
  }
}
