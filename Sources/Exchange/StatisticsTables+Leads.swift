import RecordModel
import RecordSchema

// What statistics say of single leads: gaps in their numbers, and those that a superior assigned.

extension StatisticsTables {
  // MARK: Document numbers

  mutating func addNumbers(
    _ found: [(peer: AgencyCode, docNo: String)], _ opened: Bool
  ) throws {
    struct Series: Hashable {
      var peer: AgencyCode
      var prefix: String
      var year: Int
    }
    var numbers: [Series: Set<Int>] = [:]
    for (peer, docNo) in found {
      guard let parts = DocumentNumber(docNo) else { continue }
      numbers[Series(peer: peer, prefix: parts.prefix, year: parts.year), default: []]
        .insert(parts.number)
    }
    for (series, set) in numbers.sorted(by: {
      ($0.key.year, $0.key.prefix) < ($1.key.year, $1.key.prefix)
    }) {
      guard let first = set.min(), let last = set.max() else { continue }
      var missing: [Int] = []
      var next = first
      // Numbers may lie far apart: no more is looked at than is named.
      while next < last, missing.count < NumberStatistics.missingLimit {
        if !set.contains(next) { missing.append(next) }
        next += 1
      }
      change(series.peer, opened) { row in
        row.numbers.append(
          NumberStatistics(
            prefix: series.prefix, year: series.year, first: first, last: last, count: set.count,
            missing: missing, missingCount: last - first + 1 - set.count))
      }
    }
  }

  // MARK: Assigned leads

  /// Leads that were assigned and have not come to their end, the newest first.
  mutating func addAssigned(_ reader: any StoreReader) throws {
    let code = Codes.Source.superiorAssigned.rawValue
    for opened in [true, false] {
      var listed = 0
      for act in try reader.openingActs(
        detail: code, opened: opened, limit: Node.assignedLookedAt)
      {
        guard listed < Node.assignedLimit, let entry = try reader.entry(act.thread),
          let state = entry.state, state.isOpen
        else { continue }
        let summary = try lists.summary(entry)
        let due = try reader.projection(of: act.thread)?.clocks
          .filter { $0.clock.outcome == .open }.compactMap(\.clock.due).min()
        listed += 1
        change(act.peer, opened) { row in
          row.assigned.append(
            AssignedLead(
              thread: act.thread, docNo: summary.docNo, title: summary.title, state: state,
              due: due))
        }
      }
    }
  }
}
