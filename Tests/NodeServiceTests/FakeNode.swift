import Cryptography
import NodeService
import RecordModel
import RecordSchema
import Synchronization

@testable import Exchange

/// A node that remembers what it was asked and answers what the test told it to.
final class FakeNode: NodeOperations {
  static let own = "11000000MB0000019X"
  static let peer = "11000000MB0000027Q"

  struct State {
    var calls: [String] = []
    var submitted: [SubmissionRequest] = []
    var failure: ExchangeError?
    var problems: [ReadinessProblem] = []
    var arrivals: [RecordSummary] = []
    var hookCursor: Int64 = 0
    var cursorMoves: [Int64] = []
    var journal: [StoredJournalEntry] = []
    var payload: [UInt8]? = Array(#"{"title":"示例"}"#.utf8)
    var nothingToTake = false
    var statements: [EpochStatement] = []
    var erasures: [ErasureView] = []
    var waiters: [CheckedContinuation<Void, Never>] = []
  }
  let state = Mutex(State())
  let code: AgencyCode
  let other: AgencyCode

  init() throws {
    code = try AgencyCode(Self.own)
    other = try AgencyCode(Self.peer)
  }

  // MARK: What tests say

  func fail(_ error: ExchangeError?) { state.withLock { $0.failure = error } }
  var calls: [String] { state.withLock { $0.calls } }

  static func id(_ number: UInt64) -> RecordID {
    RecordID.generate(at: Timestamp(milliseconds: 1_795_000_000_000)) { count in
      (0..<count).map { $0 == count - 1 ? UInt8(truncatingIfNeeded: number) : 0 }
    }
  }

  func arrive(_ number: Int64) {
    let waiting = state.withLock { state in
      state.arrivals.append(summary(Self.id(UInt64(number)), number: number))
      defer { state.waiters = [] }
      return state.waiters
    }
    waiting.forEach { $0.resume() }
  }

  func summary(_ id: RecordID, number: Int64? = nil) -> RecordSummary {
    RecordSummary(
      id: id, thread: id, kind: "lead.transfer", from: other, to: code, urgency: .urgent,
      time: Timestamp(milliseconds: 1_795_000_000_000), seq: 3, epoch: 1, delivery: .receipted,
      state: .transferred, title: "示例线索", docNo: "示移〔2026〕1号", receiptTime: 1_795_000_001,
      number: number, dead: nil)
  }

  // MARK: What the API asks

  func note(_ call: String) throws {
    let failure = state.withLock { state in
      state.calls.append(call)
      return state.failure
    }
    if let failure { throw failure }
  }

  func submit(_ request: SubmissionRequest) async throws -> SubmissionReceipt {
    try note("submit \(request.kind) \(request.to) \(request.urgency)")
    state.withLock { $0.submitted.append(request) }
    return SubmissionReceipt(id: Self.id(1), thread: Self.id(1), repeated: false)
  }
  func cancel(_ id: RecordID) async throws { try note("cancel \(id)") }
  func leads(
    cursor: Int64?, limit: Int, to: AgencyCode?, states: [ThreadState]?
  ) async throws -> Page<RecordSummary> {
    try note("leads \(cursor ?? -1) \(limit) \(to?.rawValue ?? "-") \(states?.count ?? -1)")
    return Page(items: [summary(Self.id(1), number: 9)], next: 9)
  }
  func record(_ id: RecordID) async throws -> RecordView {
    try note("record \(id)")
    return RecordView(
      summary: summary(id), header: Array(#"{"v":1}"#.utf8), leaf: .zero,
      payload: state.withLock { $0.payload }, salt: [1, 2, 3])
  }
  func receipt(_ id: RecordID) async throws -> ReceiptView {
    try note("receipt \(id)")
    return ReceiptView(
      summary: summary(id), proof: Array("c2sp.org/tlog-proof@v1\n".utf8),
      origin: Origin(federation: "t", direction: Direction(from: other, to: code), epoch: 1),
      checkpointSize: 4, root: .zero, leaf: .zero, senderKey: "s", receiptKey: "r")
  }
  func waitForReceipt(_ id: RecordID, timeout: Duration) async throws -> RecordSummary {
    try note("wait \(id)")
    return summary(id)
  }
  func inbox(
    cursor: Int64?, limit: Int, from: AgencyCode?, states: [ThreadState]?
  ) async throws -> Page<RecordSummary> {
    try note("inbox \(cursor ?? -1) \(limit) \(from?.rawValue ?? "-") \(states?.count ?? -1)")
    return Page(items: [summary(Self.id(2), number: 1)], next: nil)
  }
  func arrivals(after cursor: Int64, limit: Int) async throws -> [RecordSummary] {
    state.withLock { state in
      Array(state.arrivals.filter { ($0.number ?? 0) > cursor }.prefix(limit))
    }
  }
  func waitForArrival(after cursor: Int64, timeout: Duration) async -> Bool {
    // Like the node's: at once when there is one, else when one comes or the time is up.
    let sleeper = Task { [self] in
      try? await Task.sleep(for: timeout)
      let waiting = state.withLock { state in
        defer { state.waiters = [] }
        return state.waiters
      }
      waiting.forEach { $0.resume() }
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ready = state.withLock { state in
          if state.arrivals.contains(where: { ($0.number ?? 0) > cursor }) { return true }
          state.waiters.append(continuation)
          return false
        }
        if ready { continuation.resume() }
      }
    } onCancel: {
      sleeper.cancel()
    }
    sleeper.cancel()
    return state.withLock { $0.arrivals.contains { ($0.number ?? 0) > cursor } }
  }
  func take(
    _ id: RecordID?, holder: String, seconds: Int
  ) async throws -> (RecordView, Lease)? {
    try note("take \(id.map { "\($0)" } ?? "-") \(holder) \(seconds)")
    if state.withLock({ $0.nothingToTake }) { return nil }
    let view = try await record(id ?? Self.id(2))
    return (
      view,
      Lease(
        id: view.summary.id, holder: holder, until: Timestamp(milliseconds: 1_795_000_600_000))
    )
  }
  func release(_ id: RecordID, holder: String) async throws { try note("release \(id) \(holder)") }
  func act(
    kind: String, on id: RecordID, payload: [UInt8], schema: String?, urgency: Urgency,
    idempotencyKey: String?
  ) async throws -> SubmissionReceipt {
    try note("act \(kind) \(id) \(urgency) \(idempotencyKey ?? "-")")
    state.withLock {
      $0.submitted.append(
        SubmissionRequest(to: other, kind: kind, payload: payload, schema: schema, replyTo: id))
    }
    return SubmissionReceipt(id: Self.id(5), thread: id, repeated: true)
  }
  func forward(
    _ id: RecordID, to agency: AgencyCode, reason: String, text: String, urgency: Urgency,
    idempotencyKey: String?
  ) async throws -> ForwardReceipt {
    try note("forward \(id) \(agency) \(reason) \(text) \(urgency) \(idempotencyKey ?? "-")")
    return ForwardReceipt(
      forward: SubmissionReceipt(id: Self.id(6), thread: Self.id(6), repeated: false),
      forwarded: SubmissionReceipt(id: Self.id(7), thread: id, repeated: false))
  }
  var schemas: SchemaRegistry { .builtIn }
  func check(_ payload: [UInt8], schema: String, limit: Int) -> PayloadVerdict {
    schemas.check(
      schema: schema, payload: payload, asOf: CalendarDate(year: 2026, month: 11, day: 23),
      limit: limit)
  }
  func queues() async throws -> [QueueStatus] {
    try note("queues")
    return [
      QueueStatus(
        peer: other, queued: 1, dead: 2, unreceipted: 3, unreceiptedBytes: 4, oldest: nil,
        outbound: channel, inbound: nil, connected: true, clocks: Self.pressure,
        sealingBlocked: "hello")
    ]
  }
  private var channel: ChannelStatus {
    ChannelStatus(
      origin: Origin(federation: "t", direction: Direction(from: code, to: other), epoch: 1),
      role: .outbound, size: 7, root: .zero, receiptedSize: 6, receiptTime: 1_795_000_001,
      halt: Halt(
        code: "channel.fork", detail: "d", at: Timestamp(milliseconds: 0), needsNewEpoch: true),
      paused: true, recovering: false, windowRecords: 1, windowBytes: 2,
      flow: FlowStatistics(
        firstPush: 1, lastReceipt: 2, receipted: 3, p50Micros: 4, p99Micros: 5))
  }
  func queue(_ peer: AgencyCode, limit: Int) async throws -> [RecordSummary] {
    try note("queue \(peer) \(limit)")
    return [summary(Self.id(1))]
  }
  func deadLetters(limit: Int) async throws -> [RecordSummary] {
    try note("deadLetters \(limit)")
    return []
  }
  func discardDeadLetter(_ id: RecordID, by: String) async throws {
    try note("discard \(id) \(by)")
  }
  func requeueDeadLetter(_ id: RecordID, by: String) async throws {
    try note("requeue \(id) \(by)")
  }
  func resume(_ peer: AgencyCode, by: String) async throws { try note("resume \(peer) \(by)") }
  func epochStatements(_ peer: AgencyCode) -> [EpochStatement] { state.withLock { $0.statements } }
  func openEpoch(approved note: [UInt8], by: String) async throws {
    try self.note("openEpoch \(note.count) \(by)")
  }
  func setIntake(from peer: AgencyCode, paused: Bool, by: String) async throws {
    try note("intake \(peer) \(paused) \(by)")
  }
  func peers() -> [PeerExchangeStatus] {
    var journal = PeerWitnessing()
    journal.signedSize = 815
    journal.staleSeconds = 9
    journal.witnessed = PeerWitnessing.Mark(
      WitnessedHead(
        origin: "t/sanxiang/\(Self.own)/journal/1", witness: "w", size: 812, root: .zero, note: [],
        time: 1_795_396_500))
    return [
      PeerExchangeStatus(
        code: other, name: "示例市纪委监委", role: .discipline, connected: true,
        software: "s/1", directoryVersion: 2, clockDifference: -5, schemas: ["lead.transfer/1"],
        journal: journal)
    ]
  }
  func channels() -> [ChannelStatus] { [channel] }
  func journal(from seq: UInt64, limit: Int) async throws -> [StoredJournalEntry] {
    try note("journal \(seq) \(limit)")
    let count = min(limit, Node.pageLimit)
    return state.withLock { Array($0.journal.filter { $0.seq >= seq }.prefix(count)) }
  }
  func problems() -> [ReadinessProblem] { state.withLock { $0.problems } }
  func loadDirectory(_ note: [UInt8]) async throws {
    try self.note("loadDirectory \(String(decoding: note, as: UTF8.self))")
  }
  func directorySummary() throws -> DirectorySummary {
    DirectorySummary(
      version: 4, federation: "t", notBefore: Timestamp(milliseconds: 0),
      notAfter: Timestamp(milliseconds: 1000), digest: "00",
      members: [.init(code: other, name: "n", role: .police, endpoint: nil)],
      note: Array("note\n".utf8))
  }
  func hookCursor() async throws -> Int64 { state.withLock { $0.hookCursor } }
  func setHookCursor(_ cursor: Int64) async throws {
    state.withLock { state in
      state.hookCursor = cursor
      state.cursorMoves.append(cursor)
    }
  }
  func tick() async throws { try note("tick") }
  func noteDenied(_ count: UInt64) async throws { try note("denied \(count)") }
}

/// The sockets' side.
final class FakeLink: PeerLinkOperations {
  let calls = Mutex<[String]>([])
  let peer: AgencyCode

  init() throws { peer = try AgencyCode(FakeNode.peer) }

  func linkStatus() -> [LinkStatus] {
    [LinkStatus(peer: peer, state: "waiting", lastFault: "network: no route")]
  }
  func retryNow(_ peer: AgencyCode) { calls.withLock { $0.append("retry \(peer)") } }
  func directoryChanged() { calls.withLock { $0.append("directoryChanged") } }
}
