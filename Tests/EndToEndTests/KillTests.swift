import NodeClient
import SanxiangTesting
import Testing

extension EndToEnd {
  @Suite struct KillTests {
    /// How often a process is killed; now and then both at once.
    static let rounds = 40

    @Test(.timeLimit(.minutes(5)), arguments: [20_261_123 as UInt64])
    func `Killed again and again under load, two nodes lose nothing and deliver nothing twice`(
      seed: UInt64
    ) async throws {
      try await Federation.run(2) { federation in
        let (left, right) = (federation.nodes[0], federation.nodes[1])
        let loads = [
          Load(from: left, to: right, base: 0), Load(from: right, to: left, base: 1_000_000),
        ]
        for load in loads { load.start(clients: 3) }
        do {
          try await disturb([left, right], loads, SeededRandom(seed: seed))
          for load in loads { try await load.finish() }
        } catch {
          for load in loads { load.abandon() }
          throw error
        }
        try await left.drained(to: right)
        try await right.drained(to: left)
        try await expectExactlyOnce(loads[0], at: right)
        try await expectExactlyOnce(loads[1], at: left)
        #expect(loads.map(\.acknowledged.count).reduce(0, +) >= Self.rounds * 5)
        #expect(loads.allSatisfy { $0.repeats > 0 })
        try await federation.expectEqualRoots()
        try await federation.stopAndAudit()
      }
    }

    /// Kills at moments that are counted in acknowledged leads, so that a slow machine sees the same.
    private func disturb(
      _ nodes: [AgencyNode], _ loads: [Load], _ random: SeededRandom
    ) async throws {
      for round in 0..<Self.rounds {
        // Every other time in full flow; else at once, while they look for each other again.
        if round.isMultiple(of: 2) { try await nodes[0].connected(to: nodes[1]) }
        let before = loads.map(\.acknowledged.count).reduce(0, +)
        let more = 5 + random.below(40)
        try await eventually("\(more) more leads are acknowledged") {
          loads.map(\.acknowledged.count).reduce(0, +) >= before + more
        }
        let first = random.below(2)
        let victims = random.below(5) == 0 ? [first, 1 - first] : [first]
        for victim in victims { try await nodes[victim].kill() }
        for victim in victims { try await nodes[victim].start() }
      }
    }

    /// Every acknowledged lead is there once, under the id that its sender was told, and there is no
    /// other.
    private func expectExactlyOnce(_ load: Load, at receiver: AgencyNode) async throws {
      let arrived = try await receiver.arrived()
      #expect(arrived == load.acknowledged.mapValues { [$0] })
    }
  }
}
