import Exchange
import NodeClient
import Synchronization
import Testing

@testable import NodeService

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("The API's inbox and operators")
struct OperatorRouteTests {
  private let id = FakeNode.id(7)
  private var me: String { "uid:\(geteuid())" }

  @Test("Taking names holder, seconds and id; nothing to take is no error")
  func takes() async throws {
    try await APIWorld.run { world in
      let taken = try await world.client.take("\(id)", holder: "案件一科", seconds: 60)
      #expect(taken?.value.lease.holder == "案件一科")
      #expect(world.node.calls.first == "take \(id) 案件一科 60")
      world.node.state.withLock { $0.nothingToTake = true }
      #expect(try await world.client.take(holder: "a", seconds: 1)?.value == nil)
      try await world.client.release("\(id)", holder: "案件一科")
      #expect(world.node.calls.last == "release \(id) 案件一科")
    }
  }

  @Test("An act's payload is verbatim, whether it is the body or stands within it")
  func acts() async throws {
    try await APIWorld.run { world in
      let payload = #"{ "handlingUnit" : "一科" }"#
      let raw = try await world.client.act(
        "lead.sign", on: "\(id)", payload: Array(payload.utf8), schema: "lead.sign/1",
        idempotencyKey: "k")
      #expect(raw.value.repeated)
      _ = try await world.client.call(
        APICall(
          .post, "/v1/inbox/\(id)/acts",
          body: Array(#"{"urgency":"urgent","payload":\#(payload),"kind":"lead.accept"}"#.utf8)))
      _ = try await world.client.call(
        APICall(
          .post, "/v1/inbox/\(id)/acts",
          body: Array(#"{"payload":{},"kind":"lead.accept","schema":"lead.accept/2"}"#.utf8)))
      #expect(
        world.node.calls == [
          "act lead.sign \(id) normal k", "act lead.accept \(id) urgent -",
          "act lead.accept \(id) normal -",
        ])
      let sent = world.node.state.withLock { $0.submitted }
      #expect(sent.map(\.payload) == [payload, payload, "{}"].map { Array($0.utf8) })
      #expect(sent.map(\.schema) == ["lead.sign/1", nil, "lead.accept/2"])
    }
  }

  @Test("A forwarding names its receiver, its reason and how urgent it is")
  func forward() async throws {
    try await APIWorld.run { world in
      var order = APIForwarding(to: "\(FakeNode.peer)", reason: "designated", text: "移送主管机关")
      let sent = try await world.client.forward("\(id)", order, idempotencyKey: "k")
      #expect(sent.value.forward.id == sent.value.forward.thread)
      #expect(sent.value.notice.thread == "\(id)")
      order.urgency = "critical"
      _ = try await world.client.forward("\(id)", order)
      order.urgency = "soon"
      await #expect(throws: ClientError.self) {
        _ = try await world.client.forward("\(id)", order)
      }
      #expect(
        world.node.calls == [
          "forward \(id) \(FakeNode.peer) designated 移送主管机关 normal k",
          "forward \(id) \(FakeNode.peer) designated 移送主管机关 critical -",
        ])
    }
  }

  @Test("An inbox entry comes with its thread; the list with its filters")
  func inbox() async throws {
    try await APIWorld.run { world in
      let entry = try await world.client.inboxEntry("\(id)").value
      #expect(entry.record.summary.id == "\(id)")
      #expect(entry.thread.state == "transferred")
      let list = try await world.client.inbox(limit: 3, from: FakeNode.peer, states: ["signed"])
      #expect(list.value.next == nil)
      #expect(world.node.calls.last == "inbox -1 3 \(FakeNode.peer) 1")
    }
  }

  @Test("Queues, channels and peers show every member that there is")
  func views() async throws {
    try await APIWorld.run { world in
      let queue = try #require(try await world.client.queues().value.items.first)
      #expect(queue.sealingBlocked == "hello")
      #expect(queue.outbound?.halt?.needsNewEpoch == true)
      let channel = try #require(try await world.client.channels().value.items.first)
      #expect(channel.flow?.p99Micros == 5)
      let peer = try #require(try await world.client.peers().value.items.first)
      #expect(peer.clockDifference == -5)
      #expect(peer.journal.witnessed?.size == 812 && peer.journal.held == nil)
      #expect(peer.journal.signed == 815 && peer.journal.staleSeconds == 9)
      #expect(peer.link?.lastFault == "network: no route")
      #expect(try await world.client.queue(FakeNode.peer, limit: 2).value.items.count == 1)
    }
  }

  @Test("What an operator does is done in the name of the socket's user")
  func operates() async throws {
    try await APIWorld.run { world in
      try await world.client.retry(FakeNode.peer)
      #expect(world.link.calls.withLock { $0 } == ["retry \(FakeNode.peer)"])
      try await world.client.resume(FakeNode.peer)
      try await world.client.setIntake(from: FakeNode.peer, paused: true)
      _ = try await world.client.deadLetters(limit: 4)
      try await world.client.discardDeadLetter("\(id)")
      try await world.client.requeueDeadLetter("\(id)")
      #expect(
        world.node.calls == [
          "resume \(FakeNode.peer) \(me)", "intake \(FakeNode.peer) true \(me)",
          "deadLetters 4", "discard \(id) \(me)", "requeue \(id) \(me)",
        ])
    }
  }

  @Test("Journal entries stand in the answer as they are hashed, and pages follow each other")
  func journal() async throws {
    try await APIWorld.run { world in
      world.node.state.withLock {
        $0.journal = (0..<3).map {
          StoredJournalEntry(epoch: 1, seq: $0, bytes: Array(#"{"v":1, "seq":\#($0)}"#.utf8))
        }
      }
      let text = String(decoding: try await world.client.journal(limit: 2), as: UTF8.self)
      #expect(text.contains(#"{"epoch":1,"seq":1,"entry":{"v":1, "seq":1}}"#))
      #expect(text.hasSuffix(#"],"next":2}"#))
      let rest = String(decoding: try await world.client.journal(from: 2, limit: 2), as: UTF8.self)
      #expect(rest.contains(#""seq":2"#))
      #expect(!rest.contains("next"))
    }
  }

  @Test("The journal's longest page is one that the node gives whole: nothing ends early")
  func longestPage() async throws {
    try await APIWorld.run { world in
      let count = UInt64(APILimits.pageItems) + 1
      world.node.state.withLock {
        $0.journal = (0..<count).map {
          StoredJournalEntry(epoch: 1, seq: $0, bytes: Array("{}".utf8))
        }
      }
      let page = try await world.client.journal(limit: APILimits.pageItems)
      #expect(String(decoding: page, as: UTF8.self).hasSuffix("],\"next\":\(count - 1)}"))
      let limit = APICall(
        .get, "/v1/journal", query: [("limit", "\(APILimits.pageItems + 1)")])
      #expect(try await world.refusal(limit)?.code == "request.parameter")
      #expect(APILimits.pageItems == Node.pageLimit)
    }
  }

  @Test("A directory is loaded verbatim, and the sockets hear of it")
  func directory() async throws {
    try await APIWorld.run { world in
      #expect(try await world.client.directoryNote() == Array("note\n".utf8))
      let loaded = try await world.client.loadDirectory(Array("new\n".utf8))
      #expect(loaded.value.version == 4)
      #expect(world.node.calls == ["loadDirectory new\n"])
      #expect(world.link.calls.withLock { $0 } == ["directoryChanged"])
    }
  }

  @Test("Arrivals are replayed beyond the last event id, then follow as they come")
  func arrivals() async throws {
    try await APIWorld.run { world in
      for number in 1...3 { world.node.arrive(Int64(number)) }
      var seen: [String] = []
      for try await event in try await world.client.arrivals(after: "1") {
        #expect(event.name == "arrival")
        #expect(event.data.contains(#""kind":"lead.transfer""#))
        seen.append(event.id ?? "")
        if seen == ["2", "3"] { world.node.arrive(4) }
        if seen.count == 3 { break }
      }
      #expect(seen == ["2", "3", "4"])
    }
  }
}
