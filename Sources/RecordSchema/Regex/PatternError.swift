/// Why a text is no pattern that can be used here. Says where, in bytes of the pattern's UTF-8.
struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The three things that callers tell apart.
  enum Code: String, Hashable, Sendable {
    /// Not a pattern of ECMA-262 with the `u` flag.
    case syntax
    /// A pattern of ECMA-262, but one that is not matched in linear time here.
    case unsupported
    /// A pattern whose automaton would be larger than ``PatternProgram/sizeLimit``.
    case tooLarge
  }

  /// What exactly is wrong.
  enum Reason: String, CaseIterable, Hashable, Sendable {
    case nothingToRepeat, quantifierOrder, loneBracket, openGroup, openClass, openQuantifier
    case groupKind, groupName, repeatedName, unknownName, unknownGroup
    case escape, codePoint, classRange, classEscape, property, endsInEscape
    case backreference, lookaround, propertyData
    case size, depth
  }

  let reason: Reason
  /// The byte at which it was found; 0 for what concerns the whole pattern.
  let offset: Int

  init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  var code: Code {
    switch reason {
    case .backreference, .lookaround, .propertyData: .unsupported
    case .size, .depth: .tooLarge
    default: .syntax
    }
  }

  /// One sentence in Chinese.
  var chinese: String { "正则表达式第 \(offset) 字节处：\(reason.chinese)" }
  /// One sentence in English.
  var english: String { "regular expression, byte \(offset): \(reason.english)" }
  var description: String { english }
}

extension PatternError.Reason {
  var chinese: String {
    switch self {
    case .nothingToRepeat: "量词前没有可重复的内容"
    case .quantifierOrder: "量词的上限小于下限"
    case .loneBracket: "多余的括号，应写成转义形式"
    case .openGroup: "分组没有闭合"
    case .openClass: "字符类没有闭合"
    case .openQuantifier: "花括号不是完整的量词"
    case .groupKind: "“(?”之后不是已知的分组"
    case .groupName: "分组名称不合规定"
    case .repeatedName: "分组名称重复"
    case .unknownName: "引用了不存在的分组名称"
    case .unknownGroup: "引用了不存在的分组编号"
    case .escape: "不是已知的转义"
    case .codePoint: "不是有效的字符编号"
    case .classRange: "字符类中范围的起点大于终点"
    case .classEscape: "字符类中范围的一端不是单个字符"
    case .property: "不是已知的 Unicode 属性"
    case .endsInEscape: "以反斜杠结尾"
    case .backreference: "不支持反向引用，因其不能在线性时间内匹配"
    case .lookaround: "不支持前瞻和后顾断言"
    case .propertyData: "没有该 Unicode 属性的数据"
    case .size: "展开后过大"
    case .depth: "分组嵌套过深"
    }
  }

  var english: String {
    switch self {
    case .nothingToRepeat: "a quantifier stands where nothing can be repeated"
    case .quantifierOrder: "a quantifier's upper bound is below its lower bound"
    case .loneBracket: "a bracket or brace that closes nothing must be escaped"
    case .openGroup: "a group is not closed"
    case .openClass: "a character class is not closed"
    case .openQuantifier: "a brace does not begin a whole quantifier"
    case .groupKind: "what follows '(?' is no known kind of group"
    case .groupName: "a group's name is not an identifier between angle brackets"
    case .repeatedName: "two groups have the same name"
    case .unknownName: "no group has the name that is referred to"
    case .unknownGroup: "no group has the number that is referred to"
    case .escape: "what follows the backslash is no known escape"
    case .codePoint: "a hexadecimal escape does not name a code point"
    case .classRange: "a range in a class ends before it begins"
    case .classEscape: "an end of a range in a class is not one character"
    case .property: "this is no known Unicode property"
    case .endsInEscape: "the pattern ends in a backslash"
    case .backreference: "back references are not supported, as they cannot match in linear time"
    case .lookaround: "lookahead and lookbehind are not supported"
    case .propertyData: "there are no data for this Unicode property"
    case .size: "the pattern is too large once its repetitions are written out"
    case .depth: "groups are nested too deeply"
    }
  }
}

/// Why a record schema may not use a pattern that is otherwise in order: engines that backtrack
/// (those of most other programs) could be made slow by a text chosen for it.
struct PatternObjection: Hashable, Sendable {
  enum Reason: Hashable, Sendable {
    /// Repeats without bound, and is looked for at every position.
    case unanchored
    /// After some text, one character can be taken, or the end reached, in two ways.
    case ambiguous
    /// Too large to be judged.
    case tooLarge
  }

  let reason: Reason

  /// One sentence in Chinese.
  var chinese: String {
    switch reason {
    case .unanchored: "正则表达式含有无上限的重复，须以 ^ 开头"
    case .ambiguous: "正则表达式有歧义：同一段文字可有两种以上匹配方式，回溯引擎可能极慢"
    case .tooLarge: "正则表达式过大，无法判断其匹配是否唯一"
    }
  }

  /// One sentence in English.
  var english: String {
    switch reason {
    case .unanchored: "the pattern repeats without bound and is not anchored by ^"
    case .ambiguous:
      "the pattern is ambiguous: the same text can match in more than one way, which can make an "
        + "engine that backtracks very slow"
    case .tooLarge: "the pattern is too large to judge whether it matches in one way only"
    }
  }
}
