/// Random schemas and documents that have a chance of meeting: few names, few values, every
/// keyword.
struct SchemaGenerator {
  private var random: SeededGenerator
  /// How many resources the schema has beside the root; reference only to lower ones in place, so
  /// that no loop comes of it.
  private let resources = 4
  /// Which of them have a dynamic anchor.
  private var dynamic: [Bool] = []

  static let names = ["a", "b", "ab", "c", "中", "x/y"]
  private static let numbers = [
    "0", "1", "-1", "2", "1.0", "2.5", "0.5", "10", "1e1", "3", "-0", "0.25", "4", "2e0",
  ]
  private static let strings = [
    "\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"中\"", "\"😀\"", #""\u0061b""#, #""a\n""#, "\"1.2.3.4\"",
    #""\ud83d\ude00""#, "\"aab\"",
  ]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }
  private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
  private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  // MARK: Documents

  mutating func value(_ depth: Int) -> String {
    switch below(depth > 0 ? 9 : 5) {
    case 0: return pick(["null", "true", "false"])
    case 1, 2: return pick(Self.numbers)
    case 3, 4: return pick(Self.strings)
    case 5, 6: return "[" + list(upTo: 4) { $0.value(depth - 1) } + "]"
    default: return "{" + members { $0.value(depth - 1) } + "}"
    }
  }

  private mutating func list(
    upTo bound: Int, atLeast least: Int = 0, _ item: (inout Self) -> String
  ) -> String {
    (0..<least + below(bound - least + 1)).map { _ in item(&self) }.joined(separator: ",")
  }

  private mutating func members(
    of names: [String] = names, _ value: (inout Self) -> String
  ) -> String {
    var out: [String] = []
    for name in names.shuffled(using: &random) where chance(45) {
      let written = name == "a" && chance(20) ? #"\u0061"# : name
      out.append("\"\(written)\":\(value(&self))")
    }
    return out.joined(separator: ",")
  }

  // MARK: Schemas

  /// An array or an object.
  mutating func container(_ depth: Int) -> String {
    chance(50)
      ? "[" + list(upTo: 4) { $0.value(depth - 1) } + "]"
      : "{" + members { $0.value(depth - 1) } + "}"
  }

  /// A schema with its resources; a closed one refuses what nothing in it evaluates.
  mutating func document(isClosed: Bool) -> String {
    dynamic = (0..<resources).map { _ in chance(50) }
    let inner = (0..<resources).map { number in
      var parts = [#""$id":"r\#(number)""#, #""$anchor":"a""#]
      if dynamic[number] { parts.append(#""$dynamicAnchor":"d""#) }
      let deeper = "{\"$dynamicRef\":\"r\(dynamic.firstIndex(of: true) ?? 0)#d\"}"
      var own: [String: String] = [:]
      if number > 0, chance(70) { own["$ref"] = "\"r\(below(number))\"" }
      if dynamic.contains(true), chance(60) {
        own[pick(["items", "additionalProperties"])] = deeper
      }
      parts += keywords(2, below: number, beside: own)
      return "\"d\(number)\":{" + parts.joined(separator: ",") + "}"
    }
    let own = isClosed ? closed() : keywords(3, below: resources)
    let definitions = "\"$defs\":{" + inner.joined(separator: ",") + "}"
    return "{" + (own + [definitions]).shuffled(using: &random).joined(separator: ",") + "}"
  }

  private mutating func closed() -> [String] {
    var out = ["unevaluatedItems": "false", "unevaluatedProperties": "false"]
    for _ in 0..<2 {
      inPlace(&out, 3, resources)
      if chance(50) { arrayApplicator(&out, 1) }
      if chance(50) { memberApplicator(&out, 1) }
      if chance(50) { reference(&out, resources) }
    }
    out["unevaluatedItems"] = "false"
    out["unevaluatedProperties"] = "false"
    return out.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
      .shuffled(using: &random)
  }

  /// A schema at a place where only resources below `limit` may be referred to.
  private mutating func schema(_ depth: Int, below limit: Int) -> String {
    if depth <= 0 || chance(12) { return pick(["true", "false", "{}", "true"]) }
    return "{" + keywords(depth, below: limit).joined(separator: ",") + "}"
  }

  /// A schema that looks deeper: it may refer to everything.
  private mutating func deeper(_ depth: Int) -> String { schema(depth - 1, below: resources + 1) }

  private mutating func keywords(
    _ depth: Int, below limit: Int, beside others: [String: String] = [:]
  ) -> [String] {
    var out = others
    for _ in 0..<1 + below(4) {
      switch below(12) {
      case 0, 1: assertion(&out)
      case 2: arrayAssertion(&out)
      case 3, 4: memberAssertion(&out)
      case 5, 6: arrayApplicator(&out, depth)
      case 7, 8: memberApplicator(&out, depth)
      case 9, 10: inPlace(&out, depth, limit)
      default: reference(&out, limit)
      }
    }
    return out.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
      .shuffled(using: &random)
  }

  private mutating func assertion(_ out: inout [String: String]) {
    let types = ["null", "boolean", "integer", "number", "string", "array", "object"]
    switch below(12) {
    case 0: out["type"] = "\"\(pick(types))\""
    case 1: out["type"] = "[" + list(upTo: 3, atLeast: 2) { "\"\($0.pick(types))\"" } + "]"
    case 2: out["const"] = value(2)
    case 3: out["enum"] = "[" + list(upTo: 4, atLeast: 1) { $0.value(1) } + "]"
    case 4: out["minimum"] = pick(Self.numbers)
    case 5: out["maximum"] = pick(Self.numbers)
    case 6: out[pick(["exclusiveMinimum", "exclusiveMaximum"])] = pick(Self.numbers)
    case 7: out["multipleOf"] = pick(["1", "0.5", "2", "0.25", "1e1", "2.5"])
    case 8: out[pick(["minLength", "maxLength"])] = pick(["0", "1", "2", "2.0"])
    case 9: out["format"] = "\"ipv4\""
    default: out["pattern"] = "\"\(pick(PlainPattern.all))\""
    }
  }

  private mutating func arrayAssertion(_ out: inout [String: String]) {
    switch below(3) {
    case 0: out["uniqueItems"] = "true"
    case 1: out["minItems"] = pick(["0", "1", "2"])
    default: out["maxItems"] = pick(["1", "2", "3.0"])
    }
  }

  private mutating func memberAssertion(_ out: inout [String: String]) {
    func quoted(_ name: String) -> String { "\"\(name)\"" }
    switch below(5) {
    case 0, 1: out["required"] = "[" + list(upTo: 2) { quoted($0.pick(Self.names)) } + "]"
    case 2: out["minProperties"] = pick(["0", "1", "2"])
    case 3: out["maxProperties"] = pick(["1", "2", "3"])
    default:
      out["dependentRequired"] =
        "{" + members { "[" + $0.list(upTo: 2) { quoted($0.pick(Self.names)) } + "]" } + "}"
    }
  }

  private mutating func arrayApplicator(_ out: inout [String: String], _ depth: Int) {
    switch below(5) {
    case 0: out["items"] = deeper(depth)
    case 1: out["prefixItems"] = "[" + list(upTo: 3, atLeast: 1) { $0.deeper(depth) } + "]"
    case 2, 3:
      out["contains"] = deeper(depth)
      if chance(40) { out["minContains"] = pick(["0", "1", "2"]) }
      if chance(40) { out["maxContains"] = pick(["0", "1", "2", "3"]) }
    default: out["unevaluatedItems"] = deeper(depth)
    }
  }

  private mutating func memberApplicator(_ out: inout [String: String], _ depth: Int) {
    switch below(7) {
    case 0, 1: out["properties"] = "{" + members { $0.deeper(depth) } + "}"
    case 2:
      out["patternProperties"] = "{" + members(of: PlainPattern.all) { $0.deeper(depth) } + "}"
    case 3: out["additionalProperties"] = deeper(depth)
    case 4: out["propertyNames"] = deeper(depth)
    default: out["unevaluatedProperties"] = deeper(depth)
    }
  }

  private mutating func inPlace(_ out: inout [String: String], _ depth: Int, _ limit: Int) {
    switch below(8) {
    case 0, 1, 2, 3:
      let keyword = pick(["allOf", "anyOf", "oneOf"])
      out[keyword] = "[" + list(upTo: 3, atLeast: 1) { $0.schema(depth - 1, below: limit) } + "]"
    case 4: out["not"] = schema(depth - 1, below: limit)
    case 5:
      out["dependentSchemas"] = "{" + members { $0.schema(depth - 1, below: limit) } + "}"
    default:
      if chance(90) { out["if"] = schema(depth - 1, below: limit) }
      if chance(60) { out["then"] = schema(depth - 1, below: limit) }
      if chance(60) { out["else"] = schema(depth - 1, below: limit) }
    }
  }

  private mutating func reference(_ out: inout [String: String], _ limit: Int) {
    let isDeeper = limit > resources
    if isDeeper, chance(15) {
      out["$ref"] = "\"case\""
    } else if isDeeper, chance(40), let number = dynamic.firstIndex(of: true) {
      out["$dynamicRef"] = "\"r\(number)#d\""
    } else if limit > 0 {
      let number = below(min(limit, resources))
      out["$ref"] = "\"r\(number)\(pick(["", "#", "#a"]))\""
    }
  }
}
