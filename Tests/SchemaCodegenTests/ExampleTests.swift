import Foundation
import RecordModel
import Testing

@testable import RecordSchema

@Suite("Swift types read and write what the schemas allow")
struct ExampleTests {
  @Test("every valid example survives reading and writing, and keeps its schema")
  func valid() throws {
    let examples = try Example.all("valid-")
    #expect(examples.count > 80, "too few examples to be believed")
    #expect(Set(examples.map(\.schema)) == Set(Payload.schemas), "a kind has no example")
    for example in examples {
      let document = try JSONDocument(parsing: example.bytes)
      let payload = try Payload(schema: example.schema, document: document)
      #expect(payload.schema == example.schema)
      let rewritten = try JSONDocument(parsing: payload.json)
      #expect(Self.areEqual(document.root, rewritten.root), "\(example)")
      let entry = try #require(SchemaRegistry.builtIn.entry(example.schema))
      #expect(entry.schema.isValid(rewritten), "\(example)")
      #expect(try Payload(schema: example.schema, document: rewritten) == payload, "\(example)")
    }
  }

  @Test("an example that lacks, adds or mistypes a member is refused by its type too")
  func invalid() throws {
    var refused = 0
    for example in try Example.all("invalid-") {
      guard let document = try? JSONDocument(parsing: example.bytes) else { continue }
      let entry = try #require(SchemaRegistry.builtIn.entry(example.schema))
      let violations = entry.schema.violations(in: document)
      let isStructural = violations.contains { violation in
        ["type", "additionalProperties", "enum"].contains(violation.rule)
      }
      guard isStructural else { continue }
      refused += 1
      #expect(throws: PayloadError.self, "\(example)") {
        try Payload(schema: example.schema, document: document)
      }
    }
    #expect(refused > 50, "too few examples to be believed")
  }

  @Test(
    "errors name the rule and the place",
    arguments: [
      (#"{"signedAt":"2026-01-05T09:00:00.000+08:00"}"#, "payload.missing", "/handlingUnit"),
      (
        #"{"handlingUnit":"一科","signedAt":"2026-01-05T09:00:00.000+08:00","by":"x"}"#,
        "payload.surplus", ""
      ),
      (#"{"handlingUnit":1,"signedAt":"x"}"#, "payload.type", "/handlingUnit"),
      (#"{"handlingUnit":"一科","signedAt":"2026-01-05"}"#, "payload.value", "/signedAt"),
      (#"[]"#, "payload.type", ""),
    ])
  func errors(text: String, code: String, pointer: String) throws {
    let document = try JSONDocument(parsing: Array(text.utf8))
    let error = #expect(throws: PayloadError.self) { try LeadSign(document.root) }
    #expect(error?.code.rawValue == code)
    #expect(error?.pointer == pointer)
  }

  @Test("a schema that has no type is refused by name")
  func unknownSchema() throws {
    let document = try JSONDocument(parsing: Array("{}".utf8))
    let error = #expect(throws: PayloadError.self) {
      try Payload(schema: "lead.sign/9999", document: document)
    }
    #expect(error?.code == .schema)
  }

  @Test("members are written in the schema's order, without spaces")
  func order() throws {
    let id = try RecordID(parsing: "019b8a5c-0000-7000-8000-000000000001")
    let record = SystemErasure(
      channel: "f/1", target: id, seq: 7,
      legalBasis: Common.LegalBasis(law: "示例法", article: "第一条"),
      approvals: [SystemErasure.Approval(operator: "op", key: [1], signature: [0, 1, 2])])
    #expect(
      String(decoding: record.json, as: UTF8.self)
        == #"{"channel":"f/1","target":"019b8a5c-0000-7000-8000-000000000001","seq":7,"#
        + #""legalBasis":{"law":"示例法","article":"第一条"},"approvals":[{"operator":"op","key":"AQ==","signature":"AAEC"}]}"#
    )
  }

  @Test(
    "numbers are written as they were read",
    arguments: ["1", "0.1", "1e-7", "1000000000000", "12.5", "0.30000000000000004"])
  func numbers(number: String) throws {
    let text = #"{"name":"甲","quantity":\#(number),"unit":"箱","place":"库"}"#
    let item = try LeadTransfer.Item(try JSONDocument(parsing: Array(text.utf8)).root)
    var writer = JSONWriter()
    item.write(to: &writer)
    let rewritten = try JSONDocument(parsing: writer.bytes)
    #expect(rewritten.root["quantity"]?.number == Double(number))
  }

  @Test("labels of codes are those of the code lists")
  func labels() throws {
    let list = try #require(
      try SchemaOutline.builtIn()[codeList: DefinitionName(name: "decision", version: 1)])
    #expect(Codes.Decision.allCases.map(\.rawValue) == list.codes.map(\.code))
    #expect(Codes.Decision.allCases.map(\.chinese) == list.codes.map(\.label.chinese))
    #expect(Codes.Decision.allCases.map(\.english) == list.codes.map(\.label.english))
  }

  /// Equal as JSON values: members in any order, numbers by their value.
  static func areEqual(_ one: JSONNode, _ other: JSONNode) -> Bool {
    guard one.kind == other.kind, one.count == other.count else { return false }
    switch one.kind {
    case .null: return true
    case .bool: return one.bool == other.bool
    case .number: return one.number == other.number && one.integer == other.integer
    case .string: return one.utf8 == other.utf8
    case .array: return zip(one.elements, other.elements).allSatisfy { areEqual($0, $1) }
    case .object:
      return one.members.allSatisfy { name, value in
        other[name].map { areEqual(value, $0) } ?? false
      }
    }
  }
}
