import AuditService
import Auditor
import Exchange

/// Finds which entries their receiver refused, without reading again what an earlier export has told.
///
/// What is new to an export are the marks of new entries, and those of older entries that a new refusal
/// names.
struct ExportVerdicts {
  private let reader: any StoreReader
  private let channels: [ChannelState]
  private var refused: [ChannelNumber: Set<UInt64>] = [:]

  init(_ reader: any StoreReader, _ plan: ExportPlan) {
    self.reader = reader
    channels = plan.logs.compactMap(\.channel)
  }

  /// Takes what an earlier export of a channel has told.
  mutating func take(_ seqs: [UInt64], of channel: ChannelNumber) {
    refused[channel, default: []].formUnion(seqs)
  }

  /// Takes an entry that was read anyway.
  mutating func take(_ entry: ExportEntry, of log: ExportPlan.Log) throws {
    guard let channel = log.channel else { return }
    if entry.isRefused { refused[channel.number, default: []].insert(entry.seq) }
    let place = RecordPosition(channel: channel.number, seq: entry.seq)
    try takeRefused(by: entry.bytes, at: place, of: channel)
  }

  /// Takes entries that were exported already without their verdicts being told.
  mutating func take(_ seqs: Range<UInt64>, of channel: ChannelState) throws {
    for seq in seqs {
      let place = RecordPosition(channel: channel.number, seq: seq)
      guard let (header, isRefused) = try reader.header(at: place) else { continue }
      if isRefused { refused[channel.number, default: []].insert(seq) }
      try takeRefused(by: header, at: place, of: channel)
    }
  }

  /// The refused entries of a channel, ascending.
  func refused(of channel: ChannelNumber) -> [UInt64] { (refused[channel] ?? []).sorted() }

  private mutating func takeRefused(
    by header: [UInt8], at place: RecordPosition, of channel: ChannelState
  ) throws {
    let marked = try reader.refused(by: header, at: place, of: channel, among: channels)
    for place in marked { refused[place.channel, default: []].insert(place.seq) }
  }
}
