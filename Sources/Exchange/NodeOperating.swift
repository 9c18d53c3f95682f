public import RecordModel
import Cryptography
import TransparencyLog

// Operators: queues, peers, halts, directories.

extension Node {
  /// Every peer's queue, by code.
  public func queues() async throws -> [QueueStatus] {
    let ledger = committer.durable { $0 }
    let sealer = Sealer(runtime: runtime, again: {})
    let now = environment.now()
    let pressure = try await clockPressure(now)
    return ledger.outbound.keys.sorted().map { peer in
      let count = ledger.outbox[peer] ?? OutboxCount()
      let state = ledger.outboundBook(peer)?.state
      let known = runtime.peer(peer)
      return QueueStatus(
        peer: peer, queued: count.queued, dead: count.dead,
        unreceipted: (state?.size ?? 0) - (state?.receiptedSize ?? 0),
        unreceiptedBytes: state?.unreceiptedBytes ?? 0,
        oldest: [count.oldest, state?.oldestUnreceipted].compactMap { $0 }.min(),
        outbound: state.map { status($0, known) },
        inbound: (ledger.inboundBook(peer)?.state).map { status($0, known) },
        connected: known.session != nil, clocks: pressure[peer] ?? ClockPressure(),
        sealingBlocked: sealer.block(peer, ledger, now: now))
    }
  }

  /// What waits for one peer: without a receipt first, then unsealed, each oldest first.
  public func queue(_ peer: AgencyCode, limit: Int) async throws -> [RecordSummary] {
    let ledger = committer.durable { $0 }
    guard let state = ledger.outboundBook(peer)?.state else { throw Self.unknownPeer }
    let count = max(1, min(limit, Self.pageLimit))
    return try await read { [self] reader in
      let lists = summaries(ledger, reader)
      let sealed = try reader.records(
        state.number, from: state.receiptedSize, maximumCount: count, maximumBytes: 16 << 20)
      let waiting = try reader.queued(to: peer, limit: count)
      return Array(
        (try sealed.map { record in
          let id = try Judge.stored(record.header).id
          return try lists.summary(record, reader.entry(id), state)
        } + waiting.map { lists.summary($0, from: code) }).prefix(count))
    }
  }

  /// Dead letters, newest first.
  public func deadLetters(limit: Int) async throws -> [RecordSummary] {
    let ledger = committer.durable { $0 }
    return try await read { [self] reader in
      let lists = summaries(ledger, reader)
      return try reader.deadLetters(limit: max(1, min(limit, Self.pageLimit))).map {
        lists.summary($0, from: code)
      }
    }
  }

  /// Throws a dead letter away.
  /// - Throws: `policy.denied` for a record of the node's own: its peer waits for it.
  public func discardDeadLetter(_ id: RecordID, by: String) async throws {
    try await bury(id, act: "dead.discard", by: by, check: Self.checkNotOwn) { _, _ in }
  }

  /// Puts a dead letter back into the queue: the reason may have gone.
  public func requeueDeadLetter(_ id: RecordID, by: String) async throws {
    try await bury(id, act: "dead.requeue", by: by) { letter, turn in
      var again = letter
      again.dead = nil
      try turn.store.insert(again)
      turn.ledger.outbox[letter.to, default: OutboxCount()].add(again)
    }
  }

  private func bury(
    _ id: RecordID, act: String, by: String,
    check: @escaping @Sendable (Submission) throws -> Void = { _ in },
    then: @escaping @Sendable (Submission, inout Turn) throws -> Void
  ) async throws {
    try await commit { turn in
      guard let letter = try turn.store.submission(id), letter.dead != nil else {
        throw ExchangeError(.notFound, "no dead letter has this id")
      }
      try check(letter)
      try turn.store.removeSubmission(id)
      turn.ledger.outbox[letter.to, default: OutboxCount()].dead -= 1
      try then(letter, &turn)
      try turn.administration(act, target: "\(id)", by: by)
    }
  }

  /// Lifts the halts of both channels with a peer, where no new epoch is needed, and greets again.
  /// - Throws: `channel.state` when nothing is halted, `channel.halted` when only a new epoch helps.
  public func resume(_ peer: AgencyCode, by: String) async throws {
    try await commit { [runtime] turn in
      let numbers = [turn.ledger.outbound[peer], turn.ledger.inbound[peer]].compactMap { $0 }
      let halted = numbers.filter { turn.ledger.channels[$0]?.state.halt != nil }
      guard !halted.isEmpty else {
        throw ExchangeError(.channelState, "no channel with this agency is halted")
      }
      for number in halted
      where turn.ledger.channels[number]?.state.halt?.needsNewEpoch == true {
        throw ExchangeError(.channelHalted, "only a new epoch can help this channel")
      }
      for number in halted {
        try turn.change(number) { $0.state.halt = nil }
        let origin = turn.ledger.channels[number]?.state.origin.description ?? ""
        try turn.journal(.channelResumed, [.text("origin", origin)])
        try turn.administration("channel.resume", target: origin, by: by)
      }
      turn.afterCommit {
        runtime.peer(peer).session?.outlet.close(Fault(.notReady, "resumed; greet again"))
      }
    }
  }

  /// Pauses or resumes the intake from a peer: a zero window, or the usual one.
  public func setIntake(from peer: AgencyCode, paused: Bool, by: String) async throws {
    try await commit { [self] turn in
      guard let number = turn.ledger.inbound[peer] else { throw Self.unknownPeer }
      try turn.change(number) { $0.state.paused = paused }
      let origin = turn.ledger.channels[number]?.state.origin.description ?? ""
      try turn.administration(paused ? "intake.pause" : "intake.resume", target: origin, by: by)
      turn.afterCommit { [self] in announceWindows() }
    }
  }

  /// Every peer of the directory, by code.
  public func peers() -> [PeerExchangeStatus] {
    directory().nodes.values.filter { $0.code != code }.sorted { $0.code < $1.code }.map { node in
      let known = runtime.peer(node.code)
      return PeerExchangeStatus(
        code: node.code, name: node.name, role: node.role, connected: known.session != nil,
        software: known.software, directoryVersion: known.directoryVersion,
        clockDifference: known.greeted ? known.clockDifference : nil,
        schemas: known.schemas.sorted(), journal: witnessing(node.code))
    }
  }

  private func witnessing(_ peer: AgencyCode) -> PeerWitnessing {
    let ledger = committer.durable { $0 }
    let name = KeyName.witness(federation: runtime.identity.federation, code: peer)
    var found = PeerWitnessing()
    found.epoch = ledger.journal.epoch
    found.signedSize = ledger.journalSignedSize
    found.held = PeerWitnessing.Mark(ledger.held[peer])
    if let mark = PeerWitnessing.Mark(ledger.cosigned[name]) {
      found.witnessed = mark
      let isCovered =
        (mark.epoch, mark.size) >= (found.epoch, found.signedSize) || found.signedSize == 0
      found.staleSeconds = isCovered ? 0 : max(0, environment.now().seconds - mark.time.seconds)
    }
    return found
  }

  /// Every channel ever opened, by origin.
  public func channels() -> [ChannelStatus] {
    committer.durable { ledger in
      ledger.channels.values.map { book in
        let direction = book.state.origin.direction
        let peer = book.state.role == .outbound ? direction.to : direction.from
        return status(book.state, runtime.peer(peer))
      }
    }.sorted { $0.origin.description < $1.origin.description }
  }

  /// Journal entries of the current epoch.
  public func journal(from seq: UInt64, limit: Int) async throws -> [StoredJournalEntry] {
    let epoch = committer.durable { $0.journal.epoch }
    return try await read { reader in
      try reader.journal(epoch: epoch, from: seq, limit: max(1, min(limit, Node.pageLimit)))
    }
  }

  /// Why the node is not ready; empty when it is.
  public func problems() -> [ReadinessProblem] {
    let ledger = committer.durable { $0 }
    var found = ledger.channels.values.map(\.state).sorted { $0.number < $1.number }
      .compactMap { state in
        state.halt.map {
          ReadinessProblem(code: "channel.halted", detail: "\(state.origin): \($0.code)")
        }
      }
    if !runtime.hasRoom {
      found.append(
        ReadinessProblem(code: "storage.low", detail: "\(runtime.freeBytes) bytes are free"))
    }
    if !ledger.directory.isValid(at: environment.now()) {
      found.append(
        ReadinessProblem(
          code: "directory.expired", detail: "version \(ledger.directory.version)"))
    }
    let missing = ledger.clockFiles.missing(for: ledger.directory)
    if !missing.isEmpty {
      found.append(
        ReadinessProblem(
          code: "directory.files",
          detail: missing.map { "\($0)" }.joined(separator: " ")))
    }
    return found + keyProblems(ledger)
  }

  /// Keys of ours that the directory in force does not list for now: nothing is sealed with such a
  /// record key, and peers do not take what such a receipt key signs.
  private func keyProblems(_ ledger: Ledger) -> [ReadinessProblem] {
    let (directory, own, now) = (ledger.directory, runtime.identity, environment.now())
    let keys = [
      ("record", own.recordKey, directory.recordKeys(of: own.code, at: now)),
      ("receipt", own.receiptKey, directory.receiptKeys(of: own.code, at: now)),
    ]
    return keys.compactMap { name, key, listed in
      listed.contains(key.verificationKey)
        ? nil : ReadinessProblem(code: "key.invalid", detail: "the \(name) key")
    }
  }

  private func status(_ state: ChannelState, _ known: PeerRuntime) -> ChannelStatus {
    let granted = state.role == .inbound ? window(state) : known.granted
    return ChannelStatus(
      origin: state.origin, role: state.role, size: state.size, root: state.frontier.root,
      receiptedSize: state.receiptedSize, receiptTime: state.receiptTime, halt: state.halt,
      paused: state.paused,
      recovering: state.restore != nil || (state.role == .outbound && known.recovering != nil),
      windowRecords: granted?.records ?? 0, windowBytes: granted?.bytes ?? 0,
      flow: state.role == .outbound ? known.flow.statistics : nil)
  }

  static let unknownPeer = ExchangeError(.unknownAgency, "the directory names no such peer")
}

extension Turn {
  /// Journals what an operator did.
  mutating func administration(_ act: String, target: String, by: String) throws {
    try journal(
      .administration, [.text("act", act), .text("target", target), .text("by", by)])
  }
}
