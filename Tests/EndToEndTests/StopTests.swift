import Exchange
import Foundation
import NodeClient
import RecordModel
import SQLiteStore
import Testing

extension EndToEnd {
  @Suite struct StopTests {
    @Test(.timeLimit(.minutes(2)))
    func `A node that is told to end under load ends in order, in time, and loses nothing`()
      async throws
    {
      try await Federation.run(2) { federation in
        let (sender, receiver) = (federation.nodes[0], federation.nodes[1])
        let load = Load(from: sender, to: receiver)
        load.start(clients: 4)
        do {
          for victim in [sender, receiver] {
            let before = load.acknowledged.count
            try await eventually("the load flows") { load.acknowledged.count > before + 30 }
            let start = ContinuousClock.now
            #expect(try await victim.stop() == .exited(0))
            // `stopSeconds` is 15; what comes after it is the process's own end.
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(try lastEvent(victim) == "node.stop")
            #expect(!Files.exists(victim.socket))
            #expect(!Files.exists(victim.folder + "/peer.port"))
            try await victim.start()
          }
          try await load.finish()
        } catch {
          load.abandon()
          throw error
        }
        try await sender.drained(to: receiver)
        #expect(try await receiver.arrived() == load.acknowledged.mapValues { [$0] })
        try await federation.expectEqualRoots()
        try await federation.stopAndAudit()
      }
    }

    /// The event of the newest journal entry in the store of a node that does not run.
    private func lastEvent(_ node: AgencyNode) throws -> String? {
      try SQLiteStore.inspect(folder: node.folder) { reader in
        guard let state = try reader.journalState(), state.size > 0 else { return nil }
        let entries = try reader.journal(epoch: state.epoch, from: state.size - 1, limit: 1)
        return try entries.first.map { try JournalEntry(parsing: $0.bytes).event.rawValue }
      }
    }

    @Test(.timeLimit(.minutes(1)))
    func `A second process on a folder in use is turned away and does no harm`() async throws {
      try await Federation.run(2) { federation in
        let node = federation.nodes[0]
        let second = try await Spoken.running(
          Programs.daemon,
          [
            "--config", node.configuration, "--socket", federation.folder + "/other.sock",
          ])
        #expect(second.status == 69)
        #expect(second.errors.contains(node.folder))
        #expect(second.errors.contains("held by process"))
        _ = try await node.client.ready()
        let taken = try await Spoken.running(
          Programs.daemon,
          [
            "--config", federation.nodes[1].configuration, "--data", federation.nodes[1].folder,
            "--socket", node.socket,
          ])
        #expect(taken.status == 69)
        #expect(try await node.queue(to: federation.nodes[1]).connected)
      }
    }
  }
}
