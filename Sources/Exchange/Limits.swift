/// Every limit of the exchange, by name, with its default. `docs/operations.md` lists them.
public struct ExchangeLimits: Sendable, Hashable {
  /// Records to one agency that may wait, unsealed or without a receipt, before a submission is
  /// answered with `outbox.full`.
  public var outboxRecords = 1_000_000
  /// Bytes of the same, headers and salts included.
  public var outboxBytes = 8 << 30
  /// Free bytes on the store's medium below which submissions are answered with `storage.full` and
  /// peers get a zero window. Receipts and refusals live from this reserve.
  public var storageReserveBytes: UInt64 = 64 << 20
  /// What a peer may have pushed and not receipted, in records and in bytes.
  public var windowRecords: UInt32 = 4096
  /// The same in bytes of headers, payloads and salts.
  public var windowBytes: UInt64 = 8 << 20
  /// The most that one push, and one signed head, takes: in records and in bytes. One record may be
  /// larger. The frame limit of 2 MiB must hold it.
  public var batchRecords = 256
  /// The same in bytes of headers, payloads and salts.
  public var batchBytes = 512 << 10
  /// Receipts and faults of one connection that may wait to be worked on: more than a peer that was
  /// away for a year has to send.
  public var waitingMessages = 65_536
  /// Records that one transaction takes.
  public var turnRecords = 1024
  /// How far a header's time may lie in the receiver's future, how far a cosignature's time may lie
  /// from the sender's clock, and how far two nodes' clocks may differ before nothing is sealed.
  public var clockToleranceMilliseconds: Int64 = 5 * 60 * 1000
  /// The longest Idempotency-Key, in bytes, and how long one is remembered.
  public var idempotencyKeyBytes = 128
  /// How long a key is remembered.
  public var idempotencyMilliseconds: Int64 = 7 * 24 * 3600 * 1000
  /// How long a node waits before it tries again to overwrite what erased payloads have left.
  public var scrubRetryMilliseconds: Int64 = 60_000
  /// The longest lease on an inbox entry.
  public var leaseSeconds = 24 * 3600

  /// How far apart the journal heads are that one peer is asked to cosign, unless it answers that it
  /// holds another size than was thought.
  public var witnessIntervalMilliseconds: Int64 = 10_000
  /// Heads that a peer may show at once; one more is allowed each second.
  public var witnessBurst = 8
  /// Epochs of one agency's journal that are witnessed.
  public var witnessEpochs = 256
  /// Pairs of conflicting heads that are kept of one journal.
  public var witnessConflicts = 64
  /// How long after its start a node waits for the first greeting of every peer before it signs a head
  /// of its journal: one of them may hold a later head, which tells of a restored backup.
  public var journalWaitMilliseconds: Int64 = 120_000

  /// The defaults.
  public init() {}
}
