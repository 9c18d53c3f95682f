/// ECMA-262's table of binary Unicode properties.
enum BinaryProperties {
  struct Property: Sendable {
    /// Every name, separated by spaces.
    let names: String
    private let gather: @Sendable () -> ScalarSet?

    /// Nil when there are no data for it.
    var scalars: ScalarSet? { gather() }

    init(_ names: String, _ holds: @escaping @Sendable (Unicode.Scalar.Properties) -> Bool) {
      self.names = names
      gather = { ScalarSet.gathered(holds) }
    }

    init(_ names: String, hexadecimal: String?) {
      self.names = names
      gather = { hexadecimal.map(ScalarSet.init(hexadecimal:)) }
    }
  }

  static let places: [String: Int] = {
    var found: [String: Int] = [:]
    for (place, property) in all.enumerated() {
      for name in property.names.split(separator: " ") { found[String(name)] = place }
    }
    return found
  }()

  static let all: [Property] = cases + identifiers + kinds

  private static let cases: [Property] = [
    Property("Alphabetic Alpha") { $0.isAlphabetic },
    Property("Cased") { $0.isCased },
    Property("Case_Ignorable CI") { $0.isCaseIgnorable },
    Property("Changes_When_Casefolded CWCF") { $0.changesWhenCaseFolded },
    Property("Changes_When_Casemapped CWCM") { $0.changesWhenCaseMapped },
    Property("Changes_When_Lowercased CWL") { $0.changesWhenLowercased },
    Property("Changes_When_NFKC_Casefolded CWKCF") { $0.changesWhenNFKCCaseFolded },
    Property("Changes_When_Titlecased CWT") { $0.changesWhenTitlecased },
    Property("Changes_When_Uppercased CWU") { $0.changesWhenUppercased },
    Property("Lowercase Lower") { $0.isLowercase },
    Property("Soft_Dotted SD") { $0.isSoftDotted },
    Property("Uppercase Upper") { $0.isUppercase },
  ]

  private static let identifiers: [Property] = [
    Property("ID_Continue IDC") { $0.isIDContinue },
    Property("ID_Start IDS") { $0.isIDStart },
    Property("Pattern_Syntax Pat_Syn", hexadecimal: ScriptRanges.patternSyntax),
    Property("Pattern_White_Space Pat_WS") { $0.isPatternWhitespace },
    Property("White_Space space") { $0.isWhitespace },
    Property("XID_Continue XIDC") { $0.isXIDContinue },
    Property("XID_Start XIDS") { $0.isXIDStart },
  ]

  private static let kinds: [Property] = [
    Property("ASCII_Hex_Digit AHex") { $0.isASCIIHexDigit },
    Property("Bidi_Control Bidi_C") { $0.isBidiControl },
    Property("Bidi_Mirrored Bidi_M") { $0.isBidiMirrored },
    Property("Dash") { $0.isDash },
    Property("Default_Ignorable_Code_Point DI") { $0.isDefaultIgnorableCodePoint },
    Property("Deprecated Dep") { $0.isDeprecated },
    Property("Diacritic Dia") { $0.isDiacritic },
    Property("Emoji") { $0.isEmoji },
    Property("Emoji_Component EComp", hexadecimal: ScriptRanges.emojiComponent),
    Property("Emoji_Modifier EMod") { $0.isEmojiModifier },
    Property("Emoji_Modifier_Base EBase") { $0.isEmojiModifierBase },
    Property("Emoji_Presentation EPres") { $0.isEmojiPresentation },
    Property("Extended_Pictographic ExtPict", hexadecimal: nil),
    Property("Extender Ext") { $0.isExtender },
    Property("Grapheme_Base Gr_Base") { $0.isGraphemeBase },
    Property("Grapheme_Extend Gr_Ext") { $0.isGraphemeExtend },
    Property("Hex_Digit Hex") { $0.isHexDigit },
    Property("IDS_Binary_Operator IDSB") { $0.isIDSBinaryOperator },
    Property("IDS_Trinary_Operator IDST") { $0.isIDSTrinaryOperator },
    Property("Ideographic Ideo") { $0.isIdeographic },
    Property("Join_Control Join_C") { $0.isJoinControl },
    Property("Logical_Order_Exception LOE") { $0.isLogicalOrderException },
    Property("Math") { $0.isMath },
    Property("Noncharacter_Code_Point NChar") { $0.isNoncharacterCodePoint },
    Property("Quotation_Mark QMark") { $0.isQuotationMark },
    Property("Radical") { $0.isRadical },
    Property("Regional_Indicator RI", hexadecimal: "1F1E6-1F1FF"),
    Property("Sentence_Terminal STerm") { $0.isSentenceTerminal },
    Property("Terminal_Punctuation Term") { $0.isTerminalPunctuation },
    Property("Unified_Ideograph UIdeo") { $0.isUnifiedIdeograph },
    Property("Variation_Selector VS") { $0.isVariationSelector },
  ]
}
