/// The keywords of the applicator and unevaluated vocabularies (JSON Schema Core, sections 10
/// and 11).
extension SchemaCompiler {
  // MARK: Members

  /// `properties`, `patternProperties`, `additionalProperties` and `required` as one shape.
  mutating func memberwise(_ place: Place) throws(SchemaError) -> [Instruction] {
    var out: [Instruction] = []
    var shape = Shape()
    let named = try subschemas(of: "properties", place)
    let matched = try subschemas(of: "patternProperties", place)
    let additional = place.node["additionalProperties"]
    if !named.isEmpty || !matched.isEmpty || additional != nil {
      shape.firstMember = UInt32(draft.members.count)
      shape.memberCount = UInt32(named.count)
      for (name, block) in named {
        let name = draft.intern(Array(name.utf8))
        draft.members.append(MemberEntry(name: name, block: block))
      }
      try addPatterns(matched, to: &shape, place)
      try addAdditional(additional, to: &shape, place)
      try addRequired(to: &shape, place)
      draft.shapes.append(shape)
      out.append(
        Instruction(
          code: .members, a: UInt32(draft.shapes.count - 1), source: source("properties", place)))
    }
    if let names = place.node["propertyNames"] {
      let block = try block(of: names, "propertyNames", place)
      out.append(
        Instruction(code: .propertyNames, a: block, source: source("propertyNames", place)))
    }
    return out
  }

  private mutating func addPatterns(
    _ matched: [(String, UInt32)], to shape: inout Shape, _ place: Place
  ) throws(SchemaError) {
    var pairs: [UInt32] = []
    for (text, block) in matched {
      pairs += [try pattern(text, "patternProperties", place), block]
    }
    shape.patternCount = UInt32(matched.count)
    shape.firstPattern = draft.append(list: pairs)
  }

  private mutating func addAdditional(
    _ additional: JSONNode?, to shape: inout Shape, _ place: Place
  ) throws(SchemaError) {
    guard let additional else { return }
    shape.additionalSource = source("additionalProperties", place)
    if additional.bool == false {
      shape.additional = .refused
    } else {
      shape.additional = .judged
      shape.additionalBlock = try block(of: additional, "additionalProperties", place)
    }
  }

  private mutating func addRequired(to shape: inout Shape, _ place: Place) throws(SchemaError) {
    guard place.dialect.validation, place.node["required"] != nil else { return }
    let required = try names(of: place.node["required"], "required", place)
    for (position, name) in Self.maskedNames(place.node).enumerated()
    where required.contains(name) {
      shape.requiredMask |= 1 << UInt64(position)
    }
    shape.requiredSource = source("required", place)
  }

  // MARK: Items

  mutating func itemwise(_ place: Place) throws(SchemaError) -> [Instruction] {
    var out: [Instruction] = []
    let prefix = try list(of: "prefixItems", place)
    if !prefix.isEmpty {
      out.append(
        Instruction(
          code: .prefixItems, a: draft.append(list: prefix), b: UInt32(prefix.count),
          source: source("prefixItems", place)))
    }
    if let items = place.node["items"] {
      out.append(
        Instruction(
          code: .items, a: try block(of: items, "items", place), b: UInt32(prefix.count),
          source: source("items", place)))
    }
    if let wanted = place.node["contains"] {
      let counts = place.dialect.validation
      let least = counts ? try bound("minContains", place) : nil
      let most = counts ? try bound("maxContains", place) : nil
      out.append(
        Instruction(
          code: .contains, a: try block(of: wanted, "contains", place), b: least ?? 1,
          c: most ?? Instruction.none, source: source("contains", place)))
    }
    return out
  }

  // MARK: The same place

  mutating func inPlace(_ place: Place) throws(SchemaError) -> [Instruction] {
    var out: [Instruction] = []
    for (position, element) in try elements(of: "allOf", place).enumerated() {
      let location = "\(place.location)/allOf/\(position)"
      let block = try sibling(site(of: element, place), in: place.resource, from: location)
      out += inlined(block, source: source("allOf", place))
    }
    for (keyword, code) in [("anyOf", Instruction.Code.anyOf), ("oneOf", .oneOf)] {
      let branches = try siblings(keyword, place)
      guard !branches.isEmpty else { continue }
      out.append(
        Instruction(
          code: code, a: draft.append(list: branches), b: UInt32(branches.count),
          source: source(keyword, place)))
    }
    if let block = try sibling("not", place) {
      out.append(Instruction(code: .not, a: block, source: source("not", place)))
    }
    if let condition = try sibling("if", place) {
      let then = try sibling("then", place) ?? Instruction.none
      let otherwise = try sibling("else", place) ?? Instruction.none
      out.append(
        Instruction(
          code: .condition, a: condition, b: then, c: otherwise, source: source("if", place)))
    }
    return try out + dependentSchemas(place)
  }

  private mutating func dependentSchemas(_ place: Place) throws(SchemaError) -> [Instruction] {
    guard let map = place.node["dependentSchemas"] else { return [] }
    guard map.kind == .object else { throw Self.malformed("dependentSchemas", place, "an object") }
    var out: [Instruction] = []
    for (member, schema) in map.members {
      let location = place.location + "/dependentSchemas/" + JSONPointer.escape(member)
      let block = try sibling(site(of: schema, place), in: place.resource, from: location)
      out.append(
        Instruction(
          code: .dependentSchema, a: draft.append(names: [Array(member.utf8)]), b: block,
          source: source("dependentSchemas", place)))
    }
    return out
  }

  // MARK: What nothing else has looked at

  mutating func unevaluated(_ place: Place) throws(SchemaError) -> [Instruction] {
    let keywords: [(String, Instruction.Code)] = [
      ("unevaluatedItems", .unevaluatedItems),
      ("unevaluatedProperties", .unevaluatedProperties),
    ]
    var out: [Instruction] = []
    for (keyword, code) in keywords {
      guard let schema = place.node[keyword] else { continue }
      out.append(
        Instruction(
          code: code, a: try block(of: schema, keyword, place), source: source(keyword, place)))
    }
    return out
  }

  // MARK: Subschemas by keyword

  private func site(of node: JSONNode, _ place: Place) -> SchemaSite {
    SchemaSite(document: place.site.document, index: node.index)
  }

  /// The block of a subschema that looks deeper.
  private mutating func block(
    of node: JSONNode, _ keyword: String, _ place: Place
  ) throws(SchemaError) -> UInt32 {
    guard node.isSchema else { throw Self.malformed(keyword, place, "a schema") }
    return child(site(of: node, place), in: place.resource)
  }

  /// The block of a subschema that looks at the same place; nil where the keyword is absent.
  private mutating func sibling(
    _ keyword: String, _ place: Place
  ) throws(SchemaError) -> UInt32? {
    guard let node = place.node[keyword] else { return nil }
    guard node.isSchema else { throw Self.malformed(keyword, place, "a schema") }
    return try sibling(
      site(of: node, place), in: place.resource, from: place.location + "/" + keyword)
  }

  private mutating func siblings(
    _ keyword: String, _ place: Place
  ) throws(SchemaError) -> [UInt32] {
    var blocks: [UInt32] = []
    for (position, element) in try elements(of: keyword, place).enumerated() {
      let location = "\(place.location)/\(keyword)/\(position)"
      blocks.append(try sibling(site(of: element, place), in: place.resource, from: location))
    }
    return blocks
  }

  private mutating func list(
    of keyword: String, _ place: Place
  ) throws(SchemaError) -> [UInt32] {
    var blocks: [UInt32] = []
    for element in try elements(of: keyword, place) {
      blocks.append(try block(of: element, keyword, place))
    }
    return blocks
  }

  /// The schemas of a keyword that holds a list of them; at least one where it is there.
  private func elements(
    of keyword: String, _ place: Place
  ) throws(SchemaError) -> [JSONNode] {
    guard let list = place.node[keyword] else { return [] }
    let elements = Array(list.elements)
    guard list.kind == .array, !elements.isEmpty, elements.allSatisfy(\.isSchema) else {
      throw Self.malformed(keyword, place, "a list of schemas that is not empty")
    }
    return elements
  }

  private mutating func subschemas(
    of keyword: String, _ place: Place
  ) throws(SchemaError) -> [(String, UInt32)] {
    guard let map = place.node[keyword] else { return [] }
    guard map.kind == .object else { throw Self.malformed(keyword, place, "an object") }
    var found: [(String, UInt32)] = []
    for (name, schema) in map.members {
      found.append((name, try block(of: schema, keyword, place)))
    }
    return found
  }
}
