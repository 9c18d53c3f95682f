public import Logging
public import RecordModel
public import RecordSchema
import Cryptography
public import TransparencyLog

/// One agency's end of every channel: the exchange, whole.
///
/// Agencies submit, sign and decide; operators look after queues; `PeerLink` brings connections. Every
/// change goes through one `Committer`, every question is answered from one consistent state of the
/// store. The extensions of this class stand in files of their own, by who asks.
public final class Node: PeerHost, Sendable {
  let store: any Store
  let runtime: Runtime
  let committer: Committer
  let queues: NodeQueues
  let pinned: Authority
  /// Whose approval opens a new epoch.
  let operators: [VerifierKey]
  private let software: String

  /// Opens the store's state. Nothing is sealed, sent or journalled before `start`.
  ///
  /// - Parameters:
  ///   - directoryNote: the federation directory as published, newer than the stored one or equal
  ///     to it; nil to use the stored one.
  ///   - pinned: the authority's keys as pinned when this node was made.
  ///   - operators: the keys of those who may approve a new epoch or an erasure, two at a time.
  ///   - isRestored: the store is known to be an older copy: no payload is shown before the peer it
  ///     came from or went to has greeted and this node's own log is whole again.
  ///   - onFatal: called once when the process must end, because nobody knows what is on disk.
  /// - Throws: `ExchangeError` (`storage.corrupt`, `agency.unknown`, `directory.*`), `StoreFailure`,
  ///   `RecordModelError`.
  public init(
    identity: NodeIdentity, directoryNote: [UInt8]?, pinned: Authority, store: any Store,
    registry: SchemaRegistry, limits: ExchangeLimits, environment: Environment, software: String,
    logger: Logger, operators: [VerifierKey] = [], isRestored: Bool = false,
    queues: NodeQueues = .dispatch(),
    onFatal: @escaping @Sendable (any Error) -> Void
  ) throws {
    let runtime = Runtime(
      identity: identity, registry: registry, limits: limits, environment: environment,
      logger: logger, startsRestored: isRestored)
    let ledger = try LedgerLoader(
      identity: identity, pinned: pinned, files: environment.clockFiles()
    )
    .load(store, publishedNote: directoryNote)
    let closer = Closer()
    self.store = store
    self.runtime = runtime
    self.queues = queues
    self.pinned = pinned
    self.operators = operators
    self.software = software
    committer = Committer(
      store: store, ledger: ledger, queue: queues.writing, environment: environment,
      turnWeight: limits.turnRecords,
      closing: { turn, sealing in
        try Sealer(runtime: runtime, again: { closer.committer?.submit(.nothing) }).close(
          &turn, sealing: sealing)
      }, onFatal: onFatal)
    closer.set(committer)
  }

  var logger: Logger { runtime.logger }
  var environment: Environment { runtime.environment }

  /// Journals the start, opens a channel to and from every agency of the directory, and, if a newer
  /// directory was given, puts it into force.
  public func start(publishing note: [UInt8]? = nil) async throws {
    try measureRoom()
    let software = software
    try await commit { [runtime] turn in
      if turn.ledger.journal.size == 0 {
        try turn.journal(.journalOpened, [.text("reason", "first")])
      }
      try turn.journal(.nodeStart, [.text("software", software)])
      try Contract.record(runtime, software: software, &turn)
      for (name, key) in [
        ("record", runtime.identity.recordKey), ("receipt", runtime.identity.receiptKey),
        ("witness", runtime.identity.witnessKey),
      ] {
        let digest = key.suite.digest(key.verificationKey.raw)
        let full = "\(runtime.identity.federation)/sanxiang/\(runtime.identity.code)/\(name)"
        try turn.journal(.keyLoaded, [.text("name", full), .digest("key", digest)])
      }
      try Directories.record(runtime, &turn)
      // One that came into force before its files were asked for may find them now.
      for directory in turn.ledger.directories.values {
        try Directories.keepFiles(of: directory, &turn)
      }
      try Directories.openChannels(runtime.identity, &turn)
      try Erasing(runtime).applyAgain(&turn)
    }
    if let note { try await loadDirectory(note) }
  }

  /// Journals the stop, lets running work finish, and refuses everything after it.
  public func stop() async {
    try? await commit { turn in try turn.journal(.nodeStop, []) }
    committer.shut(ExchangeError(.stopping, "the node is stopping"))
    runtime.waiters.wakeAll()
  }

  // MARK: PeerHost

  /// This node's agency.
  public var code: AgencyCode { runtime.identity.code }

  /// The newest directory that is durable here; records are judged under the one that they name.
  public func directory() -> FederationDirectory { committer.durable { $0.directory } }

  /// What both channels hold that is durable now, and the window granted. Reads the store.
  public func hello(to peer: AgencyCode) -> Hello {
    let ledger = committer.durable { $0 }
    let books = [ledger.outboundBook(peer), ledger.inboundBook(peer)].compactMap { $0 }
    return Hello(
      code: code, directoryVersion: ledger.directory.version,
      directoryDigest: ledger.directory.digest, software: software, clock: environment.now(),
      schemas: runtime.registry.readable,
      channels: books.map { report($0.state) },
      journal: JournalReport(witnessed: ledger.held[peer]?.note))
  }

  /// One session for each connection; the one that greeted last is used, the former is closed.
  public func openSession(with peer: AgencyCode, outlet: any PeerOutlet) -> any PeerInlet {
    Session(peer: peer, outlet: outlet, node: self)
  }

  private func report(_ state: ChannelState) -> ChannelReport {
    let cosigned = try? store.read { try $0.newestReceipt(state.number) }
    return ChannelReport(
      origin: state.origin, size: state.size, root: state.frontier.root, cosigned: cosigned?.note,
      window: state.role == .inbound ? window(state) : nil)
  }

  /// What this node grants on an inbound channel now. It depends on inbound room only, never on our
  /// own outbox: two full nodes cannot wait for each other.
  func window(_ state: ChannelState) -> Window {
    let open = state.halt == nil && !state.paused && runtime.hasRoom
    return Window(
      origin: state.origin, records: open ? runtime.limits.windowRecords : 0,
      bytes: open ? runtime.limits.windowBytes : 0)
  }

  // MARK: Shared by the extensions

  /// Makes a change and returns when it is durable.
  func commit<R: Sendable>(
    _ body: @escaping @Sendable (inout Turn) throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      committer.submit(
        Committer.Job { turn in
          do {
            let result = try body(&turn)
            turn.afterCommit { continuation.resume(returning: result) }
          } catch let refusal as ExchangeError {
            // An answer, not a failure of the store: the body throws it before it changes anything.
            turn.afterCommit { continuation.resume(throwing: refusal) }
          }
        } failed: {
          continuation.resume(throwing: $0)
        })
    }
  }

  /// Reads one consistent state away from the caller's thread.
  func read<R: Sendable>(
    _ body: @escaping @Sendable (any StoreReader) throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      queues.reading.async { [store] in
        continuation.resume(
          with: Result { try store.read(body) }.mapError { Committer.translate($0) })
      }
    }
  }

  /// Lets the sealer look again: a peer greeted, a clock came back, room was made.
  func kick() { committer.submit(.nothing) }

  func batchCheck(sender origin: Origin) -> BatchCheck {
    let (directory, known) = committer.durable { ($0.directory, $0.directories) }
    return BatchCheck(
      registry: runtime.registry, suite: directory.suite,
      senderKeys: { directory.recordVerifiers(origin: origin, at: $0) },
      receiptKeys: { directory.receiptVerifiers(of: origin.direction.to, at: $0) },
      directories: known)
  }

  func storageFailed(_ error: any Error) {
    logger.error("reading the store failed", metadata: ["error": "\(error)"])
  }
}

/// Where a node's work runs.
public struct NodeQueues: Sendable {
  /// Transactions; must be serial.
  public var writing: any WorkQueue
  /// Checking what peers send; must be serial.
  public var validation: any WorkQueue
  /// Reading what is pushed; must be serial.
  public var sending: any WorkQueue
  /// Answering questions.
  public var reading: any WorkQueue

  /// Four queues; only `reading` may run work side by side.
  public init(
    writing: any WorkQueue, validation: any WorkQueue, sending: any WorkQueue,
    reading: any WorkQueue
  ) {
    self.writing = writing
    self.validation = validation
    self.sending = sending
    self.reading = reading
  }

  /// One serial dispatch queue for each.
  public static func dispatch() -> NodeQueues {
    NodeQueues(
      writing: SerialQueue("sanxiang.writing"), validation: SerialQueue("sanxiang.validation"),
      sending: SerialQueue("sanxiang.sending"), reading: SerialQueue("sanxiang.reading"))
  }
}
