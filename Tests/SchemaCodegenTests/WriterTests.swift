import Foundation
import Testing

@testable import RecordSchema
@testable import schema_codegen

@Suite("What the writers write")
struct WriterTests {
  @Test(
    "names in Swift",
    arguments: [
      ("lead.transfer/1", "LeadTransfer"), ("lead.transfer/2", "LeadTransferV2"),
      ("review.request/12", "ReviewRequestV12"),
    ])
  func kinds(schema: String, type: String) throws {
    #expect(try SwiftNames.type(of: #require(SchemaName(schema))) == type)
  }

  @Test(
    "codes become cases; words of the language are quoted, Chinese codes take their English label",
    arguments: [
      ("not-filed", "not filed", "notFiled"), ("application/pdf", "PDF", "applicationPdf"),
      ("in", "in", "`in`"), ("default", "default", "`default`"),
      ("工作秘密", "work secret", "workSecret"),
    ])
  func cases(code: String, label: String, name: String) throws {
    let code = CodeListOutline.Code(
      code: code, label: BilingualText(chinese: "示例", english: label))
    #expect(try SwiftNames.enumCase(code) == name)
  }

  @Test("what has no Swift name is refused")
  func badNames() {
    #expect(throws: GenerationError.self) { try SwiftNames.property("x-ray") }
    #expect(throws: GenerationError.self) { try SwiftNames.property("2nd") }
    for title in ["涉案物品", "12", "Payload", ""] {
      #expect(throws: GenerationError.self, "\(title)") {
        let text = BilingualText(chinese: title, english: title)
        _ = try SwiftNames.type(titled: Wording(title: text, description: text))
      }
    }
  }

  @Test("a second version gets a type, a case and a place in the reference of its own")
  func secondVersion() throws {
    var sources = try Repository.sources()
    let first = try #require(sources.first { $0.path == "records/lead.sign/1.json" })
    let text = String(decoding: first.bytes, as: UTF8.self)
      .replacing("lead.sign:1", with: "lead.sign:2")
      .replacing(#""signedAt": {"#, with: #""signedOn": {"#)
      .replacing(#""signedAt"]"#, with: #""signedOn"]"#)
    sources.append(SchemaSource(path: "records/lead.sign/2.json", bytes: Array(text.utf8)))
    let files = try Generator.files(from: sources, clocks: [])
    func file(_ name: String) throws -> String {
      try #require(files.first { $0.path.hasSuffix("/" + name) }).text
    }
    #expect(try file("LeadSignV2.swift").contains("public let signedOn: Timestamp"))
    #expect(try file("LeadSign.swift").contains("public let signedAt: Timestamp"))
    #expect(
      try file("Payload.swift").contains(
        "case LeadSignV2.schema: self = .leadSignV2(try LeadSignV2(root))"))
    let reference = try file("records.md")
    #expect(reference.contains("| [`lead.sign`](#lead.sign) | Signing for a lead | 签收 | 2, 1 |"))
    let newer = try #require(reference.range(of: "#### `lead.sign/2`"))
    let older = try #require(reference.range(of: "#### `lead.sign/1`"))
    #expect(newer.lowerBound < older.lowerBound)
  }

  @Test("a literal's fence is longer than any in the document; what it would change is refused")
  func literals() throws {
    let text = "{\"a\": \"\"\"\"#\", \"b\": \"\\##\"}\n"
    let source = SchemaSource(path: "codes/a/1.json", bytes: Array(text.utf8))
    #expect(try EmbedWriter.text(of: [source]).contains("###\"\"\"\n\(text)\n\"\"\"###"))
    for bytes in [[0x7B, 0x0D, 0x0A, 0x7D], [0xFF], [0x00]] as [[UInt8]] {
      #expect(throws: GenerationError.self) {
        try EmbedWriter.text(of: [SchemaSource(path: "codes/a/1.json", bytes: bytes)])
      }
    }
    #expect(throws: GenerationError.self) {
      try EmbedWriter.text(of: [SchemaSource(path: "codes/\"/1.json", bytes: [])])
    }
    #expect(try EmbedWriter.clocksText(of: [source]).contains("###\"\"\"\n\(text)\n\"\"\"###"))
    #expect(throws: GenerationError.self) {
      try EmbedWriter.clocksText(of: [SchemaSource(path: "clocks.json", bytes: [0xFF])])
    }
  }

  @Test("generated files keep to the house's width and length")
  func sizes() throws {
    for file in try Generator.files(from: try Repository.sources(), clocks: [])
    where file.path.hasPrefix("Sources/RecordModel/") {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 400, "\(file.path)")
      for line in lines where CodeText.columns(line) > 100 { Issue.record("\(file.path): \(line)") }
    }
  }

  @Test("every link inside the reference leads to an anchor, in both languages")
  func anchors() throws {
    for tongue in Tongue.allCases {
      let text = try Repository.text("docs/\(tongue.referenceFile)")
      let anchors = text.matches(of: #/<a id="([^"]+)">/#).map { String($0.output.1) }
      #expect(Set(anchors).count == anchors.count)
      let links = Set(text.matches(of: #/\]\(#([^)]+)\)/#).map { String($0.output.1) })
      #expect(links.count > 50, "too few links to be believed")
      #expect(links.subtracting(anchors) == [])
    }
  }

  @Test("the reference knows where every kind stands, and every format's rule")
  func referenceText() throws {
    let outline = try SchemaOutline.builtIn()
    #expect(Set(outline.records.map(\.name.kind)) == Set(ReferenceText.order))
    for tongue in Tongue.allCases {
      let rows = ReferenceWriter(outline, in: tongue).document().split(separator: "\n")
      for row in rows where row.hasPrefix("| <a id=\"format-") {
        #expect(!row.hasSuffix("|  |"), "\(row)")
      }
    }
  }

  @Test(
    "numbers in English group their digits",
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (8_589_934_592, "8,589,934,592")])
  func grouping(value: Int64, text: String) {
    #expect(Tongue.english.number(value) == text)
    #expect(Tongue.chinese.number(value) == String(value))
  }
}
