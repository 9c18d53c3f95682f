import RecordModel

/// When a peer is asked to cosign a head of our journal: one at a time, the newest wins, from the size
/// that the peer holds. A state machine; `Session+Journal` does what it says.
struct HeadSender: Sendable {
  /// A head on its way to the peer.
  struct Sent: Sendable, Equatable {
    var origin: JournalOrigin
    var size: UInt64
    var note: [UInt8]
  }

  private enum Phase: Sendable, Equatable {
    case idle
    /// The proof is being made.
    case making
    case waiting(Sent)
  }

  /// Nanoseconds between two heads.
  private let interval: UInt64
  private var phase = Phase.idle
  /// What the peer holds of the newest epoch that it has said something of.
  private(set) var held: (epoch: UInt32, size: UInt64)
  private var lastAt: UInt64?
  /// The peer has named another size: the next head need not wait.
  private var isCorrected = false
  /// The head last sent was such a one.
  private var wasCorrection = false

  init(intervalMilliseconds: Int64, held: (epoch: UInt32, size: UInt64)?) {
    interval = UInt64(max(intervalMilliseconds, 0)) * 1_000_000
    self.held = held ?? (0, 0)
  }

  /// What the peer holds of an epoch.
  func heldSize(_ epoch: UInt32) -> UInt64 { held.epoch == epoch ? held.size : 0 }

  /// Whether a head of `size` entries is to be sent now; if so the next call is `left` or `failed`.
  mutating func begin(epoch: UInt32, size: UInt64, now: UInt64) -> Bool {
    guard phase == .idle, size > heldSize(epoch) else { return false }
    if let lastAt, !isCorrected, now &- lastAt < interval { return false }
    wasCorrection = isCorrected
    isCorrected = false
    lastAt = now
    phase = .making
    return true
  }

  mutating func left(_ sent: Sent) { if phase == .making { phase = .waiting(sent) } }

  mutating func failed() { if phase == .making { phase = .idle } }

  /// The head that an answer is about; nil for an answer that nobody waits for.
  mutating func answered(_ origin: JournalOrigin) -> Sent? {
    guard case .waiting(let sent) = phase, sent.origin == origin else { return nil }
    phase = .idle
    return sent
  }

  /// The peer holds this much of an epoch now.
  mutating func holds(epoch: UInt32, size: UInt64) {
    if epoch >= held.epoch { held = (epoch, size) }
  }

  /// The peer holds another size than was thought: a head from there may go at once, but only one, so
  /// that a peer that names ever another size does not keep both ends busy.
  mutating func corrected(epoch: UInt32, size: UInt64) {
    holds(epoch: epoch, size: size)
    isCorrected = !wasCorrection
  }
}
