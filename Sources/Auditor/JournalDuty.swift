import RecordModel

/// Whether a node should have signed its journal by now, as far as the journal itself tells.
///
/// A node signs within a second of every entry, once its peers have greeted it, or two minutes after one
/// has (`docs/audit.md`, Journal witnessing); before that it seals nothing. So a channel whose head was
/// journalled twice since a start, at different sizes, had a peer, and what was journalled after that
/// second head cannot be unsigned for long.
struct JournalDuty {
  /// After how long an unsigned entry is one too many, in milliseconds: more than twice as long as any
  /// node waits.
  static let patience: Int64 = 5 * 60 * 1000

  private var heads: [Origin: UInt64] = [:]
  private var since: Timestamp?
  /// Whether entries are unsigned that should have been signed.
  private(set) var isNeglected = false

  /// Takes an entry, and whether the journal is signed up to it.
  mutating func take(_ content: CheckedJournalEntry.Content, isSigned: Bool) {
    if content.isStart {
      heads = [:]
      since = nil
    }
    if case .head(let origin, let size, _) = content.fact {
      if let before = heads[origin], before < size { since = since ?? content.time }
      heads[origin] = size
    }
    if isSigned {
      (since, isNeglected) = (nil, false)
    } else if let since, since.advanced(byMilliseconds: Self.patience) < content.time {
      isNeglected = true
    }
  }
}
