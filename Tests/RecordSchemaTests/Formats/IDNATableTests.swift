import Foundation
import Testing

@testable import RecordSchema

/// The pinned tables against what the toolchain knows of Unicode, derived by the rules of the RFCs
/// and not by how the tables were made.
@Suite("Tables of international names")
struct IDNATableTests {
  /// Every scalar that the tables' version of Unicode has, or leaves unassigned for good.
  private static func forEachScalar(_ body: (Unicode.Scalar) -> Void) {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if let age = scalar.properties.age, (age.major, age.minor) > NFCTables.unicodeVersion {
        continue
      }
      body(scalar)
    }
  }

  /// RFC 5892, section 2.6.
  private static func exception(_ value: UInt32) -> (IDNAProperty.Derived?)? {
    switch value {
    case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: .some(.valid)
    case 0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x660...0x669, 0x6F0...0x6F9: .some(.contextual)
    case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: .some(nil)
    default: nil
    }
  }

  /// RFC 5892, section 3.
  private static func derived(_ scalar: Unicode.Scalar) -> IDNAProperty.Derived? {
    let properties = scalar.properties
    if let exception = exception(scalar.value) { return exception }
    if properties.generalCategory == .unassigned { return nil }
    if scalar.isASCII {
      return scalar == "-" || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar)
        ? .valid : nil
    }
    if properties.isJoinControl { return .joiner }
    if properties.changesWhenNFKCCaseFolded || properties.isDefaultIgnorableCodePoint
      || properties.isWhitespace || properties.isNoncharacterCodePoint
    {
      return nil
    }
    switch scalar.value {
    // Combining marks for symbols, musical notation.
    case 0x20D0...0x20FF, 0x1D100...0x1D24F: return nil
    // Conjoining jamo.
    case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB: return nil
    default: break
    }
    switch properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .otherLetter, .decimalNumber, .modifierLetter,
      .nonspacingMark, .spacingMark:
      return .valid
    default: return nil
    }
  }

  @Test("every scalar has the derived property value of RFC 5892")
  func derivedValues() {
    var count = 0
    Self.forEachScalar { scalar in
      let property = IDNAProperty.of(scalar.value)
      if property != nil { count += 1 }
      if property?.derived != Self.derived(scalar) {
        Issue.record("U+\(String(scalar.value, radix: 16)) \(String(describing: property))")
      }
    }
    #expect(count > 100_000)
  }

  @Test("marks, joining and direction agree with general categories and names")
  func otherValues() {
    let directions: [(String, IDNAProperty.Direction)] = [
      ("LATIN SMALL LETTER", .leftToRight), ("GREEK SMALL LETTER", .leftToRight),
      ("HEBREW LETTER", .rightToLeft), ("ARABIC LETTER", .arabicLetter),
      ("SYRIAC LETTER", .arabicLetter), ("THAANA LETTER", .arabicLetter),
      ("NKO LETTER", .rightToLeft), ("ARABIC-INDIC DIGIT", .arabicNumber),
      ("EXTENDED ARABIC-INDIC DIGIT", .europeanNumber), ("DIGIT ", .europeanNumber),
      ("HIRAGANA LETTER", .leftToRight), ("DEVANAGARI LETTER", .leftToRight),
      ("ADLAM SMALL LETTER", .rightToLeft),
    ]
    Self.forEachScalar { scalar in
      guard let property = IDNAProperty.of(scalar.value) else { return }
      let category = scalar.properties.generalCategory
      let isMark = [.nonspacingMark, .spacingMark, .enclosingMark].contains(category)
      // Unicode names one letter among those that are transparent: the Adlam nasalisation mark.
      let isTransparent = category == .nonspacingMark || scalar.value == 0x1E94B
      let joiners: ClosedRange<UInt32> = 0x200C...0x200D
      var isRight = property.isMark == isMark
      isRight = isRight && (property.direction != .nonspacingMark || isMark)
      if !joiners.contains(scalar.value) {
        isRight = isRight && (property.joining == .transparent) == isTransparent
      }
      if !isMark, let name = scalar.properties.name,
        let expected = directions.first(where: { name.hasPrefix($0.0) })
      {
        isRight = isRight && property.direction == expected.1
      }
      if !isRight { Issue.record("U+\(String(scalar.value, radix: 16)) \(category) \(property)") }
    }
  }

  @Test(
    "letters join as Unicode says, and belong to their scripts",
    arguments: [
      (0x628, .dual, .other), (0x627, .right, .other), (0xA872, .left, .other),
      (0x640 + 0x9, .dual, .other), (0x61, .none, .other), (0x64B, .transparent, .other),
      (0x3B1, .none, .greek), (0x1F00, .none, .greek), (0x5D0, .none, .hebrew),
      (0x3041, .none, .japanese), (0x30A1, .none, .japanese), (0x4E00, .none, .japanese),
      (0x3007, .none, .japanese), (0x20000, .none, .japanese), (0x3105, .none, .other),
      (0xAC00, .none, .other), (0x30FB, .none, .other), (0x375, .none, .greek),
    ] as [(UInt32, IDNAProperty.Joining, IDNAProperty.Script)])
  func lettersAndScripts(
    scalar: UInt32, joining: IDNAProperty.Joining, script: IDNAProperty.Script
  ) throws {
    let property = try #require(IDNAProperty.of(scalar))
    #expect(property.joining == joining)
    #expect(property.script == script)
  }

  // MARK: Mapping

  private static func mapped(_ scalar: Unicode.Scalar) -> [UInt32] {
    var out: [UInt32] = []
    IDNAMapping.append(scalar.value, to: &out)
    return out == [scalar.value] ? out : LabelComposition.composed(out)
  }

  /// Folded by case and compatibility, by the toolchain's own tables; lower case and folded case
  /// differ in the final sigma.
  private static func folded(_ scalar: Unicode.Scalar) -> [UInt32] {
    var text = String(scalar)
    for _ in 0..<2 {
      text = text.precomposedStringWithCompatibilityMapping.lowercased()
    }
    return text.precomposedStringWithCompatibilityMapping.unicodeScalars
      .filter { !$0.properties.isDefaultIgnorableCodePoint }
      .map { $0.value == 0x3C2 ? 0x3C3 : $0.value }
  }

  @Test("the mapping folds case and width, ignores the invisible, and leaves alone what is stable")
  func mapping() {
    var changed = 0
    Self.forEachScalar { scalar in
      // What the non-transitional mapping keeps, other than folding does.
      guard ![0xDF, 0x3C2].contains(scalar.value) else { return }
      let mapped = Self.mapped(scalar)
      if mapped != [scalar.value] { changed += 1 }
      let isStable = !scalar.properties.changesWhenNFKCCaseFolded
      let folded = isStable ? [scalar.value] : Self.folded(scalar)
      let isRight =
        if isStable {
          mapped == folded
        } else if folded.isEmpty {
          // Ignored, or kept and refused, or kept for its contextual rule.
          mapped.isEmpty || mapped == [scalar.value]
        } else if folded.allSatisfy({ IDNAProperty.of($0) != nil }) {
          mapped == folded
        } else {
          IDNAProperty.of(scalar.value) == nil
        }
      if !isRight { Issue.record("U+\(String(scalar.value, radix: 16)) \(mapped) \(folded)") }
    }
    #expect(changed > 5_000)
    for scalar in ["\u{AD}", "\u{200B}", "\u{2060}", "\u{FE0F}", "\u{E0100}"] as [Unicode.Scalar] {
      #expect(Self.mapped(scalar) == [])
    }
    for scalar in ["ß", "ς", "\u{200C}", "\u{200D}", "\u{202E}"] as [Unicode.Scalar] {
      #expect(Self.mapped(scalar) == [scalar.value])
    }
  }

  @Test("composition of a label is normalisation form C")
  func composition() {
    var generator = SeededGenerator(seed: 46)
    let pool: [UInt32] = [
      0x61, 0x65, 0x300, 0x301, 0x302, 0x308, 0x323, 0x327, 0x345, 0x1EA5, 0xE9, 0x1100, 0x1161,
      0x11A8, 0xAC00, 0x915, 0x93C, 0x94D, 0x5D0, 0x5B0, 0x5BC, 0x3B1, 0x314, 0x1F01, 0x9C7, 0x9BE,
    ]
    for _ in 0..<4_000 {
      let label = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
        pool.randomElement(using: &generator) ?? 0x61
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: label.compactMap(Unicode.Scalar.init))
      // Decomposed first: the toolchain leaves a syllable and a trailing consonant apart.
      let expected = String(text).decomposedStringWithCanonicalMapping
        .precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
      #expect(LabelComposition.composed(label) == expected)
    }
  }

  // MARK: Punycode

  /// Pairs of a label's characters and its encoding; RFC 3492, section 7.1, and others.
  @Test(
    "Punycode is that of RFC 3492, there and back",
    arguments: [
      ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
      ("bücher", "bcher-kva"), ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"), ("ü", "tda"),
      ("そのスピードで", "d9juau41awczczp"), ("ß", "zca"), ("a", "a-"), ("a-b", "a-b-"),
      ("\u{10FFFF}", "dn32g"), ("\u{80}", "a"),
    ])
  func punycode(text: String, encoded: String) {
    let scalars = text.unicodeScalars.map(\.value)
    let units = encoded.unicodeScalars.map(\.value)
    #expect(Punycode.encode(scalars) == units)
    #expect(Punycode.decode(units[...]) == scalars)
  }

  @Test("Punycode gives back every label that it encoded")
  func roundTrips() {
    var generator = SeededGenerator(seed: 3492)
    for _ in 0..<2_000 {
      let top = [0x7F, 0x2FF, 0xFFFF, 0x10FFFF].randomElement(using: &generator) ?? 0x7F
      let label = (0..<Int.random(in: 1...63, using: &generator)).map { _ in
        UInt32.random(in: 0x61...UInt32(top), using: &generator)
      }
      #expect(Punycode.decode(Punycode.encode(label)[...]) == label)
    }
  }

  @Test(
    "Punycode refuses what is cut short, foreign or beyond Unicode",
    arguments: [
      "99999999", "a-9", "a-Z", "a-é", "9", "bcher-kv", "bcher-kva9", "a-!", "-",
    ])
  func wrongPunycode(text: String) {
    let units = text.unicodeScalars.map(\.value)
    let decoded = Punycode.decode(units[...])
    #expect(decoded == nil || decoded.map(Punycode.encode) != units)
  }
}
