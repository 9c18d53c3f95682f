import RecordModel
import RecordSchema

/// Replays both directions between two agencies together, each entry after everything that its sender
/// had seen of the other direction: refusals, threads, submissions.
struct PairAudit {
  private let context: AuditContext
  private var sides: [DirectionWalk]
  private var threads = ThreadBook()
  private var erasures = ErasureBook()
  /// How much of the other side each side's own records had seen.
  private var seen: [Seen?] = [nil, nil]

  /// `channels` are all epochs of both directions between two agencies.
  init(_ channels: [AuditChannel], _ context: AuditContext) throws {
    self.context = context
    let groups = Dictionary(grouping: channels, by: \.origin.direction).values
      .sorted { $0[0].origin.description < $1[0].origin.description }
    sides = try groups.map { try DirectionWalk($0, context) }
    // One direction may not have been opened yet.
    if sides.count == 1 { sides.append(try DirectionWalk([], context)) }
  }

  /// Runs to the end.
  mutating func run() throws -> [ChannelReport] {
    while let side = nextSide() {
      let other = 1 - side
      guard let entry = try sides[side].advance() else { break }
      if entry.header.seen > sides[other].position {
        sides[side].add(.headerSeenBeyond, epoch: entry.epoch, at: entry.seq)
      }
      try take(entry, from: side)
    }
    for side in sides.indices { try finishRefusals(of: side) }
    try finishErasures()
    var reports: [ChannelReport] = []
    for side in sides.indices { reports += try sides[side].finish() }
    return reports
  }

  /// A side whose entry in view has seen no more of the other than has been walked. Where neither
  /// has, the two claim to have seen each other, or one has seen what is not held: any side then.
  private func nextSide() -> Int? {
    let ready = sides.indices.filter { sides[$0].head != nil }
    let free = ready.first { side in
      guard let header = sides[side].head?.header else { return false }
      return header.seen <= sides[1 - side].position
    }
    return free ?? ready.first
  }

  private mutating func take(_ entry: WalkedEntry, from side: Int) throws {
    let header = entry.header
    if sides[side].isOutbound { checkSubmission(entry, side) }
    noteErasure(entry, side)
    if header.kind == KindName.systemRefusal {
      if entry.isRefused {
        sides[side].add(.refusalRefused, epoch: entry.epoch, at: entry.seq)
      }
      try takeRefusal(entry, from: side)
      return
    }
    if entry.isRefused {
      sides[side].refusals.add(entry)
      return
    }
    context.ids.add(entry.checked.fingerprint)
    if KindName.isSystem(header.kind) { return }
    seen[side] = max(seen[side] ?? header.seen, header.seen)
    let opens = entry.checked.opensThread
    let ties = entry.checked.ties?.ties ?? .none
    let broken = threads.judge(header, epoch: entry.epoch, opens: opens, ties: ties)
    if broken.isEmpty {
      threads.add(header, epoch: entry.epoch, opens: opens)
    } else {
      sides[side].add(
        .threadRule, epoch: entry.epoch, at: entry.seq,
        broken.map(\.rule).joined(separator: ", "))
    }
  }

  /// What the node sealed must be what it journalled when it took it.
  private mutating func checkSubmission(_ entry: WalkedEntry, _ side: Int) {
    let header = entry.header
    switch context.journal.settle(header.id, commitment: header.payload.commitment) {
    case .same: break
    case .other:
      sides[side].add(
        .journalSubmission, epoch: entry.epoch, at: entry.seq, "another commitment",
        zh: "承诺值不同")
    case .none:
      // Of what a node sends for itself only some kinds are journalled as submissions.
      if context.journal.isComplete, !KindName.isSystem(header.kind) {
        sides[side].add(
          .journalSubmission, epoch: entry.epoch, at: entry.seq, "none journalled", zh: "无记载")
      }
    }
  }

  private mutating func noteErasure(_ entry: WalkedEntry, _ side: Int) {
    guard entry.checked.isErased || entry.checked.erasure != nil,
      let origin = sides[side].origin(of: entry.epoch)
    else { return }
    if entry.checked.isErased {
      erasures.add(.init(id: entry.header.id, origin: origin, seq: entry.seq))
    }
    if let target = entry.checked.erasure {
      erasures.add(
        .init(
          target: target, origin: origin, seq: entry.seq, isOwn: sides[side].isOutbound))
    }
  }

  /// What is gone must have been erased by a sealed record, and what the node says that it erased
  /// must be gone.
  private mutating func finishErasures() throws {
    for (erased, erasure) in erasures.explained {
      guard let side = sides.indices.first(where: { sides[$0].holds(erased.origin) }) else {
        continue
      }
      if let erasure {
        sides[side].note(
          ErasedPayload(seq: erased.seq, origin: erasure.origin, under: erasure.seq),
          epoch: erased.origin.epoch)
      } else {
        sides[side].add(.payloadMissing, epoch: erased.origin.epoch, at: erased.seq)
      }
    }
    for erasure in erasures.erasures { try check(erasure) }
  }

  /// A record of an erasure against the record that it names: approved by two, and gone where the node
  /// itself says so.
  private mutating func check(_ erasure: ErasureBook.Erasure) throws {
    if case .malformed = erasure.target.payload { addUnapproved(erasure) }
    guard let seq = erasure.target.seq else { return }
    for side in sides.indices {
      for channel in sides[side].channels(holding: seq) {
        guard let entry = try context.source.entries(channel, from: seq, limit: 1).first,
          entry.seq == seq, let id = try? RecordHeader(parsing: entry.header).id,
          erasure.target.names(id, channel.origin, seq)
        else { continue }
        if erasure.isUnapproved(of: entry.header, suite: context.directories.suite) {
          addUnapproved(erasure)
        }
        if erasure.isOwn, entry.payload != nil {
          sides[side].add(
            .payloadUnerased, epoch: channel.origin.epoch, at: seq,
            "\(erasure.origin) at \(erasure.seq)",
            zh: "\(erasure.origin) 第 \(erasure.seq) 条")
        }
      }
    }
  }

  private mutating func addUnapproved(_ erasure: ErasureBook.Erasure) {
    guard let side = sides.indices.first(where: { sides[$0].holds(erasure.origin) }) else { return }
    sides[side].add(.erasureApprovals, epoch: erasure.origin.epoch, at: erasure.seq)
  }

  private mutating func takeRefusal(_ entry: WalkedEntry, from side: Int) throws {
    let other = 1 - side
    guard let target = entry.checked.refusal else {
      sides[side].add(
        .refusalUnknownTarget, epoch: entry.epoch, at: entry.seq, "it names none",
        zh: "未指明文书")
      return
    }
    if sides[other].refusals.answer(target) { return }
    if let seq = target.seq, let channel = sides[other].channel(holding: seq),
      let named = try context.source.entries(channel, from: seq, limit: 1).first,
      named.seq == seq, (try? RecordHeader(parsing: named.header))?.id == target.id
    {
      sides[other].add(
        .refusalUnheeded, epoch: channel.origin.epoch, at: seq,
        "refused in the reverse channel at \(entry.seq)",
        zh: "反向通道第 \(entry.seq) 条已拒收")
    } else {
      sides[side].add(.refusalUnknownTarget, epoch: entry.epoch, at: entry.seq)
    }
  }

  private mutating func finishRefusals(of side: Int) throws {
    for refused in sides[side].refusals.unanswered {
      // Only the receiver can have a refusal still in its outbox, and not for long: refusals are sealed
      // before everything else, so a record that has seen the refused one comes after its refusal.
      let place = Seen(epoch: refused.epoch, size: refused.seq + 1)
      if !sides[side].isOutbound, seen[1 - side].map({ $0 < place }) ?? true,
        try context.source.holdsPendingRefusal(of: refused.id, thread: refused.thread)
      {
        continue
      }
      sides[side].add(.refusalMissing, epoch: refused.epoch, at: refused.seq)
    }
  }
}
