import Logging
import Cryptography
import RecordModel
import Synchronization
import TransparencyLog

// What happens by itself: once a second, and when a directory is published.

extension Node {
  /// Journals the heads that moved, signs the journal's own head, looks at the disk, forgets old
  /// Idempotency-Keys. Call it about once a second.
  public func tick() async throws {
    try measureRoom()
    let marks = runtime.journalled.withLock { $0 }
    let now = environment.now()
    let moved = committer.durable { ledger in
      ledger.channels.values.map(\.state).filter { marks[$0.number] ?? 0 != $0.size }
        .sorted { $0.number < $1.number }
    }
    let unsigned = committer.durable { ledger in
      ledger.journal.size != ledger.journalSignedSize && Self.maySignJournal(runtime, ledger)
    }
    let forget = runtime.forgetDue(now)
    // What blocked sealing may have gone by itself: our clock came right, a directory came into force.
    if sealable(now) { kick() }
    warnOfExpiry(now)
    await attempt("erasures") { try await self.finishErasures() }
    if !moved.isEmpty || unsigned || forget {
      try await journalHeads(moved, forget: forget, now)
    }
    for session in runtime.sessions { session.offerHead() }
    // What is worked out of records comes after the head over them, and lives from no reserve.
    guard runtime.hasRoom else { return }
    await attempt("projections") { try await self.project() }
    await attempt("reminders") { try await self.sendReminders(now) }
    await attempt("clocks") { try await self.tellOfClocks(now) }
  }

  /// Work that no other work waits for: what fails is told of and tried again at the next tick.
  private func attempt(_ what: String, _ work: () async throws -> Void) async {
    do {
      try await work()
    } catch {
      logger.warning(
        "housekeeping failed",
        metadata: ["part": "\(what)", "reason": "\(Committer.translate(error).code)"])
    }
  }

  private func journalHeads(
    _ moved: [ChannelState], forget: Bool, _ now: Timestamp
  ) async throws {
    try await commit { [runtime] turn in
      for state in moved {
        try turn.journal(
          .channelHead,
          [
            .text("origin", state.origin.description), .number("size", state.size),
            .digest("root", state.frontier.root),
          ])
      }
      try Self.signJournal(runtime, &turn)
      if forget {
        try turn.store.removeIdempotency(
          before: now.advanced(byMilliseconds: -runtime.limits.idempotencyMilliseconds))
      }
      turn.afterCommit {
        runtime.journalled.withLock { marks in
          for state in moved { marks[state.number] = state.size }
        }
      }
    }
  }

  /// Warns once that the directory in force runs out: after its end nothing new is sealed.
  private func warnOfExpiry(_ now: Timestamp) {
    let directory = directory()
    guard directory.warns(at: now), runtime.warnsFirst(of: directory.version) else { return }
    committer.submit(
      Committer.Job { [runtime] turn in
        try turn.alarm(
          "directory.expiring",
          ["version": "\(directory.version)", "notAfter": "\(directory.notAfter)"], runtime)
      } failed: { _ in
      })
  }

  /// Whether something waits to be sealed that nothing keeps from it.
  private func sealable(_ now: Timestamp) -> Bool {
    let ledger = committer.durable { $0 }
    let sealer = Sealer(runtime: runtime, again: {})
    return ledger.outbox.contains { peer, count in
      (runtime.hasRoom ? count.queued : count.priority) > 0
        && sealer.block(peer, ledger, now: now) == nil
    }
  }

  /// Whether the journal's head may be signed: a peer's first greeting may tell that this node was
  /// restored from a backup, and a head signed before it would be a second history of the epoch. Any
  /// peer may be the only one to know, so all are waited for, but for one that stays away only so long.
  private static func maySignJournal(_ runtime: Runtime, _ ledger: Ledger) -> Bool {
    let others = ledger.directory.nodes.keys.filter { $0 != runtime.identity.code }
    let greeted = others.count { runtime.peer($0).greeted }
    if greeted == others.count { return true }
    let waited = (runtime.environment.monotonic() &- runtime.startedAt) / 1_000_000
    return greeted > 0 && waited >= UInt64(max(runtime.limits.journalWaitMilliseconds, 0))
  }

  private static func signJournal(_ runtime: Runtime, _ turn: inout Turn) throws {
    let journal = turn.ledger.journal
    guard journal.size != turn.ledger.journalSignedSize, maySignJournal(runtime, turn.ledger)
    else { return }
    let origin = JournalOrigin(
      federation: runtime.identity.federation, code: runtime.identity.code, epoch: journal.epoch)
    let checkpoint = Checkpoint(origin: origin.description, frontier: journal.frontier)
    let note = try checkpoint.signed(by: runtime.identity.recordKey).encoded
    try turn.store.putJournalCheckpoint(
      StoredCheckpoint(
        size: journal.size, root: checkpoint.root, note: note, receiptTime: nil),
      epoch: journal.epoch)
    turn.ledger.journalSignedSize = journal.size
  }

  /// Journals how many calls to the API were denied since this was last said; nothing for none.
  public func noteDenied(_ count: UInt64) async throws {
    guard count > 0 else { return }
    try await commit { turn in try turn.journal(.accessDenied, [.number("count", count)]) }
  }

  /// Looks how much room is left; opens or shuts the windows when the answer changes.
  func measureRoom() throws {
    let free = try store.space().free
    guard runtime.note(freeBytes: free) else { return }
    let room = runtime.hasRoom
    if room {
      logger.notice("storage has room again", metadata: ["free": "\(free)"])
    } else {
      runtime.alarm("storage.low", ["free": "\(free)"])
    }
    // From the reserve; also lets the sealer look again.
    committer.submit(
      Committer.Job { turn in
        try room
          ? turn.journal(.intakeResumed, [])
          : turn.journal(.intakePaused, [.text("code", "storage.low")])
      } failed: { _ in
      })
    announceWindows()
  }

  /// Tells every connected peer what it may push now.
  func announceWindows() {
    for session in runtime.sessions {
      guard let state = committer.durable({ $0.inboundBook(session.peer)?.state }) else { continue }
      session.outlet.send(.window(window(state)))
    }
  }

  /// Puts a newer federation directory into force: verified as the successor of the present one,
  /// stored, journalled; channels to new agencies are opened. The clocks and calendar files that it
  /// names must be known here.
  /// - Throws: `RecordModelError` (`directory.older`, `directory.fork`, `directory.signature`,
  ///   `clock.*`, …), and `directory.files`.
  public func loadDirectory(_ note: [UInt8]) async throws {
    let current = directory()
    if note == current.note.encoded { return }
    let next = try FederationDirectory(verifying: note, successorOf: current)
    if next.version == current.version { return }
    guard next.federation == runtime.identity.federation, next.nodes[code] != nil else {
      throw ExchangeError(.unknownAgency, "the directory does not name this node")
    }
    var known = committer.durable { $0.clockFiles }
    for file in environment.clockFiles() {
      known.add(file, as: next.suite.digest(file), next.suite)
    }
    try known.check(next)
    try await commit { [runtime, known] turn in
      guard turn.ledger.directory.version < next.version else { return }
      turn.ledger.clockFiles = known
      turn.ledger.directory = next
      turn.ledger.directories[next.version] = next
      let former = turn.ledger.clockBooks
      try Directories.store(next, &turn)
      let books = turn.ledger.clockBooks
      if former.contains(where: { $0.value.calendars != books[$0.key]?.calendars }) {
        try Self.projectAgain(runtime, &turn)
      }
      try Directories.openChannels(runtime.identity, &turn)
    }
  }
}
