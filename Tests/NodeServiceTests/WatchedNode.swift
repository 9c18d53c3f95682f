import Exchange
import NodeService
import RecordModel
import RecordSchema

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The part of a node that the hook uses, telling of every move of its cursor.
final class WatchedNode: NodeOperations {
  let node: FakeNode
  let moves: AsyncStream<Int64>
  private let continuation: AsyncStream<Int64>.Continuation

  init(_ node: FakeNode) {
    self.node = node
    (moves, continuation) = AsyncStream.makeStream()
  }

  func setHookCursor(_ cursor: Int64) async throws {
    try await node.setHookCursor(cursor)
    continuation.yield(cursor)
  }

  var code: AgencyCode { node.code }
  func hookCursor() async throws -> Int64 { try await node.hookCursor() }
  func arrivals(after cursor: Int64, limit: Int) async throws -> [RecordSummary] {
    try await node.arrivals(after: cursor, limit: limit)
  }
  func waitForArrival(after cursor: Int64, timeout: Duration) async -> Bool {
    await node.waitForArrival(after: cursor, timeout: timeout)
  }

  // MARK: Not the hook's

  func deadlines(
    _ filter: ClockFilter, after cursor: ClockCursor?, limit: Int
  ) async throws -> DeadlinePage {
    try await node.deadlines(filter, after: cursor, limit: limit)
  }
  func rebuildProjections(by: String) async throws {
    try await node.rebuildProjections(by: by)
  }
  func clockRules() -> ClockRulesView { node.clockRules() }
  func forward(
    _ id: RecordID, to agency: AgencyCode, reason: String, text: String, urgency: Urgency,
    idempotencyKey: String?
  ) async throws -> ForwardReceipt {
    try await node.forward(
      id, to: agency, reason: reason, text: text, urgency: urgency, idempotencyKey: idempotencyKey)
  }
  func statistics(
    from: CalendarDate?, to: CalendarDate?, peer: AgencyCode?
  ) async throws -> Statistics {
    try await node.statistics(from: from, to: to, peer: peer)
  }

  func submit(_ request: SubmissionRequest) async throws -> SubmissionReceipt {
    try await node.submit(request)
  }
  func cancel(_ id: RecordID) async throws { try await node.cancel(id) }
  func leads(
    cursor: Int64?, limit: Int, to: AgencyCode?, states: [ThreadState]?
  ) async throws -> Page<RecordSummary> {
    try await node.leads(cursor: cursor, limit: limit, to: to, states: states)
  }
  func record(_ id: RecordID) async throws -> RecordView { try await node.record(id) }
  func thread(_ id: RecordID) async throws -> ThreadView { try await node.thread(id) }
  func receipt(_ id: RecordID) async throws -> ReceiptView { try await node.receipt(id) }
  func waitForReceipt(_ id: RecordID, timeout: Duration) async throws -> RecordSummary {
    try await node.waitForReceipt(id, timeout: timeout)
  }
  func inbox(
    cursor: Int64?, limit: Int, from: AgencyCode?, states: [ThreadState]?
  ) async throws -> Page<RecordSummary> {
    try await node.inbox(cursor: cursor, limit: limit, from: from, states: states)
  }
  func take(_ id: RecordID?, holder: String, seconds: Int) async throws -> (RecordView, Lease)? {
    try await node.take(id, holder: holder, seconds: seconds)
  }
  func release(_ id: RecordID, holder: String) async throws {
    try await node.release(id, holder: holder)
  }
  func act(
    kind: String, on id: RecordID, payload: [UInt8], schema: String?, urgency: Urgency,
    idempotencyKey: String?
  ) async throws -> SubmissionReceipt {
    try await node.act(
      kind: kind, on: id, payload: payload, schema: schema, urgency: urgency,
      idempotencyKey: idempotencyKey)
  }
  var schemas: SchemaRegistry { node.schemas }
  func check(_ payload: [UInt8], schema: String, limit: Int) -> PayloadVerdict {
    node.check(payload, schema: schema, limit: limit)
  }
  func queues() async throws -> [QueueStatus] { try await node.queues() }
  func queue(_ peer: AgencyCode, limit: Int) async throws -> [RecordSummary] {
    try await node.queue(peer, limit: limit)
  }
  func deadLetters(limit: Int) async throws -> [RecordSummary] {
    try await node.deadLetters(limit: limit)
  }
  func discardDeadLetter(_ id: RecordID, by: String) async throws {
    try await node.discardDeadLetter(id, by: by)
  }
  func requeueDeadLetter(_ id: RecordID, by: String) async throws {
    try await node.requeueDeadLetter(id, by: by)
  }
  func resume(_ peer: AgencyCode, by: String) async throws {
    try await node.resume(peer, by: by)
  }
  func epochStatements(_ peer: AgencyCode) -> [EpochStatement] { node.epochStatements(peer) }
  func openEpoch(approved note: [UInt8], by: String) async throws {
    try await node.openEpoch(approved: note, by: by)
  }
  func erasureStatement(
    _ id: RecordID, seq: UInt64?, law: String, article: String
  ) async throws -> ErasureProposal {
    try await node.erasureStatement(id, seq: seq, law: law, article: article)
  }
  func erase(approved note: [UInt8], by: String) async throws -> ErasureReceipt {
    try await node.erase(approved: note, by: by)
  }
  func erasures(after cursor: RecordPosition?, limit: Int) async throws -> [ErasureView] {
    try await node.erasures(after: cursor, limit: limit)
  }
  func setIntake(from peer: AgencyCode, paused: Bool, by: String) async throws {
    try await node.setIntake(from: peer, paused: paused, by: by)
  }
  func peers() -> [PeerExchangeStatus] { node.peers() }
  func channels() -> [ChannelStatus] { node.channels() }
  func journal(from seq: UInt64, limit: Int) async throws -> [StoredJournalEntry] {
    try await node.journal(from: seq, limit: limit)
  }
  func problems() -> [ReadinessProblem] { node.problems() }
  func loadDirectory(_ note: [UInt8]) async throws { try await node.loadDirectory(note) }
  func directorySummary() throws -> DirectorySummary { try node.directorySummary() }
  func tick() async throws { try await node.tick() }
  func noteDenied(_ count: UInt64) async throws { try await node.noteDenied(count) }
}

/// Two descriptors that a child would inherit.
enum Pipes {
  static func open() -> (Int32, Int32)? {
    var ends: [Int32] = [0, 0]
    return pipe(&ends) == 0 ? (ends[0], ends[1]) : nil
  }

  static func close(_ pipe: (Int32, Int32)) {
    #if canImport(Glibc)
      _ = Glibc.close(pipe.0)
      _ = Glibc.close(pipe.1)
    #else
      _ = Musl.close(pipe.0)
      _ = Musl.close(pipe.1)
    #endif
  }
}
