import Cryptography
import RecordModel

/// Checks the heads that a node holds of other nodes' journals, by themselves: that their nodes signed
/// them, that who cosigned them did, and that no two of them prove a fork. Their entries are held
/// elsewhere: a comparison with those is what reconciling does.
struct WitnessedAudit {
  private static var chunk: Int { 32 }

  private let origin: JournalOrigin
  private let signers: [DatedVerifier]
  private var heads: ReadAhead<AuditCheckpoint, CheckedJournalHead>
  private var report: WitnessedReport

  init(
    _ origin: JournalOrigin, _ source: any AuditSource, _ directories: DirectoryHistory,
    _ workers: AuditWorkers
  ) {
    self.origin = origin
    let check = JournalHeadCheck(origin, directories)
    signers = check.signers
    report = WitnessedReport(origin: origin, heads: 0, newest: 0, findings: FindingList())
    heads = ReadAhead(
      workers,
      .init(
        read: { try source.witnessedHeads(origin, above: $0, limit: Self.chunk) },
        next: \.size, weight: \.note.count, check: { check($0) }))
  }

  mutating func run() throws -> WitnessedReport {
    // The first good head of the size being read.
    var last: (size: UInt64, root: Digest)?
    while let checked = try heads.next() {
      let size = checked.head.size
      guard let root = checked.head.root else {
        report.findings.add(.witnessHead, at: size, checked.head.fault)
        continue
      }
      for fault in checked.witnessFaults {
        report.findings.add(.witnessCosignature, at: size, fault)
      }
      if let fault = checked.head.signatureFault(at: checked.firstTime, among: signers) {
        report.findings.add(.witnessHead, at: size, fault)
        continue
      }
      report.heads += 1
      report.newest = max(report.newest, size)
      if let last, last.size == size {
        if last.root != root { report.findings.add(.witnessFork, at: size) }
      } else {
        last = (size, root)
      }
    }
    return report
  }

  /// Of every journal of which heads are held, by origin.
  static func all(
    _ source: any AuditSource, _ directories: DirectoryHistory, _ workers: AuditWorkers
  ) throws -> [WitnessedReport] {
    try source.witnessedOrigins().sorted { $0.description < $1.description }.map { origin in
      var audit = WitnessedAudit(origin, source, directories, workers)
      return try audit.run()
    }
  }
}
