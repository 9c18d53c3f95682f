/// Where the specification puts subschemas inside a schema object.
///
/// `$id` and anchors count only there: the same words inside `enum`, `const` or an unknown keyword
/// are plain values.
enum SubschemaPlaces {
  private static let single: Set<String> = [
    "additionalProperties", "items", "contains", "not", "if", "then", "else", "propertyNames",
    "unevaluatedItems", "unevaluatedProperties", "contentSchema",
  ]
  private static let list: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
  private static let map: Set<String> = [
    "$defs", "definitions", "properties", "patternProperties", "dependentSchemas",
  ]

  /// The direct subschemas of a schema, each with its JSON Pointer tokens from it.
  static func of(_ schema: JSONNode) -> [(tokens: [String], node: JSONNode)] {
    guard schema.kind == .object else { return [] }
    var found: [(tokens: [String], node: JSONNode)] = []
    for (name, value) in schema.members {
      if single.contains(name), value.isSchema {
        found.append(([name], value))
      } else if list.contains(name), value.kind == .array {
        for (place, element) in value.elements.enumerated() where element.isSchema {
          found.append(([name, String(place)], element))
        }
      } else if map.contains(name), value.kind == .object {
        for (key, element) in value.members where element.isSchema {
          found.append(([name, key], element))
        }
      }
    }
    return found
  }
}

extension JSONNode {
  /// An object or a boolean: what a schema may be.
  var isSchema: Bool { kind == .object || kind == .bool }
}
