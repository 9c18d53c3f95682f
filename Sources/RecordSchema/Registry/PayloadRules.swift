/// Rules about payloads that JSON Schema cannot say. They are few, belong to a kind, and are
/// listed in the field reference; they are looked at only when the schema is kept.
enum PayloadRules {
  /// Judges a payload that keeps its schema.
  typealias Rule = @Sendable (JSONView, Setting) -> Violation?

  /// What a rule may need beside the payload.
  struct Setting {
    let registry: SchemaRegistry
    let asOf: CalendarDate?
  }

  /// By version, as what a published version accepts never changes.
  static func rules(of schema: SchemaName) -> [Rule] { bySchema[schema.description] ?? [] }

  private static let bySchema: [String: [Rule]] = [
    "lead.transfer/1": [periodOrder, attachments],
    "lead.forward/1": [base64("header"), base64("payload")],
    "supplement.provide/1": [attachments],
    "letter.issue/1": [attachments],
    "letter.reply/1": [attachments],
    "consult.note/1": [attachments],
    "record.correct/1": [base64("payload"), correctedPayload],
    "system.epoch/1": [distinctParties("previous")],
    "system.erasure/1": [distinctParties("channel"), approvals],
  ]

  // MARK: Leads

  /// A period must not end before it starts. Dates sort as their bytes do.
  private static let periodOrder: Rule = { view, _ in
    guard let period = view.member(of: JSONView.root, "period"),
      let from = view.member(of: period, "from"), let to = view.member(of: period, "to")
    else { return nil }
    let isBackwards = view.withText(from) { from in
      view.withText(to) { $0.lexicographicallyPrecedes(from) }
    }
    guard isBackwards else { return nil }
    return Violation(
      pointer: "/period/to", rule: "period:order",
      Sentence("The period must not end before it starts.", "发生期间的止日不得早于起日。"))
  }

  /// Files do not travel in this version, so a payload that lists one could not be kept whole.
  private static let attachments: Rule = { view, _ in
    guard let list = view.member(of: JSONView.root, "attachments"), view.tape[list].count > 0
    else { return nil }
    return Violation(
      pointer: "/attachments", rule: "attachments:unsupported",
      Sentence(
        "Attachments cannot be sent in this version: leave the list empty.",
        "本版本暂不支持附件，附件列表应为空。"))
  }

  // MARK: Payloads within payloads

  private static func base64(_ member: StaticString) -> Rule {
    { view, _ in
      guard let value = view.member(of: JSONView.root, member),
        !view.withText(value, Base64Text.isCanonical)
      else { return nil }
      return notCanonical("/\(member)")
    }
  }

  private static func notCanonical(_ pointer: String) -> Violation {
    Violation(
      pointer: pointer, rule: "base64:canonical",
      Sentence(
        "Must be base64 in its one canonical form: padded, unused bits zero.",
        "必须是规范形式的 Base64：含填充，未用的位为零。"))
  }

  /// The payload of a correction keeps the schema that it names, so that it can take the old
  /// one's place. Of a schema that is not here nothing is known, and that is said.
  private static let correctedPayload: Rule = { view, setting in
    guard let name = view.member(of: JSONView.root, "schema"),
      let value = view.member(of: JSONView.root, "payload"),
      let payload = view.withText(value, Base64Text.decoded)
    else { return nil }
    // One correction inside the other would be judged as deep as it is nested.
    let schema = view.string(name)
    let isNested = SchemaName(schema)?.kind == "record.correct"
    if !isNested,
      setting.registry.check(schema: schema, payload: payload, asOf: setting.asOf) == .valid
    {
      return nil
    }
    return Violation(
      pointer: "/payload", rule: "correct:payload",
      Sentence(
        "The new payload breaks the schema that it names, or that schema is not here, or it is a "
          + "correction itself.",
        "更正后的内容不符合所注明的模式，或者本节点没有该模式，或者其本身就是更正。"))
  }

  // MARK: What nodes write

  /// The two codes of `<federation>/sanxiang/<code>/<code>/<epoch>`: real ones, and not the same.
  private static func distinctParties(_ member: StaticString) -> Rule {
    { view, _ in
      guard let origin = view.member(of: JSONView.root, member) else { return nil }
      let areParties = view.withText(origin) { text in
        let codes = text.split(separator: UInt8(ascii: "/")).suffix(3).prefix(2)
          .map { UnsafeBufferPointer(rebasing: $0) }
        return codes.count == 2 && codes.allSatisfy { CodeFormat.isCreditCode(utf8: $0) }
          && !codes[0].elementsEqual(codes[1])
      }
      guard !areParties else { return nil }
      return Violation(
        pointer: "/\(member)", rule: "origin:parties",
        Sentence(
          "An origin's two codes must be right and differ.", "通道两端的机关代码必须正确且不得相同。"))
    }
  }

  /// Two operators, and signatures that can be read.
  private static let approvals: Rule = { view, _ in
    guard let list = view.member(of: JSONView.root, "approvals") else { return nil }
    var operators: [String] = []
    var approval = list + 1
    while approval < view.next(list) {
      for member: StaticString in ["key", "signature"] {
        if let value = view.member(of: approval, member),
          !view.withText(value, Base64Text.isCanonical)
        {
          return notCanonical("/approvals/\(operators.count)/\(member)")
        }
      }
      operators.append(view.member(of: approval, "operator").map(view.string) ?? "")
      approval = view.next(approval)
    }
    guard operators.count == 2, operators[0].utf8.elementsEqual(operators[1].utf8) else {
      return nil
    }
    return Violation(
      pointer: "/approvals/1/operator", rule: "approvals:distinct",
      Sentence("The two operators must differ.", "两名批准的操作员不得相同。"))
  }
}
