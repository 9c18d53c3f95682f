@testable import RecordSchema

/// A JSON value as plain data, for an evaluator that shares nothing with the engine. Its numbers
/// are those that a double holds exactly.
indirect enum PlainValue {
  case null
  case bool(Bool)
  case number(Double)
  case string([Unicode.Scalar])
  case array([PlainValue])
  case object([(name: String, value: PlainValue)])

  init(_ node: JSONNode) {
    switch node.kind {
    case .null: self = .null
    case .bool: self = .bool(node.bool == true)
    case .number: self = .number(node.number ?? .nan)
    case .string: self = .string(Array((node.string ?? "").unicodeScalars))
    case .array: self = .array(node.elements.map(PlainValue.init))
    case .object: self = .object(node.members.map { ($0.key, PlainValue($0.value)) })
    }
  }

  var type: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var string: [Unicode.Scalar]? { if case .string(let text) = self { text } else { nil } }
  var text: String? { string.map { String(String.UnicodeScalarView($0)) } }
  var array: [PlainValue]? { if case .array(let items) = self { items } else { nil } }
  var object: [(name: String, value: PlainValue)]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The member of that name; the names in use have no canonical equivalents.
  subscript(name: String) -> PlainValue? { object?.first { $0.name == name }?.value }

  static func == (first: PlainValue, second: PlainValue) -> Bool {
    switch (first, second) {
    case (.null, .null): true
    case (.bool(let first), .bool(let second)): first == second
    case (.number(let first), .number(let second)): first == second
    case (.string(let first), .string(let second)): first == second
    case (.array(let first), .array(let second)):
      first.count == second.count && zip(first, second).allSatisfy { $0 == $1 }
    case (.object(let first), .object(let second)):
      first.count == second.count
        && first.allSatisfy { member in
          second.contains { $0.name == member.name && $0.value == member.value }
        }
    default: false
    }
  }
}
