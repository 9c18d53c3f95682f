import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("Clocks and directories")
struct ClockTests {
  static func blocked(_ world: TestWorld) throws -> String? {
    let node = world.nodes[0].node
    return try world.call { try await node.queues() }.first?.sealingBlocked
  }

  @Test("Nothing is sealed while the clocks differ too much", arguments: [-301_000, 301_000])
  func difference(_ milliseconds: Int64) throws {
    let world = try TestWorld()
    let real = world.nodes[1].clock.now
    world.nodes[1].clock.jump(to: real.advanced(byMilliseconds: milliseconds))
    try world.settle()
    let id = try world.submit()
    try world.settle()
    #expect(try Self.blocked(world) == "clock")
    #expect(try world.summary(id, at: 0).delivery == .queued)
    world.nodes[1].clock.jump(to: real)
    world.cut()
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("A difference that a Pong shows blocks sealing, and one within bounds unblocks it")
  func pong() throws {
    let world = try TestWorld()
    try world.settle()
    let peer = try HandPeer(world, as: 1, to: 0)
    peer.session.clockDifference(301_000)
    let id = try world.submit()
    #expect(try Self.blocked(world) == "clock")
    #expect(try world.summary(id, at: 0).delivery == .queued)
    peer.session.clockDifference(-300_000)
    world.work()
    #expect(try world.summary(id, at: 0).delivery == .sealed)
  }

  @Test("Our own clock, gone forward and back, blocks sealing until it has caught up")
  func ownClock() throws {
    let world = try TestWorld()
    try world.settle()
    let real = world.nodes[0].clock.now
    world.nodes[0].clock.jump(to: real.advanced(byMilliseconds: 400_000))
    try world.submit(1)
    world.nodes[0].clock.jump(to: real)
    let id = try world.submit(2)
    #expect(try Self.blocked(world) == "clock")
    world.advance(milliseconds: 101_000)
    try world.tick(0)
    #expect(try world.summary(id, at: 0).delivery == .sealed)
    try world.settle()
    try expectEqualEnds(world)
  }

  @Test("An expired directory stops sealing, not the delivery of what is sealed")
  func expired() throws {
    let world = try TestWorld()
    try world.settle()
    try WindowTests.setIntake(world, paused: true)
    try world.settle()
    let sealed = try world.submit(1)
    try world.crashAndRestart(0)
    let queued = try world.submit(2)
    let end = world.federation.directory.notAfter
    for node in world.nodes { node.clock.jump(to: end) }
    try WindowTests.setIntake(world, paused: false)
    try world.settle()
    #expect(try world.summary(sealed, at: 0).delivery == .receipted)
    #expect(try world.summary(queued, at: 0).delivery == .queued)
    #expect(try Self.blocked(world) == "directory")
    #expect(world.refusal(to: world.nodes[1].code)?.code == .directoryExpired)
    #expect(world.nodes[0].node.problems().map(\.code) == ["directory.expired"])
    try world.federation.publish { $0.notAfter = end.advanced(byMilliseconds: 1_000_000) }
    try world.publish()
    try world.settle()
    #expect(try world.summary(queued, at: 0).delivery == .receipted)
  }

  @Test("A directory that is not yet valid is sealed under once it is")
  func notYetValid() throws {
    let world = try TestWorld()
    let id = try world.submit()
    let later = world.nodes[0].clock.now.advanced(byMilliseconds: 60_000)
    try world.federation.publish { $0.notBefore = later }
    try world.publish()
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .queued)
    world.advance(milliseconds: 60_000)
    try world.tick(0)
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("An older directory, and another text under the same version, are refused")
  func refusedDirectories() throws {
    let world = try TestWorld()
    let old = world.federation.note
    let twin = try world.federation.draft { $0.notAfter = $0.notAfter.advanced(byMilliseconds: 1) }
    try world.federation.publish()
    try world.publish()
    let node = world.nodes[0].node
    for (note, code) in [(old, "directory.older"), (twin, "directory.fork")] {
      let error = #expect(throws: RecordModelError.self) {
        try world.call { try await node.loadDirectory(note) }
      }
      #expect(error?.code.rawValue == code)
    }
    #expect(world.nodes[0].node.directory().version == 2)
  }

  @Test("Another directory under the version in force ends the connection")
  func twins() throws {
    let world = try TestWorld()
    let peer = try HandPeer(world, as: 1, to: 0) { $0.directoryDigest = .zero }
    #expect(peer.faults.map(\.code) == [.directoryFork])
    #expect(peer.isClosed)
    let id = try world.submit()
    #expect(try Self.blocked(world) == "hello")
    #expect(try world.summary(id, at: 0).delivery == .queued)
  }

  @Test("A new agency in a new directory gets its channels at once, and both ways work")
  func newAgency() throws {
    let world = try TestWorld()
    try world.settle()
    let third = try world.admit(.procuratorate)
    #expect(world.refusal(to: third.code)?.code == .unknownAgency)
    try world.publish()
    let there = try world.submit(1, from: 0, to: 2)
    try world.settle()
    let back = try world.submit(2, from: 2, to: 1)
    try world.settle()
    #expect(try world.summary(there, at: 0).delivery == .receipted)
    #expect(try world.summary(back, at: 2).delivery == .receipted)
    try expectEqualEnds(world)
  }
}
