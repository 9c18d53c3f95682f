/// The keywords of the validation vocabulary (JSON Schema Validation, section 6) and `format`.
extension SchemaCompiler {
  /// Everything that a schema says, in the order in which it is cheapest to find out.
  mutating func instructions(of place: Place) throws(SchemaError) -> [Instruction] {
    if let verdict = place.node.bool {
      return verdict ? [] : [Instruction(code: .never, source: source("", place))]
    }
    guard place.node.kind == .object else {
      throw SchemaError(.keyword, at: place.location, "A schema must be an object or a boolean.")
    }
    var out = try references(place)
    if place.dialect.validation {
      out += try types(place) + values(place) + numbers(place) + strings(place) + counts(place)
    }
    if assertsFormats || place.dialect.formatAssertion { out += try format(place) }
    if place.dialect.applicator {
      out += try memberwise(place) + itemwise(place) + inPlace(place)
    }
    if place.dialect.validation { out += try dependencies(place) }
    if place.dialect.unevaluated { out += try unevaluated(place) }
    return out
  }

  private mutating func types(_ place: Place) throws(SchemaError) -> [Instruction] {
    guard let value = place.node["type"] else { return [] }
    let names = value.kind == .array ? Array(value.elements) : [value]
    var set = TypeSet([])
    for name in names {
      guard let text = name.string,
        let known = TypeSet.named.first(where: { $0.name == text })
      else { throw Self.malformed("type", place, "the name of a type, or a list of such") }
      set.formUnion(known.set)
    }
    return [Instruction(code: .type, a: set.rawValue, source: source("type", place))]
  }

  private mutating func values(_ place: Place) throws(SchemaError) -> [Instruction] {
    var out: [Instruction] = []
    if let value = place.node["const"] { out.append(literals([value], .const, "const", place)) }
    if let list = place.node["enum"] {
      guard list.kind == .array else { throw Self.malformed("enum", place, "an array") }
      out.append(literals(Array(list.elements), .enumeration, "enum", place))
    }
    return out
  }

  private mutating func literals(
    _ values: [JSONNode], _ code: Instruction.Code, _ keyword: String, _ place: Place
  ) -> Instruction {
    let source = source(keyword, place)
    let texts = values.compactMap(\.utf8)
    if texts.count == values.count {
      return Instruction(
        code: .codes, a: draft.append(names: texts), b: UInt32(texts.count), source: source)
    }
    let first = UInt32(draft.literals.count)
    draft.literals += values
    return Instruction(code: code, a: first, b: UInt32(values.count), source: source)
  }

  private mutating func numbers(_ place: Place) throws(SchemaError) -> [Instruction] {
    let keywords: [(String, Instruction.Code)] = [
      ("minimum", .minimum), ("maximum", .maximum), ("exclusiveMinimum", .exclusiveMinimum),
      ("exclusiveMaximum", .exclusiveMaximum), ("multipleOf", .multipleOf),
    ]
    var out: [Instruction] = []
    for (keyword, code) in keywords {
      guard let value = place.node[keyword] else { continue }
      guard value.kind == .number else { throw Self.malformed(keyword, place, "a number") }
      let number = NumberLiteral(integer: value.integer, text: draft.intern(value.rawBytes))
      if code == .multipleOf, !value.isPositive {
        throw Self.malformed(keyword, place, "above 0")
      }
      draft.numbers.append(number)
      out.append(
        Instruction(
          code: code, a: UInt32(draft.numbers.count - 1), source: source(keyword, place)))
    }
    return out
  }

  private mutating func strings(_ place: Place) throws(SchemaError) -> [Instruction] {
    var out = try bounds([("minLength", .minLength), ("maxLength", .maxLength)], place)
    if let value = place.node["pattern"] {
      guard let text = value.string else { throw Self.malformed("pattern", place, "a string") }
      let pattern = try pattern(text, "pattern", place)
      let shortcut = PatternShortcut(draft.patterns[Int(pattern)].shape)
      out.append(
        Instruction(
          code: .pattern, a: pattern, b: shortcut.rawValue, source: source("pattern", place)))
    }
    return out
  }

  mutating func pattern(
    _ text: String, _ keyword: String, _ place: Place
  ) throws(SchemaError) -> UInt32 {
    if let known = draft.patterns.firstIndex(where: { $0.source.utf8.elementsEqual(text.utf8) }) {
      return UInt32(known)
    }
    do throws(PatternError) {
      draft.patterns.append(try Pattern(text))
    } catch {
      throw SchemaError(.pattern, at: place.location + "/" + keyword, error.english)
    }
    return UInt32(draft.patterns.count - 1)
  }

  private mutating func format(_ place: Place) throws(SchemaError) -> [Instruction] {
    guard let value = place.node["format"] else { return [] }
    guard let name = value.string else { throw Self.malformed("format", place, "a string") }
    guard let format = Format(rawValue: name) else {
      // A name that nobody here knows asserts nothing, unless the dialect says that every format
      // is an assertion (Validation, section 7.2.3).
      if !place.dialect.formatAssertion { return [] }
      throw Self.malformed("format", place, "one that is known here")
    }
    draft.formats.append(format)
    return [
      Instruction(
        code: .format, a: UInt32(draft.formats.count - 1), source: source("format", place))
    ]
  }

  private mutating func counts(_ place: Place) throws(SchemaError) -> [Instruction] {
    var out = try bounds(
      [
        ("minItems", .minItems), ("maxItems", .maxItems), ("minProperties", .minProperties),
        ("maxProperties", .maxProperties),
      ], place)
    if let value = place.node["uniqueItems"] {
      guard let isUnique = value.bool else {
        throw Self.malformed("uniqueItems", place, "true or false")
      }
      if isUnique {
        let most = try bound("maxItems", place) ?? Instruction.none
        out.append(Instruction(code: .uniqueItems, a: most, source: source("uniqueItems", place)))
      }
    }
    return out
  }

  private mutating func bounds(
    _ keywords: [(String, Instruction.Code)], _ place: Place
  ) throws(SchemaError) -> [Instruction] {
    var out: [Instruction] = []
    for (keyword, code) in keywords {
      guard let bound = try bound(keyword, place) else { continue }
      out.append(Instruction(code: code, a: bound, source: source(keyword, place)))
    }
    return out
  }

  /// A whole number from 0, capped far above what any document can hold.
  func bound(_ keyword: String, _ place: Place) throws(SchemaError) -> UInt32? {
    guard let value = place.node[keyword] else { return nil }
    guard value.kind == .number, !value.isNegative, value.isWhole else {
      throw Self.malformed(keyword, place, "a whole number from 0")
    }
    return UInt32(min(value.integer ?? Int64.max, Int64(Instruction.none) - 1))
  }

  // MARK: required, dependentRequired

  /// `required` for names that `properties` does not list, and `dependentRequired`.
  private mutating func dependencies(_ place: Place) throws(SchemaError) -> [Instruction] {
    var out: [Instruction] = []
    let listed = place.dialect.applicator ? Self.maskedNames(place.node) : []
    let others = try names(of: place.node["required"], "required", place).filter { name in
      !listed.contains(name)
    }
    if !others.isEmpty {
      out.append(
        Instruction(
          code: .required, a: draft.append(names: others), b: UInt32(others.count),
          source: source("required", place)))
    }
    guard let map = place.node["dependentRequired"] else { return out }
    guard map.kind == .object else { throw Self.malformed("dependentRequired", place, "an object") }
    for (member, list) in map.members {
      let required = try names(of: list, "dependentRequired", place)
      out.append(
        Instruction(
          code: .dependentRequired, a: draft.append(names: [Array(member.utf8)]),
          b: draft.append(names: required), c: UInt32(required.count),
          source: source("dependentRequired", place)))
    }
    return out
  }

  /// The members of `properties` that a shape's mask has room for.
  static func maskedNames(_ schema: JSONNode) -> [[UInt8]] {
    guard let properties = schema["properties"], properties.kind == .object else { return [] }
    return properties.members.prefix(64).map { Array($0.key.utf8) }
  }

  func names(
    of list: JSONNode?, _ keyword: String, _ place: Place
  ) throws(SchemaError) -> [[UInt8]] {
    guard let list else { return [] }
    let names = list.elements.compactMap(\.utf8)
    guard list.kind == .array, names.count == list.count else {
      throw Self.malformed(keyword, place, "an array of strings")
    }
    return names
  }
}

extension JSONNode {
  fileprivate func withNumber<R>(_ body: (DecimalToken) -> R) -> R {
    rawBytes.withUnsafeBufferPointer { body(DecimalToken($0)) }
  }

  fileprivate var isWhole: Bool { withNumber(\.isWhole) }
  fileprivate var isNegative: Bool {
    withNumber { $0.parts.isNegative && !$0.parts.isZero }
  }
  fileprivate var isPositive: Bool {
    withNumber { !$0.parts.isNegative && !$0.parts.isZero }
  }
}
