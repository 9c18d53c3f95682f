import Exchange
import RecordModel
import Testing

@testable import SQLiteStore

/// Stores hold millions of records: what walks a whole table, or sorts, has to be named here.
@Suite struct PlanTests {
  let folder = TemporaryFolder()

  /// Small tables, read whole on purpose; evidence and dead letters end at their limit.
  static let scans: [StatementName: String] = [
    .channels: "SCAN channel", .evidence: "SCAN evidence", .journalState: "SCAN journal_state",
    .newestDirectory: "SCAN directory", .directories: "SCAN directory",
    .deadLetters: "SCAN submission USING INDEX submission_dead",
    // Only the narrow index, one line for each submission that waits.
    .outboxCounts: "SCAN submission USING COVERING INDEX submission_queue",
  ]

  @Test func `Every statement finds its rows through an index`() throws {
    let store = try SQLiteStore(folder: folder.path)
    for name in StatementName.allCases where name != .begin && name != .commit {
      let plan = try store.plan(name.sql)
      #expect(
        plan.filter { $0.hasPrefix("SCAN") } == Self.scans[name].map { [$0] } ?? [], "\(name)")
      // The queue of one thread is a handful.
      let sorts = plan.contains { $0.contains("TEMP B-TREE") }
      #expect(sorts == (name == .queuedThread), "\(name): \(plan)")
    }
  }

  @Test(arguments: [false, true], [false, true])
  func `Every list of index entries walks one index in order`(
    omitRefused: Bool, descending: Bool
  ) throws {
    let store = try SQLiteStore(folder: folder.path)
    let channels = (1...9).map { ChannelNumber(rawValue: $0) }
    let cases: [(channels: [ChannelNumber]?, states: [ThreadState]?, index: String)] = [
      (nil, nil, "USING INTEGER PRIMARY KEY"), (channels, nil, "USING INTEGER PRIMARY KEY"),
      ([channels[0]], nil, "USING INDEX entry_channel"),
      (nil, [.signed], "USING INDEX entry_state"),
      (channels, [.signed, .accepted], "USING INDEX entry_state"),
      ([channels[0]], [.signed], "USING INDEX entry_state"),
    ]
    for item in cases {
      let filter = IndexFilter(
        channels: item.channels, states: item.states, omitRefused: omitRefused,
        descending: descending)
      for stream in IndexStream.streams(for: filter) {
        let plan = try store.plan(stream.sql(filter))
        #expect(plan.first?.hasPrefix("SEARCH entry \(item.index)") == true, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN entry") })
      }
    }
  }
}
