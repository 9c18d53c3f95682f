/// The specification, read aloud: slow, recursive, without any preparation. What it says is held
/// against what the engine says.
///
/// Knows the schemas that ``SchemaGenerator`` makes: one document at ``caseURI`` whose `$defs` are
/// resources `r0`, `r1`, … of their own, referred to as `case`, `r0`, `r0#a` or `r0#d`.
struct PlainEvaluator {
  /// What of a value was looked at with success; nothing where the schema does not hold.
  struct Outcome {
    var holds = true
    var items: Set<Int> = []
    var members: Set<String> = []

    mutating func merge(_ other: Outcome) {
      holds = holds && other.holds
      items.formUnion(other.items)
      members.formUnion(other.members)
    }
  }

  let root: PlainValue
  /// Applications left; an unlucky pair may need more than anyone wants to wait for.
  var steps = 5_000

  init(_ root: PlainValue) { self.root = root }

  /// Nil when it took too long.
  mutating func isValid(_ value: PlainValue) -> Bool? {
    let outcome = evaluate(root, value, ["case"])
    return steps > 0 ? outcome.holds : nil
  }

  private mutating func evaluate(
    _ schema: PlainValue, _ value: PlainValue, _ scope: [String]
  ) -> Outcome {
    steps -= 1
    if steps <= 0 { return Outcome(holds: false) }
    if case .bool(let verdict) = schema { return Outcome(holds: verdict) }
    var scope = scope
    if let resource = schema["$id"]?.text, scope.last != resource { scope.append(resource) }
    var outcome = Outcome(holds: asserts(schema, value))
    references(schema, value, scope, &outcome)
    inPlace(schema, value, scope, &outcome)
    if case .array(let items) = value { arrays(schema, items, scope, &outcome) }
    if case .object(let members) = value { objects(schema, members, scope, &outcome) }
    return outcome.holds ? outcome : Outcome(holds: false)
  }

  private mutating func holds(
    _ schema: PlainValue, _ value: PlainValue, _ scope: [String]
  ) -> Bool {
    evaluate(schema, value, scope).holds
  }

  // MARK: References

  private func resource(_ name: String) -> PlainValue {
    name == "case"
      ? root : root["$defs"]?.object?.first { $0.value["$id"]?.text == name }?.value ?? root
  }

  private mutating func references(
    _ schema: PlainValue, _ value: PlainValue, _ scope: [String], _ outcome: inout Outcome
  ) {
    if let reference = schema["$ref"]?.text { follow(reference, value, scope, &outcome) }
    guard let reference = schema["$dynamicRef"]?.text else { return }
    // Generated ones always start at a dynamic anchor.
    let name = scope.first { resource($0)["$dynamicAnchor"] != nil } ?? reference
    follow(name, value, scope, &outcome)
  }

  private mutating func follow(
    _ reference: String, _ value: PlainValue, _ scope: [String], _ outcome: inout Outcome
  ) {
    let name = String(reference.prefix { $0 != "#" })
    let inner = scope.last == name ? scope : scope + [name]
    outcome.merge(evaluate(resource(name), value, inner))
  }

  // MARK: In place

  private mutating func inPlace(
    _ schema: PlainValue, _ value: PlainValue, _ scope: [String], _ outcome: inout Outcome
  ) {
    for inner in schema["allOf"]?.array ?? [] { outcome.merge(evaluate(inner, value, scope)) }
    for keyword in ["anyOf", "oneOf"] {
      guard let branches = schema[keyword]?.array else { continue }
      var found = 0
      for branch in branches {
        let inner = evaluate(branch, value, scope)
        guard inner.holds else { continue }
        found += 1
        outcome.merge(inner)
      }
      if keyword == "anyOf" ? found == 0 : found != 1 { outcome.holds = false }
    }
    if let inner = schema["not"], holds(inner, value, scope) { outcome.holds = false }
    if let condition = schema["if"] {
      let inner = evaluate(condition, value, scope)
      if inner.holds { outcome.merge(inner) }
      if let branch = schema[inner.holds ? "then" : "else"] {
        outcome.merge(evaluate(branch, value, scope))
      }
    }
    for (name, inner) in schema["dependentSchemas"]?.object ?? [] where value[name] != nil {
      outcome.merge(evaluate(inner, value, scope))
    }
  }

  // MARK: Deeper

  private mutating func arrays(
    _ schema: PlainValue, _ items: [PlainValue], _ scope: [String], _ outcome: inout Outcome
  ) {
    let prefix = schema["prefixItems"]?.array ?? []
    for (place, item) in items.enumerated() {
      if let inner = place < prefix.count ? prefix[place] : schema["items"] {
        if !holds(inner, item, scope) { outcome.holds = false }
        outcome.items.insert(place)
      }
    }
    if let inner = schema["contains"] {
      let found = items.indices.filter { holds(inner, items[$0], scope) }
      outcome.items.formUnion(found)
      let least = schema["minContains"]?.number ?? 1
      let most = schema["maxContains"]?.number ?? .infinity
      if Double(found.count) < least || Double(found.count) > most { outcome.holds = false }
    }
    guard let inner = schema["unevaluatedItems"] else { return }
    for (place, item) in items.enumerated() where !outcome.items.contains(place) {
      if !holds(inner, item, scope) { outcome.holds = false }
      outcome.items.insert(place)
    }
  }

  private mutating func objects(
    _ schema: PlainValue, _ members: [(name: String, value: PlainValue)], _ scope: [String],
    _ outcome: inout Outcome
  ) {
    for (name, value) in members {
      var inner = (schema["patternProperties"]?.object ?? []).filter {
        PlainPattern.matches($0.name, Array(name.unicodeScalars))
      }.map(\.value)
      if let listed = schema["properties"]?[name] { inner.append(listed) }
      if inner.isEmpty, let additional = schema["additionalProperties"] { inner = [additional] }
      if !inner.isEmpty { outcome.members.insert(name) }
      for each in inner where !holds(each, value, scope) { outcome.holds = false }
      if let names = schema["propertyNames"],
        !holds(names, .string(Array(name.unicodeScalars)), scope)
      {
        outcome.holds = false
      }
    }
    guard let inner = schema["unevaluatedProperties"] else { return }
    for (name, value) in members where !outcome.members.contains(name) {
      if !holds(inner, value, scope) { outcome.holds = false }
      outcome.members.insert(name)
    }
  }

  // MARK: Assertions

  private func asserts(_ schema: PlainValue, _ value: PlainValue) -> Bool {
    if let type = schema["type"], !(type.array ?? [type]).contains(where: { Self.isOf($0, value) })
    {
      return false
    }
    if let constant = schema["const"], !(constant == value) { return false }
    if let list = schema["enum"]?.array, !list.contains(where: { $0 == value }) { return false }
    return switch value {
    case .number(let number): assertsNumber(schema, number)
    case .string(let text): assertsText(schema, text)
    case .array(let items): assertsItems(schema, items)
    case .object(let members): assertsMembers(schema, members.map(\.name))
    default: true
    }
  }

  private static func isOf(_ type: PlainValue, _ value: PlainValue) -> Bool {
    if type.text == "integer" { return value.number.map { $0.rounded() == $0 } ?? false }
    return type.text == value.type
  }

  private func assertsNumber(_ schema: PlainValue, _ number: Double) -> Bool {
    if let bound = schema["minimum"]?.number, number < bound { return false }
    if let bound = schema["maximum"]?.number, number > bound { return false }
    if let bound = schema["exclusiveMinimum"]?.number, number <= bound { return false }
    if let bound = schema["exclusiveMaximum"]?.number, number >= bound { return false }
    if let factor = schema["multipleOf"]?.number {
      return number.remainder(dividingBy: factor) == 0
    }
    return true
  }

  private func assertsText(_ schema: PlainValue, _ text: [Unicode.Scalar]) -> Bool {
    if let bound = schema["minLength"]?.number, Double(text.count) < bound { return false }
    if let bound = schema["maxLength"]?.number, Double(text.count) > bound { return false }
    if schema["format"]?.text == "ipv4", text != Array("1.2.3.4".unicodeScalars) { return false }
    return schema["pattern"]?.text.map { PlainPattern.matches($0, text) } ?? true
  }

  private func assertsItems(_ schema: PlainValue, _ items: [PlainValue]) -> Bool {
    if let bound = schema["minItems"]?.number, Double(items.count) < bound { return false }
    if let bound = schema["maxItems"]?.number, Double(items.count) > bound { return false }
    guard case .bool(true)? = schema["uniqueItems"] else { return true }
    return items.indices.allSatisfy { place in !items[..<place].contains { $0 == items[place] } }
  }

  private func assertsMembers(_ schema: PlainValue, _ names: [String]) -> Bool {
    if let bound = schema["minProperties"]?.number, Double(names.count) < bound { return false }
    if let bound = schema["maxProperties"]?.number, Double(names.count) > bound { return false }
    func has(_ list: PlainValue?) -> Bool {
      (list?.array ?? []).compactMap(\.text).allSatisfy(names.contains)
    }
    return has(schema["required"])
      && (schema["dependentRequired"]?.object ?? []).allSatisfy {
        !names.contains($0.name) || has($0.value)
      }
  }
}

/// The few patterns that generated schemas use, each said another way.
enum PlainPattern {
  static let all = ["^a", "b$", "a", "^$", "^.{2}$", "^[^a]*$", "a.*b"]

  static func matches(_ pattern: String, _ text: [Unicode.Scalar]) -> Bool {
    switch pattern {
    case "^a": text.first == "a"
    case "b$": text.last == "b"
    case "a": text.contains("a")
    case "^$": text.isEmpty
    case "^.{2}$": text.count == 2 && !text.contains("\n")
    case "^[^a]*$": !text.contains("a")
    default:
      // No line feed stands before a "b" in the strings in use.
      text.firstIndex(of: "a").map { text[$0...].contains("b") } ?? false
    }
  }
}
