import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("Witnessing while stores fail")
struct WitnessCrashTests {
  typealias Fault = FaultyStore<AnyStore>.Fault

  /// Brings the world on after a failure, then checks that both ends agree again.
  private func recovered(_ world: TestWorld) throws {
    for node in world.nodes where node.store.isLost { try world.crashAndRestart(node.number) }
    try world.settle()
    try world.grow(0)
    try world.witness()
    try world.witness()
    let head = try #require(try world.held(by: 1, of: 0))
    #expect(try world.cosigned(of: 0, by: 1) == head)
    #expect(head.size == (try world.signed(0)?.size))
    try world.expectVerified(head, of: 0, by: 1)
    #expect(try world.nodes.allSatisfy { try world.conflicts(at: $0.number).isEmpty })
    #expect(try world.brokenInvariants() == [])
  }

  /// The next head of node 0 is on its way to node 1.
  private func headOnTheWay(_ world: TestWorld) throws {
    try world.witness()
    try world.grow(0)
    world.clearTranscript()
    world.advance(milliseconds: 10_000)
    try world.tick(0)
    world.work()
  }

  @Test("No cosignature leaves before the head that it covers is stored", arguments: Fault.allCases)
  func atTheWitness(_ fault: Fault) throws {
    let world = try WitnessTests.world()
    try headOnTheWay(world)
    let before = try world.held(by: 1, of: 0)
    world.nodes[1].store.fail(fault)
    // A turn of many jobs, or one that seals, is tried again in parts: each part fails too.
    if fault == .full || fault == .failsBeforePersist { world.nodes[1].store.fail(fault, after: 1) }
    #expect(world.deliver(from: 0, to: 1))
    world.deliverAll()
    #expect(world.headAnswers(at: 0, from: 1).isEmpty)
    let stored = try world.held(by: 1, of: 0)
    #expect((stored != before) == (fault == .failsAfterPersist))
    try recovered(world)
  }

  @Test("A cosignature that was stored and lost on its way comes again, byte for byte")
  func lostOnItsWay() throws {
    let world = try WitnessTests.world()
    try headOnTheWay(world)
    world.deliver(from: 0, to: 1)
    let stored = try #require(try world.held(by: 1, of: 0))
    world.cut()
    world.advance(milliseconds: 3000)
    try world.settle()
    #expect(world.headAnswers(at: 0, from: 1).isEmpty)
    #expect(try world.cosigned(of: 0, by: 1) == stored, "Hello shows it")
    try recovered(world)
  }

  @Test("The origin that fails to store a cosignature is given it again", arguments: Fault.allCases)
  func atTheOrigin(_ fault: Fault) throws {
    let world = try WitnessTests.world()
    try headOnTheWay(world)
    world.deliver(from: 0, to: 1)
    world.nodes[0].store.fail(fault)
    if fault == .full || fault == .failsBeforePersist { world.nodes[0].store.fail(fault, after: 1) }
    world.deliverAll()
    try recovered(world)
  }

  @Test("A head whose signing fails is shown to nobody", arguments: Fault.allCases)
  func atSigning(_ fault: Fault) throws {
    let world = try WitnessTests.world()
    try world.witness()
    try world.grow(0)
    world.advance(milliseconds: 10_000)
    world.clearTranscript()
    world.nodes[0].store.fail(fault)
    if fault == .full || fault == .failsBeforePersist { world.nodes[0].store.fail(fault, after: 1) }
    _ = try? world.tick(0)
    world.deliverAll()
    #expect(world.heads(at: 1, from: 0).isEmpty)
    try recovered(world)
  }

  @Test("An epoch whose opening fails is opened at the next greeting", arguments: Fault.allCases)
  func atReopening(_ fault: Fault) throws {
    let world = try WitnessTests.world()
    try world.witness()
    let backup = try world.backup(of: 0)
    try world.grow(0, by: 5)
    try world.witness()
    let lost = try #require(try world.held(by: 1, of: 0))
    try world.crashAndRestart(0, on: backup)
    world.nodes[0].store.fail(fault)
    if fault == .full || fault == .failsBeforePersist { world.nodes[0].store.fail(fault, after: 1) }
    try world.settle()
    for node in world.nodes where node.store.isLost { try world.crashAndRestart(node.number) }
    world.cut()
    try world.settle()
    try world.witness()
    #expect(try world.held(by: 1, of: 0) == lost)
    #expect(try world.held(by: 1, of: 0, epoch: 2)?.size == (try world.signed(0, epoch: 2)?.size))
    #expect(try world.nodes.allSatisfy { try world.conflicts(at: $0.number).isEmpty })
  }
}
