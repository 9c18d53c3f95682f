import Testing

@testable import RecordSchema

@Suite("Names and versions of schemas")
struct SchemaVersionTests {
  private static let names: [(String, String?)] = [
    ("lead.transfer/1", "lead.transfer"), ("a.b/9999", "a.b"), ("lead.transfer/0", nil),
    ("lead.transfer/01", nil), ("lead.transfer/10000", nil), ("lead.transfer/", nil),
    ("lead.transfer", nil), ("lead/1", nil), ("lead.transfer.more/1", nil),
    ("Lead.transfer/1", nil),
    ("lead.transfer/1/1", nil), ("lead.transfer/１", nil), ("lead.transfer/+1", nil), (".b/1", nil),
    ("a./1", nil), ("lead.tra nsfer/1", nil), ("lead.trans-fer/1", nil), ("", nil), ("/", nil),
    (" lead.transfer/1", nil), ("léad.transfer/1", nil),
  ]

  @Test("a name is two words, a slash and a version", arguments: names)
  func name(text: String, kind: String?) {
    let name = SchemaName(text)
    #expect(name?.kind == kind)
    if let name { #expect(name.description == text) }
  }

  @Test("names sort by kind and then by version, as numbers")
  func order() {
    let texts = ["b.a/1", "a.b/10", "a.b/2", "a.a/9999", "a.ba/1"]
    #expect(
      texts.compactMap { SchemaName($0) }.sorted().map(\.description)
        == ["a.a/9999", "a.b/2", "a.b/10", "a.ba/1", "b.a/1"])
  }

  private static let paths: [(String, String?, String)] = [
    ("records/lead.sign/1.json", "lead.sign/1", "urn:sanxiang:schema:lead.sign:1"),
    ("records/lead.sign/12.json", "lead.sign/12", "urn:sanxiang:schema:lead.sign:12"),
    ("codes/source/1.json", nil, "urn:sanxiang:codes:source:1"),
    ("common/1.json", nil, "urn:sanxiang:schema:common:1"),
    ("records/lead.sign/1.txt", nil, "urn:sanxiang:file:records/lead.sign/1.txt"),
    ("meta/draft2020-12/schema.json", nil, "urn:sanxiang:file:meta/draft2020-12/schema.json"),
  ]

  @Test("a document's path says what it is", arguments: paths)
  func path(path: String, name: String?, uri: String) {
    let source = SchemaSource(path: path, bytes: [])
    #expect(source.schemaName?.description == name)
    #expect(source.uri == uri)
  }

  /// The built-in schemas with a second and a tenth version of lead.sign beside the first, which
  /// ask for another member each.
  private static let registry = Result {
    func later(_ version: Int, _ member: String) -> SchemaSource {
      let text = """
        {"$id":"urn:sanxiang:schema:lead.sign:\(version)","title":"签收","x-en":{"title":"Sign"},
        "type":"object","required":["\(member)"],"additionalProperties":false,
        "properties":{"\(member)":{"$ref":"urn:sanxiang:schema:common:1#/$defs/line","maxLength":9}}}
        """
      return SchemaSource(path: "records/lead.sign/\(version).json", bytes: Array(text.utf8))
    }
    return try SchemaRegistry([later(10, "ten")] + SchemaSource.builtIn + [later(2, "two")])
  }

  @Test("versions of a kind stand side by side, the highest first")
  func versions() throws {
    let registry = try Self.registry.get()
    #expect(
      registry.versions(of: "lead.sign") == ["lead.sign/10", "lead.sign/2", "lead.sign/1"])
    #expect(
      registry.versions(of: "lead.sign", readBy: ["lead.sign/1", "lead.sign/2", "lead.sign/3"])
        == ["lead.sign/2", "lead.sign/1"])
    #expect(registry.versions(of: "lead.sign", readBy: ["lead.sign/7", "lead.accept/1"]) == [])
    #expect(registry.versions(of: "lead.sign", readBy: []) == [])
    #expect(registry.versions(of: "lead.accept") == ["lead.accept/1"])
    #expect(registry.versions(of: "lead") == [] && registry.versions(of: "lead.sign/1") == [])
    #expect(registry.readable.count == SchemaRegistry.builtIn.readable.count + 2)
    #expect(Set(registry.readable).isSuperset(of: ["lead.sign/1", "lead.sign/2", "lead.sign/10"]))
  }

  @Test("a payload is judged by the version that it names and by no other")
  func dispatch() throws {
    let registry = try Self.registry.get()
    let payloads = [
      "lead.sign/1": #"{"handlingUnit":"二科","signedAt":"2026-11-23T09:15:00.123+08:00"}"#,
      "lead.sign/2": #"{"two":"二科"}"#, "lead.sign/10": #"{"ten":"二科"}"#,
    ]
    for (schema, _) in payloads {
      for (other, payload) in payloads {
        let verdict = registry.check(schema: schema, payload: Array(payload.utf8), asOf: nil)
        #expect((verdict == .valid) == (schema == other), "\(schema) of \(other)")
      }
    }
    #expect(registry.entry("lead.sign/2")?.title.english == "Sign")
    #expect(registry.entry("lead.sign/2")?.title.chinese == "签收")
  }

  @Test("documents that contradict each other are refused, and say which")
  func faults() {
    let sign = SchemaSource.builtIn.filter { $0.path == "records/lead.sign/1.json" }
    #expect(throws: SchemaError.self) { try SchemaRegistry(SchemaSource.builtIn + sign) }
    #expect(throws: SchemaError.self) { try SchemaRegistry(sign) }
    let empty = try? SchemaRegistry([])
    #expect(empty?.readable == [])
  }

  @Test("facts are read from whatever has a title and a document number")
  func facts() throws {
    let registry = SchemaRegistry.builtIn
    func facts(_ schema: String, _ payload: String) -> LeadFacts? {
      registry.facts(schema: schema, payload: Array(payload.utf8))
    }
    let both = #"{"docNo":"示检建〔2026〕1号","title":"示例建议"}"#
    #expect(facts("letter.issue/1", both)?.title == "示例建议")
    #expect(facts("letter.issue/1", both)?.docNo == "示检建〔2026〕1号")
    for payload in [
      #"{"title":"x"}"#, #"{"docNo":"x"}"#, #"{"title":1,"docNo":"x"}"#, "[]", "", "\"x\"",
      #"{"docNo":"x","title":"y","title":"z"}"#,
    ] {
      #expect(facts("letter.issue/1", payload) == nil, "\(payload)")
    }
    #expect(facts("letter.issue/2", both) == nil)
  }
}
