import Cryptography
import RecordModel
import TransparencyLog

/// Reading channels out of the store: batches to push, subtrees to prove with.
enum LogReading {
  /// The records from `start` up to the last signed head that fits, with that head; nil when there
  /// is none. Below `cosignedUpTo` the batch ends at a head with a receipt; with `eachReceipt` at the
  /// next one, so that a restored receiver gets every one of its own receipts back.
  static func batch(
    _ state: ChannelState, from start: UInt64, records limit: Int, bytes: Int,
    cosignedUpTo: UInt64, eachReceipt: Bool = false, store: any StoreReader
  ) throws -> Batch? {
    guard start < state.size else { return nil }
    let end = min(state.size, start + UInt64(limit))
    let old = start < cosignedUpTo
    let last = old ? min(end, cosignedUpTo) : end
    var heads = try store.checkpoints(
      state.number, sizes: (start + 1)...max(last, start + 1), cosignedOnly: old,
      limit: old && eachReceipt ? 1 : limit)
    if heads.isEmpty {
      // No receipt so near: any signed head will do. Heads are never further apart than a batch, so
      // no peer can make us read more than that by the receipts that it gives.
      heads = try store.checkpoints(
        state.number, sizes: (start + 1)...state.size, cosignedOnly: false, limit: 1)
    }
    guard let nearest = heads.first, let furthest = heads.last else { return nil }
    let read = try store.records(
      state.number, from: start, maximumCount: Int(furthest.size - start), maximumBytes: bytes)
    var held = read
    let reached = heads.last { $0.size <= start + UInt64(read.count) }
    if reached == nil {
      held = try store.records(
        state.number, from: start, maximumCount: Int(nearest.size - start),
        maximumBytes: Int.max)
    }
    let head = reached ?? nearest
    return Batch(
      origin: state.origin, start: start,
      records: held.prefix(Int(head.size - start)).map {
        WireRecord(header: $0.header, payload: $0.payload, salt: $0.payload == nil ? [] : $0.salt)
      }, checkpoint: head.note)
  }

  /// Subtree hashes of a channel from its tiles and leaves.
  static func source(
    _ channel: ChannelNumber, size: UInt64, suite: Suite, store: any StoreReader
  ) -> TileSource {
    source(
      size: size, suite: suite, tile: { try store.tile(channel, level: $0, index: $1) },
      leaves: { try store.leaves(channel, $0) })
  }

  /// Subtree hashes of a journal epoch from its tiles and leaves.
  static func journal(
    epoch: UInt32, size: UInt64, suite: Suite, store: any StoreReader
  ) -> TileSource {
    source(
      size: size, suite: suite,
      tile: { try store.journalTile(epoch: epoch, level: $0, index: $1) },
      leaves: { try store.journalLeaves(epoch: epoch, $0) })
  }

  /// The Merkle root that a channel had when it was `size` records long.
  static func root(
    _ channel: ChannelNumber, at size: UInt64, suite: Suite, store: any StoreReader
  ) throws -> Digest {
    if size == 0 { return Merkle.emptyRoot(suite: suite) }
    return try Merkle.root(
      size: size, source: source(channel, size: size, suite: suite, store: store))
  }

  /// A partial tile is made from the leaves, or from the complete tiles below it.
  private static func source(
    size: UInt64, suite: Suite, tile: @escaping (Int, UInt64) throws -> [UInt8]?,
    leaves: @escaping (Range<UInt64>) throws -> [Digest]
  ) -> TileSource {
    let full = UInt64(TileBuilder.width)
    return TileSource(suite: suite, size: size) { level, index, width in
      if let stored = try tile(level, index) {
        return Array(stored.prefix(width * Digest.byteCount))
      }
      let first = index * full
      if level == 0 { return try leaves(first..<(first + UInt64(width))).flatMap(\.bytes) }
      return try (first..<(first + UInt64(width))).flatMap { lower -> [UInt8] in
        guard let bytes = try tile(level - 1, lower), let hashes = TileBuilder.hashes(of: bytes)
        else { throw StoreFailure.corrupt("tile \(level - 1)/\(lower) is missing") }
        return TileBuilder.root(of: hashes, suite: suite).bytes
      }
    }
  }
}
