import Exchange
import RecordModel
import SanxiangTesting
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
    // One row for each journal and witness; conflicting heads end at their limit.
    .witnessedOrigins: "SCAN witnessed_head", .headConflicts: "SCAN head_conflict",
    // An erasure is rare; an index for it would cost every submission.
    .forgetRequest: "SCAN idempotency",
    // Only the narrow index, one line for each submission that waits.
    .outboxCounts: "SCAN submission USING COVERING INDEX submission_queue",
    // Only the narrow index, one line for each clock that nothing has stopped.
    .clockStates: "SCAN clock USING COVERING INDEX clock_standing",
    // The sorts that were found, once they are counted.
    .actCounts: "SCAN found",
    // Refused records are few and have an index of their own.
    .stateCounts: "SCAN record USING INDEX record_refused",
  ]

  /// Counts sort the lines of the index that they read; the queue of one thread is a handful, and so
  /// are the witnesses of one journal.
  static let sorted: Set<StatementName> = [
    .queuedThread, .witnessedHeads, .actCounts, .clockCounts, .clockStates, .stateCounts,
  ]

  /// What the counts and lists of threads are read through.
  static let indexes: [StatementName: String] = [
    .actCounts: "SEARCH act USING COVERING INDEX act_time (time>? AND time<?)",
    .actSort:
      "SEARCH act_sort USING COVERING INDEX act_sort_parts (peer=? AND opened=? AND ours=? "
      + "AND kind=? AND detail=?)",
    .openingActs: "SEARCH act USING INDEX act_opening (opened=? AND detail=?)",
    .documentNumbers:
      "SEARCH act USING COVERING INDEX act_document (opened=? AND time>? AND time<?)",
    .clockCounts: "SEARCH clock USING COVERING INDEX clock_due (due>? AND due<?)",
    .stateCounts: "SEARCH entry USING COVERING INDEX entry_state (state>?)",
    .linksTo: "SEARCH link USING COVERING INDEX link_other (other=?)",
    .threadActs: "SEARCH act USING PRIMARY KEY (thread=?)",
    .threadClocks: "SEARCH clock USING PRIMARY KEY (thread=?)",
    .threadLinks: "SEARCH link USING PRIMARY KEY (thread=?)",
    .removeThreadActs: "SEARCH act USING PRIMARY KEY (thread=?)",
    .removeThreadClocks: "SEARCH clock USING PRIMARY KEY (thread=?)",
    .removeThreadLinks: "SEARCH link USING PRIMARY KEY (thread=?)",
  ]

  @Test func `Every statement finds its rows through an index`() throws {
    let store = try SQLiteStore(folder: folder.path)
    for name in StatementName.allCases where name != .begin && name != .commit {
      let plan = try store.plan(name.sql)
      #expect(
        plan.filter { $0.hasPrefix("SCAN") } == Self.scans[name].map { [$0] } ?? [], "\(name)")
      let sorts = plan.contains { $0.contains("TEMP B-TREE") }
      #expect(sorts == Self.sorted.contains(name), "\(name): \(plan)")
    }
  }

  @Test func `What is kept of threads is read through the index that was made for it`() throws {
    let store = try SQLiteStore(folder: folder.path)
    for (name, line) in Self.indexes {
      let plan = try store.plan(name.sql)
      #expect(plan.contains(line), "\(name): \(plan)")
    }
  }

  @Test(arguments: [nil, true, false], [false, true])
  func `Every list of open clocks walks one index in order`(ours: Bool?, hasCursor: Bool) throws {
    let store = try SQLiteStore(folder: folder.path)
    let now = Timestamp(milliseconds: 5)
    let cases: [(filter: ClockFilter, index: String)] = [
      (ClockFilter(ours: ours), "clock_open"),
      (ClockFilter(dueBefore: now, ours: ours), "clock_open"),
      (ClockFilter(ours: ours, peer: SampleAgency.code(2)), "clock_peer"),
      (ClockFilter(dueBefore: now, ours: ours, peer: SampleAgency.code(2)), "clock_peer"),
      (ClockFilter(dueBefore: now, ours: ours, toRemind: true), "clock_remind"),
      (ClockFilter(ours: ours, peer: SampleAgency.code(2), toRemind: true), "clock_remind"),
    ]
    for item in cases {
      for stream in ClockStream.streams(for: item.filter) {
        let plan = try store.plan(stream.sql(item.filter, hasCursor: hasCursor))
        let keys = plan.first.map { $0.drop { $0 != "(" } } ?? ""
        #expect(plan.first?.contains("USING INDEX \(item.index) (") == true, "\(plan)")
        #expect(keys.contains("due,thread,rule,start)>") == hasCursor, "\(plan)")
        #expect(plan.count == 1, "\(plan)")
      }
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
