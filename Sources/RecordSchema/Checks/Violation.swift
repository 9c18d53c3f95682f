/// One rule that one place in a payload breaks.
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

  /// A violation found elsewhere, for example by the rules for threads.
  public init(pointer: String, rule: String, message: String, messageZH: String) {
    self.pointer = pointer
    self.rule = rule
    self.message = message
    self.messageZH = messageZH
  }

  /// The place, the rule and the sentence.
  public var description: String { "\"\(pointer)\" \(rule): \(message)" }
}

/// What a registry says of a payload.
public enum PayloadVerdict: Hashable, Sendable {
  /// It keeps every rule of its schema.
  case valid
  /// It breaks these rules: at least one, at most ``SchemaRegistry/violationLimit``.
  case invalid([Violation])
  /// The registry holds no schema of that name.
  case unknownSchema
}

/// What a check collects.
///
/// In flag mode (`isCollecting` false) the first failure settles the verdict and nothing is
/// allocated; the registry then runs the checks once more, collecting.
struct Findings {
  static let limit = 100

  let isCollecting: Bool
  private(set) var hasFailed = false
  private(set) var violations: [Violation] = []

  init(collecting: Bool) { self.isCollecting = collecting }

  /// Whether further checking cannot change the answer.
  var isSettled: Bool {
    hasFailed && (!isCollecting || violations.count >= Self.limit)
  }

  /// Notes a failure at a value, or at the member `missing` of it.
  mutating func fail(
    _ view: JSONView, _ index: Int, _ failure: @autoclosure () -> Failure,
    missing: StaticString? = nil
  ) {
    hasFailed = true
    guard isCollecting, violations.count < Self.limit else { return }
    var tokens = view.tokens(to: index, name: view.safeToken)
    if let missing { tokens.append(JSONPointer.escape(missing.description)) }
    let failure = failure()
    violations.append(
      Violation(
        pointer: JSONPointer.join(tokens), rule: failure.rule, message: failure.english,
        messageZH: failure.chinese))
  }
}
