public import Exchange
public import RecordModel
public import RecordSchema

/// What the API asks of a node: the facade of the exchange, so that tests can stand in for it.
///
/// Every method answers from one consistent state of the store and throws `ExchangeError`.
public protocol NodeOperations: Sendable {
  /// This node's own agency code.
  var code: AgencyCode { get }

  /// Makes a record wait in the outbox, durably.
  func submit(_ request: SubmissionRequest) async throws -> SubmissionReceipt
  /// Takes an unsealed submission back.
  func cancel(_ id: RecordID) async throws
  /// Outgoing opening records, newest first.
  func leads(
    cursor: Int64?, limit: Int, to: AgencyCode?, states: [ThreadState]?
  ) async throws -> Page<RecordSummary>
  /// One record whole.
  func record(_ id: RecordID) async throws -> RecordView
  /// The thread that a record or submission belongs to.
  func thread(_ id: RecordID) async throws -> ThreadView
  /// Open clocks over all threads, those due first at the head.
  func deadlines(
    _ filter: ClockFilter, after cursor: ClockCursor?, limit: Int
  ) async throws -> DeadlinePage
  /// Works deadlines, ties and counts out anew from the records.
  func rebuildProjections(by: String) async throws
  /// The rules and calendars under which threads begin now.
  func clockRules() -> ClockRulesView
  /// What became of leads between two days, both included; without them, this month.
  func statistics(
    from: CalendarDate?, to: CalendarDate?, peer: AgencyCode?
  ) async throws -> Statistics
  /// The receipt of a record; `record.notReceipted` while there is none.
  func receipt(_ id: RecordID) async throws -> ReceiptView
  /// Returns when the record is receipted, refused or dead, or at the timeout with its state then.
  func waitForReceipt(_ id: RecordID, timeout: Duration) async throws -> RecordSummary
  /// Received opening records, oldest first.
  func inbox(
    cursor: Int64?, limit: Int, from: AgencyCode?, states: [ThreadState]?
  ) async throws -> Page<RecordSummary>
  /// Received, unrefused records beyond a cursor in the order of their arrival.
  func arrivals(after cursor: Int64, limit: Int) async throws -> [RecordSummary]
  /// True as soon as there is an arrival beyond the cursor, false at the timeout.
  func waitForArrival(after cursor: Int64, timeout: Duration) async -> Bool
  /// Leases the next entry that waits for this agency and that nobody has leased, or the one named.
  func take(
    _ id: RecordID?, holder: String, seconds: Int
  ) async throws -> (RecordView, Lease)?
  /// Ends a lease early.
  func release(_ id: RecordID, holder: String) async throws
  /// Submits an act on an inbox entry; the node finds out whom and what it answers.
  func act(
    kind: String, on id: RecordID, payload: [UInt8], schema: String?, urgency: Urgency,
    idempotencyKey: String?
  ) async throws -> SubmissionReceipt
  /// Passes a received lead on to another agency, and tells its first sender: both, or neither.
  func forward(
    _ id: RecordID, to agency: AgencyCode, reason: String, text: String, urgency: Urgency,
    idempotencyKey: String?
  ) async throws -> ForwardReceipt

  /// The record schemas that this node reads.
  var schemas: SchemaRegistry { get }
  /// Judges a payload as of today, as a submission would be, and keeps nothing.
  func check(_ payload: [UInt8], schema: String, limit: Int) -> PayloadVerdict

  /// Every peer's queue.
  func queues() async throws -> [QueueStatus]
  /// What waits for one peer, oldest first.
  func queue(_ peer: AgencyCode, limit: Int) async throws -> [RecordSummary]
  /// Submissions that can never be sealed, newest first.
  func deadLetters(limit: Int) async throws -> [RecordSummary]
  /// Drops a dead letter.
  func discardDeadLetter(_ id: RecordID, by: String) async throws
  /// Puts a dead letter back into the outbox.
  func requeueDeadLetter(_ id: RecordID, by: String) async throws
  /// Lifts a halt that needs no new epoch.
  func resume(_ peer: AgencyCode, by: String) async throws
  /// What operators would have to approve: one statement for each channel with this peer that only
  /// a new epoch can help.
  func epochStatements(_ peer: AgencyCode) -> [EpochStatement]
  /// Opens a channel's next epoch on the approval of two operators, a signed note.
  func openEpoch(approved note: [UInt8], by: String) async throws
  /// What two operators must sign to have a payload destroyed here, and where else its content lies.
  func erasureStatement(
    _ id: RecordID, seq: UInt64?, law: String, article: String
  ) async throws -> ErasureProposal
  /// Has a payload destroyed here on the approval of two operators, a signed note.
  func erase(approved note: [UInt8], by: String) async throws -> ErasureReceipt
  /// What has been erased here or at peers, by channel and place.
  func erasures(after cursor: RecordPosition?, limit: Int) async throws -> [ErasureView]
  /// Opens or closes the intake from a peer.
  func setIntake(from peer: AgencyCode, paused: Bool, by: String) async throws
  /// The peers as the exchange sees them.
  func peers() -> [PeerExchangeStatus]
  /// Every channel.
  func channels() -> [ChannelStatus]
  /// Entries of the journal's present epoch.
  func journal(from seq: UInt64, limit: Int) async throws -> [StoredJournalEntry]
  /// Why the node is not ready; empty when it is.
  func problems() -> [ReadinessProblem]
  /// Verifies a directory note as the successor of the one in force and puts it in force.
  func loadDirectory(_ note: [UInt8]) async throws
  /// The directory in force.
  func directorySummary() throws -> DirectorySummary

  /// The last arrival that the hook has dealt with; 0 before the first.
  func hookCursor() async throws -> Int64
  /// Moves the hook's cursor, durably.
  func setHookCursor(_ cursor: Int64) async throws
  /// Housekeeping, once a second.
  func tick() async throws
  /// Journals how many calls were denied since this was last said.
  func noteDenied(_ count: UInt64) async throws
}

/// The socket side of the peers, which belongs to another module than the exchange.
public protocol PeerLinkOperations: Sendable {
  /// What the sockets say of each peer.
  func linkStatus() -> [LinkStatus]
  /// Dials a peer now instead of when the back-off ends.
  func retryNow(_ peer: AgencyCode)
  /// Judges live connections again under the directory now in force.
  func directoryChanged()
}

/// One peer's connection.
public struct LinkStatus: Sendable, Hashable {
  /// The peer.
  public var peer: AgencyCode
  /// `connected`, `dialling`, `waiting` or `idle`.
  public var state: String
  /// The remote address while connected.
  public var address: String?
  /// The last fault on this peer's connections, code and text.
  public var lastFault: String?
  /// When that was.
  public var lastFaultAt: Timestamp?
  /// When the next dial is due; nil while connected.
  public var nextAttempt: Timestamp?

  /// Makes a status.
  public init(
    peer: AgencyCode, state: String, address: String? = nil, lastFault: String? = nil,
    lastFaultAt: Timestamp? = nil, nextAttempt: Timestamp? = nil
  ) {
    self.peer = peer
    self.state = state
    self.address = address
    self.lastFault = lastFault
    self.lastFaultAt = lastFaultAt
    self.nextAttempt = nextAttempt
  }
}

/// The federation directory as the API shows it.
public struct DirectorySummary: Sendable {
  /// One agency's entry.
  public struct Member: Sendable, Hashable {
    /// Its unified social credit code.
    public var code: AgencyCode
    /// Its name.
    public var name: String
    /// What kind of agency it is.
    public var role: AgencyRole
    /// `host:port`; nil when it cannot be dialled.
    public var endpoint: String?
    /// Makes an entry.
    public init(code: AgencyCode, name: String, role: AgencyRole, endpoint: String?) {
      self.code = code
      self.name = name
      self.role = role
      self.endpoint = endpoint
    }
  }
  /// Only goes up.
  public var version: UInt64
  /// The federation's name.
  public var federation: String
  /// In force from here …
  public var notBefore: Timestamp
  /// … until here.
  public var notAfter: Timestamp
  /// Digest of the note, lower-case hexadecimal.
  public var digest: String
  /// The members, by code.
  public var members: [Member]
  /// The signed note, verbatim.
  public var note: [UInt8]
  /// Makes a summary.
  public init(
    version: UInt64, federation: String, notBefore: Timestamp, notAfter: Timestamp,
    digest: String, members: [Member], note: [UInt8]
  ) {
    self.version = version
    self.federation = federation
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.digest = digest
    self.members = members
    self.note = note
  }
}
