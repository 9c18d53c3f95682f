public import Cryptography
public import RecordModel

/// One thing that is not as it must be.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public var kind: FindingKind
  /// Where: an entry's seq, a checkpoint's size, a note's number, as the kind says. Nil for the
  /// whole.
  public var index: UInt64?
  /// More of it.
  public var detail: FindingDetail

  /// A finding from its parts.
  public init(
    _ kind: FindingKind, at index: UInt64?, _ detail: FindingDetail = FindingDetail()
  ) {
    self.kind = kind
    self.index = index
    self.detail = detail
  }

  /// `kind at index: detail`.
  public var description: String {
    let place = index.map { " at \($0)" } ?? ""
    return "\(kind)\(place)" + (detail.en.isEmpty ? "" : ": \(detail.en)")
  }
}

/// What was found in one log, or one chain of notes.
public struct FindingList: Hashable, Sendable {
  /// The most findings that one list keeps; the rest are counted.
  public static let limit = 100

  /// The findings kept, in the order in which they were met.
  public private(set) var kept: [Finding] = []
  /// How many more there were.
  public private(set) var omitted = 0
  /// The smallest index of a bad entry; nil when no single entry is bad.
  public fileprivate(set) var firstBadEntry: UInt64?

  /// How many findings there are in all.
  public var count: Int { kept.count + omitted }
  /// Whether there are none.
  public var isEmpty: Bool { kept.isEmpty }

  mutating func add(
    _ kind: FindingKind, at index: UInt64?, _ detail: String = "", zh detailZH: String? = nil
  ) {
    add(kind, at: index, FindingDetail(detail, zh: detailZH))
  }

  mutating func add(_ kind: FindingKind, at index: UInt64?, _ detail: FindingDetail) {
    if let index, kind.namesEntry { firstBadEntry = min(firstBadEntry ?? index, index) }
    guard kept.count < Self.limit else {
      omitted += 1
      return
    }
    kept.append(Finding(kind, at: index, detail))
  }
}

extension FindingList {
  /// The entries are not those that were signed, the first bad one not before `index`. Where none
  /// could be named, it is the one.
  mutating func noteBadEntry(notBefore index: UInt64) {
    if firstBadEntry == nil { firstBadEntry = index }
  }
}

extension FindingKind {
  /// Whether the index of such a finding is the number of the entry that is bad.
  var namesEntry: Bool {
    let family = rawValue.prefix { $0 != "." }
    return ["entry", "header", "policy", "payload", "erasure", "thread", "refusal"].contains(family)
      || [.journalMissing, .journalMalformed, .journalChain, .journalTime, .journalSubmission]
        .contains(self)
  }
}

/// What became of one channel.
public struct ChannelReport: Hashable, Sendable {
  /// Which log.
  public var origin: Origin
  /// Whether the audited node is its sender.
  public var isOutbound: Bool
  /// How many entries were read.
  public var entries: UInt64
  /// The root computed over them.
  public var root: Digest
  /// How many entries the newest good receipt covers.
  public var receipted: UInt64
  /// How many entries are marked as refused.
  public var refused: UInt64
  /// How many payloads have been erased; of those that no record of an erasure covers there is a
  /// finding each.
  public var erased: UInt64
  /// Which, and under what entry: the first of them.
  public var erasures: [ErasedPayload] = []
  /// How many payloads were left out of what was read.
  public var leftOut: UInt64
  /// How many checkpoints were verified.
  public var checkpoints: UInt64
  /// What is wrong.
  public var findings: FindingList
}

/// A payload that was erased, and by what.
public struct ErasedPayload: Hashable, Sendable {
  /// The place of the record that lost it.
  public var seq: UInt64
  /// The channel, one of the two between the pair, in which the erasure was sealed, and its place.
  public var origin: Origin
  /// The place of the erasure record in that channel.
  public var under: UInt64
}

/// What became of one epoch of the journal.
public struct JournalReport: Hashable, Sendable {
  /// Which log.
  public var origin: JournalOrigin
  /// How many entries were read.
  public var entries: UInt64
  /// The root computed over them.
  public var root: Digest
  /// How many entries the newest good signed head covers.
  public var signed: UInt64
  /// How many signed heads were verified.
  public var heads: UInt64
  /// How many entries the newest head covers that somebody else cosigned.
  public var witnessed: UInt64
  /// Who else cosigned heads of it.
  public var witnesses: [String]
  /// What is wrong.
  public var findings: FindingList
}

/// What became of the heads that a node holds of another node's journal.
public struct WitnessedReport: Hashable, Sendable {
  /// Which journal.
  public var origin: JournalOrigin
  /// How many heads were verified.
  public var heads: UInt64
  /// The size of the largest good one.
  public var newest: UInt64
  /// What is wrong.
  public var findings: FindingList
}

/// What became of the directories.
public struct DirectoryReport: Hashable, Sendable {
  /// How many notes were verified.
  public var verified: Int
  /// The newest verified version; nil when none is good.
  public var version: UInt64?
  /// What is wrong.
  public var findings: FindingList
}

/// The result of an audit.
public struct AuditReport: Hashable, Sendable {
  /// The channels, by origin.
  public var channels: [ChannelReport]
  /// The journal's epochs, ascending.
  public var journals: [JournalReport]
  /// What is held of other nodes' journals, by origin.
  public var witnessed: [WitnessedReport]
  /// The directories.
  public var directories: DirectoryReport
  /// Whether the auditor brought the authority's keys; else they lay with what was audited, and are its
  /// holder's word.
  public var isAuthorityGiven = true

  /// How many findings there are in all.
  public var findingCount: Int {
    directories.findings.count + channels.reduce(0) { $0 + $1.findings.count }
      + journals.reduce(0) { $0 + $1.findings.count }
      + witnessed.reduce(0) { $0 + $1.findings.count }
  }
  /// Whether nothing was found.
  public var isClean: Bool { findingCount == 0 }
}

extension AuditReport {
  /// Adds a fault to the log that it belongs to; one that belongs to none goes to the directories.
  mutating func add(_ fault: AuditFault) {
    if let place = channels.firstIndex(where: { $0.origin.description == fault.origin }) {
      channels[place].findings.add(
        .exportFile, at: fault.index, fault.detail)
    } else if let place = journals.firstIndex(where: { $0.origin.description == fault.origin }) {
      journals[place].findings.add(
        .exportFile, at: fault.index, fault.detail)
    } else if let place = witnessed.firstIndex(where: { $0.origin.description == fault.origin }) {
      witnessed[place].findings.add(
        .exportFile, at: fault.index, fault.detail)
    } else {
      directories.findings.add(.exportFile, at: nil, fault.detail)
    }
  }
}

/// How far an audit is, for people who wait.
public struct AuditProgress: Hashable, Sendable {
  /// The log being read.
  public var log: String
  /// Entries read of it.
  public var done: UInt64
  /// Entries that it claims to have; nil where it makes no claim.
  public var total: UInt64?

  /// How far something that reads logs is.
  public init(log: String, done: UInt64, total: UInt64?) {
    self.log = log
    self.done = done
    self.total = total
  }
}
