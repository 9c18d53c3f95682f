import Foundation
import RecordSchema
import Testing

@testable import sanxiang

@Suite("sanxiang schema list, show, lint and template")
struct SchemaDocumentTests {
  private static let kinds = SchemaRegistry.builtIn.entries.map(\.name.description)

  @Test("The list has a row for every schema, in the caller's language", arguments: ["zh", "en"])
  func list(_ language: String) throws {
    let run = try CommandRun(["schema", "list", "--lang", language])
    #expect(run.status == 0)
    let names = run.lines.dropFirst().dropLast().map { String($0.prefix { $0 != " " }) }
    #expect(names == Self.kinds)
    let lead = try #require(run.lines.first { $0.hasPrefix("lead.transfer/1 ") })
    #expect(lead.contains(language == "zh" ? "线索移送" : "Transfer of a lead"))
    #expect(run.lines.allSatisfy { DisplayWidth.of($0) <= 120 })
  }

  @Test("The JSON names titles, fields and code lists")
  func listJSON() throws {
    let run = try CommandRun(["schema", "list", "--output", "json"])
    let root = try JSONDocument(parsing: Array(run.output.utf8)).root
    #expect(root["schemas"]?.elements.map { $0["name"]?.string } == Self.kinds)
    let lead = try #require(
      root["schemas"]?.elements.first { $0["kind"]?.string == "lead.transfer" })
    #expect(lead["version"]?.integer == 1)
    #expect(lead["title"]?.string == "Transfer of a lead")
    #expect(lead["titleZh"]?.string == "线索移送")
    #expect(lead["required"]?.integer == 11)
    // In the payload itself and in what it shares with others.
    let lists = Set(lead["codeLists"]?.elements.compactMap(\.string) ?? [])
    #expect(lists.isSuperset(of: ["category/1", "industry/1", "source/1", "subject-role/1"]))
    let reason = root["codeLists"]?.elements.first { $0["name"]?.string == "refuse-reason/1" }
    #expect(reason?["codes"]?.integer == 3)
  }

  @Test(
    "A document is written verbatim",
    arguments: [
      ("lead.transfer/1", "records/lead.transfer/1.json"),
      ("lead.sign", "records/lead.sign/1.json"), ("common/1", "common/1.json"),
      ("codes/industry/1", "codes/industry/1.json"),
      ("codes/industry/1.json", "codes/industry/1.json"),
    ])
  func show(_ name: String, _ path: String) throws {
    let run = try CommandRun(["schema", "show", name])
    #expect(run.status == 0)
    let file = URL(filePath: CommandRun.root).appending(path: "schemas/" + path)
    #expect(try run.output == String(decoding: Data(contentsOf: file), as: UTF8.self))
  }

  @Test("The documents carried and those of schemas/ are clean", arguments: [[], ["schemas"]])
  func clean(_ folder: [String]) throws {
    let run = try CommandRun(["schema", "lint"] + folder)
    let count = SchemaRegistry.builtIn.sources.count
    #expect(run.status == 0, "\(run)")
    #expect(run.lines.last == "\(count) documents, \(count) clean, 0 issue(s)")
  }

  @Test("An issue is told with document, place and rule, in both forms and languages")
  func issues() throws {
    let folder = try TemporaryFolder()
    for source in SchemaRegistry.builtIn.sources where source.path != "records/lead.sign/1.json" {
      try folder.write(source.bytes, source.path)
    }
    let sign = try #require(SchemaShow.source("lead.sign"))
    let text = String(decoding: sign.bytes, as: UTF8.self)
    let open = text.replacingOccurrences(
      of: #""additionalProperties": false"#, with: #""additionalProperties": true"#)
    #expect(open != text)
    try folder.write(open, "records/lead.sign/1.json")
    // Neither is a part of the contract.
    try folder.write("{", "examples/lead.sign/1/invalid.json")
    try folder.write("no schema", "README.md")
    let json = try CommandRun(["schema", "lint", folder.path, "--output", "json"])
    #expect(json.status == 3)
    let root = try JSONDocument(parsing: Array(json.output.utf8)).root
    let count = Int64(SchemaRegistry.builtIn.sources.count)
    #expect(root["documents"]?.integer == count)
    #expect(root["clean"]?.integer == count - 1)
    let issues = try #require(root["issues"])
    #expect(issues.count > 0)
    #expect(issues.elements.allSatisfy { $0["document"]?.string == "records/lead.sign/1.json" })
    #expect(issues.elements.contains { $0["pointer"]?.string == "/additionalProperties" })
    for (language, words) in [("en", "issue(s)"), ("zh", "个问题")] {
      let run = try CommandRun(["schema", "lint", folder.path, "--lang", language])
      #expect(run.status == 3)
      #expect(run.lines.first == "records/lead.sign/1.json")
      #expect(run.lines.contains { $0.hasPrefix("  /additionalProperties [lint.") })
      #expect(run.lines.last?.contains(words) == true)
    }
  }

  @Test("A folder without schemas, or none at all, is an error that names it")
  func noFolder() throws {
    let empty = try TemporaryFolder()
    for path in [empty.path, "/nowhere/at/all"] {
      let run = try CommandRun(["schema", "lint", path])
      #expect(run.status == 1)
      #expect(run.errors.contains(path))
    }
  }

  @Test(
    "A template has every member that it must, none too many, and no value that is valid",
    arguments: [true, false])
  func templates(_ all: Bool) throws {
    let outline = try SchemaOutline(SchemaRegistry.builtIn.sources)
    for record in outline.records {
      let template = PayloadTemplate(outline: outline, includesOptional: all)
      let bytes = Array(template.text(of: record.payload).utf8)
      let root = try JSONDocument(parsing: bytes).root
      let wanted = record.payload.fields.filter { all || $0.isRequired }.map(\.name)
      #expect(root.members.map(\.key) == wanted)
      let verdict = SchemaRegistry.builtIn.check(
        schema: record.name.description, payload: bytes, asOf: nil, limit: 1000)
      guard case .invalid(let broken) = verdict else {
        Issue.record("\(record.name) is valid as it is")
        continue
      }
      let isOutOfShape = broken.contains {
        ["required", "additionalProperties", "unevaluatedProperties"].contains($0.rule)
      }
      #expect(!isOutOfShape, "\(record.name): \(broken)")
      for pointer in Self.leaves(of: root) {
        #expect(broken.contains { $0.pointer == pointer }, "\(record.name): \(pointer)")
      }
    }
  }

  /// Places of all values that are no objects or arrays.
  private static func leaves(of node: JSONNode) -> [String] {
    switch node.kind {
    case .object: node.members.flatMap { leaves(of: $0.value) }
    case .array: node.elements.flatMap(leaves)
    default: [node.pointer]
    }
  }

  @Test("A template's hints are in the caller's language")
  func templateWords() throws {
    for (language, words) in [("en", "<Document number: "), ("zh", "<移送文号：")] {
      let run = try CommandRun(["schema", "template", "--lang", language])
      #expect(run.status == 0)
      #expect(run.output.contains(words))
    }
  }
}
