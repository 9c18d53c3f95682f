import Exchange
import Foundation
import NodeClient
import RecordSchema
import SanxiangTesting
import Testing

@testable import NodeService

@Suite("The API's schemas")
struct SchemaRouteTests {
  private static func example(_ name: String) throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try Array(Data(contentsOf: root.appending(path: "examples/" + name)))
  }

  @Test("Every schema that the node reads is listed with its names in both languages")
  func lists() async throws {
    try await APIWorld.run { world in
      let list = try await world.client.schemas().value
      #expect(list.next == nil)
      #expect(list.items.map(\.name) == SchemaRegistry.builtIn.entries.map(\.name.description))
      let lead = try #require(list.items.first { $0.name == "lead.transfer/1" })
      #expect(lead.kind == "lead.transfer")
      #expect(lead.version == 1)
      #expect(lead.title == "Transfer of a lead")
      #expect(lead.titleZh == "线索移送")
      #expect(list.items.allSatisfy { !$0.summary.isEmpty && !$0.summaryZh.isEmpty })
    }
  }

  @Test(
    "A valid payload is told to be valid, by the schema named or the highest version of its kind",
    arguments: [
      ("leads/06-discipline-enforcement-education-health.json", nil, nil, "lead.transfer/1"),
      ("acts/sign.json", "lead.sign", nil, "lead.sign/1"),
      ("acts/sign.json", nil, "lead.sign/1", "lead.sign/1"),
      ("acts/sign.json", "lead.sign", "lead.sign/1", "lead.sign/1"),
    ] as [(String, String?, String?, String)])
  func valid(_ file: String, _ kind: String?, _ schema: String?, _ judged: String) async throws {
    let payload = try Self.example(file)
    try await APIWorld.run { world in
      let answer = try await world.client.check(payload, kind: kind, schema: schema).value
      #expect(answer.valid)
      #expect(answer.violations.isEmpty)
      #expect(answer.schema == judged)
      #expect(world.node.calls.isEmpty)
    }
  }

  @Test("Every rule that is broken is told, with its place in the payload and in the schema")
  func invalid() async throws {
    try await APIWorld.run { world in
      let payload = #"{"handlingUnit":"","signedAt":"yesterday","extra":1}"#
      let answer = try await world.client.check(Array(payload.utf8), kind: "lead.sign").value
      #expect(!answer.valid)
      let places = answer.violations.map { "\($0.pointer) \($0.rule)" }
      #expect(Set(places).isSuperset(of: ["/extra additionalProperties"]))
      #expect(Set(answer.violations.map(\.pointer)) == ["/handlingUnit", "/signedAt", "/extra"])
      for violation in answer.violations {
        #expect(violation.schemaPointer?.hasPrefix("urn:sanxiang:") == true)
        #expect(violation.offset == nil)
        #expect(!violation.message.contains("yesterday"))
        #expect(!violation.messageZh.isEmpty)
      }
    }
  }

  @Test(
    "What is not strict JSON is told with its byte",
    arguments: [
      (#"{"a":1,"a":2}"#, "json.duplicateKey", 7), ("{", "json.syntax", 1), ("", "json.syntax", 0),
      ("[1] 2", "json.trailing", 4),
    ])
  func notJSON(_ text: String, _ rule: String, _ offset: Int) async throws {
    try await APIWorld.run { world in
      let answer = try await world.client.check(Array(text.utf8)).value
      #expect(!answer.valid)
      let only = try #require(answer.violations.first)
      #expect(answer.violations.count == 1)
      #expect(only.rule == rule)
      #expect(only.offset == offset)
      #expect(only.schemaPointer == nil)
    }
  }

  @Test("An answer has at most 1000 violations")
  func limited() async throws {
    try await APIWorld.run { world in
      let members = (0..<1200).map { "\"x\($0)\":0" }.joined(separator: ",")
      let answer = try await world.client.check(Array("{\(members)}".utf8)).value
      #expect(answer.violations.count == 1000)
    }
  }

  @Test("A real node judges by its own schemas and as of its own day, and keeps nothing")
  func realNode() throws {
    let world = try TestWorld()
    let node = world.nodes[0].node
    let payload = try Self.example("leads/02-enforcement-procuratorate-markets.json")
    // Born on the day after the one on which the world's clocks stand.
    let text = String(decoding: payload, as: UTF8.self)
      .replacingOccurrences(of: "11010519491231002X", with: "110105202611240029")
    func check() -> PayloadVerdict {
      node.check(Array(text.utf8), schema: "lead.transfer/1", limit: 10)
    }
    #expect(node.schemas.canRead("lead.transfer/1"))
    #expect(node.check([], schema: "lead.none/1", limit: 10) == .unknownSchema)
    guard case .invalid(let broken) = check() else {
      Issue.record("nobody can be born tomorrow")
      return
    }
    #expect(broken.map(\.rule) == ["format:cn-id"])
    world.advance(milliseconds: 86_400_000)
    #expect(check() == .valid)
    #expect(try world.call { try await node.queues() }.allSatisfy { $0.queued == 0 })
  }
}
