import Cryptography
import RecordModel
import RecordSchema

/// Decides whether a log entry is a valid record, by facts that both ends share: its own fields, its
/// payload, and the two logs up to its cut. So both reach the same verdict.
struct Judge {
  let toleranceMilliseconds: Int64

  init(_ runtime: Runtime) {
    toleranceMilliseconds = runtime.limits.clockToleranceMilliseconds
  }

  /// What is wrong with a header at the end of `channel`, apart from its thread. `now` is the
  /// receiver's clock: an entry from the future is refused.
  func headerViolations(
    _ header: RecordHeader, after channel: ChannelState, ledger: Ledger, now: Timestamp
  ) -> [Violation] {
    var found: [Violation] = []
    if header.seen < channel.lastSeen {
      found.append(.header("/seen", "header:seen", "seen went back", "所见范围倒退"))
    }
    if header.time < channel.lastTime {
      found.append(.header("/time", "header:time", "time went back", "时间倒退"))
    }
    if header.time.milliseconds > now.milliseconds + toleranceMilliseconds {
      found.append(.header("/time", "header:future", "time lies in the future", "时间在将来"))
    }
    if !header.schemaFitsKind {
      found.append(
        .header("/schema", "header:schema", "schema is not one of the kind", "模式与类别不符"))
    }
    if (header.kind == KindName.systemEpoch) != (header.seq == 0 && channel.origin.epoch > 1) {
      found.append(
        .header(
          "/kind", "epoch:first", "an epoch after the first, and only that, begins with its record",
          "首个之后的纪元须且仅须以纪元记录开始"))
    }
    // A kind of the nodes' own that this version cannot act on must not pass for taken.
    if KindName.isSystem(header.kind), !KindName.all.contains(header.kind) {
      found.append(.header("/kind", "thread:kind", "not a kind known here", "未知的文书种类"))
    }
    if let denied = policyViolation(header, ledger: ledger) { found.append(denied) }
    return found
  }

  /// The policy of the directory version that the header names; that version is known here.
  func policyViolation(_ header: RecordHeader, ledger: Ledger) -> Violation? {
    guard let directory = ledger.directories[header.directory],
      let from = directory.nodes[header.from], let to = directory.nodes[header.to]
    else {
      return .header(
        "/directory", "policy:directory", "that directory does not name both agencies",
        "该版本名录未同时列出双方")
    }
    guard directory.isValid(at: header.time) else {
      return .header(
        "/directory", "policy:expired", "that directory is not valid at the record's time",
        "该版本名录在文书时间无效")
    }
    guard directory.maySend(kind: header.kind, from: from.role, to: to.role) else {
      return .header(
        "/kind", "policy:kind", "the policy does not let this role send this kind to that role",
        "策略不允许该角色向对方发送此类记录")
    }
    return nil
  }

  /// What the thread's rules say at the header's cut. The node's own kinds belong to no thread.
  func threadViolations(
    _ header: RecordHeader, epoch: UInt32, _ turn: inout Turn
  ) throws -> [Violation] {
    if KindName.isSystem(header.kind) { return [] }
    if ThreadRules.firstState(header) != nil { return [] }
    return ThreadRules.judge(
      header, epoch: epoch, entries: try turn.entries(of: header.thread))
  }

  /// A thread's records in both logs, as the rules want them. `Turn.entries` reads each thread once
  /// in a turn.
  ///
  /// The rules take from each end at most `ThreadRules.asideLimit` acts that change no state, and
  /// those that do change it are few or answer one of these: a thread has a few thousand records at
  /// the very most, which bounds what one act can cost. An agency that spreads its acts over many
  /// full threads makes each cost that much; it cannot make it more.
  ///
  /// The index has only what this node took as an act of the thread (`Turn.append`).
  static func threadEntries(
    _ thread: RecordID, store: any StoreReader, ledger: Ledger
  ) throws -> [ThreadEntry] {
    try store.thread(thread).compactMap { entry in
      guard let book = ledger.channels[entry.position.channel],
        let record = try store.header(at: entry.position)
      else { throw StoreFailure.corrupt("index entry without its record") }
      let header = try Self.stored(record.header)
      if KindName.isSystem(header.kind) || ledger.gaveUp(entry.position) { return nil }
      return ThreadEntry(header, epoch: book.state.origin.epoch, refused: record.refused)
    }
  }

  /// Parses a header that this node has accepted before.
  static func stored(_ bytes: [UInt8]) throws -> RecordHeader {
    do {
      return try RecordHeader(parsing: bytes)
    } catch {
      throw StoreFailure.corrupt("a stored header does not parse: \(error.code)")
    }
  }
}

extension Violation {
  /// A broken rule of the header.
  static func header(_ pointer: String, _ rule: String, _ en: String, _ zh: String) -> Violation {
    Violation(pointer: pointer, rule: rule, message: en, messageZH: zh)
  }
}
