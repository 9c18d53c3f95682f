import Exchange
import RecordModel
import Testing

@testable import PeerLink

@Suite struct PeerConnectionStateTests {
  private typealias State = PeerConnectionState<String>

  private static let peer = PeerFederation.middle
  private static let hello = PeerFederation.hello(peer, to: PeerFederation.low)

  /// The phases in which a frame or a close can come.
  enum Phase: CaseIterable {
    case securing
    case judging
    case greeting
    case admitting
    case open
    case closing
    case closed
  }

  private static func state(_ phase: Phase) -> State {
    var state = State(pingInterval: 10, silenceLimit: 35)
    if phase == .securing { return state }
    _ = state.secured(.trusted(peer))
    if phase == .judging { return state }
    state.greeted(peer)
    if phase == .greeting { return state }
    _ = state.received(.message(.hello(hello)), now: 0)
    if phase == .admitting { return state }
    _ = state.opened("session", now: 0)
    if phase == .open { return state }
    _ = state.close()
    if phase == .closing { return state }
    _ = state.disconnected()
    return state
  }

  /// A frame's outcome in one word.
  private static func word(_ action: State.FrameAction) -> String {
    switch action {
    case .admit(let code, let hello): "admit \(code == peer && hello == Self.hello)"
    case .deliver(_, let session): "deliver to \(session)"
    case .ended(let fault, let session): "ended by \(fault.code) \(session ?? "none")"
    case .pong(let time): "pong \(time)"
    case .measured(let trip, let clock, _): "measured \(trip) \(clock.milliseconds)"
    case .refuse(let fault): "refuse \(fault.code)"
    case .none: "none"
    }
  }

  private static func word(_ action: State.CloseAction) -> String {
    switch action {
    case .sayGoodbye(let session): "goodbye \(session ?? "none")"
    case .closeNow: "close"
    case .none: "none"
    }
  }

  @Test func `A connection opens step by step`() {
    var state = State(pingInterval: 10, silenceLimit: 35)
    let secured = state.secured(.trusted(Self.peer))
    #expect(secured == .sendHello(to: Self.peer))
    state.greeted(Self.peer)
    let word = Self.word(state.received(.message(.hello(Self.hello)), now: 0))
    #expect(word == "admit true")
    let holds = (state.isAdmitting, state.takesFrames)
    #expect(holds == (true, false))
    let admitted = state.admitted()
    #expect(admitted?.0 == Self.peer && admitted?.1 == Self.hello)
    let opened = state.opened("session", now: 0)
    #expect(opened)
    let takes = state.takesFrames
    #expect(takes)
  }

  @Test func `A certificate that is not good enough is refused with its fault`() {
    var state = State(pingInterval: 10, silenceLimit: 35)
    let fault = Fault(.unknownPeer, "")
    let secured = state.secured(.refused(fault))
    #expect(secured == .refuse(fault))
    // TLS is up, so the fault can be said.
    let close = Self.word(state.close())
    #expect(close == "goodbye none")
  }

  private static let frames: [(Phase, WireFrame, String)] = [
    (.greeting, .ping(time: 1), "refuse peer.helloExpected"),
    (.greeting, .pong(time: 1, clock: Timestamp(milliseconds: 0)), "refuse peer.helloExpected"),
    (
      .greeting, .message(.fetch(Fetch(origin: Samples.origin, start: 0))),
      "refuse peer.helloExpected"
    ),
    (
      .greeting, .message(.hello(PeerFederation.hello(PeerFederation.high, to: peer))),
      "refuse peer.wrongCode"
    ),
    (
      .greeting, .message(.fault(Fault(.duplicateConnection, ""))),
      "ended by peer.duplicateConnection none"
    ),
    (.greeting, .message(.fault(Fault(.gap, ""))), "ended by channel.gap none"),
    (.open, .ping(time: 9), "pong 9"),
    (.open, .pong(time: 9, clock: Timestamp(milliseconds: 0)), "none"),
    (.open, .message(.hello(hello)), "refuse peer.frame"),
    (.open, .message(.fetch(Fetch(origin: Samples.origin, start: 0))), "deliver to session"),
    (.open, .message(.fault(Fault(.gap, ""))), "deliver to session"),
    (.open, .message(.fault(Fault(.fork, ""))), "deliver to session"),
    (.open, .message(.fault(Fault(.stopping, ""))), "ended by peer.stopping session"),
    (.open, .message(.fault(Fault(FaultCode(number: 199), ""))), "ended by fault.199 session"),
    (.securing, .message(.hello(hello)), "none"),
    (.judging, .message(.hello(hello)), "none"),
    (.admitting, .message(.hello(hello)), "none"),
    (.closing, .ping(time: 1), "none"),
    (.closed, .ping(time: 1), "none"),
  ]

  @Test(arguments: frames.indices)
  func `Each frame has its answer in each phase`(index: Int) {
    let (phase, frame, expected) = Self.frames[index]
    var state = Self.state(phase)
    let word = Self.word(state.received(frame, now: 1))
    #expect(word == expected)
  }

  @Test(arguments: [
    (Phase.securing, "close"), (.judging, "goodbye none"), (.greeting, "goodbye none"),
    (.admitting, "goodbye none"), (.open, "goodbye session"), (.closing, "none"),
    (.closed, "none"),
  ])
  func `Closing says goodbye when there is somebody to say it to, and once`(
    phase: Phase, expected: String
  ) {
    var state = Self.state(phase)
    let first = Self.word(state.close())
    let second = Self.word(state.close())
    let session = state.disconnected()
    #expect(first == expected)
    #expect(second == "none")
    #expect(session == nil)
  }

  @Test(arguments: Phase.allCases)
  func `Only an open session is told that the transport has gone`(phase: Phase) {
    var state = Self.state(phase)
    let session = state.disconnected()
    let again = state.disconnected()
    #expect(session == (phase == .open ? "session" : nil))
    #expect(again == nil)
  }

  @Test(arguments: Phase.allCases)
  func `Only what has not heard a Hello runs out of time`(phase: Phase) {
    let state = Self.state(phase)
    let fault = state.openingTimedOut()
    #expect((fault?.code == .helloExpected) == [.securing, .judging, .greeting].contains(phase))
  }

  @Test func `A session that opens after the connection ended is not kept`() {
    var state = Self.state(.admitting)
    _ = state.close()
    let opened = state.opened("late", now: 0)
    #expect(!opened)
    let session = state.disconnected()
    #expect(session == nil)
  }

  @Test func `A silent peer is refused as idle; one that speaks is pinged on`() {
    var state = Self.state(.open)
    let first = state.tick(now: 0)
    #expect(first == .ping(time: 0, nextTick: 10))
    _ = state.received(.pong(time: 0, clock: Timestamp(milliseconds: 0)), now: 4)
    let second = state.tick(now: 10)
    #expect(second == .ping(time: 10, nextTick: 10))
    let third = state.tick(now: 38)
    #expect(third == .ping(time: 38, nextTick: 1))
    guard case .refuse(let fault) = state.tick(now: 39) else {
      Issue.record("not refused")
      return
    }
    #expect(fault.code == .idle)
  }

  @Test func `A part of a frame is a sign of life`() {
    var state = Self.state(.open)
    state.heard(now: 30)
    guard case .ping = state.tick(now: 64) else {
      Issue.record("given up while bytes came")
      return
    }
    guard case .refuse(let fault) = state.tick(now: 65) else {
      Issue.record("not refused")
      return
    }
    #expect(fault.code == .idle)
  }

  @Test func `A Pong is measured against its Ping`() {
    var state = Self.state(.open)
    _ = state.tick(now: 3)
    let pong = WireFrame.pong(time: 3, clock: Timestamp(milliseconds: 77))
    let word = Self.word(state.received(pong, now: 8))
    #expect(word == "measured 5 77")
  }
}
