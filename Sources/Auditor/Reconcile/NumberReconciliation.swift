import RecordModel
import RecordSchema

/// The document numbers of transfers (应移未移): a number that is missing may be a lead that was made
/// out and never sent.
struct NumberReconciliation {
  private struct Key: Hashable {
    var agency: AgencyCode
    var prefix: String
    var year: Int
  }

  private static let kind = Array(#""lead.transfer""#.utf8)

  private var numbers: [Key: Set<Int>] = [:]
  private var repeated: [Key: Set<Int>] = [:]
  private var whole: Set<AgencyCode> = []
  /// Transfers whose payload is not there.
  private(set) var unread: [AgencyCode: Int] = [:]

  /// Reads each log once, from its sender if it is there.
  init(_ holders: [Holder], progress: (AuditProgress) -> Void) throws {
    for agency in Set(holders.flatMap(\.owners)) where holders.contains(where: { $0.isOf(agency) })
    {
      whole.insert(agency)
    }
    var best: [Origin: (holder: Holder, channel: AuditChannel)] = [:]
    for holder in holders {
      for channel in holder.channels where channel.isOutbound || best[channel.origin] == nil {
        best[channel.origin] = (holder, channel)
      }
    }
    for (origin, held) in best.sorted(by: { $0.key.description < $1.key.description }) {
      var walk = EntryWalk(held.holder.source, held.channel)
      while let entry = try walk.next() {
        if walk.count % 4096 == 0 {
          progress(AuditProgress(log: "\(origin)", done: walk.count, total: nil))
        }
        take(entry)
      }
    }
  }

  private mutating func take(_ entry: AuditEntry) {
    guard entry.header.holds(Self.kind), !entry.isRefused,
      let header = try? RecordHeader(parsing: entry.header),
      header.kind == KindName.leadTransfer
    else { return }
    guard let payload = entry.payload else {
      unread[header.from, default: 0] += 1
      return
    }
    guard
      let root = (try? JSONDocument(parsing: payload, limits: SchemaRegistry.payloadLimits))?.root,
      let number = root["docNo"]?.string.flatMap(DocumentNumber.init),
      // What a schema allows; a refused payload, or one that breaks it, may say anything.
      (1...9_999_999).contains(number.number), (1000...9999).contains(number.year)
    else { return }
    let key = Key(agency: header.from, prefix: number.prefix, year: number.year)
    let isNew = numbers[key, default: []].insert(number.number).inserted
    if !isNew, root["previous"] == nil { repeated[key, default: []].insert(number.number) }
  }

  /// The series, by agency, year and prefix.
  var series: [NumberSeries] {
    numbers.sorted {
      ("\($0.key.agency)", $0.key.year, $0.key.prefix)
        < ("\($1.key.agency)", $1.key.year, $1.key.prefix)
    }.compactMap { key, set in
      guard let first = set.min(), let last = set.max() else { return nil }
      var missing: [Int] = []
      var next = first
      // Numbers may lie far apart: no more is looked at than is named.
      while next < last, missing.count < NumberSeries.missingLimit {
        if !set.contains(next) { missing.append(next) }
        next += 1
      }
      return NumberSeries(
        agency: key.agency, prefix: key.prefix, year: key.year, first: first, last: last,
        count: set.count, missing: missing, missingCount: last - first + 1 - set.count,
        repeated: (repeated[key] ?? []).sorted(), isWhole: whole.contains(key.agency))
    }
  }

  /// The gaps and repetitions as findings.
  static func findings(_ series: [NumberSeries]) -> [ReconcileFinding] {
    series.flatMap { series -> [ReconcileFinding] in
      let name = "\(series.prefix)〔\(series.year)〕"
      var found: [ReconcileFinding] = []
      if series.missingCount > 0 {
        let list = Self.ranges(series.missing)
        let more = series.missing.count < series.missingCount ? " …" : ""
        found.append(
          ReconcileFinding(
            kind: .numberGap, subject: "\(series.agency)", count: UInt64(series.missingCount),
            detail: FindingDetail(
              "\(name) \(series.first)-\(series.last), missing \(list)\(more)",
              zh: "\(name)\(series.first)至\(series.last)号，缺 \(list)\(more)")))
      }
      if !series.repeated.isEmpty {
        let list = Self.ranges(Array(series.repeated.prefix(NumberSeries.missingLimit)))
        found.append(
          ReconcileFinding(
            kind: .numberRepeated, subject: "\(series.agency)",
            count: UInt64(series.repeated.count),
            detail: FindingDetail("\(name) \(list)", zh: "\(name)\(list)号")))
      }
      return found
    }
  }

  /// `3, 5-9, 12`.
  static func ranges(_ numbers: [Int]) -> String {
    var parts: [(first: Int, last: Int)] = []
    for number in numbers {
      if let last = parts.last, last.last + 1 == number {
        parts[parts.count - 1].last = number
      } else {
        parts.append((number, number))
      }
    }
    return parts.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
      .joined(separator: ", ")
  }
}
