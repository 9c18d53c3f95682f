import Exchange
import Foundation
import NodeClient
import RecordModel
import SQLiteStore
import SanxiangTesting
import Testing

extension EndToEnd {
  @Suite struct RestoreTests {
    /// Which end of the channel comes back from an old copy.
    enum End: String, CaseIterable {
      case sender, receiver
    }

    /// Leads that the old copy lacks, and how many of them are signed for or more, in records that
    /// it lacks too.
    static let lost = 1000
    static let answered = 30

    @Test(.timeLimit(.minutes(4)), arguments: End.allCases)
    func `A node restored from before its last thousand records has one history`(end: End)
      async throws
    {
      try await Federation.run(2) { federation in
        let (sender, receiver) = (federation.nodes[0], federation.nodes[1])
        let victim = end == .sender ? sender : receiver
        _ = try await Load.run(40, from: sender, to: receiver)
        try await settle(federation)
        try await victim.stop()
        let copy = try victim.backUp()
        try await victim.start()
        let leads = try await Load.run(Self.lost, from: sender, to: receiver, base: 1000)
        try await sender.drained(to: receiver)
        try await answer(leads, at: receiver)
        try await settle(federation)
        let before = try await Evidence(leads, federation)
        try await victim.kill()
        let stored = try checkpoints(federation)
        try victim.restore(copy)
        try await victim.start()
        try await eventually("the restored node holds every record again") {
          try await before.sizes == Evidence.sizes(federation)
        }
        #expect(try await Evidence(leads, federation) == before)
        try await expectAlarm(victim)
        try await goOn(federation, leads)
        try await federation.stopAndAudit()
        for (old, new) in zip(stored, try checkpoints(federation)) {
          #expect(!old.isEmpty && Array(new.prefix(old.count)) == old)
        }
      }
    }

    private func settle(_ federation: Federation) async throws {
      let (left, right) = (federation.nodes[0], federation.nodes[1])
      try await left.drained(to: right)
      try await right.drained(to: left)
    }

    /// Signs for some leads, and accepts every other of them.
    private func answer(_ leads: [Int: String], at receiver: AgencyNode) async throws {
      for (number, id) in leads.sorted(by: { $0.key < $1.key }).prefix(Self.answered) {
        _ = try await receiver.client.act("lead.sign", on: id, payload: SamplePayload.sign())
        guard number.isMultiple(of: 2) else { continue }
        _ = try await receiver.client.act("lead.accept", on: id, payload: SamplePayload.accept())
      }
    }

    /// The history goes on at both ends, also in the threads that were lost for a while.
    private func goOn(_ federation: Federation, _ leads: [Int: String]) async throws {
      let (sender, receiver) = (federation.nodes[0], federation.nodes[1])
      _ = try await Load.run(20, from: sender, to: receiver, base: 5000)
      _ = try await Load.run(5, from: receiver, to: sender, base: 6000)
      let signed = try #require(leads[1001])
      _ = try await receiver.client.act(
        "lead.return", on: signed, payload: SamplePayload.giveBack())
      try await settle(federation)
      #expect(try await sender.client.thread(signed).value.state == "returned")
      #expect(try await receiver.arrived().values.count { $0.count == 1 } == 1060)
      #expect(try await receiver.inbox().count == 1060)
      #expect(try await sender.arrived().count == 5)
      try await federation.expectEqualRoots()
    }

    /// Every receipt of every channel, as each end stores it.
    private func checkpoints(_ federation: Federation) throws -> [[StoredCheckpoint]] {
      try federation.nodes.flatMap { node in
        try SQLiteStore.inspect(folder: node.folder) { reader in
          try reader.channels().filter { $0.size > 0 }.map {
            try reader.checkpoints(
              $0.number, sizes: 1...$0.size, cosignedOnly: true, limit: 100_000)
          }
        }
      }
    }

    private func expectAlarm(_ node: AgencyNode) async throws {
      #expect(node.log.contains("node.rollback"))
      let journal = try await node.journal()
      let opening = try #require(journal.first)
      #expect(opening.epoch == 2)
      #expect(opening.seq == 0)
      #expect(opening.entry.event == "journal.opened")
      #expect(opening.entry.reason == "rollback")
      #expect(opening.entry.previousEpoch == 1)
      #expect(journal.contains { $0.entry.event == "alarm" && $0.entry.code == "node.rollback" })
    }

    /// What both ends say of their history.
    struct Evidence: Equatable {
      /// By node and origin: records and root, all of them under receipts.
      var sizes: [String: String]
      /// Every tenth lead's receipt as each end proves it.
      var receipts: [String: [UInt8]] = [:]
      /// The answered threads as each end tells them.
      var threads: [String: [String]] = [:]

      init(_ leads: [Int: String], _ federation: Federation) async throws {
        sizes = try await Self.sizes(federation)
        for node in federation.nodes {
          for (number, id) in leads where number.isMultiple(of: 10) {
            receipts["\(node.code) \(id)"] = try await node.client.receiptProof(id)
          }
          for (_, id) in leads.sorted(by: { $0.key < $1.key }).prefix(RestoreTests.answered) {
            let thread = try await node.client.thread(id).value
            threads["\(node.code) \(id)"] =
              [thread.state ?? ""]
              + thread.records.map(\.summary).map { "\($0.id) \($0.kind) \($0.receiptedAt ?? "")" }
            for record in thread.records.map(\.summary) {
              receipts["\(node.code) \(record.id)"] = try await node.client.receiptProof(record.id)
            }
          }
        }
      }

      static func sizes(_ federation: Federation) async throws -> [String: String] {
        var found: [String: String] = [:]
        for node in federation.nodes {
          for channel in try await node.client.channels().value.items {
            found["\(node.code) \(channel.origin)"] =
              "\(channel.size) \(channel.root) \(channel.receiptedSize) \(channel.recovering)"
          }
        }
        return found
      }
    }
  }
}
