public import RecordSchema

/// What may follow what in a thread. Every function is a pure function of its arguments: two nodes
/// that pass the same records get the same answer. The rules are a table (`ThreadTable`), which
/// docs/threads.md shows.
public enum ThreadRules {
  /// The most acts of one end in one thread that change no state, whatever became of them: every
  /// act is judged by all those before it, so that a thread without bound would be a way to keep the
  /// other end busy. What changes the state is not counted, and may always come: a full thread can
  /// still be brought to its end.
  public static let asideLimit = 1000

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
  /// as the thread stands), `thread:full` (this end has sent `asideLimit` that change no state).
  /// System records stand outside threads and are never refused.
  public static func judge(
    _ header: RecordHeader, epoch: UInt32, entries: [ThreadEntry]
  ) -> [Violation] {
    ThreadJudge(table: .builtIn).judge(header, epoch: epoch, entries: entries)
  }

  /// The kinds that may open a thread, sorted.
  public static let openings = ThreadTable.builtIn.openings

  /// The state in which a thread begins that this record opens; nil for a record that is not, by
  /// its header alone, one that opens a thread as the rules want it.
  public static func firstState(_ header: RecordHeader) -> ThreadState? {
    guard header.thread == header.id, header.replyTo == nil else { return nil }
    return ThreadTable.builtIn.opening(header.kind)?.next
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
  private let history: ThreadHistory

  init(_ history: ThreadHistory) { self.history = history }

  /// What the thread is for.
  public var family: ThreadFamily { history.family }

  /// Where it stands.
  public var state: ThreadState { history.state }

  /// The thread's first record.
  public var opening: ThreadEntry { history.opening }

  /// The thread's records in an order in which each comes after those that its sender had seen.
  public var acts: [ThreadEntry] { history.acts }

  /// What came of each record.
  public var standings: [RecordID: ActStanding] {
    Dictionary(
      acts.map { ($0.id, history.standing($0.id)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Which end an agency is; nil where it has no part in the thread.
  public func party(of agency: AgencyCode) -> ThreadParty? {
    opening.direction.from == agency
      ? .opener : opening.direction.to == agency ? .receiver : nil
  }

  /// The acts that one end may send next, sorted by kind.
  public func allowedNext(for party: ThreadParty) -> [NextAct] { history.allowedNext(for: party) }

  /// The record that an act answers which one end means to send on `id`, a record of the thread:
  /// that one, if the act may answer it, else the newest that it may. Where it may not come at all,
  /// a record by which `judge` will say why; nil where there is none.
  public func target(of kind: String, by party: ThreadParty, on id: RecordID) -> RecordID? {
    // Nobody takes back or mends another record than the one that is named.
    if kind == KindName.recordWithdraw || kind == KindName.recordCorrect { return id }
    let open = allowedNext(for: party).first { $0.kind == kind }?.answers ?? []
    if open.contains(id) { return id }
    // Of several consultations the one that is meant must be named.
    if open.count > 1, kind == KindName.consultNote || kind == KindName.consultConclude {
      return id
    }
    return open.last ?? history.candidate(for: kind)?.id
  }

  /// Says that an act may not come as the thread stands, and which may.
  public var notNow: Violation {
    let next = history.nextText()
    return Violation(
      pointer: "/kind", rule: "thread:successor",
      message: "Not allowed at this point. \(next.english)",
      messageZH: "当前不允许此类文书。\(next.chinese)")
  }
}

/// An act that may come next.
public struct NextAct: Hashable, Sendable {
  /// Its kind.
  public let kind: String
  /// The records that it may answer, the newest last; never empty.
  public let answers: [RecordID]
}
