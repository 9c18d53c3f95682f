import RecordModel
import RecordSchema

/// The threads between two agencies while both logs are replayed: what `ThreadRules` needs of each,
/// and no more. A thread that has only been opened, of which there can be very many, takes a few
/// dozen bytes; one after which nothing may follow is forgotten as soon as no record can come whose
/// cut lies before its end.
struct ThreadBook {
  /// A thread that ended, and where.
  private struct End {
    var thread: RecordID
    var place: Seen
  }

  private var openings = OpeningTable()
  private var threads: [RecordID: [ThreadEntry]] = [:]
  private var ends: [Direction: ArraySlice<End>] = [:]

  /// What is wrong with an unrefused record at its cut: by its header, and by what its payload says
  /// of other records; `opens` says whether it begins a thread. Of a thread that has been forgotten, which ended in withdrawal, a transfer may
  /// be the repetition.
  func judge(
    _ header: RecordHeader, epoch: UInt32, opens: Bool, ties: ThreadTies = .none
  ) -> [Violation] {
    var found = ties.violations
    // A first record can only repeat an id, which is another finding.
    if !opens {
      found += ThreadRules.judge(header, epoch: epoch, entries: entries(header.thread))
    }
    if ties.asksOthers {
      found += ties.violations(of: header, epoch: epoch) { entries($0) }
    }
    return found
  }

  /// Takes a record that stands.
  mutating func add(_ header: RecordHeader, epoch: UInt32, opens: Bool) {
    forget(whatEndedBefore: header)
    let thread = header.thread
    if opens, threads[thread] == nil, !openings.contains(thread),
      openings.insert(header, epoch: epoch)
    {
      return
    }
    var all = entries(thread)
    all.append(ThreadEntry(header, epoch: epoch, refused: false))
    openings.remove(thread)
    threads[thread] = all
    guard Self.isOver(all) else { return }
    ends[header.direction, default: []].append(
      End(thread: thread, place: Seen(epoch: epoch, size: header.seq)))
  }

  /// Whether nothing may follow in a thread.
  private static func isOver(_ entries: [ThreadEntry]) -> Bool {
    guard let standing = ThreadRules.standing(entries), !standing.state.isOpen else {
      return false
    }
    return ThreadParty.allCases.allSatisfy { standing.allowedNext(for: $0).isEmpty }
  }

  /// How many threads are remembered.
  var count: Int { openings.count + threads.count }

  private func entries(_ thread: RecordID) -> [ThreadEntry] {
    if let all = threads[thread] { return all }
    return openings[thread].map { [$0] } ?? []
  }

  /// The sender of `header` has seen the end of these threads, and so has all that it sends later.
  /// What it sent before may have made the end void: such a thread goes on.
  private mutating func forget(whatEndedBefore header: RecordHeader) {
    let reverse = header.direction.reversed
    while let end = ends[reverse]?.first, end.place < header.seen {
      ends[reverse]?.removeFirst()
      if let all = threads[end.thread], Self.isOver(all) { threads[end.thread] = nil }
    }
  }
}
