import Exchange
import RecordModel

extension SQLiteReading {
  func entries(after cursor: Int64?, filter: IndexFilter, limit: Int) throws -> [IndexEntry] {
    guard limit > 0 else { return [] }
    var rows: [IndexEntry] = []
    for stream in IndexStream.streams(for: filter) {
      rows += try stream.read(connection, filter: filter, after: cursor, limit: limit)
    }
    // Each stream is in order and holds what it could add to the answer, so the smallest (or
    // largest) of all of them are the answer.
    rows.sort { filter.descending ? $0.number > $1.number : $0.number < $1.number }
    return Array(rows.prefix(limit))
  }
}

/// A part of the index that one SQLite index delivers in the order of numbers.
enum IndexStream {
  /// Everything, filtered by channels row by row.
  case all
  case channel(ChannelNumber)
  /// Threads in one state, filtered by channels row by row.
  case state(ThreadState)

  /// Up to this many channels are read through the index by channel. With more, what they leave out
  /// is little, and one walk over all entries is cheaper.
  private static let channelLimit = 4

  static func streams(for filter: IndexFilter) -> [IndexStream] {
    if let states = filter.states { return Set(states).map(state) }
    if let channels = filter.channels, Set(channels).count <= channelLimit {
      return Set(channels).map(channel)
    }
    return [.all]
  }

  /// The question's text. Its parameters: cursor, limit, channel or state, list of channels.
  func sql(_ filter: IndexFilter) -> String {
    var conditions = [filter.descending ? "number < ?1" : "number > ?1"]
    switch self {
    case .all: break
    case .channel: conditions.append("position >> 40 = ?3")
    case .state: conditions.append("state = ?3")
    }
    if filter.channels != nil {
      // The plus keeps SQLite from using the index by channel here, and then sorting.
      conditions.append("+(position >> 40) IN (SELECT value FROM json_each(?4))")
    }
    if filter.omitRefused {
      conditions.append(
        "(SELECT refused FROM record WHERE record.position = entry.position) = 0")
    }
    return """
      SELECT \(StatementName.entryColumns) FROM entry WHERE \(conditions.joined(separator: " AND "))
      ORDER BY number \(filter.descending ? "DESC" : "ASC") LIMIT ?2
      """
  }

  func read(
    _ connection: Connection, filter: IndexFilter, after cursor: Int64?, limit: Int
  ) throws -> [IndexEntry] {
    let from = cursor ?? (filter.descending ? .max : .min)
    let channels = filter.channels.map { list in
      Binding.text("[" + list.map { String($0.rawValue) }.joined(separator: ",") + "]")
    }
    var values = [.integer(from), .integer(Int64(limit)), key, channels ?? .null]
    let query = try connection.query(sql(filter))
    // A statement has only as many parameters as its text names.
    values.removeLast(max(0, values.count - query.parameterCount))
    return try query.execute(values) { try query.rows { try $0.entry() } }
  }

  private var key: Binding {
    switch self {
    case .all: .null
    case .channel(let channel): .integer(channel.rawValue)
    case .state(let state): .text(state.rawValue)
    }
  }
}
