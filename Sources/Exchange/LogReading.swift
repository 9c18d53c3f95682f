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
    TileSource(suite: suite, size: size) { level, index, width in
      try tile(channel, level: level, index: index, width: width, suite: suite, store: store)
    }
  }

  /// The Merkle root that a channel had when it was `size` records long.
  static func root(
    _ channel: ChannelNumber, at size: UInt64, suite: Suite, store: any StoreReader
  ) throws -> Digest {
    if size == 0 { return Merkle.emptyRoot(suite: suite) }
    return try Merkle.root(
      size: size, source: source(channel, size: size, suite: suite, store: store))
  }

  private static func tile(
    _ channel: ChannelNumber, level: Int, index: UInt64, width: Int, suite: Suite,
    store: any StoreReader
  ) throws -> [UInt8] {
    let full = UInt64(TileBuilder.width)
    if let stored = try store.tile(channel, level: level, index: index) {
      return Array(stored.prefix(width * Digest.byteCount))
    }
    let first = index * full
    if level == 0 {
      let leaves = try store.leaves(channel, first..<(first + UInt64(width)))
      return leaves.flatMap(\.bytes)
    }
    return try (first..<(first + UInt64(width))).flatMap { lower -> [UInt8] in
      guard let bytes = try store.tile(channel, level: level - 1, index: lower),
        let hashes = TileBuilder.hashes(of: bytes)
      else { throw StoreFailure.corrupt("tile \(level - 1)/\(lower) is missing") }
      return TileBuilder.root(of: hashes, suite: suite).bytes
    }
  }
}
