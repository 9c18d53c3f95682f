import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("Failures of the store")
struct CrashTests {
  typealias Fault = FaultyStore<AnyStore>.Fault

  /// A scripted exchange; every step of it is safe to take whatever became of those before.
  struct Script {
    let world: TestWorld
    var acknowledged: [(id: RecordID, at: Int)] = []
    var deaths = 0

    init() throws { world = try TestWorld() }

    mutating func run() throws {
      try settle()
      submit(1, from: 0)
      submit(2, from: 0)
      submit(3, from: 1)
      try settle()
      act(KindName.leadSign)
      try settle()
      act(KindName.leadAccept)
      submit(4, from: 0)
      try settle()
      let real = world.nodes[0].clock.now
      world.nodes[0].clock.jump(to: real.advanced(byMilliseconds: 600_000))
      submit(5, from: 0)
      world.nodes[0].clock.jump(to: real)
      try settle()
      submit(6, from: 1)
      try settle()
    }

    /// Restarts what has died, then lets everything come to rest, and checks what must always hold.
    mutating func settle() throws {
      for _ in 0..<2 {
        try world.settle()
        while let dead = world.nodes.first(where: { $0.store.isLost }) {
          #expect(dead.fatalErrors == 1)
          deaths += 1
          try world.crashAndRestart(dead.number)
          try world.settle()
        }
        for number in 0...1 { try? world.tick(number) }
      }
      #expect(try world.brokenInvariants() == [])
    }

    mutating func submit(_ number: Int, from: Int) {
      guard let id = try? world.submit(number, from: from, to: 1 - from, key: "key \(number)")
      else { return }
      acknowledged.append((id, from))
    }

    mutating func act(_ kind: String) {
      guard let first = acknowledged.first(where: { $0.at == 0 }),
        let id = try? world.act(kind, on: first.id)
      else { return }
      acknowledged.append((id, 1))
    }
  }

  @Test(
    "Whichever write fails, nothing is lost, nothing comes twice, and both ends agree",
    arguments: [0, 1], Fault.allCases)
  func everyWrite(_ node: Int, _ fault: Fault) throws {
    var whole = try Script()
    let before = whole.world.nodes[node].store.writeCount
    try whole.run()
    let writes = whole.world.nodes[node].store.writeCount - before
    #expect(writes > 12)
    for write in 0..<writes {
      var script = try Script()
      script.world.nodes[node].store.fail(fault, after: write)
      try script.run()
      try expectEqualEnds(script.world, "write \(write)")
      for (id, at) in script.acknowledged {
        let delivery = try script.world.summary(id, at: at).delivery
        #expect(delivery == .receipted || delivery == .refused, "write \(write): \(delivery)")
      }
      let uncertain = fault == .failsAfterPersist || fault == .uncertainBeforePersist
      #expect(script.deaths == (uncertain ? 1 : 0), "write \(write)")
    }
  }

  @Test("A repeated submission after a lost answer is found again by its key")
  func lostAnswer() throws {
    let world = try TestWorld()
    try world.settle()
    world.nodes[0].store.fail(.failsAfterPersist)
    #expect(throws: ExchangeError.self) { try world.submit(1, key: "one") }
    try world.crashAndRestart(0)
    try world.settle()
    let id = try world.submit(1, key: "one")
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
    #expect(try world.nodes[1].snapshot().log(world.direction()).count == 1)
  }
}
