@testable import RecordSchema

/// One edit to one document, by JSON Pointer; everything else stays byte for byte as it was.
struct SchemaEdit: CustomStringConvertible {
  enum Action {
    /// Sets a member, which is appended where it is not there.
    case set(String)
    case remove
    /// Gives a member another name.
    case rename(String)
  }

  let path: String
  let pointer: String
  let action: Action
  /// Rule and pointer of each issue; the edited document's unless a path is given.
  let expected: [Expectation]

  struct Expectation: Hashable {
    let path: String
    let pointer: String
    let rule: String
  }

  static func set(
    _ path: String, _ pointer: String, _ json: String, _ rule: String, at place: String? = nil
  ) -> SchemaEdit {
    SchemaEdit(path, pointer, .set(json), rule, place ?? pointer)
  }

  /// `place` where it is not what is removed, `other` where that is in another document.
  static func remove(
    _ path: String, _ pointer: String, _ rule: String, at place: String? = nil,
    of other: String? = nil
  ) -> SchemaEdit {
    let expected = Expectation(path: other ?? path, pointer: place ?? pointer, rule: rule)
    return SchemaEdit(path: path, pointer: pointer, action: .remove, expected: [expected])
  }

  static func rename(
    _ path: String, _ pointer: String, _ name: String, _ rule: String, at place: String
  ) -> SchemaEdit {
    SchemaEdit(path, pointer, .rename(name), rule, place)
  }

  private init(
    _ path: String, _ pointer: String, _ action: Action, _ rule: String, _ place: String
  ) {
    self.path = path
    self.pointer = pointer
    self.action = action
    self.expected = [Expectation(path: path, pointer: place, rule: rule)]
  }

  /// The same edit, which also breaks a rule elsewhere.
  func and(_ rule: String, at place: String, of other: String? = nil) -> SchemaEdit {
    SchemaEdit(
      path: path, pointer: pointer, action: action,
      expected: expected + [Expectation(path: other ?? path, pointer: place, rule: rule)])
  }

  private init(path: String, pointer: String, action: Action, expected: [Expectation]) {
    self.path = path
    self.pointer = pointer
    self.action = action
    self.expected = expected
  }

  var description: String { "\(path)#\(pointer) \(action)" }

  /// The set with the edit made; nil where the pointer leads nowhere: the case is wrong.
  func applied(to documents: [SchemaSource]) -> [SchemaSource]? {
    var isDone = false
    let edited = documents.map { source -> SchemaSource in
      guard source.path == path, let root = try? parse(source.bytes),
        let bytes = edit(root, Self.tokens(pointer)[...])
      else { return source }
      isDone = bytes != source.bytes
      return SchemaSource(path: path, bytes: bytes)
    }
    return isDone ? edited : nil
  }

  private func parse(_ bytes: [UInt8]) throws -> JSONNode {
    try JSONDocument(parsing: bytes, profile: .general).root
  }

  private static func tokens(_ pointer: String) -> [String] {
    pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
      String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
    }
  }

  private func edit(_ node: JSONNode, _ tokens: ArraySlice<String>) -> [UInt8]? {
    guard let name = tokens.first else {
      guard case .set(let json) = action else { return nil }
      return Array(json.utf8)
    }
    switch node.kind {
    case .object: return object(node, name, tokens.dropFirst())
    case .array: return array(node, name, tokens.dropFirst())
    default: return nil
    }
  }

  private func object(
    _ node: JSONNode, _ name: String, _ rest: ArraySlice<String>
  ) -> [UInt8]? {
    var members: [(key: String, value: [UInt8])] = []
    var isFound = false
    for (key, value) in node.members {
      guard key == name else {
        members.append((key, value.rawBytes))
        continue
      }
      isFound = true
      switch (rest.isEmpty, action) {
      case (true, .remove): break
      case (true, .rename(let other)): members.append((other, value.rawBytes))
      default:
        guard let inner = edit(value, rest) else { return nil }
        members.append((key, inner))
      }
    }
    if !isFound {
      guard rest.isEmpty, case .set(let json) = action else { return nil }
      members.append((name, Array(json.utf8)))
    }
    var writer = JSONWriter()
    writer.object { object in
      for (key, value) in members {
        object.key(key)
        object.raw(value)
      }
    }
    return writer.bytes
  }

  private func array(
    _ node: JSONNode, _ name: String, _ rest: ArraySlice<String>
  ) -> [UInt8]? {
    guard let wanted = Int(name), wanted <= node.count else { return nil }
    var elements = node.elements.map(\.rawBytes)
    switch (rest.isEmpty, action) {
    case (true, .remove): elements.remove(at: wanted)
    case (true, .set(let json)) where wanted == node.count: elements.append(Array(json.utf8))
    default:
      guard let element = node[wanted], let inner = edit(element, rest) else { return nil }
      elements[wanted] = inner
    }
    var writer = JSONWriter()
    writer.array { array in
      for element in elements { array.raw(element) }
    }
    return writer.bytes
  }
}

/// What the linter finds, as what edits expect.
func issues(_ documents: [SchemaSource]) -> [SchemaEdit.Expectation] {
  SchemaLinter.lint(documents).map {
    SchemaEdit.Expectation(path: $0.document, pointer: $0.pointer, rule: $0.rule)
  }
}
