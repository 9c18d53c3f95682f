import Auditor
import Exchange
import Synchronization
import TransparencyLog

/// What an export tells of a store that no single read can answer: which entries were refused, and
/// where each bundle of signed heads begins. Grows with the store, a bounded piece at a time, and is
/// made anew with each process.
///
/// Its lock is never waited for: store reads for auditors come one after another.
final class ExportIndex: Sendable {
  /// How many entries one piece of work looks at.
  static let pieceEntries = 2048

  /// Where the heads of a channel are found again.
  struct Heads: Sendable, Hashable {
    /// The size of each head whose place, in the order of sizes, is a multiple of 256.
    var starts: [UInt64] = []
    var count: UInt64 = 0
    var last: UInt64 = 0
  }

  private struct State {
    var scanned: [ChannelNumber: UInt64] = [:]
    var refused: [ChannelNumber: Set<UInt64>] = [:]
    var heads: [ChannelNumber: Heads] = [:]
    var formerSizes: [UInt32: UInt64] = [:]
  }
  private let state = Mutex(State())

  /// The places of a channel's refused entries, ascending.
  func refused(_ channel: ChannelNumber) -> [UInt64] {
    state.withLock { ($0.refused[channel] ?? []).sorted() }
  }

  func heads(_ channel: ChannelNumber) -> Heads {
    state.withLock { $0.heads[channel] ?? Heads() }
  }

  /// The size of a former epoch of the journal, which never changes.
  func formerSize(_ epoch: UInt32, _ reader: any StoreReader) throws -> UInt64 {
    if let known = state.withLock({ $0.formerSizes[epoch] }) { return known }
    let size = try reader.size(ofFormerJournal: epoch)
    state.withLock { $0.formerSizes[epoch] = size }
    return size
  }

  /// Forgets where heads lie: one that was lost has come back among the others.
  func forgetHeads(_ channel: ChannelNumber) { state.withLock { $0.heads[channel] = nil } }

  /// Catches up by one piece; true when nothing is left to look at.
  func advance(_ logs: [ServedLog], _ reader: any StoreReader) throws -> Bool {
    var room = Self.pieceEntries
    for log in logs {
      guard case .channel(let number) = log.place else { continue }
      try scan(number, log, logs, reader, &room)
      try addHeads(number, reader, &room)
      if room <= 0 { return false }
    }
    return true
  }

  // MARK: Refused entries

  private func scan(
    _ number: ChannelNumber, _ log: ServedLog, _ logs: [ServedLog], _ reader: any StoreReader,
    _ room: inout Int
  ) throws {
    var seq = state.withLock { $0.scanned[number] ?? 0 }
    while seq < log.size, room > 0 {
      let place = RecordPosition(channel: number, seq: seq)
      guard let (header, isRefused) = try reader.header(at: place) else {
        throw StoreFailure.corrupt("entry \(seq) of \(log.origin) is missing")
      }
      if isRefused { note(seq, of: number) }
      if let channel = log.state {
        let marked = try reader.refused(
          by: header, at: place, of: channel, among: logs.compactMap(\.state))
        for place in marked { note(place.seq, of: place.channel) }
      }
      seq += 1
      room -= 1
    }
    state.withLock { $0.scanned[number] = seq }
  }

  private func note(_ seq: UInt64, of number: ChannelNumber) {
    state.withLock { _ = $0.refused[number, default: []].insert(seq) }
  }

  // MARK: Heads

  private func addHeads(
    _ number: ChannelNumber, _ reader: any StoreReader, _ room: inout Int
  ) throws {
    var heads = heads(number)
    // A store counts up to `Int64.max`: no head comes after one of that size.
    while room > 0, heads.last < UInt64(Int64.max) {
      let page = try reader.checkpoints(
        number, sizes: (heads.last + 1)...UInt64(Int64.max), cosignedOnly: false, limit: 256)
      for head in page {
        if heads.count % UInt64(CheckpointBundle.fullWidth) == 0 { heads.starts.append(head.size) }
        heads.count += 1
        heads.last = head.size
      }
      room -= page.count
      if page.count < 256 { break }
    }
    let known = heads
    state.withLock { $0.heads[number] = known }
  }
}
