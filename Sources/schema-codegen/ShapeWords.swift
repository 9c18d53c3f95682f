import RecordSchema

/// Says in words what values a shape allows.
struct ShapeWords {
  private let outline: SchemaOutline
  private let tongue: Tongue
  /// Whether names of definitions and code lists lead to their sections.
  private let links: Bool

  init(_ outline: SchemaOutline, in tongue: Tongue, links: Bool) {
    self.outline = outline
    self.tongue = tongue
    self.links = links
  }

  /// A noun phrase: `line of text, 4 to 80 code points`.
  func phrase(_ shape: ValueShape) -> String {
    switch shape {
    case .text(let text): return self.text(text)
    case .integer(let range):
      let (least, most) = (tongue.number(range.lowerBound), tongue.number(range.upperBound))
      return tongue.say("whole number, \(least) to \(most)", "整数，\(least)至\(most)")
    case .number(let least, let most): return number(least, most)
    case .boolean: return tongue.say("`true` or `false`", "`true` 或 `false`")
    case .code(let name): return code(name)
    case .list(let list): return self.list(list)
    case .object(let object):
      return tongue.say("\(name(object.wording)) object", "“\(name(object.wording))”对象")
    case .choice(let choice):
      let (one, other) = (name(choice.marked.wording), name(choice.unmarked.wording))
      return tongue.say("\(one) or \(other) object", "“\(one)”或者“\(other)”对象")
    case .shared(let name): return shared(name)
    }
  }

  // MARK: Texts

  private func text(_ text: TextOutline) -> String {
    guard let name = text.definition, let definition = outline[definition: name] else {
      return ([tongue.say("text", "文字")] + lengths(text)).joined(separator: comma) + rules(text)
    }
    var general = text
    if case .text(let own) = definition.shape {
      // Only what the place of use adds is said again.
      if own.minLength == text.minLength { general.minLength = 0 }
      if own.maxLength == text.maxLength { general.maxLength = nil }
    }
    let title = link(self.name(definition.wording), to: Self.anchor(definition: name))
    return ([title] + lengths(general)).joined(separator: comma)
  }

  /// Bounds of length, if there are any.
  func lengths(_ text: TextOutline) -> [String] {
    let (least, most) = (text.minLength, text.maxLength)
    switch (least, most) {
    case (0, nil): return []
    case (_, nil):
      return [tongue.say("at least \(grouped(least)) code points", "至少\(least)个码点")]
    case (0, let most?):
      return [tongue.say("at most \(grouped(most)) code points", "至多\(most)个码点")]
    case (_, let most?) where least == most:
      return [tongue.say("\(grouped(least)) code points", "\(least)个码点")]
    case (_, let most?):
      return [
        tongue.say("\(grouped(least)) to \(grouped(most)) code points", "\(least)至\(most)个码点")
      ]
    }
  }

  /// Format and patterns in words; behind a colon.
  private func rules(_ text: TextOutline) -> String {
    var said: [String] = []
    if let format = text.format {
      said.append(tongue.say(format.english, Self.fullWidth(format.chinese)))
    }
    for pattern in text.patterns {
      guard let sentence = pattern.sentence else {
        said.append("`\(pattern.source)`")
        continue
      }
      let words = tongue.of(sentence).filter { $0 != "。" }
      let bare = words.hasSuffix(".") ? String(words.dropLast()) : words
      if !said.contains(where: { SwiftNames.lowerFirst(bare) == $0 }) {
        said.append(SwiftNames.lowerFirst(bare))
      }
    }
    return said.isEmpty
      ? "" : tongue.say(": ", "：") + said.joined(separator: tongue.say("; ", "；"))
  }

  /// Sentences of the engine have half-width commas; running Chinese text has not.
  static func fullWidth(_ text: String) -> String {
    String(text.map { $0 == "," ? "，" : $0 == "(" ? "（" : $0 == ")" ? "）" : $0 })
  }

  // MARK: Others

  private func number(_ least: NumberBound, _ most: NumberBound) -> String {
    let (low, high) = (tongue.number(least.value), tongue.number(most.value))
    let from =
      least.isIncluded
      ? tongue.say("from \(low)", "不小于\(low)") : tongue.say("above \(low)", "大于\(low)")
    let to =
      most.isIncluded
      ? tongue.say("at most \(high)", "不大于\(high)") : tongue.say("below \(high)", "小于\(high)")
    return [tongue.say("number", "数"), from, to].joined(separator: comma)
  }

  private func code(_ name: DefinitionName) -> String {
    let list = link("`\(name.name)`", to: Self.anchor(codeList: name))
    return tongue.say("code of \(list)", "\(list) 的代码")
  }

  private func list(_ list: ListOutline) -> String {
    let (least, most) = (grouped(list.count.lowerBound), grouped(list.count.upperBound))
    let count =
      switch (list.count.lowerBound, list.count.upperBound) {
      case (let one, let other) where one == other: tongue.say("list of \(least)", "\(least)项")
      case (0, _): tongue.say("list of at most \(most)", "至多\(most)项")
      default: tongue.say("list of \(least) to \(most)", "\(least)至\(most)项")
      }
    let unique = list.isUnique ? tongue.say(", each at most once", "，不得重复") : ""
    return tongue.say(
      "\(count)\(unique): \(phrase(list.element))",
      "列表，\(count)\(unique)，每项为\(phrase(list.element))"
    )
  }

  private func shared(_ name: DefinitionName) -> String {
    guard let definition = outline[definition: name] else { return name.description }
    if case .list(let list) = definition.shape { return self.list(list) }
    let title = link(self.name(definition.wording), to: Self.anchor(definition: name))
    return tongue.say("\(title) object", "“\(title)”对象")
  }

  private var comma: String { tongue.say(", ", "，") }

  private func grouped(_ count: Int) -> String { tongue.number(Int64(count)) }

  /// A title as it stands inside a sentence.
  private func name(_ wording: Wording) -> String {
    tongue.say(SwiftNames.lowerFirst(wording.title.english), wording.title.chinese)
  }

  private func link(_ text: String, to anchor: String?) -> String {
    guard links, let anchor else { return text }
    return "[\(text)](#\(anchor))"
  }

  /// Where the reference explains a shared definition.
  static func anchor(definition name: DefinitionName) -> String {
    "common-\(name.name)-\(name.version)"
  }

  /// Where the reference lists the codes of a list.
  static func anchor(codeList name: DefinitionName) -> String {
    "codes-\(name.name)-\(name.version)"
  }
}
