import Cryptography
import Exchange
import Logging
import NIOCore
import RecordModel

/// What a connection asks of the service; all of it on the connection's event loop.
protocol PeerConnectionOwner: AnyObject, Sendable {
  /// Our clock.
  func now() -> Timestamp
  /// Whether this certificate is good, by the directory and the lists in force now.
  func judge(_ chain: [Certificate], expected: AgencyCode?, purpose: ChainVerifier.Purpose)
    -> PeerVerdict
  func hello(to peer: AgencyCode) -> Hello
  /// The peer's Hello is in. Answered by `PeerCommand.admit` or `.close`.
  func introduced(_ connection: PeerConnection, as peer: AgencyCode, _ hello: Hello)
  func openSession(with peer: AgencyCode, outlet: any PeerOutlet) -> any PeerInlet
  /// Something went wrong that does not end the connection.
  func noticed(_ trouble: PeerTrouble, of peer: AgencyCode)
  /// The connection is of no use any more, and its session has been told. Called once.
  func ended(_ connection: PeerConnection, peer: AgencyCode?, _ trouble: PeerTrouble?)
  /// The transport has gone. Called once, after `ended`.
  func closed(_ connection: PeerConnection)
}

/// Performs what `PeerConnectionState` decides, behind a `TLSHandler`.
final class PeerConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum Timer {
    case opening
    case tick
    case linger
  }

  private let connection: PeerConnection
  private let owner: any PeerConnectionOwner
  private let configuration: PeerLinkConfiguration
  private var state: PeerConnectionState<any PeerInlet>
  private var frames = FrameBuffer(limit: WireLimits.frameBeforeHello)
  /// The peer's certificates, to be judged again.
  private var chain: [Certificate] = []
  /// What TLS or the transport said before it ended.
  private var failure: (any Error)?
  private var isReadHeld = false
  private var timers: [Timer: Scheduled<Void>] = [:]

  init(
    connection: PeerConnection, owner: any PeerConnectionOwner,
    configuration: PeerLinkConfiguration
  ) {
    self.connection = connection
    self.owner = owner
    self.configuration = configuration
    state = PeerConnectionState(
      pingInterval: UInt64(clamping: configuration.pingInterval.nanoseconds),
      silenceLimit: UInt64(clamping: configuration.silenceLimit.nanoseconds))
  }

  // MARK: Events

  func handlerAdded(context: ChannelHandlerContext) {
    schedule(.opening, in: configuration.helloTimeout, context) { handler, context in
      if let fault = handler.state.openingTimedOut() { handler.refuse(fault, context) }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let completed = event as? TLSHandshakeCompleted {
      secured(completed.peerChain, context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !state.isOver else { return }
    frames.append(unwrapInboundIn(data))
    state.heard(now: nanoseconds(context))
    takeFrames(context)
  }

  func read(context: ChannelHandlerContext) {
    if state.isAdmitting {
      isReadHeld = true
    } else {
      context.read()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if failure == nil { failure = error }
    context.close(mode: .all, promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    cancelTimers()
    let (wasOver, peer) = (state.isOver, state.peer)
    let reason = state.isAdmitting ? lastWords().map { trouble(.theirs, $0) } : nil
    frames.clear()
    state.disconnected()?.disconnected()
    connection.finish()
    if !wasOver { owner.ended(connection, peer: peer, reason ?? networkTrouble()) }
    owner.closed(connection)
    context.fireChannelInactive()
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let command = event as? PeerCommand else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    switch command {
    case .drain: drain(context)
    case .admit: admit(context)
    case .close(let fault):
      drain(context)
      end(context, fault)
    case .judgeAgain: judgeAgain(context)
    }
    promise?.succeed()
  }

  // MARK: Opening

  private func secured(_ chain: [Certificate], _ context: ChannelHandlerContext) {
    self.chain = chain
    let verdict = owner.judge(chain, expected: connection.dialled, purpose: purpose)
    switch state.secured(verdict) {
    case .sendHello(let code):
      do {
        let hello = PeerMessage.hello(owner.hello(to: code))
        let frame = try FrameEncoder.encode(.message(hello), limit: WireLimits.frameBeforeHello)
        state.greeted(code)
        write(frame, context)
        context.flush()
      } catch {
        refuse(error, context)
      }
    case .refuse(let fault): refuse(fault, context)
    case .none: break
    }
  }

  private var purpose: ChainVerifier.Purpose { connection.dialled == nil ? .tlsClient : .tlsServer }

  private func admit(_ context: ChannelHandlerContext) {
    guard let (code, hello) = state.admitted() else { return }
    let session = owner.openSession(with: code, outlet: connection)
    guard state.opened(session, now: nanoseconds(context)) else { return session.disconnected() }
    session.receive(.hello(hello))
    tick(context)
    takeFrames(context)
    if isReadHeld {
      isReadHeld = false
      context.read()
    }
  }

  private func judgeAgain(_ context: ChannelHandlerContext) {
    guard let peer = state.peer else { return }
    if case .refused(let fault) = owner.judge(chain, expected: peer, purpose: purpose) {
      refuse(fault, context)
    }
  }

  // MARK: Frames

  private func takeFrames(_ context: ChannelHandlerContext) {
    do {
      while state.takesFrames, let body = try frames.next() {
        connection.count(bytesIn: FrameBuffer.prefix + body.readableBytes)
        perform(state.received(try FrameDecoder.decode(body), now: nanoseconds(context)), context)
      }
    } catch {
      refuse(error, context)
    }
  }

  private func perform(
    _ action: PeerConnectionState<any PeerInlet>.FrameAction, _ context: ChannelHandlerContext
  ) {
    switch action {
    case .admit(let code, let hello):
      frames.limit = WireLimits.frame
      owner.introduced(connection, as: code, hello)
    case .deliver(let message, let session):
      if case .fault(let fault) = message, let peer = state.peer {
        owner.noticed(trouble(.theirs, fault), of: peer)
      }
      session.receive(message)
    case .ended(let fault, let session):
      session?.receive(.fault(fault))
      let peer = state.peer
      if case .sayGoodbye(let session) = state.close() {
        over(session, peer, trouble(.theirs, fault))
        context.close(mode: .all, promise: nil)
      }
    case .pong(let time):
      // Whoever does not read what it is sent gets no answers on top of it.
      guard context.channel.isWritable else { return }
      send(.pong(time: time, clock: owner.now()), context)
    case .measured(let roundTrip, let clock, let session):
      let measurement = ClockMeasurement(roundTrip: roundTrip, clock: clock, now: owner.now())
      connection.measured(measurement)
      session.clockDifference(measurement.difference)
    case .refuse(let fault): refuse(fault, context)
    case .none: break
    }
  }

  // MARK: Writing

  private func drain(_ context: ChannelHandlerContext) {
    let frames = connection.take()
    guard !frames.isEmpty else { return }
    let bytes = frames.reduce(0) { $0 + $1.readableBytes }
    let connection = connection
    let sent = context.eventLoop.makePromise(of: Void.self)
    sent.futureResult.whenComplete { _ in connection.sent(bytes: bytes) }
    for (index, frame) in frames.enumerated() {
      write(frame, context, promise: index == frames.count - 1 ? sent : nil)
    }
    context.flush()
  }

  private func send(_ frame: WireFrame, _ context: ChannelHandlerContext) {
    // Pings, Pongs and faults are small, and a fault's text is cut to fit.
    guard let bytes = try? FrameEncoder.encode(frame) else { return }
    write(bytes, context)
    context.flush()
  }

  private func write(
    _ frame: ByteBuffer, _ context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil
  ) {
    connection.count(bytesOut: frame.readableBytes)
    context.write(wrapOutboundOut(frame), promise: promise)
  }

  // MARK: Keeping alive

  private func tick(_ context: ChannelHandlerContext) {
    let seconds = owner.now().seconds
    if chain.contains(where: { $0.notAfter < seconds }) { judgeAgain(context) }
    let wait: UInt64
    switch state.tick(now: nanoseconds(context)) {
    case .ping(let time, let next):
      send(.ping(time: time), context)
      wait = next
    case .wait(let next): wait = next
    case .refuse(let fault): return refuse(fault, context)
    case .none: return
    }
    schedule(.tick, in: .nanoseconds(Int64(clamping: max(wait, 1))), context) { $0.tick($1) }
  }

  private func nanoseconds(_ context: ChannelHandlerContext) -> UInt64 {
    context.eventLoop.now.uptimeNanoseconds
  }

  private func schedule(
    _ timer: Timer, in amount: TimeAmount, _ context: ChannelHandlerContext,
    _ body: @escaping (PeerConnectionHandler, ChannelHandlerContext) -> Void
  ) {
    timers[timer]?.cancel()
    timers[timer] = context.eventLoop.assumeIsolated().scheduleTask(in: amount) {
      body(self, context)
    }
  }

  private func cancelTimers() {
    timers.values.forEach { $0.cancel() }
    timers = [:]
  }

  // MARK: Ending

  /// This side has found a fault.
  private func refuse(_ fault: Fault, _ context: ChannelHandlerContext) {
    end(context, fault)
  }

  private func end(_ context: ChannelHandlerContext, _ fault: Fault?) {
    let peer = state.peer
    let reason = fault.map { trouble(.ours, $0) }
    switch state.close() {
    case .sayGoodbye(let session):
      if let fault { send(.message(.fault(fault)), context) }
      over(session, peer, reason)
      // Our way only: closing both with something unread would take the last frame back.
      context.close(mode: .output, promise: nil)
      schedule(.linger, in: configuration.lingerTimeout, context) { _, context in
        context.triggerUserOutboundEvent(TLSAbort(), promise: nil)
      }
    case .closeNow:
      over(nil, peer, reason)
      context.close(mode: .all, promise: nil)
    case .none: break
    }
  }

  /// The connection is of no use any more.
  private func over(_ session: (any PeerInlet)?, _ peer: AgencyCode?, _ trouble: PeerTrouble?) {
    cancelTimers()
    frames.clear()
    connection.finish()
    session?.disconnected()
    owner.ended(connection, peer: peer, trouble)
  }

  /// The peer's fault among the frames that waited for this connection to get its place.
  private func lastWords() -> Fault? {
    while let next = try? frames.next() {
      if case .message(.fault(let fault))? = try? FrameDecoder.decode(next) { return fault }
    }
    return nil
  }

  /// What ended the connection without either side's fault.
  private func networkTrouble() -> PeerTrouble {
    guard let failure else {
      return PeerTrouble(
        side: .network, code: nil, text: "The peer closed the connection.", time: owner.now())
    }
    return PeerTrouble(failure, at: owner.now())
  }

  private func trouble(_ side: PeerTrouble.Side, _ fault: Fault) -> PeerTrouble {
    PeerTrouble(side: side, code: fault.code, text: fault.text, time: owner.now())
  }
}
