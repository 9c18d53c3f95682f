public import Exchange
public import RecordModel

/// All that a store holds but its journal, its evidence, and what is worked out from records, for
/// comparing before and after.
public struct StoreSnapshot: Hashable, Sendable {
  /// Every channel, oldest first.
  public var channels: [ChannelState] = []
  /// The channels' records.
  public var records: [ChannelNumber: [StoredRecord]] = [:]
  /// The channels' checkpoints, cosigned or not, ascending.
  public var checkpoints: [ChannelNumber: [StoredCheckpoint]] = [:]
  /// Every index entry, by number.
  public var index: [IndexEntry] = []
  /// The outboxes.
  public var queued: [AgencyCode: [Submission]] = [:]
  /// Dead letters, newest first.
  public var dead: [Submission] = []
  /// Directory notes, oldest first.
  public var directories: [[UInt8]] = []

  /// Reads everything in one consistent state.
  public init(of store: some Store) throws {
    self = try store.read { try StoreSnapshot($0) }
  }

  private init(_ reader: any StoreReader) throws {
    channels = try reader.channels()
    for channel in channels {
      records[channel.number] = try reader.records(
        channel.number, from: 0, maximumCount: Int.max, maximumBytes: Int.max)
      checkpoints[channel.number] = try reader.checkpoints(
        channel.number, sizes: 0...UInt64.max, cosignedOnly: false, limit: Int.max)
    }
    index = try reader.entries(after: nil, filter: IndexFilter(), limit: Int.max)
    for agency in try reader.outboxCounts().keys {
      queued[agency] = try reader.queued(to: agency, limit: Int.max)
    }
    dead = try reader.deadLetters(limit: Int.max)
    directories = try reader.directoryNotes()
  }

  /// The same without the channels' halts: what a halt must leave as it was.
  public var withoutHalts: StoreSnapshot {
    var copy = self
    for index in copy.channels.indices { copy.channels[index].halt = nil }
    return copy
  }

  /// A channel by its origin's direction; the newest epoch's.
  public func channel(_ direction: Direction) -> ChannelState? {
    channels.last { $0.origin.direction == direction }
  }

  /// The records of a direction's newest channel.
  public func log(_ direction: Direction) -> [StoredRecord] {
    channel(direction).flatMap { records[$0.number] } ?? []
  }

  /// The cosigned checkpoints of a direction's newest channel.
  public func receipts(_ direction: Direction) -> [StoredCheckpoint] {
    (channel(direction).flatMap { checkpoints[$0.number] } ?? []).filter { $0.receiptTime != nil }
  }
}
