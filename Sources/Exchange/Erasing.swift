import Cryptography
import Logging
import RecordModel
import RecordSchema
import Synchronization

/// `system.erasure` 数据清除: destroying payloads in the transactions that seal, take or take back the
/// records that say so.
///
/// Each end destroys its own copy, and only when its own erasure record is sealed: what is gone is
/// always explained by a log. A crash before that commit leaves payload and submission; after it,
/// neither payload nor salt, and the mark that the store's files are still to be scrubbed.
struct Erasing {
  /// The setting that counts payloads erased since the store's files were last scrubbed.
  static let pending = "erasure.scrub"

  let runtime: Runtime

  init(_ runtime: Runtime) { self.runtime = runtime }

  // MARK: Records that come into a log

  /// An erasure record of ours stands in our log now; `isBack` when it came back from the peer, to a
  /// node that was restored from an old copy.
  func sealed(
    _ header: RecordHeader, _ payload: [UInt8], _ number: ChannelNumber, isBack: Bool = false,
    _ turn: inout Turn
  ) throws {
    guard let erasure = SystemErasure(reading: payload),
      let target = try position(erasure, turn, mayBeAhead: isBack)
    else { return }
    var known = try turn.store.erasure(of: target) ?? StoredErasure(target: target)
    known.own = RecordPosition(channel: number, seq: header.seq)
    try turn.store.put(known)
    try apply(known, by: header.id, isAgain: isBack, &turn)
  }

  /// A record came back to a node that was restored; its own log, which comes first, may already say
  /// that it is erased.
  func cameBack(_ position: RecordPosition, _ turn: inout Turn) throws {
    guard runtime.erasureWork.withLock({ $0.awaitsTargets }),
      let known = try turn.store.erasure(of: position), let own = known.own,
      let bytes = try turn.store.header(at: own)
    else { return }
    try apply(known, by: try Judge.stored(bytes.header).id, isAgain: true, &turn)
  }

  /// Takes a peer's record that says that it has erased its copy. Ours stays: to erase it too takes
  /// two operators here.
  func take(
    _ record: CheckedRecord, _ number: ChannelNumber, from peer: AgencyCode, _ turn: inout Turn
  ) throws {
    guard let erasure = record.wire.payload.flatMap({ SystemErasure(reading: $0) }) else { return }
    try turn.journal(
      .erasureReceived,
      [.id("id", record.header.id), .agency("from", peer)] + Self.fields(erasure))
    guard let target = try position(erasure, turn) else { return }
    var known = try turn.store.erasure(of: target) ?? StoredErasure(target: target)
    known.peers = RecordPosition(channel: number, seq: record.header.seq)
    try turn.store.put(known)
    let (runtime, id, isGone) = (runtime, erasure.target, known.own != nil)
    turn.afterCommit {
      runtime.logger.notice(
        "peer erased a payload",
        metadata: ["id": "\(id)", "peer": "\(peer)", "erasedHere": "\(isGone)"])
    }
  }

  /// A log entry came without its payload, to a node that once held it. Some erasure record must
  /// explain it: one that is held, or one that comes further on in either log.
  func cameErased(_ position: RecordPosition, _ turn: inout Turn) throws {
    if try turn.store.erasure(of: position) == nil {
      try turn.store.put(StoredErasure(target: position))
    }
    let runtime = runtime
    turn.afterCommit { runtime.erasureWork.withLock { $0.checksCover = true } }
  }

  // MARK: Judging

  /// What is wrong with a peer's erasure record: it must name a record, not a node's own, of a channel
  /// between the two agencies that stands before its cut, and that it has not named before. Of an
  /// epoch that is over the two ends may hold different ends; what is not held is nobody's here.
  func violations(
    _ record: CheckedRecord, on channel: ChannelState, _ turn: Turn
  ) throws -> [Violation] {
    let wrong = [
      Violation.header(
        "/target", "erasure:target", "no such record whose payload could be erased",
        "没有可清除其内容的此条记录")
    ]
    guard let erasure = record.wire.payload.flatMap({ SystemErasure(reading: $0) }),
      let origin = try? Origin(parsing: erasure.channel), let seq = UInt64(exactly: erasure.seq),
      origin.federation == channel.origin.federation
    else { return wrong }
    let header = record.header
    let isTheirs = origin.direction == header.direction
    guard isTheirs || origin.direction == header.direction.reversed,
      record.header.replyTo == erasure.target
    else { return wrong }
    let isInCut =
      isTheirs
      ? (origin.epoch, seq) < (channel.origin.epoch, header.seq)
      : (origin.epoch, seq) < (header.seen.epoch, header.seen.size)
    guard isInCut else { return wrong }
    guard let held = turn.ledger.book(origin)?.state,
      let stored = try turn.store.header(at: RecordPosition(channel: held.number, seq: seq))
    else { return [] }
    let target = try Judge.stored(stored.header)
    guard target.id == erasure.target, !KindName.isSystem(target.kind) else { return wrong }
    let known = try turn.store.erasure(of: RecordPosition(channel: held.number, seq: seq))
    return known?.peers?.channel == channel.number ? wrong : []
  }

  // MARK: Destroying

  /// Every payload that this node has erased once must be gone: erased again where it is not, with an
  /// alarm. Called at each start, before anything is answered.
  func applyAgain(_ turn: inout Turn) throws {
    var cursor: RecordPosition?
    while true {
      let page = try turn.store.erasures(after: cursor, limit: 256)
      for known in page {
        guard let own = known.own, let bytes = try turn.store.header(at: own) else {
          if !known.isCovered { checkCover() }
          continue
        }
        // Nearly always gone, and then there is nothing to write.
        if let record = try turn.store.record(at: known.target), record.payload == nil { continue }
        try apply(known, by: try Judge.stored(bytes.header).id, isAgain: true, &turn)
      }
      guard let last = page.last else { break }
      cursor = last.target
    }
    let count = try Self.pendingCount(turn.store)
    if count > 0 { runtime.erasureWork.withLock { $0.scrubs = true } }
  }

  private func checkCover() { runtime.erasureWork.withLock { $0.checksCover = true } }

  /// Takes payload and salt out of the store, and with them what was worked out of them: titles and
  /// numbers in lists come from the payload each time; the thread's rows are written anew.
  private func apply(
    _ known: StoredErasure, by id: RecordID, isAgain: Bool, _ turn: inout Turn
  ) throws {
    guard let channel = turn.ledger.channels[known.target.channel]?.state,
      let bytes = try turn.store.header(at: known.target)
    else {
      // Not back yet after a restore: erased in the transaction in which it comes.
      return runtime.erasureWork.withLock { $0.awaitsTargets = true }
    }
    let header = try Judge.stored(bytes.header)
    guard try turn.store.erase(known.target, id: header.id) else { return }
    let reason: [JournalField] = isAgain ? [.text("reason", "restored")] : []
    try turn.journal(
      .erasureApplied,
      [
        .id("id", id), .text("origin", channel.origin.description), .id("target", header.id),
        .number("index", header.seq),
      ] + reason)
    try Node.project(header.thread, own: runtime.identity.code, turn)
    let count = try Self.pendingCount(turn.store) + 1
    try turn.store.set(Self.pending, to: Array(String(count).utf8))
    if isAgain {
      try turn.alarm(
        "erasure.restored", origin: channel.origin,
        ["target": "\(header.id)", "index": "\(header.seq)"], runtime)
    }
    let runtime = runtime
    turn.afterCommit { runtime.erasureWork.withLock { $0.scrubs = true } }
  }

  /// Payloads erased since the store's files were last scrubbed.
  static func pendingCount(_ store: any StoreReader) throws -> UInt64 {
    try store.setting(pending).flatMap { UInt64(String(decoding: $0, as: UTF8.self)) } ?? 0
  }

  // MARK: Helpers

  /// The record that an erasure names, if it is held here.
  private func position(
    _ erasure: SystemErasure, _ turn: Turn, mayBeAhead: Bool = false
  ) throws -> RecordPosition? {
    guard let origin = try? Origin(parsing: erasure.channel),
      let seq = UInt64(exactly: erasure.seq),
      let channel = turn.ledger.book(origin)?.state
    else { return nil }
    let position = RecordPosition(channel: channel.number, seq: seq)
    guard let bytes = try turn.store.header(at: position) else {
      return mayBeAhead ? position : nil
    }
    return try Judge.stored(bytes.header).id == erasure.target ? position : nil
  }

  static func fields(_ erasure: SystemErasure) -> [JournalField] {
    [
      .text("origin", erasure.channel), .id("target", erasure.target),
      .number("index", UInt64(exactly: erasure.seq) ?? 0),
    ]
  }
}

/// What erasures leave to be done once a second, beside the transactions.
struct ErasureWork: Sendable {
  /// The store's files are to be scrubbed.
  var scrubs = false
  /// The scrub failed; not before this time again.
  var scrubAfter = Timestamp(milliseconds: 0)
  /// Own erasure records are here whose targets are not: they are on their way back.
  var awaitsTargets = false
  /// Entries came without their payloads: does an erasure record explain each?
  var checksCover = false
  /// Those of which the alarm was raised already.
  var told: Set<RecordPosition> = []
}
