import Cryptography
public import RecordModel
import RecordSchema

/// Reads holdings and makes a report of them.
public struct ReportMaker {
  private let authority: AuthorityFile
  private let isAuthorityGiven: Bool
  private let receiptLimit: Int64
  private let workers: AuditWorkers
  private let progress: (AuditProgress) -> Void

  /// A maker that trusts `authority`; `isAuthorityGiven` says whether the auditor brought it.
  public init(
    authority: AuthorityFile, isAuthorityGiven: Bool,
    receiptLimit: Int64 = Reconciliation.receiptLimit, workers: AuditWorkers = .none,
    progress: @escaping (AuditProgress) -> Void = { _ in }
  ) {
    self.authority = authority
    self.isAuthorityGiven = isAuthorityGiven
    self.receiptLimit = receiptLimit
    self.workers = workers
    self.progress = progress
  }

  /// Audits, compares, and works out what is late. `now` and `software` go into the report as they
  /// are; what is late is judged as of the time until which each copy was kept.
  /// - Throws: what the sources throw.
  public func make(
    _ sources: [(name: String, source: any AuditSource)], now: Timestamp, software: String
  ) throws -> ReportDocument {
    let directories = try EvidenceDirectories(
      anyOf: sources.map(\.source), pinned: authority.authority
    ).history
    let audit = StoreAudit(pinned: authority.authority, workers: workers, progress: progress)
    var holdings: [ReportedHolding] = []
    for source in sources {
      let holder = try Holder(name: source.name, source: source.source)
      var holding = ReportedHolding(
        name: source.name, owner: holder.owners.count == 1 ? holder.owners.first : nil,
        asOf: holder.asOf, audit: try audit.verify(source.source), pending: ReportList(),
        overdue: ReportList(), clockStates: [:], skippedThreads: 0, acts: ReportList(),
        activity: [:])
      var facts = HoldingFacts(holder, directories, receiptLimit, progress)
      try facts.read(into: &holding)
      holdings.append(holding)
    }
    let reconciliation = try Reconciliation(
      pinned: authority.authority, receiptLimit: receiptLimit, progress: progress
    ).compare(sources)
    let newest = directories.report.version.flatMap { directories.versions[$0] }
    return ReportDocument(
      federation: authority.federation, createdAt: now, software: software, authority: authority,
      isAuthorityGiven: isAuthorityGiven, names: newest?.nodes.mapValues(\.name) ?? [:],
      holdings: holdings, reconciliation: reconciliation)
  }
}
