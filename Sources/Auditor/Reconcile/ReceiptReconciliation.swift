import Cryptography
import RecordModel
import TransparencyLog

/// Compares what senders hold of receipts with what receivers hold, and both with the clocks.
///
/// A copy proves that something is missing only if it was kept after the thing was there: both times
/// are taken from one and the same clock, the one of the agency in question.
struct ReceiptReconciliation {
  let directories: DirectoryHistory
  let limit: Int64

  /// Entries that a sender sent and has had no receipt for.
  func overdue(_ origin: Origin, _ sender: Holder, _ receiver: Holder?) throws -> ReconcileFinding?
  {
    guard let channel = sender.channel(origin), channel.isOutbound, let asOf = sender.asOf
    else { return nil }
    let receipted = try receiptedSize(origin, sender)
    var walk = EntryWalk(sender.source, channel, from: receipted)
    var late: ReconcileFinding?
    while let entry = try walk.next() {
      guard let time = (try? RecordHeader(parsing: entry.header))?.time,
        time.advanced(byMilliseconds: limit) < asOf
      else { continue }
      var finding =
        late
        ?? ReconcileFinding(
          kind: .overdue, subject: "\(origin)", index: entry.seq, count: 0, time: time,
          holders: [sender.name])
      finding.count += 1
      finding.time = min(finding.time ?? time, time)
      late = finding
    }
    guard var finding = late else { return nil }
    if let receiver { try explain(&finding, origin, receiver) }
    finding.said(by: channel)
    return finding
  }

  /// What the receiver holds of it.
  private func explain(
    _ finding: inout ReconcileFinding, _ origin: Origin, _ receiver: Holder
  ) throws {
    let first = finding.index ?? 0
    let covered = try receiptedSize(origin, receiver)
    let held = receiver.channel(origin)?.claimedSize ?? 0
    if covered > first {
      finding.detail = FindingDetail(
        "the receiver holds a receipt for \(covered) entries", zh: "接收方持有涵盖 \(covered) 条的回执")
    } else {
      finding.detail = FindingDetail(
        "the receiver says that it holds \(held) entries", zh: "接收方称持有 \(held) 条")
    }
  }

  /// How many entries the newest good receipt covers.
  func receiptedSize(_ origin: Origin, _ holder: Holder) throws -> UInt64 {
    let check = HeadCheck(origin, directories)
    var walk = HeadWalk(holder.source, holder.channel(origin))
    var newest: [AuditCheckpoint] = []
    while let head = try walk.next() {
      guard head.receiptTime != nil else { continue }
      newest.append(head)
      if newest.count > 64 { newest.removeFirst(32) }
    }
    for head in newest.reversed() {
      guard let checked = check([head]).first, checked.root != nil else { continue }
      if case .good = checked.receipt { return head.size }
    }
    return 0
  }

  /// Receipts that `holder` has of the receiver, which the receiver itself does not hold although it
  /// was kept after it gave them.
  func denied(
    _ origin: Origin, _ holder: Holder, _ receiver: Holder
  ) throws -> ReconcileFinding? {
    let channel = receiver.channel(origin)
    guard let asOf = receiver.asOf else { return nil }
    let check = HeadCheck(origin, directories)
    var theirs = HeadWalk(holder.source, holder.channel(origin))
    var own = HeadWalk(receiver.source, channel)
    var ownHead = try own.next()
    var finding: ReconcileFinding?
    while let head = try theirs.next() {
      while let next = ownHead, next.size < head.size { ownHead = try own.next() }
      if let ownHead, ownHead.size == head.size, ownHead.root == head.root,
        ownHead.receiptTime != nil
      {
        continue
      }
      guard let checked = check([head]).first, checked.root != nil,
        case .good(let seconds, _) = checked.receipt
      else { continue }
      let time = Timestamp(milliseconds: Int64(clamping: seconds) &* 1000)
      guard time < asOf else { continue }
      if finding == nil {
        finding = ReconcileFinding(
          kind: .denied, subject: "\(origin)", index: head.size, count: 0, time: time,
          holders: [holder.name, receiver.name])
      }
      finding?.count += 1
    }
    finding?.said(by: channel)
    return finding
  }

  /// Entries that `holder` has under the sender's signature, which the sender itself does not hold
  /// although it was kept after it sealed them.
  func shortened(
    _ origin: Origin, _ holder: Holder, _ sender: Holder, size: UInt64
  ) throws -> ReconcileFinding? {
    guard let asOf = sender.asOf, let channel = holder.channel(origin),
      let missing = try holder.source.entries(channel, from: size, limit: 1).first,
      let time = (try? RecordHeader(parsing: missing.header))?.time, time < asOf
    else { return nil }
    let check = HeadCheck(origin, directories)
    var walk = HeadWalk(holder.source, channel, above: size)
    while let head = try walk.next() {
      guard let checked = check([head]).first, checked.root != nil,
        checked.signatureFault(at: nil, among: check.senders) == nil
      else { continue }
      var finding = ReconcileFinding(
        kind: .shortened, subject: "\(origin)", index: size, count: head.size - size, time: time,
        holders: [holder.name, sender.name])
      finding.said(by: sender.channel(origin))
      return finding
    }
    return nil
  }
}

extension ReconcileFinding {
  /// Adds what the node says of itself. It is its word, and changes nothing of what was found.
  fileprivate mutating func said(by channel: AuditChannel?) {
    guard channel?.isRestoring == true else { return }
    detail.en += FindingDetail.restoring.en
    detail.zh += FindingDetail.restoring.zh
  }
}
