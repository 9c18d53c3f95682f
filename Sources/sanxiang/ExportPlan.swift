import AuditService
import Auditor
import Cryptography
import Exchange
import RecordModel
import TransparencyLog

/// What a node holds at the moment of an export: whose it is, and how far each log goes.
struct ExportPlan {
  /// One log to export.
  struct Log {
    var kind: ExportManifest.Kind
    var origin: String
    var size: UInt64
    /// The root that the node says the entries have; nil where it says none.
    var root: Digest?
    var suite: Suite
    /// A channel's state.
    var channel: ChannelState?
    /// A journal's epoch.
    var epoch: UInt32?
  }

  var federation: String
  var code: AgencyCode
  /// By origin.
  var logs: [Log]

  /// Reads how far everything goes.
  init(_ reader: any StoreReader) throws {
    guard let (federation, code) = try StoreAuditSource(reader: reader).owner() else {
      throw Failure(
        .unreachable, "export.empty", say("库中没有任何日志", "the store holds no log at all"))
    }
    self.federation = federation
    self.code = code
    logs = try reader.channels().map { state in
      Log(
        kind: state.role == .outbound ? .channelOut : .channelIn,
        origin: state.origin.description, size: state.size, root: state.frontier.root,
        suite: state.frontier.suite, channel: state)
    }
    if let journal = try reader.journalState() {
      for epoch in 1...journal.epoch {
        let isCurrent = epoch == journal.epoch
        logs.append(
          Log(
            kind: .journal,
            origin: "\(JournalOrigin(federation: federation, code: code, epoch: epoch))",
            size: isCurrent ? journal.size : try reader.size(ofFormerJournal: epoch),
            root: isCurrent ? journal.frontier.root : nil, suite: journal.frontier.suite,
            epoch: epoch))
      }
    }
    logs.sort { $0.origin < $1.origin }
  }
}

/// One entry on its way into an export.
struct ExportEntry {
  var seq: UInt64
  /// The exact bytes that are hashed.
  var bytes: [UInt8]
  /// What becomes of the payload; nil in a journal.
  var payload: PayloadBundle.State?
  var isRefused: Bool
}

extension ExportPlan.Log {
  /// The most bytes of records read at once.
  private static let chunkBytes = 8 << 20

  /// Where the log lies in the export.
  var path: String { "logs/\(origin)" }

  /// Entries from `seq` on, at most `limit` of them.
  func entries(
    _ reader: any StoreReader, from seq: UInt64, limit: UInt64, payloads: Bool
  ) throws -> [ExportEntry] {
    if let epoch {
      return try reader.journal(epoch: epoch, from: seq, limit: Int(limit)).map {
        ExportEntry(seq: $0.seq, bytes: $0.bytes, payload: nil, isRefused: false)
      }
    }
    guard let channel else { return [] }
    return try reader.records(
      channel.number, from: seq, maximumCount: Int(limit), maximumBytes: Self.chunkBytes
    ).map { record in
      let payload: PayloadBundle.State =
        if !payloads {
          .leftOut
        } else if let payload = record.payload {
          .held(salt: record.salt, payload: payload)
        } else {
          .erased
        }
      return ExportEntry(
        seq: record.seq, bytes: record.header, payload: payload, isRefused: record.refused)
    }
  }

  /// Every signed head that the node keeps of it, ascending by size.
  func checkpoints(
    _ reader: any StoreReader, _ body: (StoredCheckpoint) throws -> Void
  ) throws {
    if let epoch {
      if let checkpoint = try reader.journalCheckpoint(epoch: epoch) { try body(checkpoint) }
      return
    }
    guard let channel else { return }
    var from: UInt64 = 0
    while true {
      let page = try reader.checkpoints(
        channel.number, sizes: from...UInt64(Int64.max), cosignedOnly: false, limit: 256)
      guard let last = page.last else { return }
      for checkpoint in page { try body(checkpoint) }
      from = last.size + 1
    }
  }

  /// The heads of a journal that others cosigned, one for each witness.
  func witnessedHeads(_ reader: any StoreReader) throws -> [[UInt8]] {
    guard epoch != nil else { return [] }
    return try reader.witnessedHeads(origin: origin).map(\.note)
  }

  /// A log that contradicts itself cannot be exported; its store can be audited.
  func damaged(_ what: String) -> Failure {
    Failure(
      .failed, "export.damaged",
      say("\(origin)：\(what)；请直接核验该库", "\(origin): \(what); audit the store itself"))
  }
}
