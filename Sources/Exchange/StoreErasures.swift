public import RecordModel

// What the store keeps of erasures: which record each erasure record names, so that a payload's
// absence can be explained, and what was erased can be erased again.

/// A record whose payload one end, or both, have erased.
public struct StoredErasure: Sendable, Hashable {
  /// The record.
  public var target: RecordPosition
  /// This node's own erasure record of it: the payload is not held here.
  public var own: RecordPosition?
  /// The peer's erasure record of it: the payload is not held there.
  public var peers: RecordPosition?

  /// An erasure; with neither end's record it stands for a log entry that came without its payload
  /// and that no record explains yet.
  public init(target: RecordPosition, own: RecordPosition? = nil, peers: RecordPosition? = nil) {
    self.target = target
    self.own = own
    self.peers = peers
  }

  /// Whether some erasure record explains that the payload may be absent.
  public var isCovered: Bool { own != nil || peers != nil }
}

/// Reading what is known of erasures.
public protocol StoreErasureReader {
  /// What is known of the erasure of a record; nil if nothing is.
  func erasure(of target: RecordPosition) throws -> StoredErasure?
  /// Erasures in the order of their targets, beyond `target` (nil from the first), at most `limit`.
  func erasures(after target: RecordPosition?, limit: Int) throws -> [StoredErasure]
}

/// Changing what is known of erasures, and erasing.
public protocol StoreErasureWriter {
  /// Inserts or replaces what is known of the erasure of its target, which need not be held yet.
  func put(_ erasure: StoredErasure) throws
  /// Takes the payload and the salt of a record out of the store, and the digest of the request that
  /// brought it in under an Idempotency-Key; the key stays used. True if there was a payload.
  ///
  /// From the commit on nothing reads them again. What of them lies in the store's files is
  /// overwritten by the next `Store.scrub`.
  func erase(_ position: RecordPosition, id: RecordID) throws -> Bool
}
