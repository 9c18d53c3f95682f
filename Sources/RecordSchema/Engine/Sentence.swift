/// One sentence in both languages.
struct Sentence: Hashable, Sendable {
  let english: String
  let chinese: String

  init(english: String, chinese: String) {
    self.english = english
    self.chinese = chinese
  }

  init(_ english: String, _ chinese: String) {
    self.init(english: english, chinese: chinese)
  }
}

/// What failures say to people: limits and names from the schema, nothing from the document.
extension Sentence {
  static func of(_ finding: Finding, in program: Program) -> Sentence {
    let instruction = finding.instruction
    let tables = program.tables
    switch instruction.code {
    case .type: return type(TypeSet(rawValue: instruction.a))
    case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum, .multipleOf:
      return number(instruction, tables)
    case .minLength, .maxLength, .minItems, .maxItems, .minProperties, .maxProperties:
      return count(instruction)
    case .pattern: return pattern(tables.patterns[Int(instruction.a)].source)
    case .format: return format(tables.formats[Int(instruction.a)])
    case .required, .dependentRequired: return required(finding.missing.map(tables.string) ?? "")
    case .codes: return codes(instruction, tables)
    case .const, .enumeration: return values(instruction)
    default: return structure(instruction)
    }
  }

  private static func type(_ set: TypeSet) -> Sentence {
    let names = TypeSet.named.filter { set.contains($0.set) }.map(\.name)
    let chinese = names.map { typeNames[$0] ?? $0 }
    return Sentence(
      "Must be of type \(names.joined(separator: " or ")).",
      "类型必须是\(chinese.joined(separator: "或"))。")
  }

  private static let typeNames = [
    "null": "空值", "boolean": "布尔值", "object": "对象", "array": "数组", "number": "数字",
    "string": "字符串", "integer": "整数",
  ]

  private static func number(_ instruction: Instruction, _ tables: ProgramTables) -> Sentence {
    let bound = tables.string(tables.numbers[Int(instruction.a)].text)
    return switch instruction.code {
    case .minimum: Sentence("Must be at least \(bound).", "不得小于\(bound)。")
    case .maximum: Sentence("Must be at most \(bound).", "不得大于\(bound)。")
    case .exclusiveMinimum: Sentence("Must be greater than \(bound).", "必须大于\(bound)。")
    case .exclusiveMaximum: Sentence("Must be less than \(bound).", "必须小于\(bound)。")
    default: Sentence("Must be a multiple of \(bound).", "必须是\(bound)的整数倍。")
    }
  }

  private static func count(_ instruction: Instruction) -> Sentence {
    let bound = instruction.a
    return switch instruction.code {
    case .minLength:
      Sentence("Must have at least \(bound) characters.", "长度不得少于\(bound)个字符。")
    case .maxLength:
      Sentence("Must have at most \(bound) characters.", "长度不得超过\(bound)个字符。")
    case .minItems: Sentence("Must have at least \(bound) items.", "至少应有\(bound)项。")
    case .maxItems: Sentence("Must have at most \(bound) items.", "至多可有\(bound)项。")
    case .minProperties:
      Sentence("Must have at least \(bound) members.", "至少应有\(bound)个成员。")
    default: Sentence("Must have at most \(bound) members.", "至多可有\(bound)个成员。")
    }
  }

  private static func pattern(_ source: String) -> Sentence {
    Sentence("Must match the pattern \(source).", "必须符合正则表达式 \(source)。")
  }

  private static func format(_ format: Format) -> Sentence {
    Sentence("Must be \(format.english).", "必须是\(format.chinese)。")
  }

  private static func required(_ name: String) -> Sentence {
    Sentence("The member \(name) is required.", "缺少必填项 \(name)。")
  }

  /// More text than this is no help to a reader, who finds the list in the field reference.
  private static let listedBytes = 240

  /// The strings that are allowed, where they are few.
  private static func codes(_ instruction: Instruction, _ tables: ProgramTables) -> Sentence {
    let names = (0..<Int(instruction.b)).map { tables.names[Int(instruction.a) + $0] }
    guard names.reduce(0, { $0 + Int($1.length) }) <= listedBytes else {
      return values(instruction)
    }
    let listed = names.map(tables.string)
    return Sentence(
      "Must be \(listed.count > 1 ? "one of " : "")\(listed.joined(separator: ", ")).",
      "必须是\(listed.count > 1 ? "下列取值之一：" : "")\(listed.joined(separator: "、"))。")
  }

  private static func values(_ instruction: Instruction) -> Sentence {
    instruction.b == 1
      ? Sentence("Must have the one value that the schema allows.", "必须是规定的唯一取值。")
      : Sentence("Must be one of the values that the schema lists.", "必须是规定取值之一。")
  }

  private static func structure(_ instruction: Instruction) -> Sentence {
    switch instruction.code {
    case .members, .unevaluatedProperties:
      Sentence("The schema has no such member here.", "此处不允许出现该项。")
    case .unevaluatedItems:
      Sentence("The schema has no such item here.", "此处不允许出现该元素。")
    case .uniqueItems: Sentence("The same item stands here twice.", "存在重复项。")
    case .propertyNames:
      Sentence("The member's name is not one that is allowed here.", "该项的名称不符合规定。")
    case .contains: contains(instruction)
    case .anyOf:
      Sentence("Must keep to at least one of the alternatives.", "必须至少符合一个备选规则。")
    case .oneOf:
      Sentence("Must keep to exactly one of the alternatives.", "必须恰好符合一个备选规则。")
    case .not: Sentence("Must not be of the form that is excluded.", "不得为被排除的形式。")
    default: Sentence("Nothing is allowed here.", "此处不允许有任何值。")
    }
  }

  private static func contains(_ instruction: Instruction) -> Sentence {
    guard instruction.c != Instruction.none else {
      return Sentence(
        "At least \(instruction.b) of the items must be of the required form.",
        "至少\(instruction.b)个元素必须符合规定的形式。")
    }
    return Sentence(
      "From \(instruction.b) to \(instruction.c) of the items must be of the required form.",
      "必须有\(instruction.b)至\(instruction.c)个元素符合规定的形式。")
  }

  // MARK: Outside schemas

  /// A run that was stopped.
  static let stopped = Sentence(
    "Checking it would take more time or nesting than is allowed.", "校验所需的时间或嵌套层数超过上限。")
}
