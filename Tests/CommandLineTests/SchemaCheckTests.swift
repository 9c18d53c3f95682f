import Foundation
import RecordSchema
import Testing

@testable import sanxiang

@Suite("sanxiang schema check")
struct SchemaCheckTests {
  private static let lead = "examples/leads/06-discipline-enforcement-education-health.json"
  /// Breaks three rules and holds a word that no answer may repeat.
  private static let badSign = #"{"handlingUnit":"","signedAt":"yesterday","extra":1}"#

  @Test("Every sample lead is valid, and one line says so for each")
  func samples() throws {
    let folder = CommandRun.root + "/examples/leads"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .map { "examples/leads/" + $0 }
    let run = try CommandRun(["schema", "check"] + files)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.lines.count == files.count + 1)
    #expect(run.lines.dropLast() == files.map { "\($0): valid (lead.transfer/1)" }[...])
    #expect(run.lines.last == "\(files.count) files, 0 invalid (lead.transfer/1)")
  }

  @Test(
    "The schema is the one named, the highest of the kind named, or lead.transfer's",
    arguments: [
      ([lead], 0), (["examples/acts/sign.json", "--kind", "lead.sign"], 0),
      (["examples/acts/sign.json", "--schema", "lead.sign/1"], 0),
      (["examples/acts/sign.json"], 3), ([lead, "--schema", "lead.sign/1"], 3),
    ] as [([String], Int32)])
  func choice(_ arguments: [String], _ status: Int32) throws {
    #expect(try CommandRun(["schema", "check"] + arguments).status == status)
  }

  @Test(
    "Every broken rule is told in the caller's language with its place in payload and schema",
    arguments: [
      ("en", "invalid, 4 broken rule(s) (lead.sign/1)"), ("zh", "不合规，4 处（lead.sign/1）"),
    ])
  func everyRule(_ language: String, _ head: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      #"{"handlingUnit":"x","signedAt":"yesterday","extra":1}"#, "sign.json")
    let run = try CommandRun(
      ["schema", "check", path, "--kind", "lead.sign", "--lang", language])
    #expect(run.status == 3)
    #expect(run.lines[0].contains(head))
    for place in ["/handlingUnit [minLength]", "/signedAt [", "/extra [additionalProperties]"] {
      let line = try #require(run.lines.firstIndex { $0.hasPrefix("  " + place) }, "\(place)")
      #expect(run.lines[line + 1].hasPrefix("    urn:sanxiang:schema:"))
      let isChinese = run.lines[line].unicodeScalars.contains { $0.value >= 0x4e00 }
      #expect(isChinese == (language == "zh"))
    }
    #expect(!run.output.contains("yesterday"))
  }

  @Test("The JSON is one object with a result for each file, and says the same in both languages")
  func json() throws {
    let run = try CommandRun(
      ["schema", "check", "-", Self.lead, "--schema", "lead.sign/1", "--output", "json"],
      input: Array(Self.badSign.utf8))
    #expect(run.status == 3)
    let root = try JSONDocument(parsing: Array(run.output.utf8), limits: .init(size: 8 << 20)).root
    #expect(root["schema"]?.string == "lead.sign/1")
    #expect(root["valid"]?.bool == false)
    let file = try #require(root["files"]?[0])
    #expect(root["files"]?.count == 2)
    #expect(file["file"]?.string == "-")
    #expect(file["valid"]?.bool == false)
    let violations = try #require(file["violations"])
    let places = Set(violations.elements.map { $0["pointer"]?.string })
    #expect(places == ["/handlingUnit", "/signedAt", "/extra"])
    for violation in violations.elements {
      for name in ["rule", "keyword", "message", "messageZh", "schemaPointer"] {
        #expect(violation[name]?.string?.isEmpty == false, "\(name)")
      }
      #expect(violation["offset"] == nil)
    }
  }

  @Test(
    "What is not strict JSON is told with its byte, in both forms of output",
    arguments: [
      (#"{"a":1,"a":2}"#, "json.duplicateKey", 7), ("", "json.syntax", 0),
      (#"{"docNo":tru}"#, "json.syntax", 12), ("{} {}", "json.trailing", 3),
      (#"{"docNo":"e\#u{301}"}"#, "json.nfc", 9), (#"{"docNo":"\ud800"}"#, "json.surrogate", 10),
    ])
  func offsets(_ text: String, _ rule: String, _ offset: Int64) throws {
    let json = try CommandRun(
      ["schema", "check", "-", "--output", "json"], input: Array(text.utf8))
    #expect(json.status == 3)
    let root = try JSONDocument(parsing: Array(json.output.utf8)).root
    let violations = try #require(root["files"]?[0]?["violations"])
    #expect(violations.count == 1)
    #expect(violations[0]?["rule"]?.string == rule)
    #expect(violations[0]?["keyword"]?.string == rule)
    #expect(violations[0]?["offset"]?.integer == offset)
    #expect(violations[0]?["schemaPointer"] == nil)
    for (language, place) in [("en", "at byte \(offset)"), ("zh", "第 \(offset) 字节")] {
      let run = try CommandRun(
        ["schema", "check", "-", "--lang", language], input: Array(text.utf8))
      #expect(run.output.contains("[\(rule)] \(place): "))
    }
  }

  @Test("A payload over 1 MiB breaks a rule; it is not a file that cannot be read")
  func long() throws {
    let run = try CommandRun(
      ["schema", "check", "-"], input: [UInt8](repeating: 0x20, count: (1 << 20) + 1))
    #expect(run.status == 3)
    #expect(run.output.contains("[json.size] at byte 1048576: "))
  }

  @Test("At most 1000 broken rules are told of a file, and it is said that there may be more")
  func limit() throws {
    let members = (0..<1200).map { "\"x\($0)\":0" }.joined(separator: ",")
    let input = Array("{\(members)}".utf8)
    let json = try CommandRun(["schema", "check", "-", "--output", "json"], input: input)
    let root = try JSONDocument(parsing: Array(json.output.utf8)).root
    #expect(root["files"]?[0]?["violations"]?.count == 1000)
    #expect(root["files"]?[0]?["truncated"]?.bool == true)
    let text = try CommandRun(["schema", "check", "-"], input: input)
    #expect(text.lines.first?.contains("at least 1000 broken rule(s)") == true)
  }

  @Test("A file that cannot be read does not hide the others' results")
  func unreadable() throws {
    let one = try CommandRun(["schema", "check", "/nowhere.json", Self.lead])
    #expect(one.status == 1)
    #expect(one.output.contains("/nowhere.json: error [file.read]"))
    #expect(one.output.contains("\(Self.lead): valid"))
    let both = try CommandRun(
      ["schema", "check", "/nowhere.json", "-", "--output", "json"], input: Array("{}".utf8))
    #expect(both.status == 3)
    let root = try JSONDocument(parsing: Array(both.output.utf8)).root
    #expect(root["files"]?[0]?["error"]?["code"]?.string == "file.read")
    #expect(root["files"]?[0]?["valid"] == nil)
    #expect(root["files"]?[1]?["valid"]?.bool == false)
  }

  @Test(
    "What was asked wrongly ends with 64 and says why",
    arguments: [
      (["schema", "check"], "command.usage"), (["schema", "check", "-", "-"], "command.usage"),
      (["schema", "check", lead, "--schema", "lead.none/1"], "argument.schema"),
      (["schema", "check", lead, "--kind", "lead.none"], "argument.schema"),
      (
        ["schema", "check", lead, "--kind", "lead.sign", "--schema", "lead.accept/1"],
        "argument.schema"
      ),
      (["schema", "show", "lead.none"], "argument.schema"),
      (["schema", "template", "lead.none"], "argument.schema"),
    ])
  func usage(_ arguments: [String], _ code: String) throws {
    let run = try CommandRun(arguments + ["--output", "json"])
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(try JSONDocument(parsing: Array(run.errors.utf8)).root["code"]?.string == code)
  }
}

@Suite("Payloads about to be sent")
struct SendingTests {
  /// Nobody listens here: whoever gets so far fails with 5.
  private static let nobody = ["--socket", "/nowhere/s", "--output", "json"]
  private static let id = "019ab000-0000-7000-8000-000000000000"

  @Test(
    "An invalid payload never leaves the program: every broken rule is told, and no node is asked",
    arguments: [
      (["lead", "send", "-", "--to", "11000000MB0000027Q"], "/docNo", "required"),
      (["lead", "send", "-", "--to", "x", "--schema", "lead.sign/1"], "/signedAt", "required"),
      (["lead", "send", "-", "--to", "x", "--kind", "lead.sign"], "/signedAt", "required"),
      (["inbox", "sign", id, "--file", "-"], "/handlingUnit", "required"),
      (["inbox", "accept", id, "--unit", "x"], "/handlingUnit", "minLength"),
      (["inbox", "refuse", id, "--reason", "duplicate", "--text", "x"], "/text", "minLength"),
      (["letter", "issue", "--to", "11000000MB0000027Q", "--file", "-"], "/proposals", "required"),
      (["inbox", "return", id, "--file", "-", "--schema", "lead.return/1"], "/text", "required"),
    ])
  func invalid(_ arguments: [String], _ pointer: String, _ rule: String) throws {
    let run = try CommandRun(arguments + Self.nobody, input: Array("{}".utf8))
    #expect(run.status == 3, "\(run)")
    #expect(run.output.isEmpty)
    let root = try JSONDocument(parsing: Array(run.errors.utf8)).root
    #expect(root["code"]?.string == "record.invalid")
    #expect(root["exit"]?.integer == 3)
    let found = root["violations"]?.elements.contains {
      $0["pointer"]?.string == pointer && $0["rule"]?.string == rule
        && $0["schemaPointer"]?.string?.isEmpty == false
    }
    #expect(found == true, "\(run)")
  }

  @Test("For a person every broken rule is a line of its own, in their language")
  func text() throws {
    let run = try CommandRun(
      ["lead", "send", "-", "--to", "x", "--socket", "/nowhere/s", "--lang", "zh"],
      input: Array("{}".utf8))
    #expect(run.status == 3)
    #expect(run.errors.hasPrefix("错误 [record.invalid]: 载荷不符合 lead.transfer/1"))
    #expect(run.errors.split(separator: "\n").count { $0.contains("[required]: ") } == 11)
  }

  @Test(
    "What only the node can judge is left to it",
    arguments: [
      ["lead", "send", "-", "--to", "x", "--kind", "lead.none"],
      ["lead", "send", "-", "--to", "x", "--schema", "lead.transfer/99"],
      ["lead", "send", "-", "--to", "x", "--kind", "lead.sign", "--schema", "lead.transfer/1"],
      ["lead", "send", "examples/leads/04-procuratorate-enforcement-resources-environment.json"]
        + ["--to", "x"],
      ["inbox", "sign", id, "--unit", "示例科"],
    ])
  func left(_ arguments: [String]) throws {
    let run = try CommandRun(arguments + Self.nobody, input: Array("{}".utf8))
    #expect(run.status == 5, "\(run)")
    #expect(run.errors.contains("client.unreachable"))
  }
}
