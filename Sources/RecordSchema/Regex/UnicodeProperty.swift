/// What `\p{…}` can name: every name of ECMA-262's tables is known, so that syntax is judged right;
/// data are the runtime's own and, for scripts, ``ScriptRanges``.
enum UnicodeProperty: Hashable, Sendable {
  case any
  case ascii
  case assigned
  /// A union of general categories, a bit each by their place in ``categories``.
  case categories(UInt32)
  /// By its place in ``BinaryProperties/all``.
  case binary(Int)
  /// By its long name.
  case script(String)
  case scriptExtensions(String)

  /// No name or pair of names is longer.
  static let longestName = 64

  init?(named text: String) {
    // Strings compare by canonical equivalence: KELVIN SIGN would pass for a K.
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    let parts = text.utf8.split(
      separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false
    ).map { String(Substring($0)) }
    guard parts.count == 2 else {
      self.init(alone: text)
      return
    }
    switch parts[0] {
    case "General_Category", "gc":
      guard let mask = Self.categoryNames[parts[1]] else { return nil }
      self = .categories(mask)
    case "Script", "sc":
      guard let name = ScriptNames.longNames[parts[1]] else { return nil }
      self = .script(name)
    case "Script_Extensions", "scx":
      guard let name = ScriptNames.longNames[parts[1]] else { return nil }
      self = .scriptExtensions(name)
    default: return nil
    }
  }

  private init?(alone name: String) {
    switch name {
    case "Any": self = .any
    case "ASCII": self = .ascii
    case "Assigned": self = .assigned
    default:
      if let mask = Self.categoryNames[name] {
        self = .categories(mask)
      } else if let place = BinaryProperties.places[name] {
        self = .binary(place)
      } else {
        return nil
      }
    }
  }

  /// Its members; nil when there are no data.
  var scalars: ScalarSet? {
    switch self {
    case .any: return .all
    case .ascii: return ScalarSet([ScalarRange(0, 0x7F)])
    case .assigned: return Self.members(ofCategories: Self.mask(.unassigned)).inverted
    case .categories(let mask): return Self.members(ofCategories: mask)
    case .binary(let place): return BinaryProperties.all[place].scalars
    case .script(let name): return ScriptRanges.texts[name].map(ScalarSet.init(hexadecimal:))
    case .scriptExtensions: return nil
    }
  }

  // MARK: General categories

  private static let categories: [(Unicode.GeneralCategory, String)] = [
    (.uppercaseLetter, "Lu Uppercase_Letter L LC"), (.lowercaseLetter, "Ll Lowercase_Letter L LC"),
    (.titlecaseLetter, "Lt Titlecase_Letter L LC"), (.modifierLetter, "Lm Modifier_Letter L"),
    (.otherLetter, "Lo Other_Letter L"), (.nonspacingMark, "Mn Nonspacing_Mark M"),
    (.spacingMark, "Mc Spacing_Mark M"), (.enclosingMark, "Me Enclosing_Mark M"),
    (.decimalNumber, "Nd Decimal_Number digit N"), (.letterNumber, "Nl Letter_Number N"),
    (.otherNumber, "No Other_Number N"), (.connectorPunctuation, "Pc Connector_Punctuation P"),
    (.dashPunctuation, "Pd Dash_Punctuation P"), (.openPunctuation, "Ps Open_Punctuation P"),
    (.closePunctuation, "Pe Close_Punctuation P"),
    (.initialPunctuation, "Pi Initial_Punctuation P"),
    (.finalPunctuation, "Pf Final_Punctuation P"), (.otherPunctuation, "Po Other_Punctuation P"),
    (.mathSymbol, "Sm Math_Symbol S"), (.currencySymbol, "Sc Currency_Symbol S"),
    (.modifierSymbol, "Sk Modifier_Symbol S"), (.otherSymbol, "So Other_Symbol S"),
    (.spaceSeparator, "Zs Space_Separator Z"), (.lineSeparator, "Zl Line_Separator Z"),
    (.paragraphSeparator, "Zp Paragraph_Separator Z"), (.control, "Cc Control cntrl C"),
    (.format, "Cf Format C"), (.surrogate, "Cs Surrogate C"), (.privateUse, "Co Private_Use C"),
    (.unassigned, "Cn Unassigned C"),
  ]

  private static let groups = [
    "L": ["Letter"], "LC": ["Cased_Letter"], "M": ["Mark", "Combining_Mark"], "N": ["Number"],
    "P": ["Punctuation", "punct"], "S": ["Symbol"], "Z": ["Separator"], "C": ["Other"],
  ]

  /// The categories that each name stands for.
  private static let categoryNames: [String: UInt32] = {
    var masks: [String: UInt32] = [:]
    for (category, names) in categories {
      for name in names.split(separator: " ").map(String.init) {
        for alias in [name] + groups[name, default: []] {
          masks[alias, default: 0] |= mask(category)
        }
      }
    }
    return masks
  }()

  private static func mask(_ category: Unicode.GeneralCategory) -> UInt32 {
    1 << UInt32(categories.firstIndex { $0.0 == category } ?? 31)
  }

  /// Runs of code points of one category, gathered once: every set of categories is read off it.
  private static let runs: [(range: ScalarRange, mask: UInt32)] = {
    let masks = Dictionary(uniqueKeysWithValues: categories.map { ($0.0, mask($0.0)) })
    var runs: [(range: ScalarRange, mask: UInt32)] = []
    ScalarSet.forEachRun { range, scalar in
      // The one thing that no scalar value tells: a surrogate is none.
      let mask = scalar.map { masks[$0.properties.generalCategory] ?? 0 } ?? mask(.surrogate)
      if let last = runs.last, last.mask == mask, last.range.last + 1 == range.first {
        runs[runs.count - 1].range.last = range.last
      } else {
        runs.append((range, mask))
      }
    }
    return runs
  }()

  private static func members(ofCategories mask: UInt32) -> ScalarSet {
    ScalarSet(runs.filter { $0.mask & mask != 0 }.map(\.range))
  }
}

extension ScalarSet {
  /// Every code point in ascending order: one by one where scripts and symbols stand, in long runs
  /// where planes are empty or for private use, whose members differ in no property. Surrogates
  /// come as one run without a scalar.
  static func forEachRun(_ body: (ScalarRange, Unicode.Scalar?) -> Void) {
    func single(_ values: ClosedRange<UInt32>) {
      for value in values { body(ScalarRange(value, value), Unicode.Scalar(value)) }
    }
    single(0...0xD7FF)
    body(ScalarRange(0xD800, 0xDFFF), nil)
    single(0xE000...0x3FFFF)
    for plane in UInt32(4)...16 {
      var start = plane << 16
      if plane == 14 {
        single(start...(start | 0x0FFF))
        start |= 0x1000
      }
      body(ScalarRange(start, plane << 16 | 0xFFFD), Unicode.Scalar(start))
      // The last two of every plane are noncharacters.
      single((plane << 16 | 0xFFFE)...(plane << 16 | 0xFFFF))
    }
  }

  /// The scalars of which a property holds.
  static func gathered(_ holds: (Unicode.Scalar.Properties) -> Bool) -> ScalarSet {
    var ranges: [ScalarRange] = []
    forEachRun { range, scalar in
      guard let scalar, holds(scalar.properties) else { return }
      if let last = ranges.last, last.last + 1 == range.first {
        ranges[ranges.count - 1].last = range.last
      } else {
        ranges.append(range)
      }
    }
    return ScalarSet(ranges)
  }

  /// Ranges as in the Unicode database: `41-5A 5F`.
  init(hexadecimal text: String) {
    self.init(
      text.split(separator: " ").compactMap { part in
        let ends = part.split(separator: "-").compactMap { UInt32($0, radix: 16) }
        guard let first = ends.first, let last = ends.last else { return nil }
        return ScalarRange(first, last)
      })
  }
}
