import Logging
import Cryptography
import RecordModel

/// Stopping a channel on which something cannot be true.
enum Halting {
  /// The most evidence bytes that are kept of one halt.
  static let evidenceBytes = 64 << 10

  /// Halts a channel: nothing else of it changes, the offending signed bytes are kept, the journal
  /// and the operators are told. A halted channel stays halted over restarts.
  static func halt(
    _ number: ChannelNumber, _ code: FaultCode, _ detail: String, evidence: [UInt8],
    _ runtime: Runtime, _ turn: inout Turn
  ) throws {
    guard let state = turn.ledger.channels[number]?.state, state.halt == nil else { return }
    let now = turn.now
    let needsEpoch = code == .fork || code == .otherBytes || code == .rollback
    try turn.change(number) { book in
      book.state.halt = Halt(
        code: code.name, detail: detail, at: now, needsNewEpoch: needsEpoch)
    }
    if !evidence.isEmpty {
      try turn.store.keep(
        Evidence(
          origin: state.origin.description, code: code.name, time: now,
          bytes: Array(evidence.prefix(evidenceBytes))))
    }
    try turn.journal(
      .channelHalted,
      [
        .text("origin", state.origin.description), .text("code", code.name),
        .text("detail", String(detail.prefix(200))),
      ])
    let peer = state.role == .outbound ? state.origin.direction.to : state.origin.direction.from
    turn.afterCommit {
      runtime.alarm(
        "channel.halted",
        ["origin": "\(state.origin)", "code": "\(code)", "detail": "\(detail)"])
      runtime.peer(peer).session?.halted(state.origin)
    }
  }
}
