import Cryptography
import RecordModel
import TransparencyLog

/// One of the sources that are compared.
struct Holder {
  var name: String
  var source: any AuditSource
  var channels: [AuditChannel]
  /// Whose holdings they are, as far as the channels tell: one agency, or none.
  var owners: Set<AgencyCode>
  /// Until when it was kept, by its own clock: the time of its newest journal entry or header. A copy says
  /// nothing about what came later.
  var asOf: Timestamp?

  init(name: String, source: any AuditSource) throws {
    self.name = name
    self.source = source
    channels = try source.channels()
    owners = Set(
      channels.map(\.owner) + (try source.journals().map(\.origin.code))
        + [source.holder].compactMap { $0 })
    asOf = try Self.newestTime(source)
    // Its own headers are of the same clock: a journal that ends before them tells of no older copy.
    for channel in channels where channel.isOutbound && channel.claimedSize > 0 {
      let last = try source.entries(channel, from: channel.claimedSize - 1, limit: 1).first
      guard let time = last.flatMap({ try? RecordHeader(parsing: $0.header) })?.time else {
        continue
      }
      asOf = max(asOf ?? time, time)
    }
  }

  func channel(_ origin: Origin) -> AuditChannel? { channels.first { $0.origin == origin } }

  /// Whether these are the holdings of one agency.
  func isOf(_ agency: AgencyCode) -> Bool { owners == [agency] }

  private static func newestTime(_ source: any AuditSource) throws -> Timestamp? {
    var newest: Timestamp?
    for journal in try source.journals() {
      var next = journal.claimedSize.map { $0 > 0 ? $0 - 1 : 0 } ?? 0
      while true {
        let entries = try source.journalEntries(
          epoch: journal.origin.epoch, from: next, limit: 512)
        guard let last = entries.last, last.seq < .max else { break }
        for entry in entries {
          guard let time = (try? JournalEntry(parsing: entry.bytes))?.time else { continue }
          newest = max(newest ?? time, time)
        }
        next = last.seq + 1
      }
    }
    return newest
  }
}

extension AuditChannel {
  /// The agency whose holdings it is among.
  var owner: AgencyCode { isOutbound ? origin.direction.from : origin.direction.to }
}

/// Reads a channel's heads one after another.
struct HeadWalk {
  private let source: any AuditSource
  private let channel: AuditChannel?
  private var waiting: ArraySlice<AuditCheckpoint> = []
  private var size: UInt64
  private var isExhausted = false

  init(_ source: any AuditSource, _ channel: AuditChannel?, above size: UInt64 = 0) {
    self.source = source
    self.channel = channel
    self.size = size
  }

  mutating func next() throws -> AuditCheckpoint? {
    if waiting.isEmpty, !isExhausted, let channel {
      waiting = try source.checkpoints(channel, above: size, limit: 256)[...]
      // A source that does not go on is at its end.
      isExhausted = waiting.last.map { $0.size <= size } ?? true
      size = max(size, waiting.last?.size ?? size)
    }
    return waiting.popFirst()
  }
}

/// Reads a channel's entries one after another.
struct EntryWalk {
  private let source: any AuditSource
  private let channel: AuditChannel?
  private var waiting: ArraySlice<AuditEntry> = []
  private var position: UInt64
  private var isExhausted = false
  private(set) var count: UInt64 = 0

  init(_ source: any AuditSource, _ channel: AuditChannel?, from position: UInt64 = 0) {
    self.source = source
    self.channel = channel
    self.position = position
  }

  mutating func next() throws -> AuditEntry? {
    if waiting.isEmpty, !isExhausted, let channel {
      waiting = try source.entries(channel, from: position, limit: 512)[...]
      isExhausted = waiting.last.map { $0.seq < position || $0.seq == .max } ?? true
      position = waiting.last.map { $0.seq &+ 1 } ?? position
    }
    guard let entry = waiting.popFirst() else { return nil }
    count += 1
    return entry
  }
}
