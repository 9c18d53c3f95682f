import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

/// What a peer with true keys and no scruples may try, beyond a false record.
@Suite("A hostile peer")
struct HostilePeerTests {
  /// Two nodes that have met, with one receipted lead from 0 to 1.
  private func world() throws -> TestWorld {
    let world = try TestWorld()
    try world.connectAll()
    try world.submit(1)
    try world.settle()
    return world
  }

  @Test("A Hello with a receipt at the end of numbers crashes nothing, and halts the channel")
  func endOfNumbers() throws {
    let world = try world()
    let origin = world.origin()
    let root = try #require(world.nodes[1].snapshot().channel(origin.direction)?.frontier.root)
    let text = Checkpoint(origin: origin.description, size: .max, root: root).text
    let line = try SignedNote.sign(
      text: text, name: origin.description, key: world.nodes[0].member.identity.recordKey)
    let note = SignedNote(text: text, signatures: [line]).encoded
    let peer = try HandPeer(world, as: 0, to: 1) { hello in
      for index in hello.channels.indices where hello.channels[index].origin == origin {
        hello.channels[index].cosigned = note
      }
    }
    #expect(peer.faults.map(\.code) == [.badReceipt])
    #expect(try world.nodes[1].snapshot().channel(origin.direction)?.size == 1)
  }

  @Test("A pause is kept also against a peer that does not care for windows")
  func pauseIsKept() throws {
    let world = try world()
    try WindowTests.setIntake(world, paused: true)
    let before = try world.nodes[1].snapshot()
    let peer = try HandPeer(world, as: 0, to: 1)
    var forger = try Forger(world)
    forger.add()
    peer.push(try forger.batch())
    #expect(peer.faults.map(\.code) == [.windowExceeded])
    #expect(peer.isClosed)
    let after = try world.nodes[1].snapshot()
    #expect(after.channel(world.origin().direction) == before.channel(world.origin().direction))
  }

  @Test("Lines of strangers on a head are neither stored nor sent back")
  func strangersLines() throws {
    let world = try world()
    let stranger = try Cryptography.Suite.sha256Ed25519.generateSigningKey()
    let peer = try HandPeer(world, as: 0, to: 1)
    var forger = try Forger(world)
    forger.add()
    peer.push(
      try forger.batch(note: { note in
        for number in 0..<90 {
          if let line = try? SignedNote.sign(
            text: note.text, name: "stranger-\(number)", key: stranger)
          {
            note.signatures.append(line)
          }
        }
      }))
    let receipt = try #require(peer.receipts.last)
    #expect(try SignedNote(parsing: receipt.note).signatures.count == 2)
  }

  @Test("A halt whose fault was lost is told again with the next greeting")
  func toldAgain() throws {
    let world = try world()
    var forger = try Forger(world)
    forger.add(change: { $0.prev = .zero })
    let first = try HandPeer(world, as: 0, to: 1)
    first.push(try forger.batch())
    #expect(first.faults.map(\.code) == [.badPrevious])
    first.hangUp()
    let second = try HandPeer(world, as: 0, to: 1)
    #expect(second.faults.map(\.code) == [.halted])
    #expect(second.faults.first?.origin == world.origin())
  }

  @Test("Another directory under a known version ends the connection and raises an alarm")
  func forkedDirectory() throws {
    let world = try world()
    let peer = try HandPeer(world, as: 0, to: 1) { $0.directoryDigest = .zero }
    #expect(peer.faults.map(\.code) == [.directoryFork])
    #expect(peer.isClosed)
    #expect(try world.nodes[1].journal().contains { $0.contains("directory.fork") })
  }

  @Test("A fetch beyond what is receipted is refused instead of left without an answer")
  func emptyFetch() throws {
    let world = try world()
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.say(.fetch(Fetch(origin: world.origin(), start: 1)))
    #expect(peer.faults.map(\.code) == [.notReady])
    #expect(peer.isClosed)
  }
}
