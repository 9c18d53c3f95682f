import Auditor
import Cryptography
import Exchange
import Foundation
import RecordModel
import SQLiteStore
import SanxiangTesting
import Synchronization
import Testing
import TransparencyLog

@testable import sanxiang

/// What real nodes hold after real exchanges, as the command line reads it.
@Suite("An audit of real nodes")
struct RealNodeTests {
  private func audit(_ world: TestWorld, _ number: Int) throws -> AuditReport {
    let audit = StoreAudit(pinned: world.federation.pinned)
    return try world.nodes[number].store.base.read {
      try audit.verify(StoreAuditSource(reader: $0))
    }
  }

  private func exchange(_ world: TestWorld, leads: Int) throws {
    for number in 0..<leads {
      let id = try world.submit(number, from: number % 2, to: 1 - number % 2)
      try world.settle()
      let receiver = 1 - number % 2
      try world.act(KindName.leadSign, on: id, by: receiver)
      if number % 3 == 0 { try world.act(KindName.leadAccept, on: id, by: receiver) }
      world.advance(milliseconds: 400)
      for node in world.nodes.indices { try world.tick(node) }
    }
    try world.settle()
    for node in world.nodes.indices { try world.tick(node) }
  }

  @Test("finds nothing at either end, and both ends hold the same")
  func clean() throws {
    let world = try TestWorld()
    try exchange(world, leads: 12)
    for number in world.nodes.indices {
      let report = try audit(world, number)
      #expect(report.all == [])
      #expect(report.channels.map(\.entries).reduce(0, +) == 28)
      #expect(report.channels.allSatisfy { $0.receipted == $0.entries })
      #expect(report.journals.count == 1)
    }
    let report = try world.nodes[0].store.base.read { left in
      try world.nodes[1].store.base.read { right in
        try Reconciliation(pinned: world.federation.pinned).compare([
          ("A", StoreAuditSource(reader: left)), ("B", StoreAuditSource(reader: right)),
        ])
      }
    }
    #expect(report.comparisons.map(\.verdict) == [.equal, .equal])
  }

  @Test("finds nothing in threads that are tied to one another across three agencies")
  func tied() throws {
    let world = try TestWorld(roles: [.enforcement, .discipline, .procuratorate])
    try world.settle()
    let returned = try world.submit(1)
    let forwarded = try world.submit(2)
    try world.settle()
    for id in [returned, forwarded] { try world.act(KindName.leadSign, on: id) }
    try world.act(KindName.leadReturn, on: returned)
    try world.settle()
    let (first, second, onward) = (
      world.nodes[0].node, world.nodes[1].node, world.nodes[2].code
    )
    let again = SubmissionRequest(
      to: onward, kind: KindName.leadTransfer,
      payload: SanxiangTesting.SamplePayload.transfer(3, again: "\(returned)"))
    let supervision = SubmissionRequest(
      to: world.nodes[1].code, kind: KindName.noticeRemind,
      payload: SanxiangTesting.SamplePayload.supervision(of: "\(forwarded)"))
    let third = world.nodes[2].node
    try world.call {
      _ = try await first.submit(again)
      _ = try await second.forward(
        forwarded, to: onward, reason: "no-jurisdiction", text: "不属于本机关管辖。")
      _ = try await third.submit(supervision)
    }
    try world.settle()
    for number in world.nodes.indices {
      try world.tick(number)
      let report = try audit(world, number)
      #expect(report.all == [])
      #expect(report.channels.map(\.entries).reduce(0, +) == [7, 8, 3][number])
    }
  }

  @Test("finds nothing while submissions wait, are cancelled, and cross three agencies")
  func waiting() throws {
    let world = try TestWorld(roles: [.enforcement, .discipline, .procuratorate])
    for number in 0..<9 { try world.submit(number, from: number % 3, to: (number + 1) % 3) }
    let unwanted = try world.submit(10, from: 0, to: 2)
    let node = world.nodes[0].node
    try world.call { try await node.cancel(unwanted) }
    #expect(try audit(world, 0).all == [])
    try world.settle()
    try world.submit(11, from: 0, to: 1)
    for number in world.nodes.indices { #expect(try audit(world, number).all == []) }
  }

  @Test(
    "finds nothing after a crash; after a return from an old backup, the journal's lost entries",
    arguments: 0...1)
  func recovered(victim: Int) throws {
    let world = try TestWorld()
    try exchange(world, leads: 4)
    let backup = try world.backup(of: victim)
    try exchange(world, leads: 5)
    try world.crashAndRestart(1 - victim)
    try exchange(world, leads: 2)
    try world.crashAndRestart(victim, on: backup)
    try world.settle()
    try exchange(world, leads: 3)
    #expect(try audit(world, 1 - victim).all == [])
    let restored = try audit(world, victim)
    #expect(restored.journals.count == 2)
    // What its peer had witnessed of the first epoch, nobody can give back.
    #expect(restored.all.map(\.kind) == [.journalCheckpoint])
    #expect(restored.journals[0].findings.kept[0].index ?? 0 > restored.journals[0].entries)
  }

  @Test("finds nothing where a node refused what a peer sent, whether its refusal left or not")
  func refused() throws {
    let world = try TestWorld()
    try exchange(world, leads: 3)
    let forger = try ForgingPeer(world)
    try forger.push(Array("{}".utf8))
    let waiting = try audit(world, 1)
    #expect(waiting.all == [])
    #expect(waiting.channels.first { !$0.isOutbound }?.refused == 1)
    let out = try #require(waiting.channels.first { $0.isOutbound })
    #expect(out.entries > out.receipted)
  }

  @Test("reads a store on disk while its node works")
  func besideANode() throws {
    let root = NSTemporaryDirectory() + "sanxiang-audit-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let kit = StoreKit(
      make: { try SQLiteStore(folder: "\(root)/\($0)") },
      reopen: { _ in throw StoreFailure.unusable("not in this test") },
      copy: { _ in throw StoreFailure.unusable("not in this test") })
    let world = try TestWorld(kit: kit)
    try exchange(world, leads: 4)
    let audit = StoreAudit(pinned: world.federation.pinned)
    let report = try SQLiteStore.inspect(folder: "\(root)/1") { reader in
      let source = StoreAuditSource(reader: reader)
      let before = try audit.verify(source)
      try exchange(world, leads: 2)
      #expect(try audit.verify(source) == before, "one state from the first read to the last")
      return before
    }
    #expect(report.all == [])
    let later = try SQLiteStore.inspect(folder: "\(root)/1") {
      try audit.verify(StoreAuditSource(reader: $0))
    }
    #expect(later.all == [])
    #expect(later.channels.map(\.entries) != report.channels.map(\.entries))
  }
}

/// Speaks to node 1 in the place of node 0, with node 0's real keys, and seals what it likes.
private struct ForgingPeer {
  private final class Sink: PeerOutlet {
    func send(_ message: PeerMessage) {}
    func close(_ fault: Fault?) {}
  }

  let world: TestWorld
  let session: any PeerInlet

  init(_ world: TestWorld) throws {
    self.world = world
    world.cut(0, 1)
    world.deliverAll()
    session = world.nodes[1].node.openSession(with: world.nodes[0].code, outlet: Sink())
    session.receive(.hello(world.nodes[0].node.hello(to: world.nodes[1].code)))
    world.work()
  }

  /// Pushes one lead with this payload, otherwise as it should be.
  func push(_ payload: [UInt8]) throws {
    let (from, to) = (world.nodes[0], world.nodes[1])
    let state = try from.store.base.read { reader in
      try #require(try reader.channels().first { $0.role == .outbound })
    }
    let id = RecordID.generate(at: from.clock.now) { Array(repeating: 7, count: $0) }
    let salt = [UInt8](repeating: 9, count: Commitment.saltBytes)
    let suite = world.federation.directory.suite
    let header = RecordHeader(
      id: id, from: from.code, to: to.code, seq: state.size, prev: state.lastLeaf,
      time: from.clock.now, seen: state.lastSeen, directory: world.federation.directory.version,
      kind: KindName.leadTransfer, schema: KindName.leadTransfer + "/1", thread: id,
      replyTo: nil, urgency: .normal,
      payload: PayloadReference(
        commitment: Commitment.make(salt: salt, payload: payload, suite: suite),
        size: payload.count)
    ).encoded()
    var frontier = state.frontier
    frontier.append(leaf: Merkle.leaf(header, suite: suite))
    let head = Checkpoint(origin: state.origin.description, frontier: frontier)
    session.receive(
      .push(
        Batch(
          origin: state.origin, start: state.size,
          records: [WireRecord(header: header, payload: payload, salt: salt)],
          checkpoint: try head.signed(by: from.member.identity.recordKey).encoded)))
    world.work()
  }
}
