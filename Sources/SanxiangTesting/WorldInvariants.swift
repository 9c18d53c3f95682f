import Exchange
import RecordModel
import TransparencyLog

// What must hold at every moment, whatever fails.

extension TestWorld {
  /// Checks both ends of every channel against each other: the shorter log is the beginning of the
  /// longer one, roots agree with the records, receipts are the same bytes at both ends, no id stands
  /// twice among what is not refused.
  ///
  /// - Returns: what does not hold; empty when all does.
  public func brokenInvariants() throws -> [String] {
    let snapshots = try nodes.map { try $0.snapshot() }
    var broken: [String] = []
    for sender in nodes {
      for receiver in nodes where receiver.number != sender.number {
        let direction = Direction(from: sender.code, to: receiver.code)
        broken += compare(snapshots[sender.number], snapshots[receiver.number], direction)
      }
      broken += repeated(snapshots[sender.number], sender.number)
    }
    return broken
  }

  private func compare(
    _ sender: StoreSnapshot, _ receiver: StoreSnapshot, _ direction: Direction
  ) -> [String] {
    let (sent, held) = (sender.log(direction), receiver.log(direction))
    var broken: [String] = []
    for (one, other) in zip(sent, held)
    where one.header != other.header || differ(one.payload, other.payload) {
      broken.append("\(direction): seq \(one.seq) differs")
    }
    for (snapshot, log) in [(sender, sent), (receiver, held)] {
      guard let state = snapshot.channel(direction) else { continue }
      var frontier = Frontier(suite: state.frontier.suite)
      for record in log { frontier.append(leaf: record.leaf) }
      if frontier != state.frontier { broken.append("\(direction): the head is not the records'") }
    }
    let kept = Dictionary(
      uniqueKeysWithValues: receiver.receipts(direction).map { ($0.size, $0.note) })
    let receiptsHeld = sender.receipts(direction)
    for receipt in receiptsHeld {
      if let other = kept[receipt.size], other != receipt.note {
        broken.append("\(direction): two receipts for \(receipt.size)")
      }
    }
    return broken
  }

  /// Each end may have erased its copy.
  private func differ(_ one: [UInt8]?, _ other: [UInt8]?) -> Bool {
    one != nil && other != nil && one != other
  }

  private func repeated(_ snapshot: StoreSnapshot, _ number: Int) -> [String] {
    var seen: Set<RecordID> = []
    var broken: [String] = []
    for records in snapshot.records.values {
      for record in records where !record.refused {
        guard let header = try? RecordHeader(parsing: record.header) else { continue }
        if !seen.insert(header.id).inserted { broken.append("node \(number): \(header.id) twice") }
      }
    }
    for submission in snapshot.queued.values.joined() where seen.contains(submission.id) {
      broken.append("node \(number): \(submission.id) is sealed and queued")
    }
    return broken
  }

  /// When nothing is on its way: both ends of every channel hold the same, receipted to its end, and
  /// the threads stand alike.
  public func unequalEnds() throws -> [String] {
    let snapshots = try nodes.map { try $0.snapshot() }
    var found: [String] = []
    for sender in nodes {
      for receiver in nodes where receiver.number != sender.number {
        let direction = Direction(from: sender.code, to: receiver.code)
        let (here, there) = (snapshots[sender.number], snapshots[receiver.number])
        guard let out = here.channel(direction), let into = there.channel(direction) else {
          found.append("\(direction): not open at both ends")
          continue
        }
        if out.frontier != into.frontier {
          found.append("\(direction): \(out.size) and \(into.size)")
        }
        if out.receiptedSize != out.size {
          found.append("\(direction): \(out.receiptedSize) receipted")
        }
        if here.receipts(direction) != there.receipts(direction) {
          found.append(
            "\(direction): other receipts, for \(here.receipts(direction).map(\.size)) and "
              + "\(there.receipts(direction).map(\.size))")
        }
        if here.log(direction).map(\.refused) != there.log(direction).map(\.refused) {
          found.append("\(direction): other verdicts")
        }
        found += otherStates(here, there, direction)
      }
    }
    return found
  }

  private func otherStates(
    _ here: StoreSnapshot, _ there: StoreSnapshot, _ direction: Direction
  ) -> [String] {
    let other = Dictionary(uniqueKeysWithValues: there.index.map { ($0.id, $0.state) })
    return here.log(direction).compactMap { record -> String? in
      guard !record.refused, let header = try? RecordHeader(parsing: record.header),
        let entry = here.index.first(where: { $0.id == header.id }), entry.state != nil
      else { return nil }
      return other[header.id] == .some(entry.state) ? nil : "\(header.id): another state"
    }
  }
}
