import Cryptography
public import RecordModel

/// A place in a channel that a source holds.
public struct AuditPlace: Sendable, Hashable {
  /// The channel.
  public var channel: AuditChannel
  /// The entry's number.
  public var seq: UInt64

  /// A place.
  public init(channel: AuditChannel, seq: UInt64) {
    self.channel = channel
    self.seq = seq
  }
}

extension AuditSource {
  /// Reads every channel through: most sources have no index.
  public func places(ofRecord id: RecordID) throws -> [AuditPlace] {
    try search(mentioning: id) { $0.id == id }
  }

  /// Reads every channel through: most sources have no index.
  public func places(ofThread id: RecordID) throws -> [AuditPlace] {
    try search(mentioning: id) { $0.thread == id }
  }

  /// The entries whose header is as wanted. Only headers in which the id's text stands are parsed.
  private func search(
    mentioning id: RecordID, _ isWanted: (RecordHeader) -> Bool
  ) throws -> [AuditPlace] {
    let text = Array("\(id)".utf8)
    var places: [AuditPlace] = []
    for channel in try channels() {
      var next: UInt64 = 0
      while true {
        let entries = try entries(channel, from: next, limit: 512)
        guard let last = entries.last, last.seq < .max else { break }
        for entry in entries
        where entry.header.holds(text)
          && ((try? RecordHeader(parsing: entry.header)).map(isWanted) ?? false)
        {
          places.append(AuditPlace(channel: channel, seq: entry.seq))
        }
        next = last.seq + 1
      }
    }
    return places
  }
}

extension [UInt8] {
  /// Whether `text`, which is not empty, stands in it anywhere.
  func holds(_ text: [UInt8]) -> Bool {
    guard let first = text.first, count >= text.count else { return false }
    return withUnsafeBufferPointer { bytes in
      text.withUnsafeBufferPointer { wanted in
        for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
          var length = 1
          while length < wanted.count, bytes[start + length] == wanted[length] { length += 1 }
          if length == wanted.count { return true }
        }
        return false
      }
    }
  }
}
