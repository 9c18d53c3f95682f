public import RecordSchema

/// What may follow what in a thread. Every function is a pure function of its arguments: two nodes
/// that pass the same records get the same answer. The rules are a table (`ThreadTable`), which
/// docs/threads.md shows.
public enum ThreadRules {
  /// What is wrong with a record as the next act of its thread; empty when it may stand.
  ///
  /// Judged at the record's cut: of `entries` only those count that stand before it in its own log
  /// (of which this is `epoch`) or that it had seen of the reverse log. Refused entries and those
  /// of other directions never count, so it does no harm to pass more than the cut, in any order.
  ///
  /// Violations: `thread:kind` (not a kind that this version knows), `thread:opening` (a first
  /// record that names another thread or answers something), `thread:unknown` (the thread has no
  /// first record), `thread:party` (the wrong end sends it), `thread:answers` (`replyTo` is not
  /// what this kind answers), `thread:void` (`replyTo` names what is void or was withdrawn),
  /// `thread:settled` (what it answers has been settled), `thread:pending` (a request must be
  /// answered first), `thread:duplicate` (the act has been done), `thread:successor` (not allowed
  /// as the thread stands). System records stand outside threads and are never refused.
  public static func judge(
    _ header: RecordHeader, epoch: UInt32, entries: [ThreadEntry]
  ) -> [Violation] {
    ThreadJudge(table: .builtIn).judge(header, epoch: epoch, entries: entries)
  }

  /// The kinds that may open a thread, sorted.
  public static let openings = ThreadTable.builtIn.openings

  /// Whether a record is, by its header alone, one that opens a thread as the rules want it.
  public static func opensThread(_ header: RecordHeader) -> Bool {
    header.thread == header.id && header.replyTo == nil
      && ThreadTable.builtIn.opening(header.kind) != nil
  }

  /// The state in which a thread begins that a record of this kind opens; nil where none does.
  public static func firstState(_ kind: String) -> ThreadState? {
    ThreadTable.builtIn.opening(kind)?.next
  }

  /// Where a thread stands when all of `entries` (of one thread, in any order) are known; nil when
  /// no first record that was not refused is among them.
  public static func state(_ entries: [ThreadEntry]) -> ThreadState? {
    ThreadHistory(entries, table: .builtIn)?.state
  }

  /// All that is to be said of a thread when all of `entries` are known; nil as for `state`.
  public static func standing(_ entries: [ThreadEntry]) -> ThreadStanding? {
    ThreadHistory(entries, table: .builtIn).map(ThreadStanding.init)
  }
}

/// Where a thread stands, what came of each of its records, and what may be done next.
public struct ThreadStanding: Sendable {
  /// What the thread is for.
  public let family: ThreadFamily
  /// Where it stands.
  public let state: ThreadState
  /// The thread's first record.
  public let opening: ThreadEntry
  /// The thread's records in an order in which each comes after those that its sender had seen.
  public let acts: [ThreadEntry]
  /// What came of each record.
  public let standings: [RecordID: ActStanding]
  private let next: [ThreadParty: [NextAct]]

  init(_ history: ThreadHistory) {
    family = history.family
    state = history.state
    opening = history.opening
    acts = history.acts
    standings = Dictionary(
      history.acts.map { ($0.id, history.standing($0.id)) }, uniquingKeysWith: { first, _ in first }
    )
    next = Dictionary(
      uniqueKeysWithValues: ThreadParty.allCases.map { ($0, history.allowedNext(for: $0)) })
  }

  /// Which end an agency is; nil where it has no part in the thread.
  public func party(of agency: AgencyCode) -> ThreadParty? {
    opening.direction.from == agency
      ? .opener : opening.direction.to == agency ? .receiver : nil
  }

  /// The acts that one end may send next, sorted by kind.
  public func allowedNext(for party: ThreadParty) -> [NextAct] { next[party] ?? [] }
}

/// An act that may come next.
public struct NextAct: Hashable, Sendable {
  /// Its kind.
  public let kind: String
  /// The records that it may answer, the newest last; never empty.
  public let answers: [RecordID]
}
