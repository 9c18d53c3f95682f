/// The life of one TLS connection, apart from NIO and from cryptography: an event in, what to do out.
///
/// `Write` is what waits for the handshake: bytes with their promise in `TLSHandler`.
struct TLSStreamState<Write>: ~Copyable {
  /// What was written before the connection could carry it.
  struct Early {
    var writes: [Write] = []
    var bytes = 0
    var wantsFlush = false
  }

  /// Which ways are still open. The peer closes its way by close_notify, we close ours by the same.
  enum Ways {
    case both
    /// The peer has said all it will say.
    case outputOnly
    /// We have said all we will say.
    case inputOnly
  }

  private enum Phase {
    case idle(Early)
    case handshaking(Early)
    case open(Ways)
    /// close_notify is on its way out; then the transport closes.
    case leaving
    case closed
  }

  private var phase = Phase.idle(Early())
  /// Bytes that may wait for the handshake.
  private let earlyLimit: Int
  /// Whether the peer's close_notify leaves our way open.
  private let allowsHalfClosure: Bool

  init(earlyLimit: Int, allowsHalfClosure: Bool) {
    self.earlyLimit = earlyLimit
    self.allowsHalfClosure = allowsHalfClosure
  }

  var isHandshaking: Bool { if case .handshaking = phase { true } else { false } }

  /// Whether decrypted bytes are still passed on.
  var reads: Bool {
    switch phase {
    case .open(.both), .open(.inputOnly): true
    default: false
    }
  }

  // MARK: Handshake

  /// The transport is up. True: begin the handshake.
  mutating func activated() -> Bool {
    guard case .idle(let early) = phase else { return false }
    phase = .handshaking(early)
    return true
  }

  /// The handshake is done. Returns what to write now.
  mutating func handshakeCompleted() -> Early? {
    guard case .handshaking(let early) = phase else { return nil }
    phase = .open(.both)
    return early
  }

  /// Time is up. True: give up on the connection.
  func handshakeTimedOut() -> Bool { isHandshaking }

  // MARK: Writing

  enum WriteAction {
    case encrypt(Write)
    case wait
    case refuse(Write, WriteRefusal)
  }

  enum WriteRefusal {
    case tooMuchBeforeHandshake
    case outputClosed
    case closed
  }

  mutating func write(_ write: Write, bytes: Int) -> WriteAction {
    switch phase {
    case .idle(var early):
      guard early.bytes + bytes <= earlyLimit else {
        return .refuse(write, .tooMuchBeforeHandshake)
      }
      early.writes.append(write)
      early.bytes += bytes
      phase = .idle(early)
      return .wait
    case .handshaking(var early):
      guard early.bytes + bytes <= earlyLimit else {
        return .refuse(write, .tooMuchBeforeHandshake)
      }
      early.writes.append(write)
      early.bytes += bytes
      phase = .handshaking(early)
      return .wait
    case .open(.both), .open(.outputOnly): return .encrypt(write)
    case .open(.inputOnly): return .refuse(write, .outputClosed)
    case .leaving, .closed: return .refuse(write, .closed)
    }
  }

  /// True: flush the transport. False: remembered, or of no use any more.
  mutating func flush() -> Bool {
    switch phase {
    case .idle(var early):
      early.wantsFlush = true
      phase = .idle(early)
      return false
    case .handshaking(var early):
      early.wantsFlush = true
      phase = .handshaking(early)
      return false
    case .open: return true
    case .leaving, .closed: return false
    }
  }

  // MARK: Ending

  enum CloseAction {
    /// Send close_notify behind what is written; then close the transport.
    case sayGoodbye
    /// Close the transport at once, and fail what waited for the handshake.
    case closeTransport([Write])
    /// A close is under way: it will do for this one too.
    case joinEarlierClose
  }

  /// We are done with both ways.
  mutating func close() -> CloseAction {
    switch phase {
    case .idle(let early), .handshaking(let early):
      phase = .closed
      return .closeTransport(early.writes)
    case .open(.both), .open(.outputOnly):
      phase = .leaving
      return .sayGoodbye
    case .open(.inputOnly):
      // close_notify is out already, behind all that was written.
      phase = .closed
      return .closeTransport([])
    case .leaving, .closed: return .joinEarlierClose
    }
  }

  enum CloseOutputAction {
    /// Send close_notify behind what is written; then close the transport's output.
    case sayGoodbye
    /// The peer has closed its way already, so this ends the connection.
    case closeBoth
    case refuse
  }

  /// We are done with our way.
  mutating func closeOutput() -> CloseOutputAction {
    switch phase {
    case .open(.both):
      phase = .open(.inputOnly)
      return .sayGoodbye
    case .open(.outputOnly): return .closeBoth
    case .idle, .handshaking, .open(.inputOnly), .leaving, .closed: return .refuse
    }
  }

  enum PeerCloseAction {
    /// Tell the handlers that nothing more will come.
    case fireInputClosed
    /// Close both ways, as `close()` says.
    case close
    case none
  }

  /// The peer said close_notify.
  mutating func peerClosed() -> PeerCloseAction {
    switch phase {
    case .open(.both):
      guard allowsHalfClosure else { return .close }
      phase = .open(.outputOnly)
      return .fireInputClosed
    case .open(.inputOnly): return .close
    case .idle, .handshaking, .open(.outputOnly), .leaving, .closed: return .none
    }
  }

  enum EndAction {
    /// The peer's way ended as it should, or nobody cares any more.
    case none([Write])
    /// The transport ended without close_notify: what was read may be cut short.
    case truncated([Write])
  }

  /// The transport's input has ended; its output may still be open.
  mutating func inputEnded() -> EndAction {
    switch phase {
    case .open(.outputOnly), .leaving, .closed: return .none([])
    case .idle, .handshaking, .open(.both), .open(.inputOnly): return transportEnded()
    }
  }

  /// The transport has ended.
  mutating func transportEnded() -> EndAction {
    defer { phase = .closed }
    switch phase {
    case .idle(let early): return .none(early.writes)
    case .handshaking(let early): return .truncated(early.writes)
    case .open(.both), .open(.inputOnly): return .truncated([])
    case .open(.outputOnly), .leaving, .closed: return .none([])
    }
  }

  /// Cryptography has failed. Returns what waited in vain; nil if the connection was over already.
  mutating func failed() -> [Write]? {
    defer { phase = .closed }
    switch phase {
    case .idle(let early), .handshaking(let early): return early.writes
    case .open: return []
    case .leaving, .closed: return nil
    }
  }
}
