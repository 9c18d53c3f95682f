import NodeClient
import RecordSchema

/// One broken rule as a caller is told of it, whether this program or a node found it.
struct Finding: Sendable, Hashable {
  var violation: Violation
  /// The byte, for what is not strict JSON.
  var offset: Int?

  init(_ violation: Violation, offset: Int? = nil) {
    self.violation = violation
    self.offset = offset
  }

  /// As a node told it.
  init(_ told: Problem.Violation) {
    violation = Violation(
      pointer: told.pointer, rule: told.rule, message: told.message, messageZH: told.messageZh,
      schemaPointer: told.schemaPointer ?? "")
    offset = told.offset
  }

  /// One object.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("pointer", violation.pointer)
      writer.member("rule", violation.rule)
      writer.member("keyword", violation.keyword)
      writer.member("message", violation.message)
      writer.member("messageZh", violation.messageZH)
      if !violation.schemaPointer.isEmpty {
        writer.member("schemaPointer", violation.schemaPointer)
      }
      if let offset { writer.member("offset", offset) }
    }
  }

  /// Place, rule and sentence; below them the place in the schema.
  var lines: [String] {
    let place =
      violation.pointer.isEmpty
      ? say("（整个载荷）", "(the whole payload)") : DisplayWidth.safe(violation.pointer)
    let byte = offset.map { say(" 第 \($0) 字节", " at byte \($0)") } ?? ""
    let sentence = DisplayWidth.safe(say(violation.messageZH, violation.message))
    let line = "  \(place) [\(violation.rule)]\(byte): \(sentence)"
    guard !violation.schemaPointer.isEmpty else { return [line] }
    return [line, "    " + DisplayWidth.safe(violation.schemaPointer)]
  }
}

/// Judging a payload with the schemas that this program carries: the ones that a node of the same
/// version carries, run by the same engine.
enum PayloadCheck {
  /// No payload is said to break more rules than this.
  static let findingLimit = 1000

  /// Every rule that a payload breaks as of today, none for a valid one; nil where this program has
  /// no schema of that name.
  static func findings(
    _ payload: [UInt8], schema: String, today: CalendarDate?
  ) -> [Finding]? {
    let verdict = SchemaRegistry.builtIn.check(
      schema: schema, payload: payload, asOf: today, limit: findingLimit)
    switch verdict {
    case .valid: return []
    case .invalid(let broken):
      let offset = SchemaRegistry.offset(of: broken, in: payload)
      return broken.map { Finding($0, offset: offset) }
    case .unknownSchema: return nil
    }
  }

  /// Judges what is about to be sent, so that an invalid payload never leaves this program.
  ///
  /// Without `schema` the node picks the version that its peer reads, which is not known here: a
  /// payload that any version of the kind allows is let through. So is one whose schema this
  /// program does not have: then the node decides.
  static func beforeSending(
    _ payload: [UInt8], kind: String, schema: String?, today: CalendarDate?
  ) throws {
    let versions = schema.map { [$0] } ?? SchemaRegistry.builtIn.versions(of: kind)
    var first: (schema: String, findings: [Finding])?
    for version in versions where SchemaName(version)?.kind == kind {
      guard let findings = findings(payload, schema: version, today: today), !findings.isEmpty
      else { return }
      first = first ?? (version, findings)
    }
    guard let first else { return }
    throw Failure(
      .invalidRecord, "record.invalid",
      say(
        "载荷不符合 \(first.schema)，共 \(first.findings.count) 处；没有发送",
        "the payload breaks \(first.findings.count) rule(s) of \(first.schema); nothing was sent"),
      findings: first.findings)
  }
}
