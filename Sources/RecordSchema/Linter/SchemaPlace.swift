/// A schema inside a document of the set: where it stands, and whether it decides or only tests.
struct SchemaPlace {
  /// What a schema's verdict is used for.
  enum Use {
    /// What it refuses is refused.
    case deciding
    /// Under `if`, `not` or `contains`: it only tests, so it may be open.
    case testing
  }

  /// Why a schema stands where it stands.
  enum Position {
    case root
    case definition
    case member
    case item
    /// About the same value as the schema above.
    case inPlace
  }

  let site: SchemaSite
  let node: JSONNode
  /// The document's path.
  let path: String
  /// JSON Pointer from the document's root.
  let pointer: String
  let use: Use
  let position: Position

  /// A pointer to something below.
  func pointer(_ tokens: [String]) -> String {
    tokens.reduce(pointer) { $0 + "/" + JSONPointer.escape($1) }
  }

  /// The place of a subschema.
  func child(_ node: JSONNode, _ tokens: [String], _ use: Use, _ position: Position) -> SchemaPlace
  {
    SchemaPlace(
      site: SchemaSite(document: site.document, index: node.index), node: node, path: path,
      pointer: pointer(tokens), use: use, position: position)
  }
}

extension SchemaPlace {
  /// The schemas right below, by the keywords of ``LintKeyword``.
  var children: [SchemaPlace] {
    var found: [SchemaPlace] = []
    for (name, value) in node.members {
      guard let keyword = LintKeyword(rawValue: name), let role = keyword.nesting else { continue }
      let use: Use = keyword.isTest ? .testing : self.use
      switch role {
      case .one(let position):
        if value.isSchema { found.append(child(value, [name], use, position)) }
      case .list(let position):
        for (place, element) in value.elements.enumerated() where element.isSchema {
          found.append(child(element, [name, String(place)], use, position))
        }
      case .map(let position):
        for (key, element) in value.members where element.isSchema {
          found.append(child(element, [name, key], use, position))
        }
      }
    }
    return found
  }
}
