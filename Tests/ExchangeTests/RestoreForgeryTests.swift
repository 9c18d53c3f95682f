import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("A restored receiver and a malicious sender")
struct RestoreForgeryTests {
  /// A receiver that has cosigned a forger's batch and was then restored from a copy from before.
  struct Restored {
    let world: TestWorld
    let batch: Batch
    let receipt: Receipt
    var forger: Forger

    init(payload: [UInt8]) throws {
      world = try ForgeryTests.world()
      let backup = try world.backup(of: 1)
      forger = try Forger(world)
      forger.add(payload: payload)
      batch = try forger.batch()
      let peer = try HandPeer(world, as: 0, to: 1)
      peer.push(batch)
      receipt = try #require(peer.receipts.last)
      peer.hangUp()
      try world.crashAndRestart(1, on: backup)
    }

    /// Connects as the sender that holds the receipt.
    func connect() throws -> HandPeer {
      let (origin, size, root) = (world.origin(), UInt64(batch.start) + 1, forger.frontier.root)
      return try HandPeer(world, as: 0, to: 1) { hello in
        for index in hello.channels.indices where hello.channels[index].origin == origin {
          hello.channels[index].size = size
          hello.channels[index].root = root
          hello.channels[index].cosigned = receipt.note
        }
      }
    }

    func last() throws -> StoredRecord? {
      try world.nodes[1].snapshot().log(world.direction()).last
    }
  }

  static let broken = SamplePayload.transfer(5).replacing(
    text: "91000000MA00000157", with: "91000000MA00000158")

  @Test("What was refused is refused again when the refusal was lost with the copy")
  func refusedAgain() throws {
    let restored = try Restored(payload: Self.broken)
    let peer = try restored.connect()
    var batch = restored.batch
    batch.checkpoint = restored.receipt.note
    peer.push(batch)
    #expect(peer.receipts.last == restored.receipt)
    #expect(try restored.last()?.refused == true)
    let back = try restored.world.nodes[1].snapshot().log(restored.world.direction(1, 0))
    let header = try RecordHeader(parsing: try #require(back.last).header)
    #expect(header.kind == KindName.systemRefusal)
  }

  @Test("What lies beyond the cosigned size is judged as ever")
  func beyond() throws {
    var restored = try Restored(payload: SamplePayload.transfer(5))
    let peer = try restored.connect()
    restored.forger.add(payload: Self.broken)
    peer.push(try restored.forger.batch())
    #expect(try restored.last()?.refused == true)
    let log = try restored.world.nodes[1].snapshot().log(restored.world.direction())
    #expect(log.map(\.refused) == [false, false, false, false, true])
  }

  @Test("Another history than the one once cosigned is a fork, and nothing of it is taken")
  func otherHistory() throws {
    let restored = try Restored(payload: SamplePayload.transfer(5))
    let peer = try restored.connect()
    var other = try Forger(restored.world)
    other.add(payload: SamplePayload.transfer(6))
    peer.push(try other.batch())
    #expect(peer.faults.map(\.code) == [.fork])
    let state = try restored.world.nodes[1].snapshot().channel(restored.world.direction())
    #expect(state?.halt?.code == FaultCode.fork.name)
    #expect(state?.size == 3)
  }

  @Test("A receipt that we never gave restores nothing, and halts the channel")
  func forgedReceipt() throws {
    let restored = try Restored(payload: SamplePayload.transfer(5))
    let origin = restored.world.origin()
    let peer = try HandPeer(restored.world, as: 0, to: 1) { hello in
      for index in hello.channels.indices where hello.channels[index].origin == origin {
        hello.channels[index].size = 4
        hello.channels[index].cosigned = restored.batch.checkpoint
      }
    }
    #expect(peer.faults.map(\.code) == [.badReceipt])
    let state = try restored.world.nodes[1].snapshot().channel(origin.direction)
    #expect(state?.restore == nil)
    #expect(state?.halt?.code == FaultCode.badReceipt.name)
  }
}
