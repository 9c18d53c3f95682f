public import RecordModel

// What the store keeps of threads for lists and counts. All of it is worked out from records and can
// be worked out again: a store that lost these rows has lost nothing.

/// An act that counts: it was not refused, and it is neither void nor withdrawn.
public struct KeptAct: Sendable, Hashable {
  /// Number of its index entry.
  public var number: Int64
  /// The record's id.
  public var id: RecordID
  /// Id of its thread's first record.
  public var thread: RecordID
  /// The other agency of the thread.
  public var peer: AgencyCode
  /// Whether this node's agency opened the thread.
  public var opened: Bool
  /// Whether this node's agency sent the act.
  public var ours: Bool
  /// `lead.transfer`, `lead.sign`, …
  public var kind: String
  /// Header time.
  public var time: Timestamp
  /// The code by which statistics tell acts of a kind apart: a transfer's source, a return's or
  /// refusal's reason, a decision, a letter's type, the kind of what a withdrawal takes back; nil
  /// where the kind has none or the payload is erased.
  public var detail: String?
  /// 文号 of an opening record, under the same condition.
  public var docNo: String?

  /// A row from its parts.
  public init(
    number: Int64, id: RecordID, thread: RecordID, peer: AgencyCode, opened: Bool, ours: Bool,
    kind: String, time: Timestamp, detail: String?, docNo: String?
  ) {
    self.number = number
    self.id = id
    self.thread = thread
    self.peer = peer
    self.opened = opened
    self.ours = ours
    self.kind = kind
    self.time = time
    self.detail = detail
    self.docNo = docNo
  }
}

/// A clock of a thread.
public struct ClockRow: Sendable, Hashable {
  /// Id of the thread's first record.
  public var thread: RecordID
  /// The other agency of the thread.
  public var peer: AgencyCode
  /// Whether this node's agency has to act.
  public var ours: Bool
  /// The clock.
  public var clock: ThreadClock

  /// A row from its parts. In a thread, rule and start of a clock are unique together.
  public init(thread: RecordID, peer: AgencyCode, ours: Bool, clock: ThreadClock) {
    self.thread = thread
    self.peer = peer
    self.ours = ours
    self.clock = clock
  }
}

/// How one thread is tied to another.
public enum ThreadRelation: String, Sendable, Hashable, CaseIterable {
  /// It sends again what the other thread brought back.
  case previous
  /// It forwards what the other thread brought.
  case forward
  /// Its lead went on in the other thread, as the one who forwarded it says.
  case forwarded
  /// It is about the other thread: a letter, a consultation, a supervision.
  case about
}

/// One tie, as a record of `thread` states it. The other thread need not be known here.
public struct LinkRow: Sendable, Hashable {
  /// Id of the first record of the thread that states it.
  public var thread: RecordID
  /// How it is tied.
  public var relation: ThreadRelation
  /// Id of the other thread's first record.
  public var other: RecordID

  /// A tie from its parts.
  public init(thread: RecordID, relation: ThreadRelation, other: RecordID) {
    self.thread = thread
    self.relation = relation
    self.other = other
  }
}

/// Everything that is kept of one thread.
public struct ThreadProjection: Sendable, Hashable {
  /// Id of its first record.
  public var thread: RecordID
  /// Its acts that count.
  public var acts: [KeptAct]
  /// Its clocks.
  public var clocks: [ClockRow]
  /// Its ties to other threads.
  public var links: [LinkRow]

  /// A projection from its parts.
  public init(thread: RecordID, acts: [KeptAct], clocks: [ClockRow], links: [LinkRow]) {
    self.thread = thread
    self.acts = acts
    self.clocks = clocks
    self.links = links
  }
}

/// How many acts of one sort there are.
public struct ActCount: Sendable, Hashable {
  /// The other agency.
  public var peer: AgencyCode
  /// Whether this node's agency opened the thread.
  public var opened: Bool
  /// Whether this node's agency sent the acts.
  public var ours: Bool
  /// `lead.transfer`, `lead.sign`, …
  public var kind: String
  /// The code by which acts of the kind are told apart; nil where they have none.
  public var detail: String?
  /// How many.
  public var count: Int

  /// A count from its parts.
  public init(
    peer: AgencyCode, opened: Bool, ours: Bool, kind: String, detail: String?, count: Int
  ) {
    self.peer = peer
    self.opened = opened
    self.ours = ours
    self.kind = kind
    self.detail = detail
    self.count = count
  }
}

/// How many clocks of one sort there are.
public struct ClockCount: Sendable, Hashable {
  /// The other agency.
  public var peer: AgencyCode
  /// Whether this node's agency opened the thread: `(owner == .opener) == ours` of the clock's row.
  public var opened: Bool
  /// Whether this node's agency has to act.
  public var ours: Bool
  /// Id of the rule.
  public var rule: String
  /// How they stand at the moment that was asked about.
  public var state: ClockState
  /// How many.
  public var count: Int

  /// A count from its parts.
  public init(
    peer: AgencyCode, opened: Bool, ours: Bool, rule: String, state: ClockState, count: Int
  ) {
    self.peer = peer
    self.opened = opened
    self.ours = ours
    self.rule = rule
    self.state = state
    self.count = count
  }
}

/// A place in the list of open clocks.
public struct ClockCursor: Sendable, Hashable {
  /// The due time there.
  public var due: Timestamp
  /// Tells rows with one due time apart: the thread, the rule, the start, in this order.
  public var thread: RecordID
  /// The rule there.
  public var rule: String
  /// The starting record there.
  public var start: RecordID

  /// A place from its parts.
  public init(due: Timestamp, thread: RecordID, rule: String, start: RecordID) {
    self.due = due
    self.thread = thread
    self.rule = rule
    self.start = start
  }
}

/// Which open clocks a list is about.
public struct ClockFilter: Sendable, Hashable {
  /// Only clocks due before this moment; nil for all.
  public var dueBefore: Timestamp?
  /// Only those that this node's agency (true) or its peer (false) has to keep; nil for both.
  public var ours: Bool?
  /// Only those in threads with this agency; nil for all.
  public var peer: AgencyCode?
  /// Only those whose expiry calls for a reminder by this node that no record carries yet: the peer
  /// has to act, `remind` is set and `reminded` is nil.
  public var toRemind: Bool
  /// All open clocks, unless told otherwise.
  public init(
    dueBefore: Timestamp? = nil, ours: Bool? = nil, peer: AgencyCode? = nil, toRemind: Bool = false
  ) {
    self.dueBefore = dueBefore
    self.ours = ours
    self.peer = peer
    self.toRemind = toRemind
  }
}

/// How many threads of one channel stand in one state.
public struct StateCount: Sendable, Hashable {
  /// The channel that holds the threads' first records.
  public var channel: ChannelNumber
  /// Where they stand.
  public var state: ThreadState
  /// How many.
  public var count: Int

  /// A count from its parts.
  public init(channel: ChannelNumber, state: ThreadState, count: Int) {
    self.channel = channel
    self.state = state
    self.count = count
  }
}

/// Reading what is kept of threads.
public protocol StoreProjectionReader {
  /// What is kept of one thread: acts by number, clocks by start and rule, links by relation and
  /// other (relations and rules in the order of their bytes); nil where nothing is.
  func projection(of thread: RecordID) throws -> ThreadProjection?
  /// The ties that other threads state to this one, by thread and relation.
  func links(to thread: RecordID) throws -> [LinkRow]
  /// Acts with header times in `period`, counted by everything in `ActCount`; in no order.
  func actCounts(_ period: Range<Timestamp>) throws -> [ActCount]
  /// First records of threads (`id == thread`) with this `detail`, sent by this node's agency
  /// (`opened`) or received, the highest number first.
  func openingActs(detail: String, opened: Bool, limit: Int) throws -> [KeptAct]
  /// Document numbers of opening records with header times in `period` that this node's agency sent
  /// (`opened`) or received, with the other agency; in no order; repeated as often as they occur.
  func documentNumbers(
    _ period: Range<Timestamp>, opened: Bool
  ) throws -> [(peer: AgencyCode, docNo: String)]
  /// Clocks that fell or fall due in `period`, paused and cancelled ones left out, counted by how
  /// they stand at `now`; in no order.
  func clockCounts(_ period: Range<Timestamp>, at now: Timestamp) throws -> [ClockCount]
  /// Open clocks that have a due time, those due first at the head, beyond `cursor`.
  func openClocks(
    _ filter: ClockFilter, after cursor: ClockCursor?, limit: Int
  ) throws -> [ClockRow]
  /// Clocks that nothing has stopped (open, paused, uncomputable), of whatever time, counted by how
  /// they stand at `now`; in no order.
  func clockStates(at now: Timestamp) throws -> [ClockCount]
  /// How many threads stand where; in no order. A refused record opens no thread. Reads a line of an
  /// index for each thread.
  func stateCounts() throws -> [StateCount]
}

/// Changing what is kept of threads.
public protocol StoreProjectionWriter: StoreProjectionReader {
  /// Replaces everything that is kept of one thread, by nothing when the projection is empty. Every
  /// row must be of that thread, its acts have numbers of their own, its clocks a start and rule of
  /// their own, else this throws `StoreFailure.failed`; a tie that is there twice counts once.
  func put(_ projection: ThreadProjection) throws
  /// Forgets everything that is kept of every thread.
  func removeProjections() throws
}
