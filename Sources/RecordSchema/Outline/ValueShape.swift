/// What values a schema allows.
public indirect enum ValueShape: Hashable, Sendable {
  /// A string.
  case text(TextOutline)
  /// A whole number between two bounds, both included.
  case integer(ClosedRange<Int64>)
  /// A number, whole or not.
  case number(minimum: NumberBound, maximum: NumberBound)
  /// `true` or `false`.
  case boolean
  /// A code of a list.
  case code(DefinitionName)
  /// An array.
  case list(ListOutline)
  /// An object that stands at this one place.
  case object(ObjectOutline)
  /// One of two objects, told apart by their members.
  case choice(ChoiceOutline)
  /// An object or an array that `schemas/common` defines.
  case shared(DefinitionName)
}

/// A string: what it is made from, and how long it may be.
public struct TextOutline: Hashable, Sendable {
  /// A regular expression that must be found, and the sentence for a value in which it is not.
  public struct Pattern: Hashable, Sendable {
    /// ECMA-262, with the flag `u`.
    public let source: String
    /// The rule in words, where the schema has them.
    public let sentence: BilingualText?
  }

  /// The shared definition that it follows, if one.
  public var definition: DefinitionName?
  /// A format that is asserted.
  public var format: Format?
  /// All of these must be found in it.
  public var patterns: [Pattern]
  /// Fewest code points.
  public var minLength: Int
  /// Most code points; nil where format or patterns bound it.
  public var maxLength: Int?
}

/// One end of a range of numbers.
public struct NumberBound: Hashable, Sendable {
  /// The bound as the schema writes it.
  public let value: String
  /// Whether the bound itself is allowed.
  public let isIncluded: Bool
}

/// An array.
public struct ListOutline: Hashable, Sendable {
  /// What one element is called, where it says so itself.
  public let wording: Wording?
  /// What values an element may have.
  public let element: ValueShape
  /// How many elements, both bounds included.
  public let count: ClosedRange<Int>
  /// Whether no two elements may be equal.
  public let isUnique: Bool
}

/// A closed object: members that are not listed are refused.
public struct ObjectOutline: Hashable, Sendable {
  /// What it is called, and what it is.
  public let wording: Wording
  /// Its members in the schema's order.
  public let fields: [FieldOutline]
  /// Members that other members' values make necessary.
  public let conditions: [ConditionOutline]
}

/// A member of an object.
public struct FieldOutline: Hashable, Sendable {
  /// The member's name.
  public let name: String
  /// What it is called, and what it is.
  public let wording: Wording
  /// What values it may have.
  public let shape: ValueShape
  /// Whether it must always be there.
  public let isRequired: Bool
}

/// Where one member has one of these values, other members must be there.
public struct ConditionOutline: Hashable, Sendable {
  /// The member that decides.
  public let field: String
  /// Its values that decide so, all of them strings.
  public let values: [String]
  /// What must then be there.
  public let required: [String]
  /// What is said where it is not.
  public let sentence: BilingualText?
}

/// One of two objects: the one where any of the marks is there, the other where none is.
public struct ChoiceOutline: Hashable, Sendable {
  /// What it is called, and what it is.
  public let wording: Wording
  /// Members of which one is enough to make it ``marked``.
  public let marks: [String]
  /// The object that has a mark.
  public let marked: ObjectOutline
  /// The object that has none.
  public let unmarked: ObjectOutline
}
