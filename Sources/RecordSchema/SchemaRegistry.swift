/// The schemas that a node can read, by name and version.
///
/// Callers see names, verdicts and violations. Behind each name stands a ``Check``; today those
/// are written by hand, and an engine that runs JSON Schema documents can take their place
/// without a caller noticing, as rules already carry the names of JSON Schema's keywords.
public struct SchemaRegistry: Sendable {
  /// No verdict holds more violations than this.
  public static let violationLimit = Findings.limit

  /// What a payload may cost: 1 MiB, 32 levels.
  public static let payloadLimits = JSONDocument.Limits()

  struct Entry: Sendable {
    let name: StaticString
    let check: Check
  }

  private let entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }

  /// The schemas that come with this version.
  public static let builtIn = SchemaRegistry([
    Entry(name: LeadTransfer.schema, check: Checks.object(LeadTransfer.shape)),
    Entry(name: "lead.sign/1", check: Checks.object(LeadActs.sign)),
    Entry(name: "lead.accept/1", check: Checks.object(LeadActs.accept)),
    Entry(name: "lead.refuse/1", check: Checks.object(LeadActs.refuse)),
    Entry(name: "lead.return/1", check: Checks.object(LeadActs.giveBack)),
    Entry(name: "system.refusal/1", check: Checks.object(SystemRecords.refusal)),
    Entry(name: "system.epoch/1", check: Checks.object(SystemRecords.epoch)),
  ])

  /// Names of all schemas, in byte order.
  public var readable: [String] {
    entries.map(\.name.description).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a schema of that name is here.
  public func canRead(_ schema: String) -> Bool { entry(schema) != nil }

  /// Judges payload bytes: strict JSON first, then every rule of the schema.
  ///
  /// Depends on nothing but its arguments: no clock, no locale. A valid payload costs one
  /// allocation. All violations are told, in document order, up to ``violationLimit``.
  public func check(schema: String, payload: [UInt8]) -> PayloadVerdict {
    guard let entry = entry(schema) else { return .unknownSchema }
    return payload.withUnsafeBufferPointer { buffer in
      do throws(JSONError) {
        let tape = try JSONDocument.tape(buffer, profile: .record, limits: Self.payloadLimits)
        // What parsed has at least one byte, so its array has an address.
        return tape.withView(over: buffer.baseAddress.unsafelyUnwrapped) { view in
          Self.verdict(of: entry.check, on: view)
        }
      } catch {
        let failure = Failure.json(error.code)
        return .invalid([
          Violation(
            pointer: error.pointer, rule: failure.rule, message: failure.english,
            messageZH: failure.chinese)
        ])
      }
    }
  }

  /// First whether, and only if need be what: a valid payload pays for no report.
  private static func verdict(of check: Check, on view: JSONView) -> PayloadVerdict {
    var quick = Findings(collecting: false)
    check(view, JSONView.root, &quick)
    guard quick.hasFailed else { return .valid }
    var findings = Findings(collecting: true)
    check(view, JSONView.root, &findings)
    return .invalid(findings.violations)
  }

  private func entry(_ schema: String) -> Entry? {
    CodeFormat.withUTF8(schema) { name in
      entries.first {
        $0.name.utf8CodeUnitCount == name.count && CodeFormat.hasBytes(name, at: 0, $0.name)
      }
    }
  }
}

/// What lists show of a lead without opening it.
public struct LeadFacts: Hashable, Sendable {
  /// 线索名称.
  public let title: String
  /// 移送文号.
  public let docNo: String
}

extension SchemaRegistry {
  /// The title and document number of a lead; nil for other schemas and for bytes that are not
  /// such a payload. Does not judge the rest: ``check(schema:payload:)`` does.
  public func facts(schema: String, payload: [UInt8]) -> LeadFacts? {
    guard schema.utf8.elementsEqual(LeadTransfer.schema.description.utf8),
      let document = try? JSONDocument(parsing: payload, limits: Self.payloadLimits),
      let title = document.root["title"]?.string, let docNo = document.root["docNo"]?.string
    else { return nil }
    return LeadFacts(title: title, docNo: docNo)
  }
}
