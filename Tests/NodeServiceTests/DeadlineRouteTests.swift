import Foundation
import NodeClient
import RecordModel
import Testing

@testable import NodeService

@Suite("The API's threads, deadlines and statistics")
struct DeadlineRouteTests {
  private struct Answer: Decodable {
    struct Item: Decodable {
      var thread: String
      var leadTitle: String?
      var state: String
      var rule: String
      var flags: [String]
    }
    var items: [Item]
    var next: String?
  }

  private func get(
    _ world: APIWorld, _ path: String, _ query: [(String, String)] = [],
    accept: String = "application/json"
  ) async throws -> [UInt8] {
    try await world.client.call(APICall(.get, path, query: query, accept: accept)).body
  }

  @Test("A thread has its clocks, its ties, what stands and what may come next")
  func thread() async throws {
    try await APIWorld.run { world in
      let body = try await get(world, "/v1/leads/\(FakeNode.id(7))")
      let found = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
      let thread = try #require(found)
      #expect(thread["family"] as? String == "lead")
      #expect(thread["opener"] as? String == FakeNode.peer)
      let record = try #require((thread["records"] as? [[String: Any]])?.first)
      #expect(record["standing"] as? String == "void")
      #expect(record["replyTo"] as? String == "\(FakeNode.id(7))")
      let point = try #require((record["points"] as? [[String: Any]])?.first)
      #expect(point["field"] as? String == "/decision")
      #expect(point["textZH"] as? String == "立案")
      let clock = try #require((thread["clocks"] as? [[String: Any]])?.first)
      #expect(clock["state"] as? String == "overdue")
      #expect(clock["owner"] as? String == FakeNode.peer)
      #expect(clock["reminded"] as? String == "\(FakeNode.id(3))")
      let tie = try #require((thread["lineage"] as? [[String: Any]])?.first)
      #expect(tie["relation"] as? String == "previousOf")
      let next = try #require((thread["next"] as? [[String: Any]])?.first)
      #expect(next["kinds"] as? [String] == ["lead.sign"])
    }
  }

  @Test("Deadlines pass their filters on, and the cursor of a page asks for the next one")
  func deadlines() async throws {
    try await APIWorld.run { world in
      let first = try JSONDecoder().decode(
        Answer.self,
        from: Data(
          try await get(
            world, "/v1/deadlines",
            [
              ("before", "2026-11-24"), ("owner", "theirs"), ("peer", FakeNode.peer),
              ("limit", "7"),
            ])))
      #expect(first.items.map(\.leadTitle) == ["示例线索"])
      #expect(first.items.map(\.flags) == [["tooMany"]])
      let cursor = try #require(first.next)
      _ = try await get(world, "/v1/deadlines", [("cursor", cursor)])
      let rule = try #require(first.items.first?.rule)
      #expect(
        world.node.calls == [
          "deadlines 2026-11-24T00:00:00.000+08:00 false \(FakeNode.peer) 7 -",
          "deadlines - - - 100 \(FakeNode.noon.milliseconds) \(FakeNode.id(1)) \(rule) "
            + "\(FakeNode.id(2))",
        ])
    }
  }

  @Test(
    "What makes no sense is refused before the node is asked",
    arguments: [
      ("/v1/deadlines", "owner", "mine"), ("/v1/deadlines", "before", "2026-02-30"),
      ("/v1/deadlines", "cursor", "1.2"), ("/v1/deadlines", "peer", "11000000MB0000027X"),
      ("/v1/statistics", "from", "yesterday"), ("/v1/statistics", "to", "2026-11-31"),
    ])
  func refused(path: String, name: String, value: String) async throws {
    try await APIWorld.run { world in
      let problem = try await world.refusal(APICall(.get, path, query: [(name, value)]))
      #expect(problem?.code == "request.parameter")
      #expect(world.node.calls == [])
    }
  }

  @Test("The rules say which of them are verified and on")
  func rules() async throws {
    try await APIWorld.run { world in
      let body = try await get(world, "/v1/deadlines/rules")
      let found = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
      let rules = try #require(found?["rules"] as? [[String: Any]])
      #expect(rules.count == ClockRules.builtIn.rules.count)
      #expect(rules.allSatisfy { $0["on"] as? Bool != true || $0["verified"] as? Bool == true })
      #expect(rules.contains { $0["on"] as? Bool == false })
      #expect(found?["calendars"] as? [Int] == [2025, 2026])
    }
  }

  @Test("Statistics come as JSON, and as CSV in which no name becomes a formula")
  func statistics() async throws {
    try await APIWorld.run { world in
      let json = try await get(
        world, "/v1/statistics", [("from", "2026-11-01"), ("peer", FakeNode.peer)])
      let found = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
      let row = try #require((found?["peers"] as? [[String: Any]])?.first)
      #expect(row["returned"] as? Int == 3)
      #expect((row["rules"] as? [[String: Any]])?.first?["rate"] as? Double == 0.5)
      #expect((row["assigned"] as? [[String: Any]])?.first?["remainingDays"] as? Int == 2)
      #expect(world.node.calls == ["statistics 2026-11-01 - \(FakeNode.peer)"])
      let csv = String(
        decoding: try await get(world, "/v1/statistics", accept: "text/csv"), as: UTF8.self)
      #expect(csv.hasPrefix("\u{feff}from,to,peer,"))
      #expect(csv.contains(",\"'=示例,\"\"市\"\"纪委监委\",out,sent,,移送,5\r\n"))
      #expect(csv.contains(",returned,no-jurisdiction,退回,2\r\n"))
      #expect(csv.contains(",numbers.missing,示移〔2026〕,缺号,1\r\n"))
    }
  }
}
