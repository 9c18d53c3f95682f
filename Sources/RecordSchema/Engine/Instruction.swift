/// One assertion or applicator, ready to run. Twenty bytes; what it needs more stands in the
/// program's tables.
///
/// Operands by code are written beside each case. A "block" is a compiled schema, a "list" a run
/// of block numbers, a "name" a run of UTF-8 in the program's pool.
struct Instruction {
  enum Code: UInt8 {
    /// Nothing is valid: the schema `false`.
    case never
    /// a: set of ``TypeSet`` bits.
    case type
    /// a: literal.
    case const
    /// a: first literal, b: how many.
    case enumeration
    /// a: first name, b: how many. `enum` and `const` of strings alone.
    case codes
    /// a: number.
    case minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
    /// a: code points.
    case minLength, maxLength
    /// a: pattern, b: a ``PatternShortcut``.
    case pattern
    /// a: format.
    case format
    /// a: how many.
    case minItems, maxItems, minProperties, maxProperties
    /// a: items up to which it is asked, the same schema's `maxItems`.
    case uniqueItems
    /// a: first of the list, b: how many.
    case prefixItems
    /// a: block, b: items that are left to prefixItems.
    case items
    /// a: block, b: at least, c: at most.
    case contains
    /// a: shape. All that looks at members by name, in one pass.
    case members
    /// a: first name, b: how many, for members that no `properties` lists.
    case required
    /// a: block for the name.
    case propertyNames
    /// a: name of the member, b: first required name, c: how many.
    case dependentRequired
    /// a: name of the member, b: block.
    case dependentSchema
    /// a: block.
    case call, not
    /// a: anchor, b: block where no resource in the dynamic scope has it.
    case dynamicCall
    /// a: first of the list, b: how many.
    case anyOf, oneOf
    /// a: if, b: then, c: else; ``none`` where absent.
    case condition
    /// a: block. Always last in their block.
    case unevaluatedItems, unevaluatedProperties
  }

  /// An operand that is not there, or a bound that is not set.
  static let none = UInt32.max

  var code: Code
  var a: UInt32 = 0
  var b: UInt32 = 0
  var c: UInt32 = 0
  /// Position in the program's sources: which keyword of which schema this is.
  var source: UInt32 = 0
}

/// How a match may be known without running the pattern.
enum PatternShortcut: UInt32 {
  case none
  /// Nothing but controls is refused, and not line feed or tab: the tape knows of controls.
  case controls
  /// Nothing but controls is refused, line feed or tab among them.
  case controlsAndLines
  /// Some one character is looked for: where it stands before the first escape, nothing need be
  /// unescaped.
  case prefix

  init(_ shape: PatternShape) {
    switch shape {
    case .some: self = .prefix
    case .every(let allowed): self = Self.controls(refusedBy: allowed)
    case .other: self = .none
    }
  }

  private static func controls(refusedBy allowed: ScalarSet) -> PatternShortcut {
    let refused = allowed.inverted.ranges
    let count = refused.reduce(0) { $0 + Int($1.last - $1.first) + 1 }
    guard count <= 1024,
      refused.allSatisfy({ ($0.first...$0.last).allSatisfy(TextScalars.isControl) })
    else { return .none }
    return allowed.contains(0x09) && allowed.contains(0x0A) ? .controls : .controlsAndLines
  }
}

/// The seven type names of JSON Schema as bits, the first six by the tape's own kinds.
struct TypeSet: OptionSet {
  let rawValue: UInt32

  static let null = TypeSet(kinds: [.null])
  static let boolean = TypeSet(kinds: [.false, .true])
  static let number = TypeSet(kinds: [.number])
  static let string = TypeSet(kinds: [.string])
  static let array = TypeSet(kinds: [.array])
  static let object = TypeSet(kinds: [.object])
  /// A number without a fractional part.
  static let integer = TypeSet(rawValue: 1 << 7)

  static let named: [(name: String, set: TypeSet)] = [
    ("null", .null), ("boolean", .boolean), ("object", .object), ("array", .array),
    ("number", .number), ("string", .string), ("integer", .integer),
  ]

  init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(kinds: [TapeEntry.Kind]) {
    rawValue = kinds.reduce(0) { $0 | 1 << $1.rawValue }
  }

  @inline(__always)
  func holds(_ kind: TapeEntry.Kind) -> Bool { rawValue & 1 << kind.rawValue != 0 }
}

/// A compiled schema: a run of instructions, all of which must hold.
struct Block {
  var start: UInt32 = 0
  var count: UInt32 = 0
  /// The resource it belongs to, for the dynamic scope.
  var resource: UInt32 = 0
  /// Whether it holds `unevaluatedItems` or `unevaluatedProperties`, and so needs to know what
  /// its other keywords have looked at.
  var tracks = false
}

/// Everything that looks at an object's members by name.
struct Shape {
  /// Members of `properties`, in the schema's order.
  var firstMember: UInt32 = 0
  var memberCount: UInt32 = 0
  /// Members of `patternProperties`: pairs of pattern and block in the lists.
  var firstPattern: UInt32 = 0
  var patternCount: UInt32 = 0
  /// `additionalProperties`.
  var additional = Additional.allowed
  var additionalBlock: UInt32 = 0
  var additionalSource: UInt32 = 0
  /// Members that `required` lists, one bit for each of the first 64.
  var requiredMask: UInt64 = 0
  var requiredSource: UInt32 = 0

  enum Additional: UInt8 {
    /// The keyword is absent: other members are neither judged nor counted as evaluated.
    case allowed
    /// `false`.
    case refused
    /// A schema.
    case judged
  }
}

/// A member that `properties` names.
struct MemberEntry {
  var name: PoolName
  var block: UInt32
}

/// A run of UTF-8 in the program's pool.
struct PoolName {
  var offset: UInt32
  var length: UInt32
}

/// Which keyword of which schema an instruction is, for violations.
struct InstructionSource: Sendable {
  /// Location of the schema object: resource URI, `#`, JSON Pointer.
  let schema: String
  let keyword: String
  /// What the schema itself says to people instead of the engine (`x-error`).
  let sentence: Sentence?

  /// Location of the keyword.
  var location: String { keyword.isEmpty ? schema : schema + "/" + JSONPointer.escape(keyword) }
}
