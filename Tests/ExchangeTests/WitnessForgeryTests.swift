import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("A witness cosigns nothing that contradicts what it cosigned")
struct WitnessForgeryTests {
  /// A witness that holds 10 entries of a made journal of epoch 2.
  struct Scene {
    let world: TestWorld
    let peer: HandPeer
    var journal: MadeJournal

    init(limits: ExchangeLimits = ExchangeLimits()) throws {
      world = try WitnessTests.world(limits: limits)
      peer = try HandPeer(world, as: 0, to: 1)
      journal = MadeJournal(world.nodes[0].member.identity, epoch: 2, count: 10)
      let answer = try #require(peer.show(try journal.head(10)))
      #expect(answer.refusal == nil && answer.size == 10)
      journal.grow("a", 10)
    }

    /// The journal with other entries from the eighth on.
    var forked: MadeJournal {
      var other = MadeJournal(journal.identity, epoch: 2, count: 8)
      other.grow("b", 20)
      return other
    }
  }

  struct Case: CustomStringConvertible, Sendable {
    var description: String
    var code: FaultCode
    var head: @Sendable (Scene) throws -> Head
    /// The kind of evidence that is kept; nil for none.
    var kept: HeadConflict.Kind?

    init(
      _ description: String, _ code: FaultCode, kept: HeadConflict.Kind? = nil,
      _ head: @escaping @Sendable (Scene) throws -> Head
    ) {
      self.description = description
      self.code = code
      self.kept = kept
      self.head = head
    }
  }

  static let cases: [Case] = [
    Case("another root at the same size", .headFork, kept: .fork) { try $0.forked.head(10) },
    Case("a longer journal of another history", .headFork, kept: .inconsistent) {
      try $0.forked.head(20, from: 10)
    },
    Case("a proof of nothing", .headFork, kept: .inconsistent) { scene in
      Head(oldSize: 10, proof: [], note: try scene.journal.note(20).encoded)
    },
    Case("a smaller head", .headRollback, kept: .rollback) { try $0.journal.head(9) },
    Case("a head of the epoch before", .headRollback, kept: .rollback) { scene in
      try MadeJournal(scene.journal.identity, epoch: 1, count: 30).head(30)
    },
    Case("a proof from elsewhere", .headConflict) { try $0.journal.head(20, from: 9) },
    Case("a first head of what is held", .headConflict) { try $0.journal.head(20) },
    Case("a proof from a head that was never shown", .headConflict) { scene in
      try MadeJournal(scene.journal.identity, epoch: 3, count: 9).head(9, from: 4)
    },
    Case("a stranger's signature", .unknownKey) { scene in
      let key = try Suite.sha256Ed25519.generateSigningKey()
      return Head(oldSize: 10, proof: [], note: try scene.journal.note(20, key: key).encoded)
    },
    Case("the receipt key's signature", .unknownKey) { scene in
      let key = scene.journal.identity.receiptKey
      return Head(oldSize: 10, proof: [], note: try scene.journal.note(20, key: key).encoded)
    },
    Case("another text under the signature", .badSignature) { scene in
      var note = try scene.journal.note(20)
      note.text = try scene.journal.note(19).text
      return Head(oldSize: 10, proof: [], note: note.encoded)
    },
    Case("another agency's journal", .badOrigin) { scene in
      try MadeJournal(scene.world.nodes[1].member.identity, count: 3).head(3)
    },
    Case("a channel's head", .badOrigin) { scene in
      let identity = scene.journal.identity
      let origin = scene.world.origin().description
      let root = try scene.journal.root(3)
      let note = try Checkpoint(origin: origin, size: 3, root: root)
        .signed(by: identity.recordKey)
      return Head(oldSize: 0, proof: [], note: note.encoded)
    },
    Case("an empty journal", .badCheckpoint) { scene in
      try MadeJournal(scene.journal.identity, epoch: 3).head(0)
    },
    Case("an old size beyond the head", .badCheckpoint) { scene in
      Head(oldSize: 21, proof: [], note: try scene.journal.note(20).encoded)
    },
    Case("a proof from nothing", .badCheckpoint) { scene in
      Head(oldSize: 0, proof: [.zero], note: try scene.journal.note(20).encoded)
    },
    Case("no checkpoint", .badCheckpoint) { _ in
      Head(oldSize: 0, proof: [], note: Array("hello\n".utf8))
    },
  ]

  @Test("Whatever is shown, only what follows is cosigned", arguments: cases.indices)
  func refused(_ index: Int) throws {
    let item = Self.cases[index]
    let scene = try Scene()
    let world = scene.world
    let before = try #require(try world.held(by: 1, of: 0, epoch: 2))
    let channels = try world.nodes[1].snapshot()
    for _ in 0..<2 {
      let answer = scene.peer.show(try item.head(scene))
      let code = answer?.refusal ?? scene.peer.faults.last?.code
      #expect(code == item.code, "\(item)")
      #expect(answer?.cosignature.isEmpty != false, "\(item)")
      if item.kept != nil { #expect(answer?.held == before.note, "\(item)") }
    }
    // Shown twice, it is kept and told of once; both notes are whole, and no channel has halted.
    let kept = try world.conflicts(at: 1)
    #expect(kept.map(\.kind) == (item.kept.map { [$0] } ?? []), "\(item)")
    #expect(kept.allSatisfy { $0.held == before.note })
    for conflict in kept {
      let shown = try SignedNote(parsing: conflict.shown)
      let origin = try JournalOrigin(parsing: conflict.origin)
      let keys = world.federation.directory.journalVerifiers(origin: origin)
      #expect(try shown.verified(by: keys).count == 1, "\(item)")
    }
    #expect(try world.alarms(item.code.name, at: 1) == (item.kept == nil ? 0 : 1), "\(item)")
    #expect(try world.held(by: 1, of: 0, epoch: 2) == before, "\(item)")
    #expect(try world.nodes[1].snapshot() == channels, "\(item)")
    #expect(!scene.peer.isClosed)
    // The true journal goes on.
    let next = try #require(scene.peer.show(try scene.journal.head(20, from: 10)))
    #expect(next.refusal == nil && next.size == 20, "\(item)")
  }

  @Test("A repeat is answered with the stored cosignature, byte for byte, also after a restart")
  func repeated() throws {
    let scene = try Scene()
    let first = try #require(scene.peer.answers.last)
    scene.world.advance(milliseconds: 60_000)
    #expect(scene.peer.show(try scene.journal.head(10)) == first)
    #expect(scene.peer.show(try scene.journal.head(10, from: 10)) == first)
    try scene.world.crashAndRestart(1)
    let again = try HandPeer(scene.world, as: 0, to: 1)
    #expect(again.show(try scene.journal.head(10)) == first)
  }

  @Test("A cosignature's time never goes back, whatever the witness's clock does")
  func time() throws {
    let scene = try Scene()
    let first = try #require(try scene.world.held(by: 1, of: 0, epoch: 2)).time
    let clock = scene.world.nodes[1].clock
    clock.jump(to: clock.now.advanced(byMilliseconds: -3_600_000))
    #expect(scene.peer.show(try scene.journal.head(20, from: 10))?.refusal == nil)
    #expect(try scene.world.held(by: 1, of: 0, epoch: 2)?.time == first)
  }

  @Test("With a witness key that the directory does not list, nothing is cosigned")
  func unlistedKey() throws {
    let world = try WitnessTests.world()
    let code = world.nodes[1].code
    let now = world.nodes[1].clock.now
    try world.federation.publish { $0.nodes[code]?.witnessKeys[0].notAfter = now }
    try world.publish()
    let peer = try HandPeer(world, as: 0, to: 1)
    let journal = MadeJournal(world.nodes[0].member.identity, count: 3)
    #expect(peer.show(try journal.head(3))?.refusal == .unknownKey)
    #expect(try world.held(by: 1, of: 0) == nil)
  }

  @Test("Heads come some at once, then one a second; a flood closes the connection")
  func flood() throws {
    var limits = ExchangeLimits()
    limits.witnessBurst = 3
    let scene = try Scene(limits: limits)
    var refusals: [FaultCode?] = []
    for size in 11...14 {
      refusals.append(scene.peer.show(try scene.journal.head(size, from: size - 1))?.refusal)
    }
    #expect(refusals == [nil, nil, .headTooSoon, .headTooSoon])
    scene.world.advance(milliseconds: 1000)
    #expect(scene.peer.show(try scene.journal.head(13, from: 12))?.refusal == nil)
    #expect(scene.peer.show(try scene.journal.head(14, from: 13))?.refusal == .headTooSoon)
    let head = try scene.journal.head(13, from: 12)
    for _ in 0..<4 { scene.peer.session.receive(.head(head)) }
    #expect(!scene.peer.isClosed)
    scene.peer.session.receive(.head(head))
    #expect(scene.peer.isClosed && scene.peer.faults.last?.code == .windowExceeded)
  }

  @Test("Epochs and conflicting heads are kept up to their limits")
  func limits() throws {
    var limits = ExchangeLimits()
    limits.witnessEpochs = 3
    limits.witnessConflicts = 2
    limits.witnessBurst = 99
    let scene = try Scene(limits: limits)
    let identity = scene.journal.identity
    for (epoch, refusal) in [(3, nil), (4, nil), (5, .headEpochs)] as [(UInt32, FaultCode?)] {
      let journal = MadeJournal(identity, epoch: epoch, count: 3)
      #expect(scene.peer.show(try journal.head(3))?.refusal == refusal)
    }
    let newest = MadeJournal(identity, epoch: 4, history: "b", count: 9)
    for size in 3...6 {
      let code = try #require(scene.peer.show(try newest.head(size, from: size == 3 ? 0 : 3)))
      #expect(code.refusal == .headFork)
    }
    #expect(try scene.world.conflicts(at: 1).count == 2)
    #expect(try scene.world.alarms("journal.fork", at: 1) == 2)
    // Also after a restart, which counts anew.
    try scene.world.crashAndRestart(1)
    let again = try HandPeer(scene.world, as: 0, to: 1)
    let fifth = MadeJournal(identity, epoch: 5, count: 3)
    #expect(again.show(try fifth.head(3))?.refusal == .headEpochs)
  }
}

@Suite("What a node takes for a cosignature of its journal")
struct CosignedJournalTests {
  struct Answer: CustomStringConvertible, Sendable {
    var description: String
    var make: @Sendable (TestWorld, Head) throws -> HeadCosigned
  }

  static func origin(_ head: Head) throws -> (SignedNote, Checkpoint, JournalOrigin) {
    let (note, checkpoint) = try Checkpoint.signed(parsing: head.note)
    return (note, checkpoint, try JournalOrigin(parsing: checkpoint.origin))
  }

  static func cosign(
    _ world: TestWorld, _ head: Head, name: String? = nil, key: SigningKey? = nil,
    text: String? = nil, off: Int64 = 0, size: UInt64? = nil
  ) throws -> HeadCosigned {
    let (note, checkpoint, origin) = try origin(head)
    let line = try Cosignature.cosign(
      checkpointText: text ?? note.text, name: name ?? world.witnessName(1),
      key: key ?? world.nodes[1].member.identity.witnessKey,
      time: UInt64(world.nodes[1].clock.now.seconds + off))
    return HeadCosigned(
      origin: origin, size: size ?? checkpoint.size, cosignature: line.encoded)
  }

  static let answers: [Answer] = [
    Answer(description: "by the receipt key") {
      try cosign($0, $1, key: $0.nodes[1].member.identity.receiptKey)
    },
    Answer(description: "under another name") { try cosign($0, $1, name: $0.witnessName(0)) },
    Answer(description: "of another size") { try cosign($0, $1, size: 1) },
    Answer(description: "of another text") { world, head in
      let text = try origin(head).1
      return try cosign(
        world, head, text: Checkpoint(origin: text.origin, size: 1, root: .zero).text)
    },
    Answer(description: "from before the key was valid") {
      try cosign($0, $1, off: -48 * 3600)
    },
    Answer(description: "of no form") { _, head in
      let (_, checkpoint, origin) = try origin(head)
      return HeadCosigned(origin: origin, size: checkpoint.size, cosignature: [1, 2, 3])
    },
  ]

  static func shown(_ world: TestWorld, _ peer: HandPeer) throws -> Head {
    try world.grow(0)
    world.advance(milliseconds: 10_000)
    try world.tick(0)
    world.work()
    return try #require(peer.shown.last)
  }

  @Test("What does not verify is not stored, and told of once", arguments: answers.indices)
  func disbelieved(_ index: Int) throws {
    let world = try WitnessTests.world()
    let peer = try HandPeer(world, as: 1, to: 0)
    for round in 1...2 {
      let head = try Self.shown(world, peer)
      #expect(peer.shown.count == round)
      peer.say(.headCosigned(try Self.answers[index].make(world, head)))
      #expect(try world.cosigned(of: 0, by: 1) == nil, "\(Self.answers[index])")
    }
    #expect(try world.alarms("witness.badCosignature", at: 0) == 1)
    let head = try Self.shown(world, peer)
    peer.say(.headCosigned(try Self.cosign(world, head)))
    #expect(try world.cosigned(of: 0, by: 1) != nil)
  }

  @Test("A time far from our clock is stored, and told of once")
  func timeOff() throws {
    let world = try WitnessTests.world()
    let peer = try HandPeer(world, as: 1, to: 0)
    for _ in 0..<2 {
      let head = try Self.shown(world, peer)
      peer.say(.headCosigned(try Self.cosign(world, head, off: 3600)))
      #expect(try world.cosigned(of: 0, by: 1)?.size == (try Self.origin(head).1.size))
    }
    #expect(try world.alarms("witness.timeOff", at: 0) == 1)
  }

  @Test("An answer that nobody waits for, and a stranger's head, change nothing")
  func unasked() throws {
    let world = try WitnessTests.world()
    let stranger = MadeJournal(world.nodes[1].member.identity, count: 9)
    let peer = try HandPeer(world, as: 1, to: 0) {
      $0.journal?.witnessed = try? stranger.note(9).encoded
    }
    let head = try Self.shown(world, peer)
    let answer = try Self.cosign(world, head)
    peer.say(.headCosigned(answer))
    let stored = try world.cosigned(of: 0, by: 1)
    let size = try world.nodes[0].journal().count
    peer.say(.headCosigned(answer))
    var other = answer
    other.origin = stranger.origin
    peer.say(.headCosigned(other))
    #expect(try world.cosigned(of: 0, by: 1) == stored)
    #expect(try world.nodes[0].journal().count == size && !peer.isClosed)
  }

  @Test("A peer that disputes what we have is told of; its word opens no epoch")
  func disputed() throws {
    let world = try WitnessTests.world()
    let peer = try HandPeer(world, as: 1, to: 0)
    let head = try Self.shown(world, peer)
    let (note, checkpoint, origin) = try Self.origin(head)
    for _ in 0..<2 {
      peer.say(
        .headCosigned(
          HeadCosigned(
            origin: origin, size: checkpoint.size, refusal: .headFork, held: note.encoded)))
      _ = try Self.shown(world, peer)
    }
    #expect(try world.alarms("journal.disputed", at: 0) == 1)
    #expect(try world.nodes[0].store.base.read { try $0.journalState()?.epoch } == 1)
  }
}
