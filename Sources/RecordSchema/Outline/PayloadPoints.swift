/// One member of a payload, in words.
public struct PayloadPoint: Hashable, Sendable {
  /// Its JSON Pointer.
  public let field: String
  /// What the member is called.
  public let title: BilingualText
  /// What it says: a code as its label, a long text cut.
  public let text: BilingualText
}

extension SchemaOutline {
  /// The outline of the schemas that this program carries; nil never in a program that was tested.
  public static let shared: SchemaOutline? = try? builtIn()

  /// What a payload mainly says, for a person who reads a list of records: its own members that are
  /// codes, dates, numbers or texts, in the schema's order. Objects are left out, of their lists the
  /// number is told. Judges nothing; empty for a schema that is not here or bytes that do not parse.
  ///
  /// - Parameter length: most code points of one text; what is cut ends in an ellipsis.
  public func points(schema: String, payload: [UInt8], length: Int = 80) -> [PayloadPoint] {
    guard
      let record = records.first(where: { $0.name.description.utf8.elementsEqual(schema.utf8) }),
      let document = try? JSONDocument(parsing: payload, limits: SchemaRegistry.payloadLimits)
    else { return [] }
    return record.payload.fields.compactMap { field in
      guard let value = document.root[field.name],
        let text = words(value, field.shape, length: length)
      else { return nil }
      return PayloadPoint(field: value.pointer, title: field.wording.title, text: text)
    }
  }

  private func words(_ value: JSONNode, _ shape: ValueShape, length: Int) -> BilingualText? {
    switch shape {
    case .code(let list):
      return value.string.map { code in
        self[codeList: list]?.codes.first { $0.code.utf8.elementsEqual(code.utf8) }?.label
          ?? .same(code)
      }
    case .text(let outline):
      // Bytes in base64 say nothing to a person.
      if let name = outline.definition?.name, name == "base64" || name == "digest" { return nil }
      return value.string.map { .same(Self.cut($0, to: length)) }
    case .integer, .number: return .same(String(decoding: value.rawBytes, as: UTF8.self))
    case .boolean:
      return value.bool.map {
        $0
          ? BilingualText(chinese: "是", english: "yes") : BilingualText(chinese: "否", english: "no")
      }
    case .list(let outline): return words(of: value, outline, length: length)
    case .shared(let name):
      guard case .list(let outline) = self[definition: name]?.shape else { return nil }
      return words(of: value, outline, length: length)
    case .object, .choice: return nil
    }
  }

  private func words(of list: JSONNode, _ outline: ListOutline, length: Int) -> BilingualText? {
    if list.count == 0 { return nil }
    let parts = list.elements.compactMap { words($0, outline.element, length: length) }
    guard parts.count == list.count else {
      return BilingualText(chinese: "\(list.count) 项", english: "\(list.count) entries")
    }
    return BilingualText(
      chinese: Self.cut(parts.map(\.chinese).joined(separator: "；"), to: length),
      english: Self.cut(parts.map(\.english).joined(separator: "; "), to: length))
  }

  /// A text on one line, cut where it is too long.
  private static func cut(_ text: String, to length: Int) -> String {
    let scalars = text.unicodeScalars.map { $0 == "\n" || $0 == "\r" || $0 == "\t" ? " " : $0 }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: scalars.prefix(length))
    return String(kept) + (scalars.count > length ? "…" : "")
  }
}

extension BilingualText {
  /// A text of its own language, shown in both.
  fileprivate static func same(_ text: String) -> BilingualText {
    BilingualText(chinese: text, english: text)
  }
}
