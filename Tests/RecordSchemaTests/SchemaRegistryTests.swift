import Foundation
import RecordSchema
import Testing

@Suite("The schema registry")
struct SchemaRegistryTests {
  @Test("lists what it can read, sorted")
  func readable() {
    let registry = SchemaRegistry.builtIn
    #expect(
      registry.readable == [
        "lead.accept/1", "lead.refuse/1", "lead.return/1", "lead.sign/1", "lead.transfer/1",
        "system.epoch/1", "system.refusal/1",
      ])
    for name in registry.readable { #expect(registry.canRead(name)) }
  }

  @Test(
    "knows no other name",
    arguments: ["", "lead.transfer", "lead.transfer/2", "Lead.transfer/1", "lead.transfer/1 ", "x"])
  func unknown(name: String) {
    #expect(SchemaRegistry.builtIn.check(schema: name, payload: Array("{}".utf8)) == .unknownSchema)
    #expect(!SchemaRegistry.builtIn.canRead(name))
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
    #expect(industries == Set(CodeList.industry.entries.map(\.code)))
    #expect(categories == Set(CodeList.category.entries.map(\.code)))
    #expect(try exampleFiles("acts").count == 4)
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
      schema: "lead.transfer/1", payload: Array(payload.utf8))
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
    let first = payloads.map { registry.check(schema: "lead.transfer/1", payload: Array($0.utf8)) }
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
        payloads.map { registry.check(schema: "lead.transfer/1", payload: Array($0.utf8)) }
      }.value
      #expect(again == first)
    }
  }

  @Test("keeps code lists free of repeats, with both labels")
  func codeLists() {
    #expect(Set(CodeList.all.map(\.name)).count == CodeList.all.count)
    for list in CodeList.all {
      #expect(Set(list.entries.map(\.code)).count == list.entries.count)
      for entry in list.entries {
        #expect(!entry.chinese.isEmpty && !entry.english.isEmpty)
        #expect(list[entry.code]?.chinese == entry.chinese)
      }
      #expect(list["no such code"] == nil)
    }
  }
}
