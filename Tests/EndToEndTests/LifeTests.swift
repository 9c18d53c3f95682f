import Foundation
import NodeClient
import RecordModel
import SanxiangTesting
import Testing

extension EndToEnd {
  @Suite struct LifeTests {
    @Test(.timeLimit(.minutes(3)))
    func `A thread is forwarded with proof, and both ends of each print the very same text`()
      async throws
    {
      try await Federation.run(3) { federation in
        let (first, second, third) = (
          federation.nodes[0], federation.nodes[1], federation.nodes[2]
        )
        let id = try await first.client.submit(SamplePayload.transfer(1), to: second.code).value.id
        _ = try await first.client.wait(id, seconds: 60)
        _ = try await second.client.act("lead.sign", on: id, payload: SamplePayload.sign())
        let answer = try await spoken(
          second,
          [
            "inbox", "forward", id, "--to", third.code, "--reason", "no-jurisdiction", "--text",
            "不属于本机关管辖。",
          ])
        let forwarding = try JSONDecoder().decode(APIForwarded.self, from: Data(answer.utf8))
        let onward = forwarding.forward.id
        try await eventually("the onward receiver has the lead") {
          (try? await third.client.thread(onward).value.state) == "transferred"
        }
        _ = try await third.client.act("lead.sign", on: onward, payload: SamplePayload.sign())
        for (thread, one, other) in [(id, first, second), (onward, second, third)] {
          let state = thread == id ? "forwarded" : "signed"
          for node in [one, other] {
            try await eventually("\(thread) is \(state) at \(node.code)") {
              let found = try await node.client.thread(thread).value
              return found.state == state
                && found.records.allSatisfy { $0.summary.receiptedAt != nil }
            }
          }
          let here = try await spoken(one, ["lead", "track", thread], json: false)
          let there = try await spoken(other, ["lead", "track", thread], json: false)
          #expect(neutral(here) == neutral(there))
          #expect(here.contains(thread))
        }
        try await federation.stopAndAudit()
      }
    }

    @Test(.timeLimit(.minutes(3)))
    func `A time limit that runs out under clocks set ahead brings a reminder, at both ends`()
      async throws
    {
      try await Federation.run(2) { federation in
        let (first, second) = (federation.nodes[0], federation.nodes[1])
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let day = try #require(now.advanced(byMilliseconds: 2 * 86_400_000).day)
        let payload = String(decoding: SamplePayload.transfer(1), as: UTF8.self)
          .replacingOccurrences(of: "\"facts\"", with: "\"replyBy\":\"\(day)\",\"facts\"")
        let id = try await first.client.submit(Array(payload.utf8), to: second.code).value.id
        _ = try await first.client.wait(id, seconds: 60)
        #expect(try await first.client.deadlines(ours: false).value.items.map(\.thread) == [id])
        for node in federation.nodes {
          _ = try await node.stop()
          try node.configure("rehearsal:\n  clockAheadHours: 120")
        }
        for node in federation.nodes { try await node.start() }
        try await federation.publish(
          Dictionary(
            uniqueKeysWithValues: federation.nodes.map { ($0.code, try $0.port) }))
        for node in federation.nodes {
          try await eventually("\(node.code) has the reminder") {
            let thread = try await node.client.thread(id).value
            return thread.records.contains { $0.summary.kind == "notice.remind" }
          }
          let clocks = try await node.client.thread(id).value.clocks
          let clock = try #require(clocks.first { $0.rule == "asked-transfer-reply" })
          #expect(clock.state == "overdue")
          #expect(clock.owner == second.code)
          #expect(clock.reminded != nil)
        }
        #expect(try await second.queue(to: first).clocks?.overdue == 1)
        #expect(first.log.contains("the clock runs ahead"))
      }
    }

    /// What a command line says that is told this node's socket.
    private func spoken(
      _ node: AgencyNode, _ words: [String], json: Bool = true
    ) async throws -> String {
      try await Spoken.fine(
        words + ["--socket", node.socket] + (json ? ["--output", "json"] : [])
      ).text
    }

    /// Without what one end alone can know of other threads.
    private func neutral(_ text: String) -> String {
      let lines = text.components(separatedBy: "\n")
      guard let start = lines.firstIndex(where: { $0 == "KNOWN HERE BESIDES" }),
        let end = lines[start...].firstIndex(where: \.isEmpty)
      else { return text }
      return (lines[..<start] + lines[(end + 1)...]).joined(separator: "\n")
    }
  }
}
