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

@Suite("The API's erasures")
struct ErasureRouteTests {
  private let key: SigningKey
  private var me: String { "uid:\(geteuid())" }

  init() throws { key = try Suite.sha256Ed25519.generateSigningKey() }

  private func note(_ text: String) throws -> [UInt8] {
    let signature = try SignedNote.sign(text: text, name: "t/operator", key: key)
    return SignedNote(text: text, signatures: [signature]).encoded
  }

  @Test("What is to be approved is told with its text and where else the content lies")
  func shows() async throws {
    try await APIWorld.run { world in
      let id = "\(FakeNode.id(1))"
      let shown = try await world.client.erasureStatement(
        id, law: "示例法", article: "第一条", seq: 3
      ).value
      #expect(world.node.calls.last == "erasureStatement \(id) 3 示例法 第一条")
      #expect(shown.text == (try FakeNode.erasureStatement.text))
      #expect(shown.seq == 3)
      #expect(shown.target == id)
      #expect(shown.carriers.map(\.place) == ["elsewhere"])
      #expect(shown.carriers.map(\.id) == ["\(FakeNode.id(2))"])
    }
  }

  @Test("A note goes to the node as it is, in the caller's name; another record's does not")
  func erases() async throws {
    try await APIWorld.run { world in
      let note = try note(FakeNode.erasureStatement.text)
      let erased = try await world.client.erase("\(FakeNode.id(1))", approved: note).value
      #expect(world.node.calls.last == "erase \(note.count) \(me)")
      #expect(erased.id == "\(FakeNode.id(9))")
      #expect(erased.peer == FakeNode.peer)
      #expect(erased.carriers.count == 1)
      await #expect(throws: ClientError.self) {
        _ = try await world.client.erase("\(FakeNode.id(2))", approved: note)
      }
      await #expect(throws: ClientError.self) {
        _ = try await world.client.erase("\(FakeNode.id(1))", approved: Array("x".utf8))
      }
      #expect(world.node.calls.count { $0.hasPrefix("erase ") } == 1)
    }
  }

  @Test("Erasures are listed page by page, each with both ends' records")
  func lists() async throws {
    try await APIWorld.run { world in
      let statement = try FakeNode.erasureStatement
      let own = ErasureView.Record(
        id: FakeNode.id(9), from: statement.agency, seq: 7,
        time: Timestamp(milliseconds: 1_795_000_000_000), law: "示例法", article: "第一条")
      let view = ErasureView(
        channel: statement.channel, seq: 3, id: FakeNode.id(1),
        position: RecordPosition(channel: ChannelNumber(rawValue: 2), seq: 3), isErasedHere: true,
        own: own, peers: nil)
      world.node.state.withLock { $0.erasures = [view] }
      let page = try await world.client.erasures(limit: 1).value
      #expect(world.node.calls.last == "erasures - 1")
      #expect(page.items.map(\.state) == ["own"])
      #expect(page.items.first?.own?.law == "示例法")
      #expect(page.items.first?.own?.seq == 7)
      #expect(page.items.first?.peer == nil)
      _ = try await world.client.erasures(cursor: page.next, limit: 1)
      #expect(world.node.calls.last == "erasures 2/3 1")
    }
  }
}
