public import Cryptography
public import NIOCore

/// Fired once, as a user inbound event, before the first decrypted bytes.
public struct TLSHandshakeCompleted: Sendable {
  /// The peer's certificates, leaf first, verified against the context's anchors.
  public let peerChain: [Certificate]
  /// The protocol that both sides named (ALPN).
  public let applicationProtocol: String?
}

/// A user outbound event: close the transport now, whatever is still on its way.
public struct TLSAbort: Sendable {
  /// The event.
  public init() {}
}

/// Why a TLS connection ended otherwise than by close_notify on both sides; fired as an error.
/// What cryptography says comes as `CryptographyError` instead.
public enum TLSHandlerError: Error, Hashable, Sendable {
  /// The handshake took longer than it may.
  case handshakeTimeout
  /// The transport ended without the peer's close_notify.
  case truncated
  /// More was written before the handshake than may wait.
  case tooMuchBeforeHandshake
}

/// The limits of one TLS connection.
public struct TLSHandlerConfiguration: Sendable {
  /// From the transport being up to the end of the handshake.
  public var handshakeTimeout = TimeAmount.seconds(10)
  /// From close_notify being queued to the end of the transport.
  public var closeTimeout = TimeAmount.seconds(5)
  /// Bytes that may be written before the handshake is done.
  public var earlyLimit = 1024 * 1024
  /// Whether our way stays open after the peer's close_notify (`ChannelEvent.inputClosed` is fired
  /// then). Otherwise both close.
  public var allowsHalfClosure = false

  /// The defaults above.
  public init() {}
}

/// TLS between a transport and the handlers behind it, over a `TLSSession`.
///
/// Plaintext is encrypted as it is written, so the transport's writability is the connection's.
/// Closing sends close_notify behind what was written, and waits for it to leave. Serves clients
/// and servers alike: the session knows which it is.
public final class TLSHandler: ChannelDuplexHandler {
  /// Ciphertext from the transport.
  public typealias InboundIn = ByteBuffer
  /// Plaintext to the handlers behind.
  public typealias InboundOut = ByteBuffer
  /// Plaintext from them.
  public typealias OutboundIn = ByteBuffer
  /// Ciphertext to the transport.
  public typealias OutboundOut = ByteBuffer

  /// Encrypted at a time, so that neither the session's queue nor a buffer grows with the write.
  private static let slice = 64 * 1024

  private struct Write {
    var bytes: ByteBuffer
    var promise: EventLoopPromise<Void>?
  }

  private let session: TLSSession
  private let configuration: TLSHandlerConfiguration
  private var state: TLSStreamState<Write>
  /// A handler behind asked for bytes and has got none yet.
  private var owesRead = false
  private var handshakeTimer: Scheduled<Void>?

  /// Takes over the session: nobody else may use it any more.
  public init(session: TLSSession, configuration: TLSHandlerConfiguration = .init()) {
    self.session = session
    self.configuration = configuration
    state = TLSStreamState(
      earlyLimit: configuration.earlyLimit, allowsHalfClosure: configuration.allowsHalfClosure)
  }

  // MARK: Life of the transport

  /// Begins at once when the transport is up already.
  public func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  /// Begins the handshake.
  public func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  /// Reports a transport that ended without close_notify as truncated.
  public func channelInactive(context: ChannelHandlerContext) {
    ended(context, state.transportEnded())
    context.fireChannelInactive()
  }

  /// Fails what still waits for the handshake.
  public func handlerRemoved(context: ChannelHandlerContext) {
    fail(state.failed() ?? [], ChannelError.ioOnClosedChannel)
  }

  /// Keeps the end of the transport's input to itself: close_notify is what ends the plaintext.
  public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed? = event as? ChannelEvent else {
      return context.fireUserInboundEventTriggered(event)
    }
    // After close_notify the handlers know already; before it, the peer's words are cut short.
    ended(context, state.inputEnded())
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard state.activated() else { return }
    let timeout = configuration.handshakeTimeout
    handshakeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
      guard self.state.handshakeTimedOut() else { return }
      self.failed(context, TLSHandlerError.handshakeTimeout)
    }
    advance(context)
    context.flush()
  }

  private func ended(
    _ context: ChannelHandlerContext, _ action: TLSStreamState<Write>.EndAction
  ) {
    handshakeTimer?.cancel()
    switch action {
    case .none(let writes):
      fail(writes, ChannelError.ioOnClosedChannel)
    case .truncated(let writes):
      fail(writes, ChannelError.ioOnClosedChannel)
      context.fireErrorCaught(TLSHandlerError.truncated)
      context.close(mode: .all, promise: nil)
    }
  }

  // MARK: Reading

  /// Asks the transport, as often as it takes to get plaintext.
  public func read(context: ChannelHandlerContext) {
    owesRead = true
    context.read()
  }

  /// Goes on with the handshake, or decrypts.
  public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What comes after the end is not kept: the peer could fill the session's queue with it.
    guard state.isHandshaking || state.reads else { return }
    let ciphertext = unwrapInboundIn(data)
    do {
      try ciphertext.withUnsafeReadableBytes { try session.feed($0) }
    } catch {
      return failed(context, error)
    }
    advance(context)
    if state.reads { deliver(context, hint: ciphertext.readableBytes) }
  }

  /// Sends what the session has to answer.
  public func channelReadComplete(context: ChannelHandlerContext) {
    send(context, promise: nil)
    context.flush()
    context.fireChannelReadComplete()
    // Bytes came in but none went on: whoever waits for some would wait for ever.
    if state.isHandshaking || owesRead { context.read() }
  }

  /// Goes on with the handshake, if it is not done.
  private func advance(_ context: ChannelHandlerContext) {
    guard state.isHandshaking else { return }
    do {
      let progress = try session.handshake()
      send(context, promise: nil)
      guard progress == .complete, let early = state.handshakeCompleted() else { return }
      handshakeTimer?.cancel()
      context.fireUserInboundEventTriggered(
        TLSHandshakeCompleted(
          peerChain: session.peerChain, applicationProtocol: session.applicationProtocol))
      for write in early.writes { encrypt(context, write) }
      if early.wantsFlush { context.flush() }
    } catch {
      failed(context, error)
    }
  }

  /// Passes on all that can be decrypted. `hint`: how much ciphertext has just come in, which is
  /// more than the plaintext in it, unless the rest of a record had come before.
  private func deliver(_ context: ChannelHandlerContext, hint: Int) {
    var plaintext = ByteBuffer()
    do {
      while true {
        var result = TLSSession.ReadResult.wouldBlock
        try plaintext.writeWithUnsafeMutableBytes(
          minimumWritableBytes: plaintext.readableBytes == 0 ? max(hint, 512) : 16 * 1024
        ) { target in
          result = try session.read(into: target)
          if case .bytes(let count) = result { return count }
          return 0
        }
        switch result {
        case .bytes: continue
        case .wouldBlock: return pass(plaintext, context)
        case .closed:
          pass(plaintext, context)
          return peerClosed(context)
        }
      }
    } catch {
      pass(plaintext, context)
      failed(context, error)
    }
  }

  private func pass(_ plaintext: ByteBuffer, _ context: ChannelHandlerContext) {
    guard plaintext.readableBytes > 0 else { return }
    owesRead = false
    context.fireChannelRead(wrapInboundOut(plaintext))
  }

  private func peerClosed(_ context: ChannelHandlerContext) {
    switch state.peerClosed() {
    case .fireInputClosed: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    case .close: close(context: context, mode: .all, promise: nil)
    case .none: break
    }
  }

  // MARK: Writing

  /// Encrypts, or keeps the bytes until the handshake is done.
  public func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    let write = Write(bytes: unwrapOutboundIn(data), promise: promise)
    switch state.write(write, bytes: write.bytes.readableBytes) {
    case .encrypt(let write): encrypt(context, write)
    case .wait: break
    case .refuse(let write, .tooMuchBeforeHandshake):
      write.promise?.fail(TLSHandlerError.tooMuchBeforeHandshake)
    case .refuse(let write, .outputClosed): write.promise?.fail(ChannelError.outputClosed)
    case .refuse(let write, .closed): write.promise?.fail(ChannelError.ioOnClosedChannel)
    }
  }

  /// Flushes the transport, now or when the handshake is done.
  public func flush(context: ChannelHandlerContext) {
    if state.flush() { context.flush() }
  }

  private func encrypt(_ context: ChannelHandlerContext, _ write: Write) {
    var rest = write.bytes
    do {
      while let slice = rest.readSlice(length: min(rest.readableBytes, Self.slice)) {
        try slice.withUnsafeReadableBytes { try session.write($0) }
        let isLast = rest.readableBytes == 0
        send(context, promise: isLast ? write.promise : nil)
        if isLast { return }
      }
    } catch {
      write.promise?.fail(error)
      failed(context, error)
    }
  }

  /// Hands the session's ciphertext to the transport, without a flush.
  private func send(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
    let count = session.pendingCiphertext
    guard count > 0 else {
      promise?.succeed()
      return
    }
    var buffer = context.channel.allocator.buffer(capacity: count)
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { session.drain(into: $0) }
    context.write(wrapOutboundOut(buffer), promise: promise)
  }

  // MARK: Ending

  /// Says close_notify behind what was written, then closes `.output` or `.all`.
  public func close(
    context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
  ) {
    switch mode {
    case .all: closeAll(context, promise)
    case .output:
      switch state.closeOutput() {
      case .sayGoodbye:
        sayGoodbye(context).assumeIsolated().whenComplete { _ in
          context.close(mode: .output, promise: promise)
        }
      case .closeBoth: closeAll(context, promise)
      case .refuse: promise?.fail(ChannelError.outputClosed)
      }
    case .input: promise?.fail(ChannelError.operationUnsupported)
    }
  }

  /// Performs a `TLSAbort`.
  public func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard event is TLSAbort else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    fail(state.failed() ?? [], ChannelError.ioOnClosedChannel)
    context.close(mode: .all, promise: promise)
  }

  private func closeAll(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    switch state.close() {
    case .sayGoodbye:
      // The transport drops what it has not sent when it closes, so wait; but not for ever.
      let timeout = configuration.closeTimeout
      let timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
        context.close(mode: .all, promise: nil)
      }
      sayGoodbye(context).assumeIsolated().whenComplete { _ in
        timer.cancel()
        context.close(mode: .all, promise: promise)
      }
    case .closeTransport(let writes):
      fail(writes, ChannelError.ioOnClosedChannel)
      context.close(mode: .all, promise: promise)
    case .joinEarlierClose:
      context.channel.closeFuture.cascade(to: promise)
    }
  }

  /// Completes when close_notify, and so all that was written before it, has left.
  private func sayGoodbye(_ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
    let promise = context.eventLoop.makePromise(of: Void.self)
    session.close()
    send(context, promise: promise)
    context.flush()
    return promise.futureResult
  }

  /// Sends the alert, if there is one, reports the error, and closes the transport.
  private func failed(_ context: ChannelHandlerContext, _ error: any Error) {
    guard let writes = state.failed() else { return }
    handshakeTimer?.cancel()
    send(context, promise: nil)
    context.flush()
    fail(writes, error)
    context.fireErrorCaught(error)
    context.close(mode: .all, promise: nil)
  }

  private func fail(_ writes: [Write], _ error: any Error) {
    for write in writes { write.promise?.fail(error) }
  }
}
