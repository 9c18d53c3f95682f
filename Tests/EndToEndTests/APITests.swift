import Foundation
import NodeClient
import SanxiangTesting
import Testing

extension EndToEnd {
  @Suite struct APITests {
    /// Stands in payloads, keys and answers; no line of a log may carry it.
    static let marker = "标记xq7marker"

    private func prepare(_ federation: Federation) throws {
      for node in federation.nodes {
        try node.configure(replacing: "level: info", "level: debug")
      }
    }

    @Test(.timeLimit(.minutes(2)))
    func
      `Submissions can be repeated, breaches are named, the socket is private, logs hold no values`()
      async throws
    {
      try await Federation.run(2, prepare: prepare) { federation in
        let (sender, receiver) = (federation.nodes[0], federation.nodes[1])
        let id = try await expectIdempotence(sender, receiver)
        try await expectBreaches(sender, receiver)
        for node in federation.nodes {
          #expect(try Files.mode(node.socket) & ~S_IFMT == 0o600)
          #expect(try Files.mode(node.socket) & S_IFMT == S_IFSOCK)
          #expect(try Files.mode(node.folder) & 0o077 == 0)
        }
        try await act(id, sender, receiver)
        #expect(
          String(decoding: try await receiver.client.part("payload", of: id), as: UTF8.self)
            .contains(Self.marker))
        try await federation.stopAndAudit()
        for node in federation.nodes {
          #expect(node.log.contains(" debug "))
          #expect(!node.log.contains(Self.marker))
        }
      }
    }

    private func expectIdempotence(
      _ sender: AgencyNode, _ receiver: AgencyNode
    ) async throws -> String {
      let payload = SamplePayload.transfer(1, facts: "检查中发现：" + Self.marker)
      let key = "key-" + "xq7marker"
      let first = try await sender.client.submit(
        payload, to: receiver.code, idempotencyKey: key
      ).value
      #expect(!first.repeated)
      let again = try await sender.client.submit(
        payload, to: receiver.code, idempotencyKey: key
      ).value
      #expect(again.id == first.id && again.thread == first.thread && again.repeated)
      await expectProblem(409, "submission.idempotencyMismatch") {
        _ = try await sender.client.submit(
          SamplePayload.transfer(2, facts: Self.marker), to: receiver.code, idempotencyKey: key)
      }
      #expect(try await sender.client.wait(first.id, seconds: 60).value.delivery == "receipted")
      #expect(try await receiver.inbox().map(\.id) == [first.id])
      return first.id
    }

    private func expectBreaches(_ sender: AgencyNode, _ receiver: AgencyNode) async throws {
      let bad = String(decoding: SamplePayload.transfer(3, facts: Self.marker), as: UTF8.self)
        .replacingOccurrences(of: "91000000MA00000157", with: "91000000MA00000158")
        .replacingOccurrences(of: "duty-violation", with: Self.marker)
      let problem = await expectProblem(422, "record.invalid") {
        _ = try await sender.client.submit(Array(bad.utf8), to: receiver.code)
      }
      let violations = problem?.violations ?? []
      #expect(
        violations.contains { $0.pointer == "/subjects/0/uscc" && $0.rule == "format:uscc" })
      #expect(violations.contains { $0.pointer == "/category" })
      #expect(violations.allSatisfy { !$0.message.isEmpty && !$0.messageZh.isEmpty })
      #expect(!"\(violations)".contains(Self.marker))
      await expectProblem(422, "agency.unknown") {
        _ = try await sender.client.submit(SamplePayload.transfer(4), to: "91000000MA00000157")
      }
      await expectProblem(404, "record.notFound") {
        _ = try await sender.client.record("019ab000-0000-7000-8000-000000000000")
      }
    }

    private func act(_ id: String, _ sender: AgencyNode, _ receiver: AgencyNode) async throws {
      _ = try await receiver.client.act("lead.sign", on: id, payload: SamplePayload.sign())
      let words = #"{"reason":"incomplete-materials","text":"\#(Self.marker)"}"#
      let act = try await receiver.client.act("lead.return", on: id, payload: Array(words.utf8))
      #expect(
        try await receiver.client.wait(act.value.id, seconds: 60).value.delivery == "receipted")
      #expect(try await sender.client.thread(id).value.state == "returned")
    }

    /// The problem with which a call is refused.
    @discardableResult
    private func expectProblem(
      _ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation,
      _ call: () async throws -> Void
    ) async -> Problem? {
      let error = await #expect(throws: ClientError.self, sourceLocation: sourceLocation) {
        try await call()
      }
      #expect(error?.problem?.status == status, sourceLocation: sourceLocation)
      #expect(error?.problem?.code == code, sourceLocation: sourceLocation)
      return error?.problem
    }
  }
}
