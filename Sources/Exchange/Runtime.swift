import Cryptography
import Logging
import RecordModel
import RecordSchema
import Synchronization

/// What every part of the exchange shares beside the ledger: configuration, and what is known of the
/// peers only while the process lives.
final class Runtime: Sendable {
  let identity: NodeIdentity
  let registry: SchemaRegistry
  let limits: ExchangeLimits
  let environment: Environment
  let logger: Logger
  /// Whether an operator says that the store is an older copy.
  let startsRestored: Bool
  let waiters = Waiters()
  /// The sizes of the channels' heads that the journal names; in memory only, so that a start
  /// journals every head once more.
  let journalled = Mutex<[ChannelNumber: UInt64]>([:])
  /// The last index entry that the projections are known to hold; nil until one was worked off.
  let projected = Mutex<Int64?>(nil)
  /// When a reminder for a clock (rule and start) was last tried; in memory only.
  let reminders = Mutex<[String: Timestamp]>([:])
  /// Where the next tick goes on looking for reminders to send.
  let reminderCursor = Mutex<ClockCursor?>(nil)
  /// What was last told of open clocks, and when.
  let toldClocks = Mutex((pressure: [AgencyCode: ClockPressure](), at: Timestamp(milliseconds: 0)))
  /// Monotonic nanoseconds when the node was made.
  let startedAt: UInt64
  /// What erasures leave to be done beside the transactions.
  let erasureWork = Mutex(ErasureWork())
  private let warned = Mutex<UInt64>(0)
  private let forgotten = Mutex(Timestamp(milliseconds: 0))
  private let peers = Mutex<[AgencyCode: PeerRuntime]>([:])
  private let room = Mutex(Room())
  private let schemas = Mutex(Timestamp(milliseconds: .max))

  init(
    identity: NodeIdentity, registry: SchemaRegistry, limits: ExchangeLimits,
    environment: Environment, logger: Logger, startsRestored: Bool = false
  ) {
    self.startsRestored = startsRestored
    self.identity = identity
    self.registry = registry
    self.limits = limits
    self.environment = environment
    self.logger = logger
    startedAt = environment.monotonic()
  }

  /// The name under which this node's receipt key cosigns.
  var receiptKeyName: String {
    KeyName.receipt(federation: identity.federation, code: identity.code)
  }

  /// What is known of a peer.
  func peer(_ code: AgencyCode) -> PeerRuntime { peers.withLock { $0[code] ?? PeerRuntime() } }

  /// Changes what is known of a peer.
  func change<R>(_ code: AgencyCode, _ body: (inout PeerRuntime) -> R) -> R {
    peers.withLock { body(&$0[code, default: PeerRuntime()]) }
  }

  /// Since when the schemas in use are in use: what was submitted before is judged again.
  var schemasSince: Timestamp { schemas.withLock { $0 } }

  func useSchemas(since time: Timestamp) { schemas.withLock { $0 = time } }

  /// The sessions that are connected now.
  var sessions: [Session] { peers.withLock { $0.values.compactMap(\.session) } }

  /// Whether data may still be written, or only what lives from the reserve.
  var hasRoom: Bool { room.withLock { $0.free >= limits.storageReserveBytes } }

  /// Free bytes at the last look.
  var freeBytes: UInt64 { room.withLock { $0.free } }

  /// Notes how much room the store's medium has; true when the answer of `hasRoom` changed.
  func note(freeBytes: UInt64) -> Bool {
    let before = hasRoom
    room.withLock { $0.free = freeBytes }
    return hasRoom != before
  }

  /// Whether operators have not been warned yet that this directory version runs out.
  func warnsFirst(of version: UInt64) -> Bool {
    warned.withLock { last in
      defer { last = version }
      return last != version
    }
  }

  /// Whether it is time to forget old Idempotency-Keys: once an hour.
  func forgetDue(_ now: Timestamp) -> Bool {
    forgotten.withLock { last in
      guard now.milliseconds - last.milliseconds > 3_600_000 else { return false }
      last = now
      return true
    }
  }

  /// Something that an operator should look at. `Turn.alarm` journals one as well.
  func alarm(_ code: String, _ metadata: Logger.Metadata) {
    logger.error("alarm", metadata: metadata.merging(["alarm": "\(code)"]) { $1 })
  }
}

/// Free room; unbounded until first measured.
private struct Room { var free = UInt64.max }

/// What is known of a peer while the process lives. Nothing here is needed after a crash.
struct PeerRuntime: Sendable {
  /// The connection in use, once its `Hello` has been checked.
  var session: Session?
  /// The peer's first `Hello` since start has been checked against the channels.
  var greeted = false
  /// The peer's clock minus ours, in milliseconds, by `Hello` and `Pong`.
  var clockDifference: Int64 = 0
  /// The schema versions that the peer last announced.
  var schemas: Set<String> = []
  var software: String?
  var directoryVersion: UInt64?
  /// The peer has greeted, and this node's own log is whole: what it erased before is erased again.
  var isOwnLogWhole = false
  /// How many records of its own the peer reported in its newest `Hello`.
  var reported: UInt64?
  /// This node's own log is behind what the peer holds of it: the size to fetch up to.
  var recovering: UInt64?
  var flow = FlowRecorder()
  /// The window that the peer last granted.
  var granted: Window?
  /// How many heads of its journal the peer may show.
  var heads = HeadAllowance()
  /// What was told of the peer once and is not told again.
  var told: Set<String> = []
}
