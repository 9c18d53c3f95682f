/// One rule that one place in a document breaks.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
  /// JSON Pointer (RFC 6901) to the place; for `required`, to the member that is missing. A
  /// member that should not be there is named only when its name is short printable ASCII:
  /// otherwise `*` stands for it.
  public var pointer: String
  /// The rule's stable name: a JSON Schema keyword such as `required` or `maxLength`, one with
  /// its argument such as `format:uscc`, or a code of ``JSONError``.
  public var rule: String
  /// One English sentence that names the rule and never the value.
  public var message: String
  /// The same in Chinese.
  public var messageZH: String
  /// The schema's own place of the rule: resource URI, `#`, JSON Pointer. Empty for rules that
  /// stand in no schema.
  public var schemaPointer: String

  /// A violation found elsewhere, for example by the rules for threads.
  public init(
    pointer: String, rule: String, message: String, messageZH: String, schemaPointer: String = ""
  ) {
    self.pointer = pointer
    self.rule = rule
    self.message = message
    self.messageZH = messageZH
    self.schemaPointer = schemaPointer
  }

  init(pointer: String, rule: String, _ sentence: Sentence) {
    self.init(
      pointer: pointer, rule: rule, message: sentence.english, messageZH: sentence.chinese)
  }

  /// Not the strict JSON that was asked for.
  init(_ error: JSONError) {
    self.init(
      pointer: error.pointer, rule: error.code.rawValue, message: error.message,
      messageZH: error.messageZH)
  }

  init(_ finding: Finding, in program: Program, _ view: JSONView) {
    let source = program.sources[Int(finding.instruction.source)]
    var tokens = view.tokens(to: finding.at, name: view.safeToken)
    if let missing = finding.missing {
      tokens.append(JSONPointer.escape(program.tables.string(missing)))
    }
    let sentence = source.sentence ?? .of(finding, in: program)
    self.init(
      pointer: JSONPointer.join(tokens), rule: Self.rule(finding, source, program),
      message: sentence.english, messageZH: sentence.chinese, schemaPointer: source.location)
  }

  private static func rule(
    _ finding: Finding, _ source: InstructionSource, _ program: Program
  ) -> String {
    switch finding.instruction.code {
    case .format:
      "format:" + program.tables.formats[Int(finding.instruction.a)].rawValue
    case .never: "false"
    default: source.keyword
    }
  }

  /// The JSON Schema keyword, without its argument; the code for JSON errors.
  public var keyword: String {
    rule.utf8.starts(with: "format:".utf8) ? "format" : rule
  }

  /// The place, the rule and the sentence.
  public var description: String { "\"\(pointer)\" \(rule): \(message)" }
}
