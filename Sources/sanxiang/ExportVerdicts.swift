import Auditor
import Exchange
import RecordModel

/// Finds which entries their receiver refused, without reading again what an earlier export has told.
///
/// An entry is marked when it is appended, or when the refusal that names it arrives on the reverse
/// channel. So what is new to an export are the marks of new entries, and those of older entries that
/// a new refusal names; each is asked of the store.
struct ExportVerdicts {
  private let reader: any StoreReader
  private let logs: [ExportPlan.Log]
  private var refused: [ChannelNumber: Set<UInt64>] = [:]

  init(_ reader: any StoreReader, _ plan: ExportPlan) {
    self.reader = reader
    logs = plan.logs
  }

  /// Takes what an earlier export of a channel has told.
  mutating func take(_ seqs: [UInt64], of channel: ChannelNumber) {
    refused[channel, default: []].formUnion(seqs)
  }

  /// Takes an entry that was read anyway.
  mutating func take(_ entry: ExportEntry, of log: ExportPlan.Log) throws {
    guard let channel = log.channel else { return }
    if entry.isRefused { refused[channel.number, default: []].insert(entry.seq) }
    try takeRefusal(entry.bytes, seq: entry.seq, of: channel)
  }

  /// Takes entries that were exported already without their verdicts being told.
  mutating func take(_ seqs: Range<UInt64>, of channel: ChannelState) throws {
    for seq in seqs {
      let place = RecordPosition(channel: channel.number, seq: seq)
      guard let (header, isRefused) = try reader.header(at: place) else { continue }
      if isRefused { refused[channel.number, default: []].insert(seq) }
      try takeRefusal(header, seq: seq, of: channel)
    }
  }

  /// The refused entries of a channel, ascending.
  func refused(of channel: ChannelNumber) -> [UInt64] { (refused[channel] ?? []).sorted() }

  private mutating func takeRefusal(
    _ bytes: [UInt8], seq: UInt64, of channel: ChannelState
  ) throws {
    guard channel.role == .inbound, let header = try? RecordHeader(parsing: bytes),
      header.kind == KindName.systemRefusal
    else { return }
    var seqs: Set<UInt64> = []
    if let target = header.replyTo, let entry = try reader.entry(target) {
      seqs.insert(entry.position.seq)
    }
    let place = RecordPosition(channel: channel.number, seq: seq)
    if let payload = try reader.record(at: place)?.payload,
      let refusal = SystemRefusal(reading: payload), let named = UInt64(exactly: refusal.seq)
    {
      seqs.insert(named)
    }
    for log in logs {
      guard let reverse = log.channel,
        reverse.origin.direction == channel.origin.direction.reversed
      else { continue }
      for seq in seqs {
        let place = RecordPosition(channel: reverse.number, seq: seq)
        if try reader.header(at: place)?.refused == true {
          refused[reverse.number, default: []].insert(seq)
        }
      }
    }
  }
}
