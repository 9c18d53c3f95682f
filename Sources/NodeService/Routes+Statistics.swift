import Exchange
import HTTPTypes
import Hummingbird
import NIOCore
import RecordModel
import RecordSchema

/// What became of leads, counted.
struct StatisticsRoutes: Sendable {
  let node: any NodeOperations

  var routes: [Route] {
    [
      Route(.get, "/v1/statistics", query: ["from", "to", "peer"]) { request in
        let found = try await node.statistics(
          from: request.day("from"), to: request.day("to"), peer: request.agency("peer"))
        let rules = node.clockRules().rules
        if request.prefers("text/csv") {
          return JSONAnswer.raw(
            ByteBuffer(string: StatisticsTable(found, rules: rules).text),
            type: "text/csv; charset=utf-8")
        }
        return JSONAnswer.make(StatisticsBody(found, rules: rules))
      }
    ]
  }
}

struct StatisticsBody: Encodable {
  struct Rule: Encodable {
    var rule: String
    var title: String
    var titleZH: String
    var owner: String
    var onTime: Int
    var late: Int
    var overdue: Int
    var lapsed: Int
    var rate: Double?
  }
  struct Numbers: Encodable {
    var prefix: String
    var year: Int
    var first: Int
    var last: Int
    var count: Int
    var missing: [Int]
    var missingCount: Int
  }
  struct Assigned: Encodable {
    var thread: String
    var docNo: String?
    var title: String?
    var state: String
    var due: String?
    var remainingDays: Int?
  }
  struct Peer: Encodable {
    var peer: String
    var name: String?
    var direction: String
    var sent: Int
    var signed: Int
    var accepted: Int
    var refused: Int
    var refusedBy: [String: Int]
    var returned: Int
    var returnedBy: [String: Int]
    var forwarded: Int
    var decided: Int
    var filed: Int
    var notFiled: Int
    var closed: Int
    var withdrawn: Int
    var open: Int
    var pending: Int
    var rules: [Rule]
    var numbers: [Numbers]
    var assigned: [Assigned]
  }
  var from: String
  var to: String
  var asOf: String
  var peers: [Peer]

  init(_ found: Statistics, rules: ClockRules?) {
    from = "\(found.from)"
    to = "\(found.to)"
    asOf = found.asOf.description
    peers = found.peers.map { Peer($0, rules: rules, asOf: found.asOf) }
  }
}

extension StatisticsBody.Peer {
  init(_ row: PeerStatistics, rules: ClockRules?, asOf: Timestamp) {
    self.init(
      peer: row.peer.rawValue, name: row.name, direction: row.outgoing ? "out" : "in",
      sent: row.sent, signed: row.signed, accepted: row.accepted,
      refused: row.refused.values.reduce(0, +), refusedBy: row.refused,
      returned: row.returned.values.reduce(0, +), returnedBy: row.returned,
      forwarded: row.forwarded, decided: row.decided, filed: row.filed,
      notFiled: row.notFiled, closed: row.closed, withdrawn: row.withdrawn, open: row.open,
      pending: row.pending,
      rules: row.rules.sorted { ($0.rule, $0.ours ? 0 : 1) < ($1.rule, $1.ours ? 0 : 1) }
        .map { StatisticsBody.Rule($0, rules?.rule($0.rule)) },
      numbers: row.numbers.map {
        StatisticsBody.Numbers(
          prefix: $0.prefix, year: $0.year, first: $0.first, last: $0.last, count: $0.count,
          missing: $0.missing, missingCount: $0.missingCount)
      },
      assigned: row.assigned.map {
        StatisticsBody.Assigned(
          thread: $0.thread.description, docNo: $0.docNo, title: $0.title,
          state: $0.state.rawValue, due: $0.due?.description,
          remainingDays: $0.due.map { $0.wholeDays(since: asOf) })
      })
  }
}

extension StatisticsBody.Rule {
  init(_ row: RuleStatistics, _ rule: ClockRule?) {
    self.init(
      rule: row.rule, title: rule?.title ?? row.rule, titleZH: rule?.titleZH ?? row.rule,
      owner: row.ours ? "ours" : "theirs", onTime: row.onTime, late: row.late,
      overdue: row.overdue, lapsed: row.lapsed, rate: row.rate)
  }
}

extension Timestamp {
  /// Whole days from another moment to this one, rounded down; negative where it is past.
  fileprivate func wholeDays(since other: Timestamp) -> Int {
    let length = milliseconds - other.milliseconds
    return Int((Double(length) / 86_400_000).rounded(.down))
  }
}
