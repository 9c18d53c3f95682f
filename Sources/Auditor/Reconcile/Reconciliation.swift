public import Cryptography
public import RecordModel
import TransparencyLog

/// How two holders of one channel compare: what the sender says it sent, and what the receiver says it
/// got, are the same when the roots are equal at equal size.
public struct ChannelComparison: Hashable, Sendable {
  /// What came of it.
  public enum Verdict: Hashable, Sendable {
    /// The same entries.
    case equal
    /// The same entries as far as both go; the named side (0 or 1) holds fewer.
    case behind(side: Int)
    /// The entry of this number is the first that differs.
    case different(at: UInt64)
    /// Only the named side (0 or 1) holds the channel, and entries in it.
    case onlyIn(side: Int)
  }

  /// Which log.
  public var origin: Origin
  /// The holders' names, as given.
  public var names: [String]
  /// How many entries each holds.
  public var sizes: [UInt64]
  /// How many entries both hold at most: the size at which the roots were compared.
  public var comparedSize: UInt64
  /// Each side's root at that size, computed from header bytes.
  public var roots: [Digest]
  /// What came of it.
  public var verdict: Verdict
}

/// The comparison of two or more holders.
public struct ReconciliationReport: Hashable, Sendable {
  /// One for each channel that at least one store holds and two could: by origin, then names.
  public var comparisons: [ChannelComparison]
  /// What is wrong, and what is to be looked at.
  public var findings: [ReconcileFinding] = []
  /// The forks that can be proven to anyone.
  public var forks: [FoundFork] = []
  /// The series of document numbers.
  public var numbers: [NumberSeries] = []
  /// Whether the auditor brought the authority's keys; else they are a holder's word.
  public var isAuthorityGiven = true
  /// After how long a record should have a receipt, in milliseconds.
  public var receiptLimit: Int64 = Reconciliation.receiptLimit

  /// Whether nothing is wrong. That one side is behind is what delivery under way looks like; gaps in
  /// numbers are notices.
  public var isClean: Bool { findings.allSatisfy(\.kind.isNotice) }
}

/// Compares what several nodes hold of the channels between them.
public struct Reconciliation {
  /// After how long a record should have a receipt, unless told otherwise: 24 hours.
  public static let receiptLimit: Int64 = 24 * 3600 * 1000

  private static let chunk = 512

  private let pinned: Authority
  private let limit: Int64
  private let progress: (AuditProgress) -> Void
  private var suite: Suite { pinned.keys[0].key.suite }

  /// A comparison that trusts the authority's keys. `receiptLimit` is in milliseconds.
  public init(
    pinned: Authority, receiptLimit: Int64 = Reconciliation.receiptLimit,
    progress: @escaping (AuditProgress) -> Void = { _ in }
  ) {
    self.pinned = pinned
    limit = receiptLimit
    self.progress = progress
  }

  /// Compares every channel of the sources, each with each, their receipts, and the numbers on what
  /// was sent. One source alone can be asked for receipts and numbers.
  /// - Throws: what the sources throw.
  public func compare(
    _ sources: [(name: String, source: any AuditSource)]
  ) throws -> ReconciliationReport {
    let holders = try sources.map { try Holder(name: $0.name, source: $0.source) }
    let shown = try EvidenceDirectories(anyOf: sources.map(\.source), pinned: pinned)
    let directories = shown.history
    let receipts = ReceiptReconciliation(directories: directories, limit: limit)
    var report = ReconciliationReport(comparisons: [], receiptLimit: limit)
    for (holder, fault) in zip(holders, shown.faults) {
      guard let fault else { continue }
      report.findings.append(
        ReconcileFinding(
          kind: .directory, subject: holder.name, holders: [holder.name], detail: fault))
    }
    for one in holders.indices {
      for two in holders.indices where two > one {
        let pair = [holders[one], holders[two]]
        for origin in Set(pair.flatMap(\.channels).map(\.origin)) {
          guard let comparison = try compare(origin, pair) else { continue }
          report.comparisons.append(comparison)
          try judge(comparison, pair, directories, receipts, &report)
        }
      }
    }
    try compareJournals(holders, directories, &report)
    for holder in holders {
      for channel in holder.channels where channel.isOutbound {
        let receiver = holders.first { $0.isOf(channel.origin.direction.to) }
        if let found = try receipts.overdue(channel.origin, holder, receiver) {
          report.findings.append(found)
        }
      }
    }
    report.numbers = try NumberReconciliation(holders, progress: progress).series
    report.findings += NumberReconciliation.findings(report.numbers)
    report.sort()
    return report
  }

  private func compareJournals(
    _ holders: [Holder], _ directories: DirectoryHistory, _ report: inout ReconciliationReport
  ) throws {
    let journals = JournalReconciliation(directories: directories, progress: progress)
    for witness in holders.indices {
      for owner in holders.indices where owner != witness {
        for found in try journals.compare(holders[witness], holders[owner]) {
          report.findings.append(found.finding)
          if let fork = found.fork { report.forks.append(fork) }
        }
      }
    }
  }

  /// What a comparison means, beside its verdict.
  private func judge(
    _ comparison: ChannelComparison, _ pair: [Holder], _ directories: DirectoryHistory,
    _ receipts: ReceiptReconciliation, _ report: inout ReconciliationReport
  ) throws {
    let origin = comparison.origin
    if case .different(let index) = comparison.verdict {
      report.findings.append(
        ReconcileFinding(
          kind: .different, subject: "\(origin)", index: index, holders: comparison.names))
      if let fork = try ForkFinder(directories: directories).find(origin, pair, from: index) {
        report.forks.append(FoundFork(origin: "\(origin)", evidence: fork))
        report.findings.append(
          ReconcileFinding(
            kind: .forked, subject: "\(origin)", index: index, holders: comparison.names))
      }
    }
    for side in pair.indices {
      let (own, other) = (pair[side], pair[1 - side])
      if own.isOf(origin.direction.to), let found = try receipts.denied(origin, other, own) {
        report.findings.append(found)
      }
      if own.isOf(origin.direction.from), comparison.sizes[side] < comparison.sizes[1 - side],
        let found = try receipts.shortened(origin, other, own, size: comparison.sizes[side])
      {
        report.findings.append(found)
      }
    }
  }

  private func compare(_ origin: Origin, _ sides: [Holder]) throws -> ChannelComparison? {
    let channels = sides.map { $0.channel(origin) }
    let holding = sides.indices.filter { channels[$0] != nil }
    if holding.count == 1 {
      let side = holding[0]
      // A store that is neither end of the channel can't be missed in it.
      let owners = sides[1 - side].owners
      guard
        owners.isEmpty || !owners.isDisjoint(with: [origin.direction.from, origin.direction.to])
      else { return nil }
    }
    var walks = sides.indices.map { EntryWalk(sides[$0].source, channels[$0]) }
    var frontiers = [Frontier(suite: suite), Frontier(suite: suite)]
    var difference: UInt64?
    while true {
      let entries = [try walks[0].next(), try walks[1].next()]
      guard let left = entries[0], let right = entries[1] else { break }
      let leaves = [left, right].map { Merkle.leaf($0.header, suite: suite) }
      frontiers[0].append(leaf: leaves[0])
      frontiers[1].append(leaf: leaves[1])
      if leaves[0] != leaves[1], difference == nil { difference = frontiers[0].size - 1 }
      if frontiers[0].size % UInt64(Self.chunk) == 0 {
        progress(AuditProgress(log: origin.description, done: frontiers[0].size, total: nil))
      }
    }
    for side in walks.indices {
      while try walks[side].next() != nil {}
    }
    let sizes = walks.map(\.count)
    guard sizes.contains(where: { $0 > 0 }) else { return nil }
    let verdict: ChannelComparison.Verdict =
      if let difference {
        .different(at: difference)
      } else if holding.count == 1 {
        .onlyIn(side: holding[0])
      } else if sizes[0] == sizes[1] {
        .equal
      } else {
        .behind(side: sizes[0] < sizes[1] ? 0 : 1)
      }
    return ChannelComparison(
      origin: origin, names: sides.map(\.name), sizes: sizes, comparedSize: frontiers[0].size,
      roots: frontiers.map(\.root), verdict: verdict)
  }
}

extension ReconciliationReport {
  fileprivate mutating func sort() {
    comparisons.sort {
      ($0.origin.description, $0.names[0], $0.names[1])
        < ($1.origin.description, $1.names[0], $1.names[1])
    }
    let order = ReconcileKind.allCases
    func place(_ finding: ReconcileFinding) -> (Int, String, String) {
      (
        order.firstIndex(of: finding.kind) ?? order.count, finding.subject,
        finding.holders.joined(separator: "\n")
      )
    }
    findings.sort { place($0) < place($1) }
    forks.sort { $0.origin < $1.origin }
  }
}
