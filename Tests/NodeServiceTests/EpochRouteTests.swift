import Cryptography
import Exchange
import NodeClient
import RecordModel
import Synchronization
import Testing
import TransparencyLog

@testable import NodeService

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("The API's new epochs")
struct EpochRouteTests {
  private let key: SigningKey
  private var me: String { "uid:\(geteuid())" }

  init() throws { key = try Suite.sha256Ed25519.generateSigningKey() }

  private func statement(from: String, to: String) throws -> EpochStatement {
    EpochStatement(
      origin: Origin(
        federation: "t", direction: Direction(from: try AgencyCode(from), to: try AgencyCode(to)),
        epoch: 1), size: 7, root: .zero)
  }

  private func note(_ text: String) throws -> [UInt8] {
    let signature = try SignedNote.sign(text: text, name: "t/operator", key: key)
    return SignedNote(text: text, signatures: [signature]).encoded
  }

  @Test("What is to be approved is told with its text, and nothing when nothing is")
  func shows() async throws {
    try await APIWorld.run { world in
      #expect(try await world.client.epochStatements(FakeNode.peer).value.items.isEmpty)
      let statement = try statement(from: FakeNode.own, to: FakeNode.peer)
      world.node.state.withLock { $0.statements = [statement] }
      let shown = try await world.client.epochStatements(FakeNode.peer).value.items
      #expect(shown.map(\.text) == [statement.text])
      #expect(shown.map(\.size) == [7])
      #expect(shown.map(\.origin) == [statement.origin.description])
      #expect(statement.text.hasSuffix("\n\(shown[0].root)\n"))
    }
  }

  @Test("A note goes to the node as it is, in the caller's name; either way of the channel will do")
  func opens() async throws {
    try await APIWorld.run { world in
      for (from, to) in [(FakeNode.own, FakeNode.peer), (FakeNode.peer, FakeNode.own)] {
        let note = try note(statement(from: from, to: to).text)
        let opened = try await world.client.openEpoch(FakeNode.peer, approved: note)
        #expect(opened.value.origin == "t/sanxiang/\(from)/\(to)/2")
        #expect(world.node.calls.last == "openEpoch \(note.count) \(me)")
      }
    }
  }

  @Test("What is no approval, or one for another channel, does not reach the node")
  func refuses() async throws {
    try await APIWorld.run { world in
      let other = try statement(from: FakeNode.own, to: "11000000MB0000035K")
      let cases: [([UInt8], Int, String)] = [
        (Array("x".utf8), 400, "request.body"), ([], 400, "request.body"),
        (try note("another text\n"), 403, "epoch.approvals"),
        (try note(other.text), 403, "epoch.approvals"),
        ([UInt8](repeating: 0x61, count: 65_537), 413, "request.tooLarge"),
      ]
      let path = "/v1/queues/\(FakeNode.peer)/epoch"
      for (body, status, code) in cases {
        let problem = try await world.refusal(APICall(.post, path, body: body))
        #expect(problem?.status == status)
        #expect(problem?.code == code)
      }
      let elsewhere = "/v1/queues/11000000MB0000035K/epoch"
      #expect(try await world.refusal(APICall(.get, elsewhere))?.status == 404)
      #expect(world.node.calls == [])
    }
  }

  @Test("What the node refuses keeps its code")
  func failing() async throws {
    try await APIWorld.run { world in
      world.node.fail(ExchangeError(.channelState, "not halted"))
      let note = try note(statement(from: FakeNode.own, to: FakeNode.peer).text)
      let problem = try await world.refusal(
        APICall(.post, "/v1/queues/\(FakeNode.peer)/epoch", body: note))
      #expect(problem?.status == 409)
      #expect(problem?.code == "channel.state")
    }
  }
}
