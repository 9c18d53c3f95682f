import Exchange
import Foundation
import NodeClient
import SQLiteStore
import Testing

extension EndToEnd {
  @Suite struct WitnessTests {
    @Test(.timeLimit(.minutes(3)))
    func `Three nodes witness each other, and a restored one begins its journal's next epoch`()
      async throws
    {
      try await Federation.run(3) { federation in
        let victim = federation.nodes[0]
        for node in federation.nodes {
          try await eventually("both peers of \(node.code) have witnessed its journal") {
            try await witnessed(node).count == 2
          }
        }
        try await victim.stop()
        let copy = try victim.backUp()
        let old = try heads(victim).map(\.size).max() ?? 0
        try await victim.start()
        try await eventually("what came after the copy is witnessed") {
          let marks = try await witnessed(victim)
          return marks.count == 2 && marks.allSatisfy { $0.size > old + 3 }
        }
        try await victim.kill()
        let lost = try #require(try heads(victim).max { $0.size < $1.size })
        try victim.restore(copy)
        try await victim.start()
        try await eventually("the next epoch is witnessed") {
          let marks = try await witnessed(victim)
          return marks.count == 2 && marks.allSatisfy { $0.epoch == 2 }
        }
        let opening = try #require(try await victim.journal().first)
        #expect(opening.entry.event == "journal.opened" && opening.entry.previousEpoch == 1)
        #expect(victim.log.contains("node.rollback"))
        for peer in federation.nodes.dropFirst() {
          #expect(peer.log.contains("journal.reopened"))
          // What was lost is still witnessed, and nothing contradicts it.
          let held = try heads(peer).filter { $0.origin == lost.origin }
          #expect(held.contains { $0.size == lost.size && $0.root == lost.root })
        }
        for node in federation.nodes {
          let conflicts = try SQLiteStore.inspect(folder: node.folder) {
            try $0.headConflicts(skipping: 0, limit: 9)
          }
          #expect(conflicts.isEmpty)
        }
      }
    }

    /// What the peers of a node have cosigned of its journal.
    private func witnessed(_ node: AgencyNode) async throws -> [APIPeerJournal.Mark] {
      try await node.client.peers().value.items.compactMap(\.journal.witnessed)
    }

    /// Every witnessed head in a node's store.
    private func heads(_ node: AgencyNode) throws -> [WitnessedHead] {
      try SQLiteStore.inspect(folder: node.folder) { reader in
        try reader.witnessedOrigins().flatMap { try reader.witnessedHeads(origin: $0) }
      }
    }
  }
}
