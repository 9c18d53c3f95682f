import Foundation
import RecordModel
import RecordSchema
import Testing

@testable import schema_codegen

@Suite("What is made from the schemas cannot drift from them")
struct CurrencyTests {
  @Test("every generated file is what the schemas give today, and nothing else stands beside it")
  func current() throws {
    let files = try Generator.files(
      from: try Repository.sources(), clocks: try Repository.clocks())
    #expect(files.count > 40, "too few files to be believed")
    let stale = try Repository.tree.stale(comparedWith: files)
    #expect(stale == [], "run `\(Generator.command)`")
  }

  @Test("the programs carry the documents byte for byte")
  func embedded() throws {
    let sources = try Repository.sources()
    #expect(sources.count > 50, "too few documents to be believed")
    #expect(SchemaSource.builtIn == sources)
  }

  @Test("so do they the clocks file and the calendars, which they can read")
  func embeddedClocks() throws {
    let sources = try Repository.clocks()
    #expect(sources.map(\.path).contains("clocks.json"))
    #expect(sources.count > 3, "too few calendars to be believed")
    #expect(SchemaSource.builtInClocks == sources)
    #expect(sources.contains { $0.bytes == ClockRules.builtIn.bytes })
    #expect(WorkingCalendar.builtIn.count == sources.count - 1)
    for (year, calendar) in WorkingCalendar.builtIn {
      let source = sources.first { $0.path == "calendars/\(year).json" }
      #expect(source?.bytes == calendar.bytes)
    }
  }

  @Test("every kind and version has a Swift type, and no type is without a schema")
  func types() throws {
    let outline = try SchemaOutline.builtIn()
    #expect(Payload.schemas == outline.records.map(\.name.description))
    #expect(Payload.schemas.sorted() == SchemaRegistry.builtIn.readable)
  }

  @Test("the reference tells every rule that is coded, by the name that violations carry")
  func codedRules() throws {
    let code = try Repository.text("Sources/RecordSchema/Registry/PayloadRules.swift")
    let coded = Set(code.matches(of: #/rule: "(?<name>[^"]+)"/#).map { String($0.output.name) })
    #expect(coded.count >= 3, "too few rules to be believed")
    #expect(Set(ReferenceText.outsideRules.compactMap(\.name)) == coded)
  }

  @Test("a document that was never written, changed or is surplus is named; writing mends it all")
  func mending() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "schema-codegen-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let tree = WorkingTree(root: folder.path(percentEncoded: false))
    let here = "\(Generator.folders[0])/A.swift"
    let files = [
      GeneratedFile(path: here, text: "a\n"), GeneratedFile(path: "docs/b.md", text: "b\n"),
    ]
    #expect(try tree.stale(comparedWith: files) == [here, "docs/b.md"])
    try tree.write(files, over: [here, "docs/b.md"])
    #expect(try tree.stale(comparedWith: files) == [])

    let surplus = "\(Generator.folders[0])/B.swift"
    try tree.write([GeneratedFile(path: surplus, text: "")], over: [surplus])
    try tree.write([GeneratedFile(path: here, text: "other\n")], over: [here])
    #expect(try tree.stale(comparedWith: files) == [here, surplus])
    try tree.write(files, over: [here, surplus])
    #expect(try tree.stale(comparedWith: files) == [])
  }

  @Test("a folder without schemas is an error, not an empty contract")
  func noSchemas() {
    #expect(throws: GenerationError.self) {
      try WorkingTree(root: "\(NSTemporaryDirectory())/no-such-folder").schemaSources()
    }
    #expect(throws: (any Error).self) {
      try WorkingTree(root: "\(NSTemporaryDirectory())/no-such-folder").clockSources()
    }
  }
}
