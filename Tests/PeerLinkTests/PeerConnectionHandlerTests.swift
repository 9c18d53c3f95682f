import Exchange
import NIOCore
import NIOEmbedded
import RecordModel
import SanxiangTesting
import Synchronization
import Testing

@testable import PeerLink

@Suite struct PeerConnectionHandlerTests {
  private let peer = PeerFederation.middle

  @Test func `The Hello leaves when TLS is up; the session opens when it may`() throws {
    let world = try HandlerWorld()
    #expect(try world.heard().isEmpty)
    world.secure()
    guard case .message(.hello)? = try world.heard().first else {
      Issue.record("no Hello")
      return
    }
    try world.say(.message(.hello(PeerFederation.hello(peer, to: PeerFederation.low))))
    // A message that comes before the session is open waits for it.
    try world.say(.message(.fetch(Fetch(origin: Samples.origin, start: 1))))
    #expect(world.owner.noted.introduced == [peer])
    #expect(world.owner.events.waiting.isEmpty)
    world.connection.post(.admit)
    world.loop.run()
    let kinds = world.owner.events.waiting.map { event in
      switch event {
      case .opened: "opened"
      case .message(_, .hello): "hello"
      case .message(_, .fetch): "fetch"
      default: "other"
      }
    }
    #expect(kinds == ["opened", "hello", "fetch"])
  }

  private static let bad: [([UInt8], FaultCode)] = [
    ([0, 0, 0x40, 1], .frameTooLarge), ([0xFF, 0xFF, 0xFF, 0xFF], .frameTooLarge),
    ([0, 0, 0, 0], .frame), ([0, 0, 0, 2, 0xFF, 0xFF], .frame),
    ([0, 0, 0, 2, 0x3A, 0], .helloExpected),
  ]

  @Test(arguments: bad.indices)
  func `Before the Hello strangers get little room and no second chance`(index: Int) throws {
    let world = try HandlerWorld()
    world.secure()
    _ = try world.heard()
    try world.channel.writeInbound(ByteBuffer(bytes: Self.bad[index].0))
    #expect(try world.heardFault() == Self.bad[index].1)
    #expect(world.owner.noted.troubles.map { $0?.code } == [Self.bad[index].1])
    #expect(!world.channel.isActive)
    #expect(world.owner.noted.closed == 1)
  }

  @Test func `After the Hello frames may be large`() throws {
    let world = try HandlerWorld()
    try world.open()
    let batch = Samples.batch(700)
    try world.say(.message(.push(batch)))
    guard case .message(_, .push(batch))? = world.owner.events.waiting.last else {
      Issue.record("the batch did not arrive")
      return
    }
    try world.channel.writeInbound(ByteBuffer(bytes: [0, 0x20, 0, 1]))
    #expect(try world.heardFault() == .frameTooLarge)
  }

  @Test func `A peer that shows no Hello in time is refused, by the loop's clock`() throws {
    let world = try HandlerWorld { $0.helloTimeout = .seconds(20) }
    world.secure()
    world.loop.advanceTime(by: .milliseconds(19_999))
    #expect(world.channel.isActive)
    world.loop.advanceTime(by: .milliseconds(1))
    #expect(try world.heardFault() == .helloExpected)
    #expect(!world.channel.isActive)
  }

  @Test func `A peer that falls silent is pinged, then given up`() throws {
    let world = try HandlerWorld {
      $0.pingInterval = .seconds(15)
      $0.silenceLimit = .seconds(45)
    }
    try world.open()
    var pings = 0
    for _ in 0..<44 {
      pings += try world.heard().filter { if case .ping = $0 { true } else { false } }.count
      world.loop.advanceTime(by: .seconds(1))
    }
    #expect(pings == 3)
    #expect(world.channel.isActive)
    world.loop.advanceTime(by: .seconds(1))
    #expect(try world.heardFault() == .idle)
    #expect(world.owner.noted.troubles.map { $0?.code } == [.idle])
    guard case .disconnected? = world.owner.events.waiting.last else {
      Issue.record("the session was not told")
      return
    }
  }

  @Test func `A peer that answers is kept, and its clock is measured`() throws {
    let world = try HandlerWorld { $0.pingInterval = .seconds(15) }
    try world.open()
    for _ in 0..<20 {
      for case .ping(let time) in try world.heard() {
        world.loop.advanceTime(by: .milliseconds(100))
        // The peer's clock is two seconds ahead, read half a round trip ago.
        let clock = world.owner.clock.now.advanced(byMilliseconds: 1_950)
        try world.say(.pong(time: time, clock: clock))
      }
      world.loop.advanceTime(by: .milliseconds(14_900))
    }
    #expect(world.channel.isActive)
    let differences = world.owner.events.waiting.compactMap { event -> Int64? in
      if case .clock(_, let difference) = event { difference } else { nil }
    }
    #expect(differences == Array(repeating: 2_000, count: 20))
    #expect(world.connection.measured().clock?.roundTrip == 100_000_000)
  }

  @Test func `A Ping is answered with its time and our clock`() throws {
    let world = try HandlerWorld()
    try world.open()
    _ = try world.heard()
    try world.say(.ping(time: 77))
    guard case .pong(77, world.owner.clock.now)? = try world.heard().first else {
      Issue.record("no Pong")
      return
    }
  }

  @Test func `A peer's fault is noted and passed on; a 1xx ends the connection`() throws {
    let world = try HandlerWorld()
    try world.open()
    try world.say(.message(.fault(Fault(.gap, "gap"))))
    #expect(world.owner.noted.noticed.map(\.code) == [.gap])
    #expect(world.channel.isActive)
    try world.say(.message(.fault(Fault(.stopping, "bye"))))
    #expect(!world.channel.isActive)
    #expect(world.owner.noted.troubles.map { $0?.side } == [.theirs])
    let faults = world.owner.events.waiting.compactMap { event -> FaultCode? in
      if case .message(_, .fault(let fault)) = event { fault.code } else { nil }
    }
    #expect(faults == [.gap, .stopping])
    guard case .disconnected? = world.owner.events.waiting.last else {
      Issue.record("the session was not told last")
      return
    }
  }

  @Test func `Messages leave in the order of the calls, and none after the close`() throws {
    let world = try HandlerWorld()
    try world.open()
    _ = try world.heard()
    for start in 0..<5 {
      world.connection.send(.fetch(Fetch(origin: Samples.origin, start: UInt64(start))))
    }
    world.connection.close(Fault(.gap, ""))
    world.connection.send(.fetch(Fetch(origin: Samples.origin, start: 5)))
    world.connection.close(nil)
    #expect(try world.heard().isEmpty, "nothing happens inside the call")
    world.loop.run()
    let starts = try world.heard().map { frame -> UInt64? in
      if case .message(.fetch(let fetch)) = frame { fetch.start } else { nil }
    }
    #expect(starts == [0, 1, 2, 3, 4, nil])
  }

  @Test func `A message that breaks a limit ends the connection with a fault`() throws {
    let world = try HandlerWorld()
    try world.open()
    _ = try world.heard()
    world.connection.send(.push(Samples.batch(0)))
    world.loop.run()
    #expect(try world.heardFault() == .frame)
    #expect(!world.channel.isActive)
  }

  @Test func `A peer that does not read is disconnected before its queue grows without end`()
    throws
  {
    let world = try HandlerWorld(outgoingLimit: 10_000)
    try world.open()
    _ = try world.heard()
    for _ in 0..<4 { world.connection.send(.push(Samples.batch(1))) }
    world.loop.run()
    #expect(try world.heardFault() == .idle)
    #expect(!world.channel.isActive)
  }

  @Test func `A queue that is read empties, and never overflows`() throws {
    let world = try HandlerWorld(outgoingLimit: 10_000)
    try world.open()
    for _ in 0..<20 {
      world.connection.send(.push(Samples.batch(1)))
      world.loop.run()
    }
    #expect(world.channel.isActive)
  }

  @Test func `A session is judged again when it is asked to be`() throws {
    let world = try HandlerWorld()
    try world.open()
    world.connection.post(.judgeAgain)
    world.loop.run()
    #expect(world.channel.isActive)
    world.owner.verdict.withLock { $0 = .refused(Fault(.certificate, "revoked")) }
    world.connection.post(.judgeAgain)
    world.loop.run()
    #expect(try world.heardFault() == .certificate)
    #expect(!world.channel.isActive)
  }

  @Test func `A transport that just goes is told once to everybody`() throws {
    let world = try HandlerWorld()
    try world.open()
    world.channel.pipeline.fireErrorCaught(TLSHandlerError.truncated)
    #expect(!world.channel.isActive)
    #expect(world.owner.noted.troubles.map { $0?.side } == [.network])
    #expect(world.owner.noted.closed == 1)
    world.connection.send(.fetch(Fetch(origin: Samples.origin, start: 0)))
    world.connection.close(nil)
    world.loop.run()
    #expect(world.owner.noted.troubles.count == 1)
  }

  @Test func `A fault that came while the connection waited for its place is not lost`() throws {
    let world = try HandlerWorld()
    world.secure()
    try world.say(.message(.hello(PeerFederation.hello(peer, to: PeerFederation.low))))
    try world.say(.message(.window(Window(origin: Samples.origin, records: 1, bytes: 1))))
    try world.say(.message(.fault(Fault(.duplicateConnection, ""))))
    world.channel.close(promise: nil)
    #expect(world.owner.noted.troubles.map { $0?.code } == [.duplicateConnection])
    #expect(world.owner.events.waiting.isEmpty)
  }
}
