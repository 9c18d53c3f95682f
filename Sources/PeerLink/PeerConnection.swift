import Exchange
import Logging
import NIOCore
import RecordModel
import Synchronization

/// What others ask of a connection's handler; travels as a user outbound event, on its event loop.
enum PeerCommand: Sendable {
  /// There are frames in the queue.
  case drain
  /// This connection is the one to keep.
  case admit
  /// Send what is queued, then the fault, then close.
  case close(Fault?)
  /// The directory or the revocation lists are other ones now.
  case judgeAgain
}

/// One connection as seen from any thread: the exchange's outlet, and the service's handle on it.
///
/// Everything that reaches the handler does so in a later turn of the event loop, so that nothing
/// that the exchange calls here calls back into it.
final class PeerConnection: PeerOutlet {
  private struct Queue {
    var frames: [ByteBuffer] = []
    /// Of the frames here and of those handed to the transport and not sent.
    var bytes = 0
    var isScheduled = false
    var isClosed = false
  }

  private enum Enqueued {
    case wake
    case wait
    case overflow
  }

  /// Ascends in the order in which connections came up.
  let id: UInt64
  /// Whom we dialled; nil when we were dialled.
  let dialled: AgencyCode?
  /// The peer's address, for operators.
  let address: String?
  private let meter = Mutex(PeerMeter())
  private let channel: any Channel
  private let logger: Logger
  private let outgoingLimit: Int
  private let queue = Mutex(Queue())

  init(
    id: UInt64, dialled: AgencyCode?, channel: any Channel, logger: Logger,
    outgoingLimit: Int = WireLimits.outgoing
  ) {
    self.id = id
    self.dialled = dialled
    self.channel = channel
    self.outgoingLimit = outgoingLimit
    address = channel.remoteAddress.flatMap { address in
      guard let host = address.ipAddress, let port = address.port else { return nil }
      return host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
    var logger = logger
    logger[metadataKey: "connection"] = "\(id)"
    self.logger = logger
  }

  var opening: PeerLinkStatus.Opening { dialled == nil ? .accepted : .dialled }
  var closeFuture: EventLoopFuture<Void> { channel.closeFuture }

  // MARK: PeerOutlet

  func send(_ message: PeerMessage) {
    if case .fault(let fault) = message, fault.code.endsConnection { return close(fault) }
    do {
      switch enqueue(try FrameEncoder.encode(.message(message))) {
      case .wake: post(.drain)
      case .wait: break
      case .overflow: close(Fault(.idle, "Too much waits to be read."))
      }
    } catch {
      // Nothing that this node makes may break a limit: a mistake here, and nobody to tell but the
      // log. Dropping the message alone would leave the peer waiting for it.
      logger.error("A message to a peer breaks a limit.", metadata: ["fault": "\(error.text)"])
      close(Fault(.frame, "The sender could not write a message."))
    }
  }

  func close(_ fault: Fault?) {
    let isFirst = queue.withLock { queue in
      defer { queue.isClosed = true }
      return !queue.isClosed
    }
    if isFirst { post(.close(fault)) }
  }

  private func enqueue(_ frame: ByteBuffer) -> Enqueued {
    queue.withLock { queue in
      guard !queue.isClosed else { return .wait }
      guard queue.bytes + frame.readableBytes <= outgoingLimit else {
        queue.frames = []
        return .overflow
      }
      queue.frames.append(frame)
      queue.bytes += frame.readableBytes
      defer { queue.isScheduled = true }
      return queue.isScheduled ? .wait : .wake
    }
  }

  // MARK: For the service

  func post(_ command: PeerCommand) {
    let channel = channel
    channel.eventLoop.execute { channel.triggerUserOutboundEvent(command, promise: nil) }
  }

  /// Closes the transport, whatever is on its way.
  func abort() {
    channel.triggerUserOutboundEvent(TLSAbort(), promise: nil)
  }

  /// What has been counted and measured until now.
  func measured() -> PeerMeter { meter.withLock { $0 } }

  // MARK: For the handler

  func count(bytesIn: Int = 0, bytesOut: Int = 0) {
    meter.withLock { meter in
      meter.bytesIn &+= UInt64(bytesIn)
      meter.bytesOut &+= UInt64(bytesOut)
    }
  }

  func measured(_ clock: ClockMeasurement) {
    meter.withLock { $0.clock = clock }
  }

  /// The frames to send now. They count against the limit until `sent`.
  func take() -> [ByteBuffer] {
    queue.withLock { queue in
      queue.isScheduled = false
      return exchange(&queue.frames, with: [])
    }
  }

  func sent(bytes: Int) {
    queue.withLock { $0.bytes -= bytes }
  }

  /// Nothing more will be sent: the event loop may be gone from here on.
  func finish() {
    queue.withLock { queue in
      queue.isClosed = true
      queue.frames = []
    }
  }
}

/// What a connection has measured.
struct PeerMeter: Sendable {
  var bytesIn: UInt64 = 0
  var bytesOut: UInt64 = 0
  var clock: ClockMeasurement?
}
