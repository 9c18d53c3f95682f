// Threads, their clocks and ties, as their callers read them.

/// A thread as a timeline: the same at both ends, but for what only one end knows.
public struct APIThread: Codable, Sendable, Hashable {
  /// The opening record's id.
  public var id: String
  /// How far it has come; nil while the opening record waits.
  public var state: String?
  /// `lead`, `letter`, `consultation`, `supervision`; nil likewise.
  public var family: String?
  /// Code of the agency that sent the first record.
  public var opener: String
  /// Code of the agency to which it was sent.
  public var receiver: String
  /// The moment at which its clocks were looked at, by the node's clock.
  public var asOf: String
  /// In an order in which each comes after those that its sender had seen; then what was refused
  /// and what waits.
  public var records: [APIThreadRecord]
  /// Time limits that run or ran.
  public var clocks: [APIClock]
  /// Ties to other threads.
  public var lineage: [APILineage]
  /// What each end may send next.
  public var next: [APINext]
  /// The kinds that this node may send next.
  public var allowedNext: [String]
}

/// A record of a thread: its row, and what the thread says of it.
public struct APIThreadRecord: Codable, Sendable, Hashable {
  private enum Key: String, CodingKey { case replyTo, standing, points }

  /// What lists show of it.
  public var summary: APIRecordSummary
  /// The record that it answers.
  public var replyTo: String?
  /// `stands`, `withdrawn`, `void`; nil while it is unsealed, and where it was refused.
  public var standing: String?
  /// What its payload mainly says; empty when erased.
  public var points: [APIPoint]

  init(
    summary: APIRecordSummary, replyTo: String? = nil, standing: String? = nil,
    points: [APIPoint] = []
  ) {
    self.summary = summary
    self.replyTo = replyTo
    self.standing = standing
    self.points = points
  }

  /// Reads one object that holds the row's members and its own.
  public init(from decoder: any Decoder) throws {
    summary = try APIRecordSummary(from: decoder)
    let members = try decoder.container(keyedBy: Key.self)
    replyTo = try members.decodeIfPresent(String.self, forKey: .replyTo)
    standing = try members.decodeIfPresent(String.self, forKey: .standing)
    points = try members.decodeIfPresent([APIPoint].self, forKey: .points) ?? []
  }

  /// Writes that object.
  public func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var members = encoder.container(keyedBy: Key.self)
    try members.encodeIfPresent(replyTo, forKey: .replyTo)
    try members.encodeIfPresent(standing, forKey: .standing)
    try members.encode(points, forKey: .points)
  }
}

/// One member of a payload in words, its codes as labels.
public struct APIPoint: Codable, Sendable, Hashable {
  /// JSON Pointer into the payload.
  public var field: String
  /// What the member is called, in English.
  public var title: String
  /// The same in Chinese.
  public var titleZH: String
  /// What it says, in English.
  public var text: String
  /// The same in Chinese.
  public var textZH: String
}

/// A time limit that runs, or ran, in a thread.
public struct APIClock: Codable, Sendable, Hashable {
  /// Its rule's id.
  public var rule: String
  /// What is to be done, in English.
  public var title: String
  /// The same in Chinese.
  public var titleZH: String
  /// Law and article; nil where the rules are not there any more.
  public var basis: String?
  /// Code of the agency that has to act.
  public var owner: String
  /// Whether it must; otherwise it may.
  public var duty: Bool
  /// The record that started it.
  public var start: String
  /// The moment from which it counts.
  public var startedAt: String
  /// The first moment that is too late; nil while it is paused or cannot be computed.
  public var due: String?
  /// The last day on which it can be kept, where it counts in days.
  public var lastDay: String?
  /// `running`, `dueSoon`, `paused`, `overdue`, `lapsed`, `met`, `late`, `cancelled`,
  /// `uncomputable`.
  public var state: String
  /// The record that stopped or cancelled it.
  public var stop: String?
  /// When that counts as done.
  public var stoppedAt: String?
  /// The reminder that rests on it.
  public var reminded: String?
  /// What a reader should know of it.
  public var flags: [String]
  /// Why it cannot be computed, a code.
  public var problem: String?
}

/// A tie of a thread to another.
public struct APILineage: Codable, Sendable, Hashable {
  /// `previous`, `forward`, `forwarded`, `about`; with `Of` behind it where it is the other thread
  /// that says so.
  public var relation: String
  /// The other thread's id.
  public var thread: String
  /// How far that one has come, where it is known here.
  public var state: String?
}

/// What one end of a thread may send next.
public struct APINext: Codable, Sendable, Hashable {
  /// `opener` or `receiver`.
  public var party: String
  /// Its agency's code.
  public var agency: String
  /// The kinds.
  public var kinds: [String]
}

/// A time limit in a list over all threads.
public struct APIDeadline: Codable, Sendable, Hashable {
  private enum Key: String, CodingKey { case thread, peer, leadTitle, docNo }

  /// The thread's id.
  public var thread: String
  /// The other agency's code.
  public var peer: String
  /// What the lead or the letter is about.
  public var leadTitle: String?
  /// Its document number.
  public var docNo: String?
  /// The time limit.
  public var clock: APIClock

  init(thread: String, peer: String, leadTitle: String?, docNo: String?, clock: APIClock) {
    self.thread = thread
    self.peer = peer
    self.leadTitle = leadTitle
    self.docNo = docNo
    self.clock = clock
  }

  /// Reads one object that holds the clock's members and its own.
  public init(from decoder: any Decoder) throws {
    clock = try APIClock(from: decoder)
    let members = try decoder.container(keyedBy: Key.self)
    thread = try members.decode(String.self, forKey: .thread)
    peer = try members.decode(String.self, forKey: .peer)
    leadTitle = try members.decodeIfPresent(String.self, forKey: .leadTitle)
    docNo = try members.decodeIfPresent(String.self, forKey: .docNo)
  }

  /// Writes that object.
  public func encode(to encoder: any Encoder) throws {
    try clock.encode(to: encoder)
    var members = encoder.container(keyedBy: Key.self)
    try members.encode(thread, forKey: .thread)
    try members.encode(peer, forKey: .peer)
    try members.encodeIfPresent(leadTitle, forKey: .leadTitle)
    try members.encodeIfPresent(docNo, forKey: .docNo)
  }
}

/// A page of time limits, those due first at the head.
public struct APIDeadlines: Codable, Sendable, Hashable {
  /// The page.
  public var items: [APIDeadline]
  /// The moment at which they were looked at, by the node's clock.
  public var asOf: String
  /// Asks for the next page; nil at the end.
  public var next: String?
}

/// The time-limit rules and calendars in force.
public struct APIClockRules: Codable, Sendable, Hashable {
  /// One rule.
  public struct Rule: Codable, Sendable, Hashable {
    /// Lower-case letters, digits and hyphens.
    public var id: String
    /// What is to be done, in English.
    public var title: String
    /// The same in Chinese.
    public var titleZH: String
    /// Law and article.
    public var basis: String
    /// Whether the law's text was read.
    public var verified: Bool
    /// Whether it is switched on.
    public var on: Bool
    /// Whether records show its start and its end.
    public var measured: Bool
    /// Whether its owner must act; otherwise it may.
    public var duty: Bool?
    /// `opener`, `receiver` or `other`.
    public var owner: String
    /// How long, in English.
    public var limit: String
    /// The same in Chinese.
    public var limitZH: String
  }
  /// Of the rules' file, hexadecimal; nil where the directory names none, so that no clocks run.
  public var digest: String?
  /// The rules.
  public var rules: [Rule]
  /// Years with a calendar.
  public var calendars: [Int]
}
