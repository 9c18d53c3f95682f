/// Reads parsed documents into an outline. Knows the forms in which record schemas are written;
/// every keyword that a form does not have is an error.
struct OutlineReader {
  private let documents: [OutlineDocument]
  private var shared: [DefinitionName: DefinitionOutline] = [:]
  /// Definitions that are being read: a reference to one of them would never end.
  private var open: Set<DefinitionName> = []

  init(_ documents: [OutlineDocument]) { self.documents = documents }

  // MARK: Documents

  mutating func records() throws(OutlineError) -> [RecordOutline] {
    var found: [RecordOutline] = []
    for document in documents {
      guard case .record(let name) = document.role else { continue }
      let place = OutlinePlace(document.root, in: document)
      try place.allow(OutlineForms.header + OutlineForms.object)
      found.append(
        RecordOutline(name: name, payload: try object(place, wording: try place.wording())))
    }
    return found.sorted { $0.name < $1.name }
  }

  func codeLists() throws(OutlineError) -> [CodeListOutline] {
    var found: [CodeListOutline] = []
    for document in documents {
      guard case .codes(let name) = document.role else { continue }
      found.append(try codeList(name, OutlinePlace(document.root, in: document)))
    }
    return found.sorted { $0.name < $1.name }
  }

  mutating func definitions() throws(OutlineError) -> [DefinitionOutline] {
    var found: [DefinitionOutline] = []
    for document in documents {
      guard case .common(let version) = document.role else { continue }
      let place = OutlinePlace(document.root, in: document)
      try place.allow(OutlineForms.header + ["$defs"])
      _ = try place.wording()
      for (name, _) in try place.member("$defs", .object).node.members {
        let name = DefinitionName(name: name, version: version)
        found.append(try definition(name, from: place))
      }
    }
    return found
  }

  private func codeList(
    _ name: DefinitionName, _ place: OutlinePlace
  ) throws(OutlineError) -> CodeListOutline {
    try place.allow(OutlineForms.header + ["type", "enum", "x-labels", "x-error"])
    try place.expectType("string")
    let labels = try place.member("x-labels", .object)
    var codes: [CodeListOutline.Code] = []
    for element in try place.member("enum", .array).node.elements {
      guard let code = element.string else { throw place.failure("A code must be a string.") }
      guard labels.node[code] != nil else {
        throw labels.failure("There is no label for \"\(code)\".")
      }
      codes.append(.init(code: code, label: try labels.member(code, .object).sentence()))
    }
    guard labels.node.count == codes.count else {
      throw labels.failure("There are labels for codes that are not in the list.")
    }
    return CodeListOutline(
      name: name, wording: try place.wording(), codes: codes, refusal: try place.error())
  }

  // MARK: References

  /// What a reference leads to: a code list, or a definition.
  mutating func target(
    of reference: String, at place: OutlinePlace
  ) throws(OutlineError) -> (wording: Wording, shape: ValueShape) {
    for document in documents where reference.utf8.starts(with: document.uri.utf8) {
      let rest = reference.utf8.dropFirst(document.uri.utf8.count)
      switch document.role {
      case .codes(let name) where rest.isEmpty:
        return (try OutlinePlace(document.root, in: document).wording(), .code(name))
      case .common(let version) where rest.starts(with: "#/$defs/".utf8):
        let name = DefinitionName(
          name: String(decoding: rest.dropFirst("#/$defs/".utf8.count), as: UTF8.self),
          version: version)
        let root = OutlinePlace(document.root, in: document)
        guard root.node["$defs"]?[name.name] != nil else { continue }
        let found = try definition(name, from: root)
        return (found.wording, Self.use(of: found))
      default: continue
      }
    }
    throw place.failure("$ref leads neither to a code list nor to a shared definition.")
  }

  /// Objects and arrays are referred to; texts are told in full, because bounds are added to them.
  private static func use(of definition: DefinitionOutline) -> ValueShape {
    switch definition.shape {
    case .object, .list, .choice: .shared(definition.name)
    default: definition.shape
    }
  }

  private mutating func definition(
    _ name: DefinitionName, from root: OutlinePlace
  ) throws(OutlineError) -> DefinitionOutline {
    if let known = shared[name] { return known }
    let place = try root.member("$defs", .object).member(name.name, .object)
    guard open.insert(name).inserted else {
      throw place.failure("The definition refers to itself.")
    }
    defer { open.remove(name) }
    var (wording, shape) = try value(place)
    if case .text(var text) = shape {
      text.definition = name
      shape = .text(text)
    }
    guard let wording else { throw place.failure("title and description are missing.") }
    let definition = DefinitionOutline(name: name, wording: wording, shape: shape)
    shared[name] = definition
    return definition
  }
}

/// The keywords of each form.
enum OutlineForms {
  static let words = ["title", "description", "x-en"]
  static let header = ["$schema", "$id"] + words
  static let object = ["type", "required", "properties", "additionalProperties", "if", "then"]
  static let list = ["type", "minItems", "maxItems", "uniqueItems", "items"]
  static let integer = ["type", "minimum", "maximum"]
  static let number = integer + ["exclusiveMinimum", "exclusiveMaximum"]
  static let reference = ["$ref", "minLength", "maxLength"]
  static let text = ["type", "format", "pattern", "minLength", "maxLength", "x-error", "allOf"]
  static let choice = ["if", "then", "else"]
}
