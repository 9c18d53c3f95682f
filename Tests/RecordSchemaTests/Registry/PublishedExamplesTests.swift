import Foundation
import Testing

@testable import RecordSchema

@Suite("The examples of the shared schemas")
struct PublishedExamplesTests {
  private static let folder = repository.appending(path: "schemas/examples")

  /// The day on which the examples are judged.
  private static let today = CalendarDate(year: 2026, month: 11, day: 23)

  /// `kind/version` for each folder of examples.
  private static let schemas: [String] = {
    let kinds = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return kinds.sorted().flatMap { kind in
      let versions = try? FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: kind).path)
      return (versions ?? []).sorted().map { kind + "/" + $0 }
    }
  }()

  private func files(_ schema: String, _ prefix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: schema).path)
      .filter { $0.hasPrefix(prefix) }.sorted()
  }

  private func bytes(_ schema: String, _ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Self.folder.appending(path: schema).appending(path: name)))
  }

  @Test("are there for every schema that is read")
  func coverage() { #expect(Self.schemas.sorted() == SchemaRegistry.builtIn.readable) }

  /// What programs refuse beyond the schemas: examples show those, not this version's limits.
  private static let codedRules = [
    Breach("/attachments", "attachments:unsupported"), Breach("/payload", "correct:payload"),
  ]

  @Test("are valid where they say so", arguments: schemas)
  func valid(schema: String) throws {
    let names = try files(schema, "valid-")
    #expect(!names.isEmpty)
    for name in names {
      let bytes = try bytes(schema, name)
      let entry = try #require(SchemaRegistry.builtIn.entry(schema))
      let document = try JSONDocument(parsing: bytes)
      #expect(entry.schema.violations(in: document, asOf: Self.today) == [], "\(name)")
      let found = try #require(breaches(schema, bytes, asOf: Self.today))
      #expect(found.allSatisfy(Self.codedRules.contains), "\(name)")
    }
  }

  @Test("break exactly the rules that they say", arguments: schemas)
  func invalid(schema: String) throws {
    let expected = try JSONDocument(
      parsing: try bytes(schema, "expected.json"), profile: .general
    ).root
    let names = try files(schema, "invalid-")
    #expect(Set(expected.members.map(\.key)) == Set(names) && !names.isEmpty)
    for (name, list) in expected.members {
      let found = try #require(breaches(schema, try bytes(schema, name), asOf: Self.today))
      let told = list.elements.map {
        Breach($0["pointer"]?.string ?? "?", $0["rule"]?.string ?? "?")
      }
      #expect(Set(found) == Set(told) && found.count == told.count, "\(name)")
    }
  }
}
