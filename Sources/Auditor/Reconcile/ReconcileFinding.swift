public import RecordModel

/// One thing on which holders do not agree, or that is missing.
public struct ReconcileFinding: Hashable, Sendable {
  /// What it is.
  public var kind: ReconcileKind
  /// Which log, or whose numbers: an origin line, or an agency's code.
  public var subject: String
  /// The first entry, or the checkpoint's size.
  public var index: UInt64?
  /// How many there are.
  public var count: UInt64 = 1
  /// Since when, or of when.
  public var time: Timestamp?
  /// The holders concerned, by the names given.
  public var holders: [String] = []
  /// More; for numbers, the series and what is missing.
  public var detail = FindingDetail()
}

/// A series of document numbers of one agency.
public struct NumberSeries: Hashable, Sendable {
  /// Most missing numbers that are named.
  public static let missingLimit = 100

  /// The agency that numbers.
  public var agency: AgencyCode
  /// What stands before the year.
  public var prefix: String
  /// The year.
  public var year: Int
  /// The smallest number.
  public var first: Int
  /// The largest number.
  public var last: Int
  /// How many different numbers there are.
  public var count: Int
  /// The missing ones between the first and the last, as far as they are named.
  public var missing: [Int]
  /// How many are missing.
  public var missingCount: Int
  /// Numbers of two leads, where the second does not replace a returned first.
  public var repeated: [Int]
  /// Whether the agency's own holdings were read; otherwise only what others hold of its leads.
  public var isWhole: Bool
}

/// A fork that was found, with what proves it.
public struct FoundFork: Hashable, Sendable {
  /// The log's origin line: of a channel or a journal.
  public var origin: String
  /// The two heads.
  public var evidence: EvidenceFork
}
