import Logging
import Cryptography
import RecordModel
import RecordSchema

/// `system.refusal` 校验拒收: how a receiver's node says that a log entry is no valid record.
enum Refusals {
  /// The most violations that one refusal names.
  static let violationLimit = 20
  /// How far back a refusal looks for the last record that was not refused.
  static let walkLimit: UInt64 = 256

  /// Queues the answer to a refused record, in the transaction that stored it. Refusals go before
  /// everything else, so that whoever sees a later record of ours has seen the refusal.
  static func answer(
    _ refused: RecordHeader, _ violations: [Violation], _ runtime: Runtime, _ turn: inout Turn
  ) throws {
    let payload = payload(target: refused.id, seq: refused.seq, violations)
    let submission = Submission(
      id: RecordID.generate(at: turn.now, random: runtime.environment.random),
      to: refused.from, kind: KindName.systemRefusal, schema: SystemRefusal.schema,
      thread: refused.thread, replyTo: refused.id, urgency: .normal, payload: payload,
      salt: runtime.environment.random(Commitment.saltBytes), submittedAt: turn.now,
      priority: true)
    turn.fresh[refused.from, default: []].insert(submission, at: turn.priorityIndex(refused.from))
    try turn.journal(
      .refusalSent,
      [
        .id("target", refused.id), .number("index", refused.seq),
        .text("to", refused.from.rawValue),
        .text("rules", ruleNames(violations)),
      ])
    runtime.logger.warning(
      "record refused",
      metadata: [
        "id": "\(refused.id)", "from": "\(refused.from)", "rules": "\(ruleNames(violations))",
      ])
  }

  /// Takes a peer's refusal of one of our records: the record is void from now on, at both ends.
  static func take(
    _ record: CheckedRecord, from peer: AgencyCode, _ runtime: Runtime, _ turn: inout Turn
  ) throws {
    guard record.violations.isEmpty, let payload = record.wire.payload,
      let target = parse(payload),
      let (number, header, refused) = try find(target.id, target.seq, peer, turn)
    else { return try ignore(record, peer, runtime, &turn) }
    try turn.journal(
      .refusalReceived,
      [
        .id("target", target.id), .number("index", target.seq), .text("from", peer.rawValue),
        .text("rules", target.rules),
      ])
    if refused { return }
    try turn.store.setRefused(RecordPosition(channel: number, seq: target.seq))
    turn.forgetThreads()
    let (store, now) = (turn.store, turn.now)
    try turn.change(number) { book in
      // What was refused does not bind the time of what follows.
      guard book.state.lastTime == header.time else { return }
      book.state.lastTime = min(book.state.lastTime, try lastTime(book.state, store) ?? now)
    }
    try Threads.refresh(header, &turn)
    let id = target.id
    turn.afterCommit { runtime.waiters.wake(record: id) }
    runtime.logger.warning(
      "peer refused a record",
      metadata: ["id": "\(id)", "peer": "\(peer)", "rules": "\(target.rules)"])
  }

  /// The record of ours that a refusal names. It may stand in an epoch that is over: the refusal was
  /// under way when the next one was opened.
  private static func find(
    _ id: RecordID, _ seq: UInt64, _ peer: AgencyCode, _ turn: Turn
  ) throws -> (ChannelNumber, RecordHeader, refused: Bool)? {
    let channels = turn.ledger.channels.values.map(\.state)
      .filter { $0.role == .outbound && $0.origin.direction.to == peer }
      .sorted { $0.origin.epoch > $1.origin.epoch }
    for channel in channels {
      let position = RecordPosition(channel: channel.number, seq: seq)
      guard let record = try turn.store.header(at: position) else { continue }
      let header = try Judge.stored(record.header)
      if header.id == id { return (channel.number, header, record.refused) }
    }
    return nil
  }

  /// The time of the last record that was not refused; nil when a peer that refuses everything
  /// would have us walk too far back for it.
  private static func lastTime(
    _ channel: ChannelState, _ store: any StoreReader
  ) throws -> Timestamp? {
    for back in 1...walkLimit {
      guard channel.size >= back else { return Timestamp(milliseconds: 0) }
      let position = RecordPosition(channel: channel.number, seq: channel.size - back)
      guard let record = try store.header(at: position) else {
        throw StoreFailure.corrupt("record \(position.seq) is missing")
      }
      if !record.refused { return try Judge.stored(record.header).time }
    }
    return nil
  }

  /// A refusal that names nothing of ours changes nothing, but is not forgotten.
  private static func ignore(
    _ record: CheckedRecord, _ peer: AgencyCode, _ runtime: Runtime, _ turn: inout Turn
  ) throws {
    try turn.alarm(
      "refusal.unknownTarget", from: peer,
      ["peer": "\(peer)", "id": "\(record.header.id)"], runtime)
  }

  /// Whether our own log holds a refusal of that record.
  static func contains(
    target: RecordID, seq: UInt64, in outbound: ChannelNumber, _ store: any StoreReader
  ) throws -> Bool {
    try store.thread(key(target: target, seq: seq)).contains { entry in
      guard entry.position.channel == outbound, let record = try store.record(at: entry.position),
        let payload = record.payload
      else { return false }
      let header = try Judge.stored(record.header)
      guard header.kind == KindName.systemRefusal, header.replyTo == target else { return false }
      return parse(payload)?.seq == seq
    }
  }

  /// What our refusal of one log entry is found under in the index: made of the whole target, so
  /// that a peer cannot gather many refusals under one key by repeating an id.
  static func key(target: RecordID, seq: UInt64) -> RecordID {
    let digest = Suite.sha256Ed25519.digest(Array("refusal \(target) \(seq)".utf8))
    return RecordID.generate(at: target.time) { Array(digest.bytes.prefix($0)) }
  }

  static func payload(target: RecordID, seq: UInt64, _ violations: [Violation]) -> [UInt8] {
    SystemRefusal(
      target: target, seq: Int64(seq),
      violations: violations.prefix(violationLimit).map {
        SystemRefusal.Violation(pointer: safe($0.pointer), rule: $0.rule)
      }
    ).json
  }

  /// A pointer fit for a refusal: a peer's own key names may be anything, so it ends before the first
  /// step that is not plain ASCII, and within 512 bytes.
  static func safe(_ pointer: String) -> String {
    var kept = ""
    for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let plain = step.utf8.allSatisfy { (0x20...0x7E).contains($0) }
      guard plain, kept.utf8.count + step.utf8.count < 512 else { break }
      kept += "/" + step
    }
    return kept
  }

  /// What a valid refusal's payload names.
  static func parse(_ payload: [UInt8]) -> (id: RecordID, seq: UInt64, rules: String)? {
    guard let refusal = SystemRefusal(reading: payload), let seq = UInt64(exactly: refusal.seq)
    else { return nil }
    return (refusal.target, seq, refusal.violations.map(\.rule).joined(separator: " "))
  }

  static func ruleNames(_ violations: [Violation]) -> String {
    violations.prefix(violationLimit).map(\.rule).joined(separator: " ")
  }
}

extension Turn {
  /// Where a submission with priority goes among those of this turn: behind the other ones.
  func priorityIndex(_ peer: AgencyCode) -> Int {
    fresh[peer]?.firstIndex { !$0.priority } ?? fresh[peer]?.count ?? 0
  }
}
