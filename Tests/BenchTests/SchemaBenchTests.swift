import Foundation
import RecordSchema
import Testing

@testable import sanxiang_bench

@Suite("sanxiang-bench validate")
struct SchemaBenchTests {
  @Test("The built-in record is the sample lead in examples/, a valid one of 2.2 KB")
  func sample() throws {
    let file = BenchRun.root.appending(
      path: "examples/leads/06-discipline-enforcement-education-health.json")
    #expect(SampleLead.bytes == Array(try Data(contentsOf: file)))
    #expect((2200..<2300).contains(SampleLead.bytes.count))
    let verdict = SchemaRegistry.builtIn.check(
      schema: SampleLead.schema, payload: SampleLead.bytes, asOf: nil)
    #expect(verdict == .valid)
    #expect(try BenchRun(["validate", "--sample"]).output == Array(SampleLead.bytes))
  }

  @Test(
    "A median is the middle value, or lies between the two in the middle",
    arguments: [([3.0], 3.0), ([3, 1, 2], 2), ([4, 1, 2, 3], 2.5), ([1, 1, 9], 1)]
      as [([Double], Double)])
  func median(_ values: [Double], _ expected: Double) {
    #expect(SchemaBench.median(values) == expected)
  }

  @Test("It prints one JSON object with what every part costs")
  func json() throws {
    let run = try BenchRun(["validate", "--json", "--records", "3", "--rounds", "5"])
    #expect(run.status == 0, "\(run.errors)")
    let root = try JSONDocument(parsing: run.output).root
    #expect(root["mode"]?.string == "validate")
    #expect(root["schema"]?.string == "lead.transfer/1")
    #expect(root["payloadBytes"]?.integer == Int64(SampleLead.bytes.count))
    #expect(root["records"]?.integer == 3)
    #expect(root["rounds"]?.integer == 5)
    for name in ["parseMicros", "flagMicros", "fullMicros", "checkMicros", "perSecond"] {
      #expect(root[name]?.number ?? 0 > 0, "\(name)")
    }
    let check = try #require(root["checkMicros"]?.number)
    let perSecond = try #require(root["perSecond"]?.number)
    #expect(abs(check * perSecond - 1_000_000) < 1)
  }

  @Test("Any record under any schema can be timed, as text too")
  func other() throws {
    let run = try BenchRun([
      "validate", "--file", "examples/acts/sign.json", "--schema", "lead.sign/1", "--records", "2",
      "--rounds", "1",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("(lead.sign/1), median of 1 rounds"))
    #expect(run.text.contains(" records /s"))
  }

  @Test(
    "A record that is not valid is not timed",
    arguments: [
      (["--file", "examples/acts/sign.json"], 1, "not a valid lead.transfer/1"),
      (["--schema", "lead.none/1"], 1, "there is no schema lead.none/1"),
      (["--file", "/nowhere"], 1, "/nowhere"), (["--rounds", "0"], 64, "--rounds"),
      (["--records", "0"], 64, "--records"), (["--sample", "--file", "x"], 64, "--sample"),
    ] as [([String], Int32, String)])
  func refused(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let run = try BenchRun(["validate"] + arguments)
    #expect(run.status == status)
    #expect(run.errors.contains(words))
    #expect(run.output.isEmpty)
  }
}

@Suite("sanxiang-bench schema-suite")
struct SchemaSuiteTests {
  private static let passing = """
    [{"description": "a string", "schema": {"$ref": "http://localhost:1234/sub/text.json"},
      "tests": [{"description": "is one", "data": "x", "valid": true},
                {"description": "is none", "data": 1, "valid": false}]}]
    """
  private static let failing = """
    [{"description": "numbers", "schema": {"minimum": 3},
      "tests": [{"description": "small", "data": 2, "valid": true},
                {"description": "large", "data": 4, "valid": false},
                {"description": "right", "data": 3, "valid": true}]},
     {"description": "broken", "schema": {"$ref": "#/nowhere"},
      "tests": [{"description": "one", "data": 1, "valid": true},
                {"description": "two", "data": 2, "valid": false}]}]
    """
  private static let dates = """
    [{"description": "dates", "schema": {"format": "date"},
      "tests": [{"description": "no date", "data": "2026-13-01", "valid": false}]}]
    """

  /// A folder of tests and one of remotes, of which one cannot be read.
  private func folders(_ tests: [String: String]) throws -> BenchFolder {
    let folder = try BenchFolder()
    for (name, text) in tests { try folder.write(text, "tests/" + name) }
    try folder.write("text, not tests", "tests/README.md")
    try folder.write(#"{"type": "string"}"#, "remotes/sub/text.json")
    try folder.write(#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#, "remotes/old.json")
    return folder
  }

  @Test("It counts what passed, in folders within folders, and names remotes that it skipped")
  func passes() throws {
    let folder = try folders(["a.json": Self.passing, "deep/er/b.json": Self.passing])
    let run = try BenchRun([
      "schema-suite", folder.path + "/tests", "--remotes", folder.path + "/remotes",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text == "passed 4 of 4\n")
    #expect(run.errors.contains("skipped \(folder.path)/remotes/old.json: schema.dialect"))
    #expect(!run.errors.contains("text.json"))
  }

  @Test("Each failure is told, a schema that does not compile fails all its tests, and it exits 1")
  func fails() throws {
    let folder = try folders(["a.json": Self.passing, "b.json": Self.failing])
    let run = try BenchRun(["schema-suite", folder.path + "/tests"])
    #expect(run.status == 1)
    let lines = run.text.split(separator: "\n").map(String.init)
    // Without its remote the first file's schema does not compile either.
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("a.json: a string: 2 test(s) failed: schema.unresolvedReference"))
    #expect(lines[1].hasPrefix("b.json: numbers / small: expected valid, flag mode says invalid"))
    #expect(lines[1].contains("minimum"))
    #expect(lines[2].hasPrefix("b.json: numbers / large: expected invalid, flag mode says valid"))
    #expect(lines[3].hasPrefix("b.json: broken: 2 test(s) failed: schema.unresolvedReference"))
    #expect(lines[4] == "passed 1 of 7")
  }

  @Test("A format is an assertion only when that is asked for")
  func formats() throws {
    let folder = try folders(["dates.json": Self.dates])
    let plain = try BenchRun(["schema-suite", folder.path + "/tests"])
    #expect(plain.status == 1)
    #expect(plain.text.hasSuffix("passed 0 of 1\n"))
    let asserted = try BenchRun(["schema-suite", folder.path + "/tests", "--formats"])
    #expect(asserted.status == 0)
    #expect(asserted.text == "passed 1 of 1\n")
  }

  @Test("A folder that is not there, holds no tests, or holds something else is told so")
  func nothing() throws {
    let folder = try BenchFolder()
    let missing = try BenchRun(["schema-suite", folder.path + "/none"])
    #expect(missing.status == 64)
    #expect(missing.errors.contains(folder.path + "/none: no such folder"))
    let empty = try BenchRun(["schema-suite", folder.path])
    #expect(empty.status == 1)
    #expect(empty.errors.contains(folder.path + " holds no tests"))
    for text in ["{}", "[{}]", "[", #"[{"schema":true,"tests":[{"data":1}]}]"#] {
      try folder.write(text, "odd.json")
      let odd = try BenchRun(["schema-suite", folder.path])
      #expect(odd.status == 1)
      #expect(odd.errors.contains("odd.json: "), "\(text)")
      #expect(odd.output.isEmpty)
    }
  }
}
