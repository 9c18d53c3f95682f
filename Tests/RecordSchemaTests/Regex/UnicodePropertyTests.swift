import Testing

@testable import RecordSchema

@Suite("Unicode properties hold what Unicode says")
struct UnicodePropertyTests {
  @Test("a property holds of a character or does not", arguments: cases)
  func holds(_ example: PatternCase) throws {
    #expect(try Pattern(example.pattern).matches(example.text) == example.isFound)
  }

  private static let cases = [
    PatternCase(#"\p{Letter}cole"#, "Les hivers de mon enfance: l'école", true),
    PatternCase(#"\wcole"#, "l'école", false), PatternCase(#"^\p{digit}+$"#, "42", true),
    PatternCase(#"^\p{digit}+$"#, "৪২", true), PatternCase(#"^\p{digit}+$"#, "-%#", false),
    PatternCase(#"^\p{Letter}+$"#, "案件線索", true), PatternCase(#"^\p{L}$"#, "1", false),
    PatternCase(#"^\P{L}$"#, "1", true), PatternCase(#"^[^\P{L}]$"#, "移", true),
    PatternCase(#"^\p{Lu}$"#, "É", true), PatternCase(#"^\p{Lu}$"#, "é", false),
    PatternCase(#"^\p{Uppercase_Letter}$"#, "É", true), PatternCase(#"^\p{LC}$"#, "ǅ", true),
    PatternCase(#"^\p{LC}$"#, "移", false), PatternCase(#"^\p{Cased_Letter}$"#, "a", true),
    PatternCase(#"^\p{gc=Nd}$"#, "٣", true), PatternCase(#"^\p{General_Category=Nd}$"#, "Ⅷ", false),
    PatternCase(#"^\p{N}$"#, "Ⅷ", true), PatternCase(#"^\p{punct}$"#, "。", true),
    PatternCase(#"^\p{Ps}\p{Nd}{4}\p{Pe}$"#, "〔2026〕", true),
    PatternCase(#"^\p{Zs}$"#, "\u{3000}", true),
    PatternCase(#"^\p{cntrl}$"#, "\u{85}", true),
    PatternCase(#"^\p{Combining_Mark}$"#, "\u{301}", true),
    PatternCase(#"^\p{Sc}$"#, "¥", true), PatternCase(#"^\p{Co}$"#, "\u{F0000}", true),
    PatternCase(#"^\p{Co}$"#, "\u{10FFFD}", true), PatternCase(#"^\p{Cn}$"#, "\u{10FFFF}", true),
    PatternCase(#"^\p{Cn}$"#, "\u{E0000}", true), PatternCase(#"^\p{Cf}$"#, "\u{E0001}", true),
    PatternCase(#"^\p{C}$"#, "\u{50000}", true), PatternCase(#"\p{Cs}"#, "😀移a", false),
    PatternCase(#"^\p{ASCII}+$"#, "\0~\u{7F}", true), PatternCase(#"\P{ASCII}"#, "é", true),
    PatternCase(#"^\p{Any}{2}$"#, "\n\u{10FFFF}", true), PatternCase(#"\P{Any}"#, "a", false),
    PatternCase(#"^\p{Assigned}$"#, "移", true), PatternCase(#"\p{Assigned}"#, "\u{378}", false),
    PatternCase(#"^\p{Alphabetic}$"#, "ⓐ", true), PatternCase(#"^\p{Lower}$"#, "ª", true),
    PatternCase(#"^\p{White_Space}$"#, "\u{85}", true),
    PatternCase(#"^\p{space}$"#, "\u{FEFF}", false),
    PatternCase(#"^\p{Emoji}$"#, "😀", true), PatternCase(#"^\p{EPres}$"#, "☀", false),
    PatternCase(#"^\p{RI}{2}$"#, "🇨🇳", true), PatternCase(#"^\p{Ideographic}+$"#, "〇移", true),
    PatternCase(#"^\p{AHex}+$"#, "09afAF", true), PatternCase(#"^\p{Hex_Digit}$"#, "A", true),
    PatternCase(#"^\p{VS}$"#, "\u{E0100}", true), PatternCase(#"^\p{NChar}$"#, "\u{10FFFE}", true),
    PatternCase(#"^\p{DI}$"#, "\u{E0FFF}", true), PatternCase(#"^\p{Pat_Syn}+$"#, "〈—》", true),
    PatternCase(#"^\p{IDS}\p{IDC}*$"#, "案件_1", true), PatternCase(#"^\p{EComp}$"#, "#", true),
    PatternCase(#"^\p{Script=Han}+$"#, "移送〇々𠀀", true), PatternCase(#"\p{sc=Hani}"#, "あア가a。", false),
    PatternCase(#"^\p{Script=Latin}+$"#, "éÀſA", true), PatternCase(#"^\p{sc=Grek}+$"#, "αΩ", true),
    PatternCase(#"^\p{sc=Cyrl}+$"#, "Жя", true), PatternCase(#"^\p{sc=Hiragana}+$"#, "あん", true),
    PatternCase(#"^\p{sc=Kana}+$"#, "アン", true), PatternCase(#"\p{sc=Kana}"#, "ー", false),
    PatternCase(#"^\p{sc=Hang}+$"#, "한ㄱ", true), PatternCase(#"^\p{sc=Hebrew}+$"#, "אב", true),
    PatternCase(#"^\p{sc=Arab}+$"#, "نب", true), PatternCase(#"^\p{sc=Thai}+$"#, "ไทย", true),
    PatternCase(#"^\p{sc=Tibt}+$"#, "བོད", true), PatternCase(#"^\p{sc=Mong}+$"#, "ᠮᠣ", true),
    PatternCase(#"^\p{sc=Yiii}+$"#, "ꆈꌠ", true), PatternCase(#"^\p{sc=Bopo}+$"#, "ㄅㄆ", true),
  ]

  @Test("runs cover every code point once, in order")
  func runs() {
    var next: UInt32 = 0
    ScalarSet.forEachRun { range, scalar in
      #expect(range.first == next)
      #expect((scalar == nil) == (range.first == 0xD800))
      next = range.last + 1
    }
    #expect(next == ScalarSet.largest + 1)
  }

  @Test("long runs differ in no property within themselves")
  func longRuns() {
    func traits(_ scalar: Unicode.Scalar) -> [Bool] {
      let it = scalar.properties
      return [
        it.isAlphabetic, it.isCased, it.isCaseIgnorable, it.isDefaultIgnorableCodePoint,
        it.isDeprecated, it.isDiacritic, it.isEmoji, it.isGraphemeBase, it.isGraphemeExtend,
        it.isIDContinue, it.isIdeographic, it.isMath, it.isNoncharacterCodePoint, it.isWhitespace,
        it.isVariationSelector, it.changesWhenNFKCCaseFolded, it.generalCategory == .unassigned,
        it.generalCategory == .privateUse,
      ]
    }
    ScalarSet.forEachRun { range, scalar in
      guard range.last > range.first, let scalar else { return }
      let expected = traits(scalar)
      for value in stride(from: range.first, through: range.last, by: 61) {
        #expect(Unicode.Scalar(value).map(traits) == expected, "\(String(value, radix: 16))")
      }
    }
  }

  @Test("every code point of a known script is a letter, mark, number, symbol or punctuation")
  func scripts() throws {
    for (name, text) in ScriptRanges.texts {
      #expect(ScriptNames.longNames[name] == name)
      let scalars = ScalarSet(hexadecimal: text)
      #expect(scalars.ranges.count == text.split(separator: " ").count, "\(name) is not ascending")
      for range in scalars.ranges {
        for value in range.first...range.last {
          let category = Unicode.Scalar(value)?.properties.generalCategory
          #expect(category != nil && category != .unassigned && category != .control)
        }
      }
    }
  }

  @Test("no code point has two scripts")
  func disjoint() {
    let sets = ScriptRanges.texts.mapValues { ScalarSet(hexadecimal: $0) }
    let ranges = sets.values.flatMap(\.ranges).sorted { $0.first < $1.first }
    #expect(ranges.count > 150)
    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.last < $1.first })
  }

  @Test("general categories part all code points")
  func categories() throws {
    let names = [
      "L", "M", "N", "P", "S", "Z", "C",
    ]
    let sets = try names.map { try #require(UnicodeProperty(named: $0)?.scalars) }
    #expect(ScalarSet(sets.flatMap(\.ranges)) == .all)
    let ranges = sets.flatMap(\.ranges).sorted { $0.first < $1.first }
    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.last < $1.first })
  }
}
