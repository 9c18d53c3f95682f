import Foundation
import Testing

@testable import RecordSchema

@Suite("The schema registry")
struct SchemaRegistryTests {
  @Test("lists what it can read, sorted: one schema for each folder under schemas/records")
  func readable() throws {
    let registry = SchemaRegistry.builtIn
    let folder = repository.appending(path: "schemas/records")
    var expected: [String] = []
    for kind in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let files = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: kind).path)
      expected += files.map { kind + "/" + $0.dropLast(".json".count) }
    }
    #expect(registry.readable == expected.sorted())
    #expect(registry.readable.count >= 25)
    for name in registry.readable {
      #expect(registry.canRead(name))
      let entry = try #require(registry.entry(name))
      #expect(entry.name.description == name)
      for text in [entry.title, entry.summary] {
        #expect(!text.chinese.isEmpty && !text.english.isEmpty)
      }
      #expect(entry.document.root["$id"]?.string?.hasPrefix("urn:sanxiang:schema:") == true)
    }
  }

  @Test(
    "knows no other name",
    arguments: [
      "", "lead.transfer", "lead.transfer/2", "Lead.transfer/1", "lead.transfer/1 ", "x",
      "lead.transfer/01", "lead.transfer/1/", "urn:sanxiang:schema:lead.transfer:1", "common/1",
    ])
  func unknown(name: String) {
    let registry = SchemaRegistry.builtIn
    #expect(registry.check(schema: name, payload: Array("{}".utf8), asOf: nil) == .unknownSchema)
    #expect(!registry.canRead(name) && registry.entry(name) == nil)
    #expect(registry.facts(schema: name, payload: Array(LeadTransferTests.full.utf8)) == nil)
  }

  @Test("carries the documents of the folder, byte for byte")
  func embedding() throws {
    let sources = SchemaSource.builtIn
    #expect(sources.count > 50)
    for source in sources {
      let file = repository.appending(path: "schemas/" + source.path)
      #expect(source.bytes == Array(try Data(contentsOf: file)), "\(source.path)")
    }
    #expect(SchemaRegistry.builtIn.sources.allSatisfy { !$0.path.hasPrefix("meta/") })
  }

  @Test("accepts every published example", arguments: try exampleFiles("leads"))
  func leads(file: URL) throws {
    let payload = Array(try Data(contentsOf: file))
    #expect(breaches("lead.transfer/1", payload) == [])
    #expect(SchemaRegistry.builtIn.facts(schema: "lead.transfer/1", payload: payload) != nil)
  }

  @Test("accepts every published answer", arguments: try exampleFiles("acts"))
  func acts(file: URL) throws {
    let schema = "lead.\(file.deletingPathExtension().lastPathComponent)/1"
    #expect(breaches(schema, Array(try Data(contentsOf: file))) == [])
  }

  @Test("has examples of all six directions, ten industries and twelve categories")
  func coverage() throws {
    var directions: Set<String> = []
    var industries: Set<String> = []
    var categories: Set<String> = []
    for file in try exampleFiles("leads") {
      let parts = file.lastPathComponent.split(separator: "-")
      directions.insert("\(parts[1])-\(parts[2])")
      let root = try JSONDocument(parsing: Array(try Data(contentsOf: file))).root
      industries.insert(try #require(root["industry"]?.string))
      categories.insert(try #require(root["category"]?.string))
      let industry = parts.dropFirst(3).joined(separator: "-")
      #expect(industry == "\(root["industry"]?.string ?? "").json")
      #expect(root["place"]?.string == "000000")
    }
    #expect(directions.count == 6)
    #expect(industries == (try codes("industry")))
    #expect(categories == (try codes("category")))
    #expect(try exampleFiles("acts").count == 4)
  }

  private func codes(_ list: String) throws -> Set<String> {
    let path = "codes/\(list)/1.json"
    let source = try #require(SchemaSource.builtIn.first { $0.path == path })
    let root = try JSONDocument(parsing: source.bytes).root
    return Set(try #require(root["enum"]).elements.compactMap(\.string))
  }

  @Test("has three sample agencies with right codes")
  func agencies() throws {
    let data = try Data(contentsOf: examplesFolder.appending(path: "agencies.json"))
    let agencies = Array(try JSONDocument(parsing: Array(data)).root.elements)
    #expect(
      agencies.compactMap { $0["role"]?.string } == ["procuratorate", "discipline", "enforcement"])
    for agency in agencies {
      let code = try #require(agency["code"]?.string)
      #expect(CodeFormat.isCreditCode(code))
      #expect(code.dropFirst(2).hasPrefix("000000"))
    }
  }

  @Test("names rules and places but never a value")
  func discretion() throws {
    let secret = "机密内容"
    let payload = """
      {"docNo":"\(secret)","title":"\(secret.prefix(3))","category":"\(secret)","source":"\(secret)",
      "\(secret)":1,"place":"\(secret)","facts":7,"classification":"\(secret)","replyBy":"\(secret)"}
      """
    let verdict = SchemaRegistry.builtIn.check(
      schema: "lead.transfer/1", payload: Array(payload.utf8), asOf: nil)
    guard case .invalid(let violations) = verdict else {
      Issue.record("The payload should be invalid.")
      return
    }
    #expect(violations.count == 13)
    for violation in violations {
      let text = violation.description + violation.messageZH
      #expect(!text.contains(secret.prefix(3)))
      #expect(!violation.message.isEmpty && !violation.messageZH.isEmpty)
    }
  }

  @Test("can put its own violations into a refusal, whatever the payload")
  func violationsFitRefusals() throws {
    let hostile = [
      #"{"~/ ":1,"\#(String(repeating: "k", count: 64))":{},"中":[]}"#,
      "{\"a\":{\"b\":[\"\u{301}e\u{301}\"]}}",
      String(repeating: "[", count: 40), "{\"x\u{1}\":1}", #"{"\u0001":1,"\ud83d\ude00":2}"#, "",
    ]
    for payload in hostile {
      let found = try #require(breaches("lead.transfer/1", payload))
      #expect(!found.isEmpty)
      var writer = JSONWriter()
      writer.object {
        $0.member("target", "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e")
        $0.member("seq", 41)
        $0.array("violations") { writer in
          for breach in found.prefix(20) {
            writer.object {
              $0.member("pointer", breach.pointer)
              $0.member("rule", breach.rule)
            }
          }
        }
      }
      #expect(breaches("system.refusal/1", writer.bytes) == [])
    }
  }

  @Test("gives the same verdict again, on another thread and under another locale and time zone")
  func determinism() async throws {
    let payloads = [LeadTransferTests.full, LeadTransferTests.least, "{\"title\":7}", "[", "{}"]
    let registry = SchemaRegistry.builtIn
    let first = payloads.map {
      registry.check(schema: "lead.transfer/1", payload: Array($0.utf8), asOf: nil)
    }
    let savedLocale = setlocale(LC_ALL, nil).map { String(cString: $0) }
    let savedZone = ProcessInfo.processInfo.environment["TZ"]
    defer {
      setlocale(LC_ALL, savedLocale)
      if let savedZone { setenv("TZ", savedZone, 1) } else { unsetenv("TZ") }
    }
    for (locale, zone) in [("C.UTF-8", "Asia/Shanghai"), ("C", "America/New_York")] {
      #expect(setlocale(LC_ALL, locale) != nil)
      setenv("TZ", zone, 1)
      let again = await Task.detached {
        payloads.map {
          registry.check(schema: "lead.transfer/1", payload: Array($0.utf8), asOf: nil)
        }
      }.value
      #expect(again == first)
    }
  }

  @Test("tells as many violations as are asked for, at least one", arguments: [0, 1, 5, 100])
  func limit(limit: Int) throws {
    let verdict = SchemaRegistry.builtIn.check(
      schema: "lead.transfer/1", payload: Array("{}".utf8), asOf: nil, limit: limit)
    guard case .invalid(let violations) = verdict else {
      Issue.record("The payload should be invalid.")
      return
    }
    #expect(violations.count == min(max(limit, 1), 11))
  }
}
