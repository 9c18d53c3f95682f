public import RecordModel
public import RecordSchema

/// Checks everything that one node holds, offline, from the bytes up.
///
/// Reads each log once, in chunks, a few of them ahead, which `workers` check while the caller's
/// thread walks. What is found depends on what was read alone. Memory does not grow with payloads; it
/// grows by 8 bytes a record (repeated ids), 32 a journalled submission, 24 a journalled head, 40 to
/// 48 a thread that was opened and not answered, and by what other open threads need.
public struct StoreAudit {
  private let pinned: Authority
  private let registry: SchemaRegistry
  private let checksSchemas: Bool
  private let workers: AuditWorkers
  private let progress: (AuditProgress) -> Void

  /// An audit that trusts `pinned`, the authority's keys as the auditor knows them, and nothing else.
  /// Without `checksSchemas` payloads are compared with their commitments and not with their
  /// schemas. `progress` is called every few hundred entries, on the caller's thread.
  public init(
    pinned: Authority, registry: SchemaRegistry = .builtIn, checksSchemas: Bool = true,
    workers: AuditWorkers = .none, progress: @escaping (AuditProgress) -> Void = { _ in }
  ) {
    self.pinned = pinned
    self.registry = registry
    self.checksSchemas = checksSchemas
    self.workers = workers
    self.progress = progress
  }

  /// Reads everything that `source` holds.
  /// - Throws: what `source` throws. What is wrong with the bytes is a finding, never an error.
  public func verify(_ source: any AuditSource) throws -> AuditReport {
    var directories = DirectoryHistory(notes: try source.directoryNotes(), pinned: pinned)
    try DirectoryParts(source: source).check(&directories)
    let journals = try JournalsAudit(source, directories, workers, progress)
    let channels = try source.channels().sorted { $0.origin.description < $1.origin.description }
    let ids = IdentifierBook()
    let check = EntryCheck(
      directories: directories, schemas: checksSchemas ? registry : nil, registry: registry)
    let context = AuditContext(
      source: source, directories: directories, entryCheck: check, journal: journals.facts,
      ids: ids, workers: workers, progress: progress)
    var reports: [ChannelReport] = []
    for pair in Self.pairs(channels) {
      var audit = try PairAudit(pair, context)
      reports += try audit.run()
    }
    try Self.addRepeated(ids.repeated(), source, channels, to: &reports)
    var journalReports = journals.reports
    try Self.addMissing(journals.facts, source, channels, to: &journalReports)
    var report = AuditReport(
      channels: reports.sorted { $0.origin.description < $1.origin.description },
      journals: journalReports,
      witnessed: try WitnessedAudit.all(source, directories, workers),
      directories: directories.report)
    Self.addUnheld(journals.facts, directories, to: &report.directories.findings)
    for fault in try source.faults() { report.add(fault) }
    return report
  }

  private static func addRepeated(
    _ suspects: Set<UInt64>, _ source: any AuditSource, _ channels: [AuditChannel],
    to reports: inout [ChannelReport]
  ) throws {
    guard !suspects.isEmpty else { return }
    for repeated in try RepeatedIdentifiers(source: source, suspects: suspects).find(channels) {
      for place in reports.indices where reports[place].origin == repeated.origin {
        reports[place].findings.add(.headerID, at: repeated.seq)
      }
    }
  }

  /// Nothing that was accepted may vanish: what is not sealed, cancelled or dead must be queued, and
  /// a channel whose head was journalled must be there.
  private static func addMissing(
    _ facts: JournalFacts, _ source: any AuditSource, _ channels: [AuditChannel],
    to reports: inout [JournalReport]
  ) throws {
    for lost in facts.unsettled where try !source.holdsSubmission(lost.id) {
      for place in reports.indices where reports[place].origin.epoch == lost.place.epoch {
        reports[place].findings.add(.journalDropped, at: lost.place.entry)
      }
    }
    let held = Set(channels.map(\.origin))
    for origin in facts.origins where !held.contains(origin) {
      let entry = facts.heads(of: origin).first?.entry
      // Facts come from a journal, so there is at least one report.
      reports[reports.count - 1].findings.add(
        .journalHead, at: entry, "\(origin) is not held at all", zh: "\(origin) 完全缺失")
    }
  }

  /// The channels grouped by their two agencies.
  /// Directories that the journal says were in force, and that are not held: one may have ended a key.
  private static func addUnheld(
    _ facts: JournalFacts, _ directories: DirectoryHistory, to findings: inout FindingList
  ) {
    guard directories.report.verified > 0 else { return }
    for (version, digest) in facts.directories.sorted(by: { $0.key < $1.key })
    where directories.versions[version]?.digest != digest {
      findings.add(.directoryMissing, at: nil, "version \(version)", zh: "第 \(version) 版")
    }
  }

  private static func pairs(_ channels: [AuditChannel]) -> [[AuditChannel]] {
    var groups: [Set<AgencyCode>: [AuditChannel]] = [:]
    for channel in channels {
      let direction = channel.origin.direction
      groups[[direction.from, direction.to], default: []].append(channel)
    }
    return groups.values.sorted { $0[0].origin.description < $1[0].origin.description }
  }
}
