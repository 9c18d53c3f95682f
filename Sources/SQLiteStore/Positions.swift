import Exchange

/// How a channel's or a journal epoch's number and a sequence number make one key: 23 bits and 40.
enum Position {
  private static let bits: Int64 = 40
  private static let mask: Int64 = 1 << bits - 1
  private static let groups: Range<Int64> = 0..<(1 << 23)

  /// The key of `seq` in `group`.
  static func key(_ group: Int64, _ seq: UInt64) throws -> Int64 {
    guard groups.contains(group), seq <= UInt64(mask) else {
      throw StoreFailure.failed("the store has no room for the number \(seq) of log \(group)")
    }
    return group << bits | Int64(seq)
  }

  /// The keys from `seq` to the end of its group; nil when the group has none there.
  static func keys(_ group: Int64, from seq: UInt64) -> ClosedRange<Int64>? {
    guard groups.contains(group), seq <= UInt64(mask) else { return nil }
    return (group << bits | Int64(seq))...(group << bits | mask)
  }

  /// The keys of a group up to and including `seq`.
  static func keys(_ group: Int64, through seq: UInt64) -> ClosedRange<Int64>? {
    guard groups.contains(group) else { return nil }
    return (group << bits)...(group << bits | Int64(clamping: min(seq, UInt64(mask))))
  }

  static func seq(_ key: Int64) -> UInt64 { UInt64(key & mask) }

  static func position(_ key: Int64) -> RecordPosition {
    RecordPosition(channel: ChannelNumber(rawValue: key >> bits), seq: seq(key))
  }
}
