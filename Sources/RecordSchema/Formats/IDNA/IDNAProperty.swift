/// What the rules of IDNA2008 ask of one scalar that may stand in a U-label.
struct IDNAProperty: Hashable {
  /// Derived property value, RFC 5892, section 3; what has none may not stand in a label.
  enum Derived: UInt32 {
    case valid = 1
    case joiner
    case contextual
  }

  /// Bidi_Class, as far as a label can meet it.
  enum Direction: UInt32 {
    case leftToRight, rightToLeft, arabicLetter, arabicNumber, europeanNumber
    case europeanSeparator, commonSeparator, europeanTerminator, otherNeutral
    case boundaryNeutral, nonspacingMark
  }

  /// Joining_Type.
  enum Joining: UInt32 {
    case none, transparent, dual, left, right, causing
  }

  /// Script, as far as the contextual rules ask for it.
  enum Script: UInt32 {
    case other, greek, hebrew
    /// Hiragana, Katakana or Han.
    case japanese
  }

  let derived: Derived
  let direction: Direction
  let joining: Joining
  let script: Script
  /// General_Category M: may not begin a label.
  let isMark: Bool

  /// Bits from the lowest: two of `derived`, four of `direction`, three of `joining`, two of
  /// `script`, one of `isMark`.
  init?(bits: UInt32) {
    guard let derived = Derived(rawValue: bits & 3),
      let direction = Direction(rawValue: bits >> 2 & 15),
      let joining = Joining(rawValue: bits >> 6 & 7), let script = Script(rawValue: bits >> 9 & 3)
    else { return nil }
    self.derived = derived
    self.direction = direction
    self.joining = joining
    self.script = script
    isMark = bits >> 11 & 1 == 1
  }

  private struct Run {
    let range: ClosedRange<UInt32>
    let property: IDNAProperty
  }

  private static let runs: [Run] = {
    var runs: [Run] = []
    RunTable.forEach(IDNAPropertyTable.runs) { numbers in
      guard numbers.count == 3, let property = IDNAProperty(bits: numbers[2]) else { return }
      runs.append(Run(range: numbers[0]...numbers[0] + numbers[1], property: property))
    }
    return runs
  }()

  /// The properties of a scalar; nil where it is DISALLOWED or UNASSIGNED.
  static func of(_ scalar: UInt32) -> IDNAProperty? {
    RunTable.find(scalar, in: runs, \.range)?.property
  }
}
