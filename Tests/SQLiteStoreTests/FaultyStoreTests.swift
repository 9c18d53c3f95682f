import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite struct FaultyStoreTests {
  static let table:
    [(fault: FaultyStore<MemoryStore>.Fault, code: String, isKept: Bool, ends: Bool)] =
      [
        (.failsBeforePersist, "failed", false, false), (.full, "full", false, false),
        (.failsAfterPersist, "uncertain", true, true),
        (.uncertainBeforePersist, "uncertain", false, true),
      ]

  @Test(arguments: FaultyStoreTests.table)
  func `A scripted fault tells what it should and keeps what it should`(
    item: (fault: FaultyStore<MemoryStore>.Fault, code: String, isKept: Bool, ends: Bool)
  ) throws {
    let store = FaultyStore(MemoryStore(), faults: [1: item.fault])
    try store.write { try $0.set("first", to: [1]) }
    let failure = #expect(throws: StoreFailure.self) {
      try store.write { try $0.set("second", to: [2]) }
    }
    #expect(failure.map(name) == item.code)
    #expect(store.isLost == item.ends)
    #expect(store.writeCount == 2)
    let restarted = MemoryStore(copyOf: store.base)
    #expect(try restarted.read { try $0.setting("first") } == [1])
    #expect(try restarted.read { try $0.setting("second") } == (item.isKept ? [2] : nil))
    if item.ends {
      #expect(throws: StoreFailure.self) { try store.read { _ in } }
      #expect(throws: StoreFailure.self) { try store.write { _ in } }
    } else {
      try store.write { try $0.set("third", to: [3]) }
      #expect(try store.read { try $0.setting("third") } == [3])
    }
  }

  @Test func `A fault can be set for a write that is still to come`() throws {
    let store = FaultyStore(MemoryStore())
    try store.write { try $0.set("a", to: [1]) }
    store.fail(.full, after: 1)
    try store.write { try $0.set("a", to: [2]) }
    #expect(throws: StoreFailure.self) { try store.write { try $0.set("a", to: [3]) } }
    #expect(try store.read { try $0.setting("a") } == [2])
  }

  @Test func `The memory store's hook sees each moment and may fail each`() throws {
    struct Stop: Error {}
    for moment in MemoryStore.Moment.allCases {
      let store = MemoryStore { now, write in if now == moment, write == 1 { throw Stop() } }
      try store.write { try $0.set("a", to: [1]) }
      #expect(throws: Stop.self) { try store.write { try $0.set("a", to: [2]) } }
      let kept = moment == .afterPersist
      #expect(try store.read { try $0.setting("a") } == (kept ? [2] : [1]))
    }
  }

  @Test func `Equal seeds give equal bytes, other seeds others`() {
    let (first, second, other) = (
      SeededRandom(seed: 1), SeededRandom(seed: 1), SeededRandom(seed: 2)
    )
    let bytes = first.bytes(37)
    #expect(bytes.count == 37)
    #expect(second.bytes(37) == bytes)
    #expect(other.bytes(37) != bytes)
    #expect(first.bytes(37) != bytes)
  }

  @Test func `The clock moves only when told, and its monotonic side never back`() {
    let clock = ManualClock()
    let (wall, steady) = (clock.now, clock.monotonic)
    clock.advance(milliseconds: 250)
    #expect(clock.now.milliseconds == wall.milliseconds + 250)
    #expect(clock.monotonic == steady + 250_000_000)
    clock.jump(to: wall)
    #expect(clock.now == wall)
    #expect(clock.monotonic == steady + 250_000_000)
    let environment = clock.environment(random: SeededRandom(seed: 3))
    #expect(environment.now() == wall)
    #expect(environment.random(4).count == 4)
  }
}

private func name(_ failure: StoreFailure) -> String {
  switch failure {
  case .full: "full"
  case .failed: "failed"
  case .uncertain: "uncertain"
  case .corrupt: "corrupt"
  case .unusable: "unusable"
  }
}
