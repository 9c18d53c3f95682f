import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("Peers witness each other's journals")
struct WitnessTests {
  static func world(_ count: Int = 2, limits: ExchangeLimits = ExchangeLimits()) throws -> TestWorld
  {
    let roles: [AgencyRole] = [.enforcement, .discipline, .procuratorate]
    let world = try TestWorld(roles: Array(roles.prefix(count)), limits: limits)
    try world.settle()
    return world
  }

  @Test("A signed head is cosigned by every peer, and both ends store the same note")
  func cosigned() throws {
    let world = try Self.world(3)
    try world.witness()
    for (of, by) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
      let head = try #require(try world.held(by: by, of: of))
      #expect(try world.cosigned(of: of, by: by) == head)
      #expect(try world.signed(of)?.size == head.size)
      try world.expectVerified(head, of: of, by: by)
    }
    #expect(try world.nodes.allSatisfy { try world.conflicts(at: $0.number).isEmpty })
  }

  @Test("A peer's status says how far each has witnessed the other's journal, and how stale")
  func status() throws {
    let world = try Self.world()
    let node = world.nodes[0].node
    #expect(node.peers().first?.journal.witnessed == nil)
    #expect(node.peers().first?.journal.staleSeconds == nil)
    try world.witness()
    let fresh = try #require(node.peers().first?.journal)
    #expect(fresh.witnessed?.size == fresh.signedSize && fresh.signedSize > 0)
    #expect(fresh.staleSeconds == 0 && fresh.epoch == 1)
    #expect(fresh.held?.size == (try world.held(by: 0, of: 1)?.size))
    world.reconnects = false
    world.cut()
    try world.grow(0)
    try world.witness()
    let stale = try #require(node.peers().first?.journal)
    #expect(stale.witnessed == fresh.witnessed && stale.signedSize > fresh.signedSize)
    #expect(stale.staleSeconds == 10)
  }

  @Test("A journal that does not move is shown to nobody, and cosigning moves none")
  func quiet() throws {
    let world = try Self.world()
    try world.witness()
    let sizes = try (0...1).map { try world.nodes[$0].journal().count }
    world.clearTranscript()
    for _ in 0..<5 { try world.witness() }
    #expect(world.heads(at: 1, from: 0).isEmpty)
    #expect(try (0...1).map { try world.nodes[$0].journal().count } == sizes)
  }

  @Test("Between two heads ten seconds pass, and the newest one wins")
  func paced() throws {
    let world = try Self.world()
    try world.witness()
    world.clearTranscript()
    for _ in 0..<9 {
      try world.grow(0)
      world.advance(milliseconds: 1000)
      try world.tick(0)
      try world.settle()
    }
    #expect(world.heads(at: 1, from: 0).isEmpty)
    world.advance(milliseconds: 1000)
    try world.tick(0)
    try world.settle()
    #expect(world.heads(at: 1, from: 0).count == 1)
    #expect(try world.held(by: 1, of: 0)?.size == (try world.signed(0)?.size))
  }

  @Test(
    "A proof leads from any size to any other, over the tiles' edges",
    arguments: [255, 256, 257, 511, 700])
  func proofs(_ size: Int) throws {
    let world = try Self.world()
    try world.witness()
    let before = try #require(try world.held(by: 1, of: 0)).size
    try world.grow(0, by: size - Int(before))
    try world.witness([0])
    #expect(try world.held(by: 1, of: 0)?.size == UInt64(size))
    try world.grow(0, by: 3)
    try world.crashAndRestart(0)
    try world.settle()
    try world.witness([0])
    let head = try #require(try world.held(by: 1, of: 0))
    #expect(head.size == (try world.signed(0)?.size) && head.size > UInt64(size) + 2)
    #expect(try world.conflicts(at: 1).isEmpty)
  }

  @Test("A peer whose Hello says nothing of journals is sent no head")
  func olderPeer() throws {
    let world = try Self.world()
    let peer = try HandPeer(world, as: 1, to: 0) { $0.journal = nil }
    world.advance(milliseconds: 10_000)
    try world.tick(0)
    world.work()
    #expect(peer.shown.isEmpty)
    #expect(try world.signed(0) != nil)
  }

  @Test("A peer that names another size is shown the head from there, once before the next is due")
  func conflict() throws {
    let world = try Self.world()
    try world.grow(0, by: 20)
    let peer = try HandPeer(world, as: 1, to: 0)
    world.advance(milliseconds: 10_000)
    try world.tick(0)
    world.work()
    let first = try #require(peer.shown.last)
    #expect(first.oldSize == 0)
    let (note, checkpoint) = try Checkpoint.signed(parsing: first.note)
    let origin = try JournalOrigin(parsing: checkpoint.origin)
    peer.say(.headCosigned(HeadCosigned(origin: origin, size: 7, refusal: .headConflict)))
    #expect(peer.shown.count == 2)
    let second = try #require(peer.shown.last)
    #expect(second.oldSize == 7 && second.note == first.note && note.signatures.count == 1)
    let leaves = try world.nodes[0].store.base.read { try $0.journalLeaves(epoch: 1, 0..<7) }
    var frontier = Frontier(suite: .sha256Ed25519)
    for leaf in leaves { frontier.append(leaf: leaf) }
    try Merkle.verifyConsistency(
      oldSize: 7, oldRoot: frontier.root, newSize: checkpoint.size, newRoot: checkpoint.root,
      proof: second.proof, suite: .sha256Ed25519)
    peer.say(.headCosigned(HeadCosigned(origin: origin, size: 8, refusal: .headConflict)))
    #expect(peer.shown.count == 2)
    world.advance(milliseconds: 10_000)
    try world.tick(0)
    world.work()
    #expect(peer.shown.last?.oldSize == 8)
  }

  @Test("A witness restored from a backup is led from what it still holds to the newest head")
  func restoredWitness() throws {
    let world = try Self.world()
    try world.witness()
    let backup = try world.backup(of: 1)
    let old = try #require(try world.held(by: 1, of: 0)).size
    try world.grow(0, by: 5)
    try world.witness()
    try world.crashAndRestart(1, on: backup)
    #expect(try world.held(by: 1, of: 0)?.size == old)
    try world.settle()
    try world.grow(0)
    try world.witness()
    let head = try #require(try world.held(by: 1, of: 0))
    #expect(head.size == (try world.signed(0)?.size) && head.size > old)
    #expect(try world.conflicts(at: 0).isEmpty && world.conflicts(at: 1).isEmpty)
  }

  @Test("What is cosigned is stored by an auditor's name as by a peer's, if the directory lists it")
  func auditor() throws {
    let world = try Self.world()
    let key = try Suite.sha256Ed25519.generateSigningKey()
    let from = world.nodes[0].clock.now
    try world.federation.publish { contents in
      contents.witnesses = [
        WitnessEntry(
          name: "auditor.example/w", endpoint: nil,
          keys: [DatedKey(key: key.verificationKey, notBefore: from, notAfter: nil)])
      ]
    }
    try world.publish()
    try world.witness()
    let node = world.nodes[0].node
    let proof = try #require(try world.call { try await node.journalProof(from: 3) })
    #expect(proof.oldSize == 3 && !proof.proof.isEmpty)
    var note = try SignedNote(parsing: proof.note)
    for (name, time, isTaken) in [
      ("auditor.example/w", from.seconds + 20, true),
      ("auditor.example/w", from.seconds - 9, false),
      ("auditor.example/x", from.seconds + 20, false),
    ] {
      var cosigned = note
      cosigned.add(
        try Cosignature.cosign(
          checkpointText: note.text, name: name, key: key, time: UInt64(time)))
      let shown = cosigned
      #expect(try world.call { try await node.keepCosigned(shown, by: name) } == isTaken)
    }
    note.signatures = []
    #expect(node.cosigned(by: "auditor.example/w")?.size == proof.size)
    try world.crashAndRestart(0)
    #expect(world.nodes[0].node.cosigned(by: "auditor.example/w")?.size == proof.size)
  }
}
