import RecordSchema

/// How things of the schemas are called in Swift.
enum SwiftNames {
  /// Words that cannot be names unless they stand between backquotes.
  private static let reserved: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer",
    "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
    "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
    "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
    "self", "Self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true",
    "try", "typealias", "var", "where", "while",
  ]

  /// Types that generated code uses: a nested type of the same name would hide them.
  private static let taken: Set<String> = [
    "AgencyCode", "Bool", "CalendarDate", "Codes", "Common", "Double", "Int64", "JSONNode",
    "JSONWriter", "Payload", "PayloadCode", "PayloadError", "PayloadMembers", "PayloadPart",
    "PayloadValue", "RecordID", "RecordPayload", "String", "Timestamp", "UInt8", "Type", "Protocol",
  ]

  /// `lead.transfer/1` → `LeadTransfer`, `lead.transfer/2` → `LeadTransferV2`.
  static func type(of name: SchemaName) throws -> String {
    try versioned(typeName(name.kind), name.version)
  }

  /// `legalBasis/1` → `LegalBasis`, `subject-role/2` → `SubjectRoleV2`.
  static func type(of name: DefinitionName) throws -> String {
    try versioned(typeName(name.name), name.version)
  }

  /// The type of an object that stands at one place: its English title.
  static func type(titled wording: Wording) throws -> String {
    let name = try typeName(wording.title.english)
    guard !taken.contains(name) else {
      throw GenerationError("\(name) cannot be a nested type: generated code uses that name.")
    }
    return name
  }

  /// A property, as it is declared.
  static func property(_ name: String) throws -> String {
    guard isIdentifier(name) else {
      throw GenerationError("The field \(name) cannot be a Swift property.")
    }
    return escaped(name)
  }

  /// A code's case: from the code, or from its English label where the code is not ASCII.
  static func enumCase(_ code: CodeListOutline.Code) throws -> String {
    let source = code.code.utf8.allSatisfy { $0 < 0x80 } ? code.code : code.label.english
    return escaped(lowerFirst(try typeName(source)))
  }

  /// `LeadTransfer` → `leadTransfer`.
  static func lowerFirst(_ name: String) -> String {
    name.prefix(1).lowercased() + name.dropFirst()
  }

  private static func versioned(_ name: String, _ version: Int) -> String {
    version == 1 ? name : name + "V\(version)"
  }

  /// Words in upper camel case; letters inside words are kept as they are.
  private static func typeName(_ text: String) throws -> String {
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    guard isIdentifier(name) else {
      throw GenerationError("\"\(text)\" cannot be made into a Swift name.")
    }
    return name
  }

  private static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  private static func escaped(_ name: String) -> String {
    reserved.contains(name) ? "`\(name)`" : name
  }
}
