import ArgumentParser
import Foundation
import NodeClient
import RecordModel
import RecordSchema
import Testing

@testable import sanxiang

@Suite("Records from flags")
struct ActTests {
  @Test(
    "The flags make the payload, member by member, and it keeps its schema",
    arguments: ActTable.rows)
  func payload(_ row: ActRow) throws {
    let draft = try ActTable.draft(row.line)
    #expect(draft.kind == row.kind)
    #expect(draft.destination == row.destination)
    #expect(String(decoding: draft.payload, as: UTF8.self) == row.payload)
    let schema = try #require(SchemaRegistry.builtIn.versions(of: row.kind).first)
    let findings = PayloadCheck.findings(
      draft.payload, schema: schema, today: try ActTable.now.day)
    #expect(findings == [])
  }

  @Test(
    "Every kind that people send has a command, and every command that makes a payload a row here")
  func everyKind() {
    let senders = ActTable.commands.compactMap { $0.type as? any RecordSender.Type }
    let people = Set(KindName.all.filter { !KindName.isSystem($0) })
    #expect(Set(senders.flatMap { $0.kinds }) == people)
    let made = senders.filter { $0 is any RecordCommand.Type }.flatMap { $0.kinds }
    #expect(Set(made) == Set(ActTable.rows.map(\.kind)).union([KindName.recordCorrect]))
    #expect(Set(made).count == made.count, "one command for each kind")
    let elsewhere = [KindName.leadTransfer, KindName.leadForward, KindName.leadForwarded]
    #expect(people.subtracting(made) == Set(elsewhere))
  }

  @Test(
    "A file is the payload, verbatim, whatever kind it is of",
    arguments: ActTable.rows.filter { $0.kind != KindName.recordWithdraw })
  func file(_ row: ActRow) throws {
    let folder = try TemporaryFolder()
    let bytes = Array((row.payload + "\n").utf8)
    let path = try folder.write(bytes, "payload.json")
    let place: [String] =
      switch row.destination {
      case .answer(let id): [id]
      case .open(let agency): ["--to", agency]
      }
    let draft = try ActTable.draft(Array(row.line.prefix(2)) + place + ["--file", path])
    #expect(draft.payload == bytes)
    #expect(draft.kind == row.kind)
  }

  @Test(
    "What is filled in wrongly is told with a code of its own and the flag's name",
    arguments: [
      ("inbox sign ID", "argument.missing", "--unit"),
      ("inbox refuse ID --text 不归本院", "argument.missing", "--reason"),
      ("letter issue --to PEER", "argument.missing", "--type, --doc-no, --title, --industry"),
      ("inbox close ID", "argument.missing", "--outcome"),
      ("consult open ID --question 如何移交", "argument.missing", "--participant"),
      ("consult open --question 如何移交", "argument.missing", "--to"),
      ("notice remind --to PEER --clock a --due-by 2026-12-01", "argument.missing", "--about"),
      ("inbox refuse ID --reason whim --text 不归本院", "argument.choice", "no-jurisdiction"),
      ("inbox decide ID --decision x --doc-no y", "argument.choice", "--decision"),
      ("inbox close ID --outcome rectified --outcome x", "argument.choice", "--outcome"),
      ("letter issue --to PEER --type x", "argument.missing", "--problem"),
      ("supplement request ID --item x --due-by 2026-02-30", "argument.date", "--due-by"),
      ("inbox decide ID --decision filed --doc-no x --date 23-11-2026", "argument.date", "--date"),
      ("inbox decide ID --decision filed --doc-no x --date +026-1-023", "argument.date", "--date"),
      ("consult open ID --question 如何移交 --participant x", "argument.code", "--participant"),
      ("inbox refuse ID --reason duplicate --text 重复 --suggest x", "argument.code", "--suggest"),
      ("consult open --to x --question 如何移交 --participant PEER", "argument.code", "code"),
      ("consult open ID --question 如何 --participant PEER --about x", "argument.id", "--about"),
      ("inbox sign x --unit 案管", "argument.id", "UUID"),
      ("consult open ID --to PEER --question 如何移交", "argument.conflict", "--to"),
      ("notice remind ID --about ID --clock a --due-by 2026-12-01", "argument.conflict", "--about"),
      ("inbox sign ID --unit 案管 --file x", "argument.conflict", "--unit"),
      (
        "letter issue --to PEER --urgent --title x --file x", "argument.conflict",
        "--title, --urgent"
      ),
      ("inbox close ID --outcome rectified --file x", "argument.conflict", "--outcome"),
      ("inbox sign ID --file /nowhere.json", "file.read", "/nowhere.json"),
    ])
  func wrong(_ line: String, _ code: String, _ words: String) throws {
    let line = line.replacing("ID", with: ActTable.id).replacing("PEER", with: ActTable.peer)
    let failure = try #require(throws: Failure.self) {
      try ActTable.draft(line.split(separator: " ").map(String.init))
    }
    #expect(failure.code == code)
    #expect(failure.message.contains(words), "\(failure.message)")
    #expect(failure.status == (code == "file.read" ? .failed : .usage))
  }

  @Test(
    "What only the schema knows is told by it",
    arguments: [
      ("inbox decide ID --decision not-filed --doc-no 示检立〔2026〕2号", "/reason"),
      ("inbox decide ID --decision filed --doc-no 12号", "/docNo"),
      ("letter reply ID --adopted partly --doc-no 示住建函〔2026〕2号", "/reason"),
      ("inbox close ID --outcome rectified --outcome rectified", "/outcomes/1"),
      ("notice remind ID --clock X --due-by 2026-12-01", "/clock"),
    ])
  func schema(_ line: String, _ pointer: String) throws {
    let line = line.replacing("ID", with: ActTable.id)
    let failure = try #require(throws: Failure.self) {
      try ActTable.draft(line.split(separator: " ").map(String.init))
    }
    #expect(failure.code == "record.invalid")
    #expect(failure.findings.map(\.violation.pointer) == [pointer])
  }

  @Test("A correction holds the whole new payload and names its schema and the record")
  func correction() throws {
    let folder = try TemporaryFolder()
    let payload = #"{"reason":"other","text":"更正后的理由"}"#
    let path = try folder.write(payload, "new.json")
    let draft = try ActTable.draft([
      "record", "correct", ActTable.id, "--file", path, "--reason", "有笔误", "--new-schema",
      "lead.return/1",
    ])
    #expect(draft.kind == KindName.recordCorrect)
    #expect(draft.destination == .answer(ActTable.id))
    let correction = try #require(RecordCorrect(reading: draft.payload))
    #expect(correction.target.description == ActTable.id)
    #expect(correction.schema == "lead.return/1")
    #expect(String(decoding: correction.payload, as: UTF8.self) == payload)
    #expect(correction.reason == "有笔误")
  }

  @Test("A correction that is itself invalid is told at its place in the file")
  func wrongCorrection() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(#"{"reason":"whim","text":"更正后的理由"}"#, "new.json")
    let line = ["record", "correct", ActTable.id, "--file", path, "--reason", "有笔误"]
    let failure = try #require(throws: Failure.self) {
      try ActTable.draft(line + ["--new-schema", "lead.return/1"])
    }
    #expect(failure.code == "record.invalid")
    #expect(failure.findings.map(\.violation.pointer) == ["/reason"])
    let unnamed = try #require(throws: Failure.self) {
      try ActTable.draft(line + ["--new-schema", "lead"])
    }
    #expect(unnamed.code == "argument.schema")
  }

  @Test("A forwarding asks the node for what both of its records say")
  func forwarding() throws {
    let line = ["inbox", "forward", ActTable.id, "--to", ActTable.third, "--reason"]
    func order(_ rest: String...) throws -> APIForwarding {
      let command = try #require(try Sanxiang.parseAsRoot(line + rest) as? InboxForward)
      return try command.order(at: ActTable.now)
    }
    #expect(
      try order("no-jurisdiction", "--text", "涉嫌职务犯罪")
        == APIForwarding(to: ActTable.third, reason: "no-jurisdiction", text: "涉嫌职务犯罪"))
    let urgent = try order("designated", "--text", "涉嫌职务犯罪", "--urgency", "urgent", "--wait")
    #expect(urgent.urgency == "urgent")
    #expect(throws: (any Error).self) { try order("designated", "--urgency", "soon") }
    #expect(throws: Failure.self) { try order("whim", "--text", "涉嫌职务犯罪") }
    let short = try #require(throws: Failure.self) { try order("designated", "--text", "短") }
    #expect(short.findings.map(\.violation.pointer) == ["/text"])
    let silent = try #require(throws: Failure.self) { try order("designated") }
    #expect(silent.code == "argument.missing")
    #expect(!silent.message.contains("--file"))
  }
}
