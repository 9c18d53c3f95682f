import Exchange
import RecordModel

/// The life of one connection between two nodes, apart from NIO: an event in, what to do out.
///
///     securing ─► judging ─► greeting ─► admitting ─► open ─► closing ─► closed
///     TLS         the        our Hello   both Hellos  session  our last
///     shakes hands  chain    is out      are in                frame is out
///
/// From any phase a fault leads to `closing`. `Session` is what the exchange opened.
struct PeerConnectionState<Session>: ~Copyable {
  private enum Phase {
    case securing
    case judging
    case greeting(AgencyCode)
    case admitting(AgencyCode, Hello)
    case open(AgencyCode, Session, KeepAlive)
    case closing
    case closed
  }

  /// Nanoseconds between Pings, and of silence until a peer is dead.
  private let pingInterval: UInt64
  private let silenceLimit: UInt64
  private var phase = Phase.securing

  init(pingInterval: UInt64, silenceLimit: UInt64) {
    self.pingInterval = pingInterval
    self.silenceLimit = silenceLimit
  }

  /// Who the peer is, once its certificate is judged and while the connection is of use.
  var peer: AgencyCode? {
    switch phase {
    case .greeting(let code), .admitting(let code, _), .open(let code, _, _): code
    case .securing, .judging, .closing, .closed: nil
    }
  }

  /// Whether the next frame may be taken now. While a connection waits to take another's place its
  /// frames wait too.
  var takesFrames: Bool {
    switch phase {
    case .greeting, .open: true
    case .securing, .judging, .admitting, .closing, .closed: false
    }
  }

  /// Whether bytes from the peer are of any use.
  var isOver: Bool {
    switch phase {
    case .closing, .closed: true
    case .securing, .judging, .greeting, .admitting, .open: false
    }
  }

  /// Whether reading must wait: another connection has to go before this one's session opens.
  var isAdmitting: Bool { if case .admitting = phase { true } else { false } }

  // MARK: Opening

  enum SecuredAction: Equatable {
    case sendHello(to: AgencyCode)
    case refuse(Fault)
    case none
  }

  /// TLS is done, and the peer's certificate is judged.
  mutating func secured(_ verdict: PeerVerdict) -> SecuredAction {
    guard case .securing = phase else { return .none }
    phase = .judging
    switch verdict {
    case .trusted(let code): return .sendHello(to: code)
    case .refused(let fault): return .refuse(fault)
    }
  }

  /// Our Hello has left.
  mutating func greeted(_ code: AgencyCode) {
    guard case .judging = phase else { return }
    phase = .greeting(code)
  }

  /// The time for TLS and both Hellos is up.
  func openingTimedOut() -> Fault? {
    switch phase {
    case .securing, .judging, .greeting: Fault(.helloExpected, "No Hello came in time.")
    case .admitting, .open, .closing, .closed: nil
    }
  }

  /// This connection is the one to keep. Returns whom to open a session with, and its first message.
  func admitted() -> (AgencyCode, Hello)? {
    guard case .admitting(let code, let hello) = phase else { return nil }
    return (code, hello)
  }

  /// The exchange has opened its session. False: the connection ended while it did.
  mutating func opened(_ session: Session, now: UInt64) -> Bool {
    guard case .admitting(let code, _) = phase else { return false }
    let keepAlive = KeepAlive(interval: pingInterval, deadline: silenceLimit, now: now)
    phase = .open(code, session, keepAlive)
    return true
  }

  // MARK: Frames

  enum FrameAction {
    /// The peer's Hello is in: ask whether this connection is the one to keep.
    case admit(AgencyCode, Hello)
    case deliver(PeerMessage, Session)
    /// The peer reports a fault after which the connection is over.
    case ended(by: Fault, Session?)
    case pong(time: UInt64)
    case measured(roundTrip: UInt64, clock: Timestamp, Session)
    case refuse(Fault)
    case none
  }

  mutating func received(_ frame: WireFrame, now: UInt64) -> FrameAction {
    switch phase {
    case .greeting(let code): return greeting(code, frame)
    case .open(let code, let session, var keepAlive):
      keepAlive.heard(now: now)
      defer { phase = .open(code, session, keepAlive) }
      switch frame {
      case .ping(let time): return .pong(time: time)
      case .pong(let time, let clock):
        guard let roundTrip = keepAlive.pong(time: time, now: now) else { return .none }
        return .measured(roundTrip: roundTrip, clock: clock, session)
      case .message(.hello): return .refuse(Fault(.frame, "A second Hello on one connection."))
      case .message(.fault(let fault)) where fault.code.endsConnection:
        return .ended(by: fault, session)
      case .message(let message): return .deliver(message, session)
      }
    case .securing, .judging, .admitting, .closing, .closed: return .none
    }
  }

  private mutating func greeting(_ code: AgencyCode, _ frame: WireFrame) -> FrameAction {
    switch frame {
    case .message(.hello(let hello)):
      guard hello.code == code else {
        return .refuse(
          Fault(.wrongCode, "The Hello is from \(hello.code), the certificate from \(code)."))
      }
      phase = .admitting(code, hello)
      return .admit(code, hello)
    // Whatever its number: before the Hello there is nothing else that it could end.
    case .message(.fault(let fault)): return .ended(by: fault, nil)
    case .message, .ping, .pong:
      return .refuse(Fault(.helloExpected, "The first frame must be a Hello."))
    }
  }

  // MARK: Keeping alive

  /// Bytes came, be they only a part of a frame: a large one on a slow line takes its time.
  mutating func heard(now: UInt64) {
    guard case .open(let code, let session, var keepAlive) = phase else { return }
    keepAlive.heard(now: now)
    phase = .open(code, session, keepAlive)
  }

  enum TickAction: Equatable {
    case ping(time: UInt64, nextTick: UInt64)
    case wait(nextTick: UInt64)
    case refuse(Fault)
    case none
  }

  mutating func tick(now: UInt64) -> TickAction {
    guard case .open(let code, let session, var keepAlive) = phase else { return .none }
    let action = keepAlive.tick(now: now)
    phase = .open(code, session, keepAlive)
    let next = keepAlive.wait(now: now)
    switch action {
    case .ping(let time): return .ping(time: time, nextTick: next)
    case .giveUp: return .refuse(Fault(.idle, "Nothing was heard for too long."))
    case .none: return .wait(nextTick: next)
    }
  }

  // MARK: Ending

  enum CloseAction {
    /// Send the last words, close our way, and wait for the peer to close its own.
    case sayGoodbye(Session?)
    /// There is nobody to say anything to yet: close.
    case closeNow
    /// It is over already.
    case none
  }

  /// This side ends the connection.
  mutating func close() -> CloseAction {
    switch phase {
    case .securing:
      phase = .closing
      return .closeNow
    case .judging, .greeting, .admitting:
      phase = .closing
      return .sayGoodbye(nil)
    case .open(_, let session, _):
      phase = .closing
      return .sayGoodbye(session)
    case .closing, .closed: return .none
    }
  }

  /// The transport has gone. Returns the session that must be told.
  mutating func disconnected() -> Session? {
    defer { phase = .closed }
    guard case .open(_, let session, _) = phase else { return nil }
    return session
  }
}

extension FaultCode {
  /// Whether the connection is over for whoever says or hears this.
  var endsConnection: Bool { (100..<200).contains(number) }
}
