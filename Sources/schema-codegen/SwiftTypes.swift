import RecordSchema

/// Which Swift type holds the values of a shape.
struct SwiftTypes {
  let outline: SchemaOutline

  /// Shared definitions of text that is bytes in base64.
  private static let byteDefinitions: Set<String> = ["base64", "digest"]
  /// The shared definition of the one written form that `Timestamp` reads.
  private static let instantDefinition = "instant"

  static let bytes = "[UInt8]"

  func type(of shape: ValueShape) throws -> String {
    switch shape {
    case .text(let text): return Self.type(of: text)
    case .integer: return "Int64"
    case .number: return "Double"
    case .boolean: return "Bool"
    case .code(let name): return "Codes." + (try SwiftNames.type(of: name))
    case .list(let list):
      let element = try type(of: list.element)
      guard element != Self.bytes else {
        throw GenerationError("There is no Swift form yet for a list of byte strings.")
      }
      return "[\(element)]"
    case .object(let object): return try SwiftNames.type(titled: object.wording)
    case .choice(let choice): return try SwiftNames.type(titled: choice.wording)
    case .shared(let name):
      guard let definition = outline[definition: name] else {
        throw GenerationError("There is no shared definition \(name).")
      }
      if case .list = definition.shape { return try type(of: definition.shape) }
      return "Common." + (try SwiftNames.type(of: name))
    }
  }

  private static func type(of text: TextOutline) -> String {
    if let name = text.definition?.name {
      if byteDefinitions.contains(name) { return bytes }
      if name == instantDefinition { return "Timestamp" }
    }
    switch text.format {
    case .date: return "CalendarDate"
    case .uuidv7: return "RecordID"
    case .uscc: return "AgencyCode"
    default: return "String"
    }
  }

  /// An object or choice that needs a type of its own inside the type that uses it.
  enum Nested: Hashable {
    case object(ObjectOutline)
    case choice(ChoiceOutline)

    var wording: Wording {
      switch self {
      case .object(let object): object.wording
      case .choice(let choice): choice.wording
      }
    }
  }

  /// The nested types of an object, in the order in which its fields need them.
  func nested(in object: ObjectOutline) throws -> [Nested] {
    var found: [Nested] = []
    for field in object.fields { try collect(field.shape, into: &found) }
    let names = try found.map { try SwiftNames.type(titled: $0.wording) }
    guard Set(names).count == names.count else {
      throw GenerationError(
        "\(object.wording.title.english): two nested objects have one English title: \(names).")
    }
    return found
  }

  private func collect(_ shape: ValueShape, into found: inout [Nested]) throws {
    switch shape {
    case .list(let list): try collect(list.element, into: &found)
    case .object(let object): try collect(.object(object), object.fields, into: &found)
    case .choice(let choice):
      if !found.contains(.choice(choice)) { found.append(.choice(choice)) }
      for object in [choice.marked, choice.unmarked] {
        try collect(.object(object), object.fields, into: &found)
      }
    default: break
    }
  }

  private func collect(
    _ nested: Nested, _ fields: [FieldOutline], into found: inout [Nested]
  ) throws {
    if found.contains(nested) { return }
    found.append(nested)
    for field in fields { try collect(field.shape, into: &found) }
  }
}
