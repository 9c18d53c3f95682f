import Logging
import NIOCore
import NIOHTTP1

/// Gathers the requests of one connection and writes the answers. Lives on the channel's event loop.
final class HTTPQuestionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let limits: HTTPLimits
  private let logger: Logger
  private let open: OpenConnections
  private let answer: HTTPListener.Answering
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var deadline: Scheduled<Void>?
  private var task: Task<Void, Never>?

  init(
    limits: HTTPLimits, logger: Logger, open: OpenConnections,
    answer: @escaping HTTPListener.Answering
  ) {
    self.limits = limits
    self.logger = logger
    self.open = open
    self.answer = answer
  }

  func handlerAdded(context: ChannelHandlerContext) {
    wait(context.channel, limits.headSeconds)
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    task?.cancel()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What is no HTTP has had its 400 from the pipeline by now.
    logger.debug("connection failed", metadata: ["reason": "\(error)"])
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = []
      wait(context.channel, limits.bodySeconds)
      let bytes = head.headers.reduce(head.uri.utf8.count) {
        $0 + $1.name.utf8.count + $1.value.utf8.count + 4
      }
      if bytes > limits.headBytes {
        refuse(context, .problem(431, code: "http.head", "The request's head is too long."))
      }
    case .body(let part):
      guard head != nil else { return }
      guard body.count + part.readableBytes <= limits.bodyBytes else {
        return refuse(
          context, .problem(413, code: "http.body", "The request's body is too long."))
      }
      body += part.readableBytesView
    case .end:
      guard let head else { return }
      self.head = nil
      deadline?.cancel()
      begin(context.channel, question(head), keepsAlive: head.isKeepAlive)
    }
  }

  private func question(_ head: HTTPRequestHead) -> HTTPQuestion {
    defer { body = [] }
    return HTTPQuestion(
      head.method.rawValue, head.uri, headers: head.headers.map { ($0.name, $0.value) },
      body: body)
  }

  /// Answers before the request is at its end, and reads nothing more.
  private func refuse(_ context: ChannelHandlerContext, _ reply: HTTPReply) {
    head = nil
    body = []
    deadline?.cancel()
    var reply = reply
    reply.closes = true
    let writer = ReplyWriter(channel: context.channel, limits: limits, headOnly: false)
    task = Task { try? await writer.write(reply) }
  }

  /// Closes the connection if what is waited for does not come in time.
  private func wait(_ channel: any Channel, _ seconds: Int64) {
    deadline?.cancel()
    deadline = channel.eventLoop.scheduleTask(in: .seconds(seconds)) {
      channel.close(promise: nil)
    }
  }

  private func begin(_ channel: any Channel, _ question: HTTPQuestion, keepsAlive: Bool) {
    open.note(channel, isBusy: true)
    let (open, answer, logger) = (open, answer, logger)
    let writer = ReplyWriter(
      channel: channel, limits: limits, headOnly: question.method == "HEAD")
    let box = NIOLoopBound(self, eventLoop: channel.eventLoop)
    task = Task {
      var reply: HTTPReply
      do {
        reply = try await answer(question)
      } catch {
        logger.error("request failed", metadata: ["reason": "\(error)"])
        reply = .problem(500, code: "http.failed", "The request failed.")
      }
      reply.closes = reply.closes || !keepsAlive || open.isClosing
      do {
        try await writer.write(reply)
      } catch {
        logger.debug("answer not delivered", metadata: ["reason": "\(error)"])
        channel.close(promise: nil)
      }
      let closes = reply.closes
      channel.eventLoop.execute {
        open.note(channel, isBusy: false)
        guard channel.isActive, !closes, !open.isClosing else {
          return channel.close(promise: nil)
        }
        box.value.wait(channel, box.value.limits.headSeconds)
      }
    }
  }
}

/// Writes one answer, piece by piece, and gives up on a reader that does not take them.
struct ReplyWriter: Sendable {
  let channel: any Channel
  let limits: HTTPLimits
  /// HEAD: what the answer's head would be, and nothing after it.
  let headOnly: Bool

  func write(_ reply: HTTPReply) async throws {
    var headers = HTTPHeaders(reply.headers.map { ($0.name, $0.value) })
    if case .bytes(let bytes) = reply.body {
      headers.replaceOrAdd(name: "content-length", value: "\(bytes.count)")
    } else {
      headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
    }
    headers.replaceOrAdd(name: "x-content-type-options", value: "nosniff")
    if reply.closes { headers.replaceOrAdd(name: "connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
    switch reply.body {
    case .bytes(let bytes):
      channel.write(HTTPServerResponsePart.head(head), promise: nil)
      if !headOnly, !bytes.isEmpty {
        channel.write(
          HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
      }
      try await send(.end(nil))
    case .parts(let next):
      try await send(.head(head))
      while !headOnly, let part = try await next() {
        try await send(.body(.byteBuffer(ByteBuffer(bytes: part))))
      }
      try await send(.end(nil))
    }
    if reply.closes { channel.close(promise: nil) }
  }

  private func send(_ part: HTTPServerResponsePart) async throws {
    let channel = channel
    let deadline = channel.eventLoop.scheduleTask(in: .seconds(limits.writeSeconds)) {
      channel.close(promise: nil)
    }
    defer { deadline.cancel() }
    try await channel.writeAndFlush(part).get()
  }
}
