import RecordSchema

extension SwiftWriter {
  /// A struct with a property for each field, made from its parts or from a node.
  func object(
    _ object: ObjectOutline, _ opening: String, schema: SchemaName?, into code: inout CodeText
  ) throws {
    let properties = try object.fields.map { field in
      Property(
        field: field, name: try SwiftNames.property(field.name),
        type: try types.type(of: field.shape))
    }
    code.block(opening) { code in
      if let schema {
        code.doc("`\(schema)`: what a header of such a record names.")
        code.add("public static let schema = \"\(schema)\"")
        code.add("")
      }
      for property in properties {
        code.doc(comment(on: property.field))
        code.add("public let \(property.name): \(property.declaredType)")
      }
      code.add("")
      memberwise(properties, into: &code)
      code.add("")
      reading(properties, into: &code)
      code.add("")
      writing(properties, into: &code)
    }
  }

  /// A field's type and name in Swift.
  private struct Property {
    let field: FieldOutline
    let name: String
    let type: String

    var declaredType: String { field.isRequired ? type : type + "?" }
    var parameter: String { "\(name): \(declaredType)" + (field.isRequired ? "" : " = nil") }
    var isBytes: Bool { type == SwiftTypes.bytes }
  }

  private func comment(on field: FieldOutline) -> String {
    let title = field.wording.title.chinese
    return "\(title) (\(words.phrase(field.shape))). \(field.wording.description.english)"
  }

  private func memberwise(_ properties: [Property], into code: inout CodeText) {
    code.doc("A value from its parts, which are not checked against the schema.")
    code.list("public init(", properties.map(\.parameter), ") {")
    for property in properties { code.add("  self.\(property.name) = \(property.name)") }
    code.add("}")
  }

  private func reading(_ properties: [Property], into code: inout CodeText) {
    code.doc("Reads a value of a document that keeps the schema. Throws ``PayloadError``.")
    code.block("public init(_ node: JSONNode) throws(PayloadError)") { code in
      code.add("var members = try PayloadMembers(node)")
      for property in properties {
        let call =
          switch (property.isBytes, property.field.isRequired) {
          case (false, true): "value"
          case (false, false): "optional"
          case (true, true): "bytes"
          case (true, false): "optionalBytes"
          }
        code.add("\(property.name) = try members.\(call)(\"\(property.field.name)\")")
      }
      code.add("try members.finish()")
    }
  }

  private func writing(_ properties: [Property], into code: inout CodeText) {
    code.doc("Writes it as a JSON object, members in the schema's order.")
    code.block("public func write(to writer: inout JSONWriter)") { code in
      code.add("writer.object { writer in")
      for property in properties {
        let call = property.isBytes ? "putBytes" : "put"
        code.add("  writer.\(call)(\"\(property.field.name)\", \(property.name))")
      }
      code.add("}")
    }
  }

  /// An enum over the two objects of a choice.
  func choice(_ choice: ChoiceOutline, _ name: String, into code: inout CodeText) throws {
    let branches = try [choice.marked, choice.unmarked].map { object in
      let type = try SwiftNames.type(titled: object.wording)
      return (type: type, name: SwiftNames.lowerFirst(type), wording: object.wording)
    }
    code.block("public enum \(name): PayloadPart, PayloadValue") { code in
      for branch in branches {
        code.doc("\(branch.wording.title.chinese). \(branch.wording.description.english)")
        code.add("case \(branch.name)(\(branch.type))")
      }
      code.add("")
      code.doc("Reads a value of a document that keeps the schema. Throws ``PayloadError``.")
      code.block("public init(_ node: JSONNode) throws(PayloadError)") { code in
        let marks = choice.marks.map { "\"\($0)\"" }
        code.list("let marks = [", marks, "]")
        code.add("if marks.contains(where: { node[$0] != nil }) {")
        code.add("  self = .\(branches[0].name)(try \(branches[0].type)(node))")
        code.add("} else {")
        code.add("  self = .\(branches[1].name)(try \(branches[1].type)(node))")
        code.add("}")
      }
      code.add("")
      code.doc("Writes it as a JSON object, members in the schema's order.")
      code.block("public func write(to writer: inout JSONWriter)") { code in
        code.add("switch self {")
        for branch in branches {
          code.choice(".\(branch.name)(let part)", "part.write(to: &writer)")
        }
        code.add("}")
      }
    }
  }
}
