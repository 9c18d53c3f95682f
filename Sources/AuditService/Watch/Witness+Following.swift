import Cryptography
import RecordModel
import Synchronization
import TransparencyLog

// What followers do to the state, each step on its own: two of them may follow one log.

extension Witness {
  /// What is kept of a log.
  func log(_ origin: String) -> WatchedLog {
    state.withLock { $0.logs[origin] } ?? WatchedLog(origin: origin, suite: setting.key.suite)
  }

  /// Whether one of a log's keys signed a note.
  func isSigned(_ note: SignedNote, origin: String) -> Bool {
    guard let keys = state.withLock({ Self.keys(of: origin, $0, at: nil)?.keys }) else {
      return false
    }
    return Self.isSigned(note, by: keys)
  }

  /// Whether a head that a node shows may become the newest: one of the log's keys that signed it is
  /// valid now, or was when this watch, since it began, was first shown it by that node.
  func mayAdvance(_ note: SignedNote, origin: String, shownBy node: AgencyCode) -> Bool {
    let (moment, digest) = (now(), setting.key.suite.digest(Array(note.text.utf8)))
    return state.withLock { state in
      if state.seen[node]?[origin] == digest { return true }
      guard let keys = Self.keys(of: origin, state, at: moment)?.keys,
        Self.isSigned(note, by: keys)
      else { return false }
      state.seen[node, default: [:]][origin] = digest
      return true
    }
  }

  private enum Advance { case taken, notTaken, clockWentBack, isFull }

  /// Takes a head that a follower verified as the newest; false where another came before it, or
  /// nothing is cosigned just now, or nothing more is kept of its signer.
  func advance(_ note: SignedNote, _ head: Checkpoint, proof: [Digest]) throws -> Bool {
    let outcome = try state.withLock { state -> Advance in
      let log = state.logs[head.origin] ?? WatchedLog(origin: head.origin, suite: setting.key.suite)
      guard state.refusing == nil, head.size <= WatchLimits.logSize,
        Self.leads(from: log, to: head, proof: proof, suite: setting.key.suite)
      else { return .notTaken }
      guard hasRoom(for: head.origin, state) else { return .isFull }
      return try cosign(note, head, &state) == nil ? .clockWentBack : .taken
    }
    switch outcome {
    case .clockWentBack:
      raise(.clock, "this machine's clock went back behind what was cosigned")
    case .isFull: raiseFull(head.origin)
    case .taken, .notTaken: break
    }
    return outcome == .taken
  }

  /// Whether a log is kept, or may be.
  func hasRoom(for origin: String, _ state: State) -> Bool {
    state.logs[origin] != nil || state.holdings.hasRoom(for: origin, setting.limits)
  }

  /// A log was turned away since enough is kept of its signer.
  func raiseFull(_ origin: String) {
    raise(
      .limit, node: WatchHoldings.signer(of: origin),
      "\(origin) is not kept: \(setting.limits.epochs) epochs of a log are, "
        + "and \(setting.limits.logs) logs of one signer")
  }

  /// Notes how far a node has shown a log, durably where it is further than before.
  func noteShown(_ origin: String, by code: AgencyCode, size: UInt64) throws {
    try change(origin) { log in
      guard log.shown[code.rawValue] ?? 0 < size else { return false }
      log.shown[code.rawValue] = size
      return true
    }
  }

  /// Notes how far entries were hashed, durably.
  func noteHashed(_ origin: String, _ frontier: Frontier) throws {
    try change(origin) { log in
      guard log.hashed.size < frontier.size, frontier.size <= log.size else { return false }
      log.hashed = frontier
      return true
    }
  }

  private func change(_ origin: String, _ body: (inout WatchedLog) -> Bool) throws {
    try state.withLock { state in
      guard var log = state.logs[origin], body(&log) else { return }
      try folder.write(log.encoded, to: log.fileName)
      state.logs[origin] = log
    }
  }

  /// A node no longer shows a log that it has shown.
  func vanish(_ origin: String, of node: AgencyCode, _ detail: String) {
    guard let held = state.withLock({ $0.logs[origin]?.note }) else { return }
    keep(
      WatchEvidence(
        kind: .rollback, origin: origin, node: node, time: now(), held: held, shown: nil,
        detail: detail))
  }

  /// A round of a node came to its end: what it no longer shows is not remembered, and nothing that was
  /// said about it stands unless it stays.
  func finishRound(_ node: AgencyCode, served: Set<String>, passedOver: Int) {
    state.withLock { state in
      state.seen[node] = state.seen[node]?.filter { served.contains($0.key) }
      state.alarms.clearOthers(of: node, than: served)
      if !state.holdings.isFull(node, setting.limits) {
        _ = state.alarms.clear(.limit, node: node, origin: nil)
      }
      state.counters.passedOver[node] = passedOver
    }
  }
}
