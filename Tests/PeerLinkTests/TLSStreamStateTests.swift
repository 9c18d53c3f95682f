import Testing

@testable import PeerLink

@Suite struct TLSStreamStateTests {
  private typealias State = TLSStreamState<String>

  enum Phase: CaseIterable {
    case idle
    case handshaking
    case open
    case outputOnly
    case inputOnly
    case leaving
    case closed
  }

  private static func state(_ phase: Phase, allowsHalfClosure: Bool = true) -> State {
    var state = State(earlyLimit: 10, allowsHalfClosure: allowsHalfClosure)
    if phase == .idle { return state }
    _ = state.activated()
    if phase == .handshaking { return state }
    _ = state.handshakeCompleted()
    switch phase {
    case .outputOnly: _ = state.peerClosed()
    case .inputOnly: _ = state.closeOutput()
    case .leaving: _ = state.close()
    case .closed: _ = state.transportEnded()
    case .idle, .handshaking, .open: break
    }
    return state
  }

  private static func word(_ action: State.WriteAction) -> String {
    switch action {
    case .encrypt: "encrypt"
    case .wait: "wait"
    case .refuse(_, let reason): "refuse \(reason)"
    }
  }

  @Test func `What is written before the handshake comes out after it, in order`() {
    var state = State(earlyLimit: 10, allowsHalfClosure: false)
    let first = Self.word(state.write("a", bytes: 4))
    let begins = state.activated()
    let second = Self.word(state.write("b", bytes: 6))
    let third = Self.word(state.write("c", bytes: 1))
    let flushes = state.flush()
    let early = state.handshakeCompleted()
    #expect([first, second, third] == ["wait", "wait", "refuse tooMuchBeforeHandshake"])
    #expect(begins && !flushes)
    #expect(early?.writes == ["a", "b"] && early?.wantsFlush == true)
    let again = state.handshakeCompleted()
    #expect(again == nil)
  }

  @Test(arguments: [
    (Phase.idle, "wait"), (.handshaking, "wait"), (.open, "encrypt"), (.outputOnly, "encrypt"),
    (.inputOnly, "refuse outputClosed"), (.leaving, "refuse closed"), (.closed, "refuse closed"),
  ])
  func `A write is answered by the phase`(phase: Phase, expected: String) {
    var state = Self.state(phase)
    let word = Self.word(state.write("a", bytes: 1))
    #expect(word == expected)
  }

  @Test(arguments: [
    (Phase.idle, "transport"), (.handshaking, "transport"), (.open, "goodbye"),
    (.outputOnly, "goodbye"), (.inputOnly, "transport"), (.leaving, "join"), (.closed, "join"),
  ])
  func `A close says goodbye only when that is still to be said`(phase: Phase, expected: String) {
    var state = Self.state(phase)
    let word =
      switch state.close() {
      case .sayGoodbye: "goodbye"
      case .closeTransport: "transport"
      case .joinEarlierClose: "join"
      }
    #expect(word == expected)
    let reads = state.reads
    #expect(!reads)
  }

  @Test(arguments: [
    (Phase.idle, "refuse"), (.handshaking, "refuse"), (.open, "goodbye"), (.outputOnly, "both"),
    (.inputOnly, "refuse"), (.leaving, "refuse"), (.closed, "refuse"),
  ])
  func `Our way closes once`(phase: Phase, expected: String) {
    var state = Self.state(phase)
    let word =
      switch state.closeOutput() {
      case .sayGoodbye: "goodbye"
      case .closeBoth: "both"
      case .refuse: "refuse"
      }
    #expect(word == expected)
  }

  @Test(arguments: [
    (Phase.open, true, "fire"), (.open, false, "close"), (.inputOnly, true, "close"),
    (.outputOnly, true, "none"), (.leaving, true, "none"), (.closed, true, "none"),
  ])
  func `The peer's close_notify closes what is left, unless half may stay`(
    phase: Phase, allowsHalfClosure: Bool, expected: String
  ) {
    var state = Self.state(phase, allowsHalfClosure: allowsHalfClosure)
    let word =
      switch state.peerClosed() {
      case .fireInputClosed: "fire"
      case .close: "close"
      case .none: "none"
      }
    #expect(word == expected)
  }

  @Test(arguments: Phase.allCases)
  func `A transport that ends before close_notify is truncated`(phase: Phase) {
    var state = Self.state(phase)
    var wasTruncated = false
    if case .truncated = state.transportEnded() { wasTruncated = true }
    #expect(wasTruncated == [.handshaking, .open, .inputOnly].contains(phase))
    let again = state.failed()
    #expect(again == nil)
  }

  @Test func `The end of the transport's input leaves a half-closed connection alone`() {
    var state = Self.state(.outputOnly)
    _ = state.inputEnded()
    let word = Self.word(state.write("still", bytes: 1))
    #expect(word == "encrypt")
  }

  @Test func `A failure gives back what waited, once`() {
    var state = Self.state(.handshaking)
    _ = state.write("a", bytes: 1)
    let writes = state.failed()
    let again = state.failed()
    #expect(writes == ["a"])
    #expect(again == nil)
  }
}
