import Exchange
public import Logging
public import NodeClient
public import RecordModel
public import ServiceLifecycle
import Synchronization
public import TransparencyLog

/// Offers the heads of a node's journal to the witnesses of its directory (C2SP tlog-witness) and
/// keeps their cosignatures.
///
/// The newest head wins: what could not be offered is not made up for, since a cosignature on a later
/// head covers it. Nothing waits for a witness; one that does not answer is asked ever more rarely.
public struct WitnessPoster: Service {
  /// Sends a body to a witness's `add-checkpoint`.
  public typealias Transport =
    @Sendable (_ endpoint: String, _ body: [UInt8]) async throws -> WebAnswer

  /// What the poster needs of its node.
  public struct Node: Sendable {
    /// Whose journal.
    public var code: AgencyCode
    /// Where it is read.
    public var store: StoreQueue
    /// The directory in force.
    public var directory: @Sendable () -> FederationDirectory
    /// Verifies and keeps a head that the witness of that name cosigned, durably; false where the
    /// cosignature is not one by a key that the directory lists.
    public var keep: @Sendable (SignedNote, String) async throws -> Bool

    /// A node.
    public init(
      code: AgencyCode, store: StoreQueue, directory: @escaping @Sendable () -> FederationDirectory,
      keep: @escaping @Sendable (SignedNote, String) async throws -> Bool
    ) {
      self.code = code
      self.store = store
      self.directory = directory
      self.keep = keep
    }
  }

  /// The least time from one offer to the next, in milliseconds.
  public static let spacing: Int64 = 5000
  /// The longest time to the next offer after failures.
  public static let longestPause: Int64 = 300_000
  private struct Turn: Sendable {
    var nextAt = Timestamp(milliseconds: 0)
    var failures = 0
    /// The size that the witness told last, of the journal `origin`.
    var told: (origin: String, size: UInt64)?
    var offered: (origin: String, size: UInt64)?
    var complaint: String?
  }
  /// By the witness's name.
  private final class Book: Sendable {
    let turns = Mutex<[String: Turn]>([:])
  }

  private let node: Node
  private let book = Book()
  private let transport: Transport
  private let now: @Sendable () -> Timestamp
  private let jitter: @Sendable () -> Double
  private let logger: Logger

  /// A poster. `jitter` gives numbers from 0 up to 1.
  public init(
    node: Node, now: @escaping @Sendable () -> Timestamp,
    jitter: @escaping @Sendable () -> Double, logger: Logger, transport: @escaping Transport
  ) {
    self.node = node
    self.transport = transport
    self.now = now
    self.jitter = jitter
    self.logger = logger
  }

  /// Offers heads until a graceful shutdown.
  public func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        try await Task.sleep(for: .seconds(1))
        await turn()
      }
    }
  }

  /// Offers the newest head to every witness whose turn it is.
  public func turn() async {
    let moment = now()
    let due = node.directory().witnesses.filter { witness in
      witness.endpoint != nil
        && book.turns.withLock { $0[witness.name]?.nextAt ?? Timestamp(milliseconds: 0) } <= moment
    }
    guard !due.isEmpty else { return }
    await withTaskGroup(of: Void.self) { group in
      for witness in due { group.addTask { await offer(to: witness) } }
    }
  }

  // MARK: One witness

  private func offer(to witness: WitnessEntry) async {
    do {
      guard try await offerNewest(to: witness) else { return }
      let wasBad = change(witness) { turn in
        defer { turn.complaint = nil }
        turn.failures = 0
        turn.nextAt = now().advanced(byMilliseconds: Self.spacing)
        return turn.complaint != nil
      }
      if wasBad { logger.notice("witness answers again", metadata: ["witness": "\(witness.name)"]) }
    } catch is CancellationError {
      return
    } catch {
      let reason = "\(error)"
      let isNew = change(witness) { turn in
        defer { turn.complaint = reason }
        turn.failures = min(turn.failures + 1, 20)
        let pause = min(Self.longestPause, Self.spacing << Int64(min(turn.failures - 1, 10)))
        turn.nextAt = now().advanced(byMilliseconds: pause + Int64(jitter() * Double(pause) / 4))
        return turn.complaint != reason
      }
      // Said once for each reason, not for each try.
      logger.log(
        level: isNew ? .warning : .debug, "journal head not witnessed",
        metadata: ["witness": "\(witness.name)", "reason": "\(reason)"])
    }
  }

  private func change<R>(_ witness: WitnessEntry, _ body: (inout Turn) -> R) -> R {
    book.turns.withLock { body(&$0[witness.name, default: Turn()]) }
  }

  /// False where there is nothing new to offer.
  private func offerNewest(to witness: WitnessEntry) async throws -> Bool {
    guard let endpoint = witness.endpoint else { return false }
    var old = book.turns.withLock { $0[witness.name]?.told }
    // Twice: the first answer may be what the witness holds.
    for attempt in 1...2 {
      let told = old
      guard let request = try await request(to: witness.name, told: told) else { return false }
      let origin = request.checkpoint.origin
      let size = request.checkpoint.size
      let last = book.turns.withLock { $0[witness.name]?.offered }
      if attempt == 1, last?.origin == origin, last?.size == size { return false }
      let answer = try await transport(endpoint, request.encoded)
      switch WitnessAnswer(status: answer.status, body: answer.body) {
      case .cosigned(let signatures):
        try await take(signatures, on: request, by: witness)
        change(witness) { turn in
          turn.told = (origin, size)
          turn.offered = (origin, size)
        }
        return true
      case .conflict(let held):
        guard held <= size else {
          throw alarm(
            "witness.ahead", witness,
            "the witness has cosigned \(held) entries of \(origin), of which \(size) are held")
        }
        guard held != request.oldSize else {
          throw alarm(
            "witness.fork", witness, "the witness has cosigned another \(origin) of \(size) entries"
          )
        }
        old = (origin, held)
      case .badProof:
        throw alarm(
          "witness.fork", witness,
          "the witness does not find its head of \(request.oldSize) entries in \(origin)")
      case let other: throw Refused(status: answer.status, isUnderstood: other != nil)
      }
    }
    return false
  }

  /// The witness's state and this node's journal contradict each other: operators must know.
  private func alarm(_ code: String, _ witness: WitnessEntry, _ detail: String) -> Contradiction {
    let isNew = book.turns.withLock { $0[witness.name]?.complaint } != "\(code): \(detail)"
    if isNew {
      logger.error(
        "alarm",
        metadata: ["alarm": "\(code)", "witness": "\(witness.name)", "detail": "\(detail)"])
    }
    return Contradiction(code: code, detail: detail)
  }

  /// The newest signed head, with the proof from what the witness holds of it.
  private func request(
    to witness: String, told: (origin: String, size: UInt64)?
  ) async throws -> AddCheckpoint? {
    let (code, federation) = (node.code, node.directory().federation)
    return try await node.store.read { reader in
      guard let journal = try reader.journalState(),
        let head = try reader.journalCheckpoint(epoch: journal.epoch), head.size <= journal.size
      else { return nil }
      let log = ServedLog(
        journal, epoch: journal.epoch, size: journal.size, federation: federation, code: code)
      var note = try SignedNote(parsing: head.note)
      // The cosignatures of others are not this witness's business.
      note.signatures.removeAll { $0.name != log.origin }
      let held = try reader.witnessedHead(origin: log.origin, witness: witness)?.size ?? 0
      let old = told?.origin == log.origin ? told?.size ?? held : held
      guard old <= head.size else {
        return try AddCheckpoint(oldSize: head.size, proof: [], note: note)
      }
      let proof =
        old == 0 || old == head.size
        ? []
        : try Merkle.consistencyProof(
          oldSize: old, newSize: head.size, source: log.subtrees(size: head.size, reader))
      return try AddCheckpoint(oldSize: old, proof: proof, note: note)
    }
  }

  private func take(
    _ signatures: [NoteSignature], on request: AddCheckpoint, by witness: WitnessEntry
  ) async throws {
    for signature in signatures where signature.name == witness.name {
      var note = request.note
      note.add(signature)
      if try await node.keep(note, witness.name) { return }
    }
    throw Unverified()
  }

  private struct Contradiction: Error, CustomStringConvertible {
    var code: String
    var detail: String
    var description: String { "\(code): \(detail)" }
  }

  private struct Refused: Error, CustomStringConvertible {
    var status: Int
    var isUnderstood: Bool
    var description: String {
      "the witness answered \(status)"
        + (isUnderstood ? "" : ", and what it said is not understood")
    }
  }

  private struct Unverified: Error, CustomStringConvertible {
    var description: String { "no cosignature by a key of the directory is in the answer" }
  }
}

/// Sends bodies to witnesses, one client each.
public final class WitnessTransport: Sendable {
  private let clients = Mutex<[String: WebClient]>([:])
  private let make: @Sendable (WebAddress) -> WebClient

  /// `make` makes a client for an address.
  public init(_ make: @escaping @Sendable (WebAddress) -> WebClient) { self.make = make }

  /// Posts a body.
  public func send(_ endpoint: String, _ body: [UInt8]) async throws -> WebAnswer {
    let address = try WebAddress(endpoint)
    let client = clients.withLock { clients in
      if let known = clients[endpoint] { return known }
      let made = make(address)
      clients[endpoint] = made
      return made
    }
    return try await client.send(
      .post, "/add-checkpoint", headers: [("content-type", "text/plain; charset=utf-8")],
      body: body)
  }

  /// Closes every connection.
  public func close() {
    for client in clients.withLock({ Array($0.values) }) { client.close() }
  }
}
