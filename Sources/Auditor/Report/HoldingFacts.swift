import Cryptography
import RecordModel
import RecordSchema

/// What a report tells of one holding besides what the audit finds: read in one walk through its logs,
/// and one look at each open thread.
struct HoldingFacts {
  /// Most open threads whose time limits are worked out.
  static let threadLimit = 100_000

  private let holder: Holder
  private let directories: DirectoryHistory
  private let receipts: ReceiptReconciliation
  private let receiptLimit: Int64
  private let progress: (AuditProgress) -> Void
  /// The smallest receipts of each log, ascending by size.
  private var receiptTimes: [Origin: [(size: UInt64, time: UInt64)]] = [:]
  private var threads: [RecordID: [ThreadEntry]] = [:]

  init(
    _ holder: Holder, _ directories: DirectoryHistory, _ receiptLimit: Int64,
    _ progress: @escaping (AuditProgress) -> Void
  ) {
    self.holder = holder
    self.directories = directories
    self.receiptLimit = receiptLimit
    self.progress = progress
    receipts = ReceiptReconciliation(directories: directories, limit: receiptLimit)
  }

  mutating func read(into holding: inout ReportedHolding) throws {
    let channels = holder.channels.sorted { $0.origin.description < $1.origin.description }
    for channel in channels { try read(channel, &holding) }
    try readActs(&holding)
    try readClocks(&holding)
  }

  // MARK: Logs

  private mutating func read(
    _ channel: AuditChannel, _ holding: inout ReportedHolding
  ) throws {
    let origin = channel.origin
    try readReceipts(channel)
    let receipted = channel.isOutbound ? try receipts.receiptedSize(origin, holder) : .max
    var walk = EntryWalk(holder.source, channel)
    var days: [Int: Int] = [:]
    while let entry = try walk.next() {
      if walk.count % 4096 == 0 {
        progress(
          AuditProgress(log: "\(origin)", done: walk.count, total: channel.claimedSize))
      }
      guard let header = try? RecordHeader(parsing: entry.header) else { continue }
      days[header.time.dayNumber, default: 0] += 1
      if entry.seq >= receipted { addPending(header, origin, entry.seq, &holding) }
      guard !KindName.isSystem(header.kind), !entry.isRefused else { continue }
      threads[header.thread, default: []].append(
        ThreadEntry(header, epoch: origin.epoch, refused: false))
    }
    holding.activity[origin] = days
  }

  private func addPending(
    _ header: RecordHeader, _ origin: Origin, _ seq: UInt64, _ holding: inout ReportedHolding
  ) {
    let limit = header.time.advanced(byMilliseconds: receiptLimit)
    holding.pending.add(
      PendingRecord(
        origin: origin, seq: seq, id: header.id, kind: header.kind, time: header.time,
        isLate: holder.asOf.map { limit < $0 } ?? false))
  }

  private mutating func readReceipts(_ channel: AuditChannel) throws {
    var walk = HeadWalk(holder.source, channel)
    var times: [(size: UInt64, time: UInt64)] = []
    while let head = try walk.next() {
      if let time = head.receiptTime { times.append((head.size, time)) }
    }
    receiptTimes[channel.origin] = times
  }

  /// When the receiver held an entry, by the smallest receipt that covers it.
  private func receiptTime(_ origin: Origin, _ seq: UInt64) -> UInt64? {
    guard let times = receiptTimes[origin] else { return nil }
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle].size <= seq { low = middle + 1 } else { high = middle }
    }
    return low < times.count ? times[low].time : nil
  }

  // MARK: Acts

  private static let quiet: Set<JournalEvent> = [
    .submission, .channelHead, .refusalSent, .refusalReceived, .nodeStart, .nodeStop,
  ]

  private func readActs(_ holding: inout ReportedHolding) throws {
    for journal in try holder.source.journals() {
      var next: UInt64 = 0
      while true {
        let entries = try holder.source.journalEntries(
          epoch: journal.origin.epoch, from: next, limit: 512)
        guard let last = entries.last, last.seq >= next, last.seq < .max else { break }
        for entry in entries {
          guard let parsed = try? JournalEntry(parsing: entry.bytes),
            !Self.quiet.contains(parsed.event)
          else { continue }
          holding.acts.add(
            ReportedAct(
              journal: journal.origin, seq: entry.seq, time: parsed.time, event: parsed.event,
              fields: parsed.fields))
        }
        next = last.seq + 1
      }
    }
  }

  // MARK: Time limits

  private mutating func readClocks(_ holding: inout ReportedHolding) throws {
    guard let asOf = holder.asOf else { return }
    var shelf = ClockShelf(directories, holder.source)
    var done = 0
    for (id, entries) in threads.sorted(by: { $0.key < $1.key }) {
      guard let standing = ThreadRules.standing(entries), standing.state.isOpen else { continue }
      guard done < Self.threadLimit else {
        holding.skippedThreads += 1
        continue
      }
      done += 1
      if done % 512 == 0 {
        progress(AuditProgress(log: holder.name, done: UInt64(done), total: nil))
      }
      guard let opening = try entry(standing.opening),
        let header = try? RecordHeader(parsing: opening.header),
        let nodes = directories.versions[header.directory]?.nodes,
        let opener = nodes[header.from]?.role, let receiver = nodes[header.to]?.role
      else { continue }
      let book = try shelf.book(header.directory)
      let clocks = ClockEngine.clocks(
        of: try clocked(standing, book, opener, receiver), under: book)
      for clock in clocks {
        let state = clock.state(at: asOf)
        holding.clockStates[state, default: 0] += 1
        guard state == .overdue, let due = clock.due, let rule = book.rules?.rule(clock.rule)
        else { continue }
        holding.overdue.add(
          OverdueClock(
            thread: id, docNo: opening.payload.flatMap(Self.docNo),
            owner: clock.owner == .opener ? header.from : header.to, rule: rule,
            startedAt: clock.startedAt, due: due))
      }
    }
  }

  private func clocked(
    _ standing: ThreadStanding, _ book: ClockBook, _ opener: AgencyRole, _ receiver: AgencyRole
  ) throws -> ClockedThread {
    let standings = standing.standings
    var newest: [RecordID: RecordID] = [:]
    for act in standing.acts
    where act.kind == KindName.recordCorrect && standings[act.id] == .stands {
      if let target = act.replyTo { newest[target] = act.id }
    }
    let corrections = Set(newest.values)
    var payloads: [RecordID: [UInt8]] = [:]
    var times: [RecordID: UInt64] = [:]
    for act in standing.acts {
      times[act.id] = receiptTime(origin(act), act.seq)
      let isRead =
        act.kind == KindName.recordCorrect
        ? corrections.contains(act.id) : book.kindsRead.contains(act.kind)
      if isRead { payloads[act.id] = try entry(act)?.payload }
    }
    return ClockedThread(
      standing: standing, openerRole: opener, receiverRole: receiver, payloads: payloads,
      receiptTimes: times)
  }

  private func origin(_ act: ThreadEntry) -> Origin {
    // Every act was read from one of these channels.
    let federation = holder.channels.first?.origin.federation ?? ""
    return Origin(federation: federation, direction: act.direction, epoch: act.epoch)
  }

  private func entry(_ act: ThreadEntry) throws -> AuditEntry? {
    guard let channel = holder.channel(origin(act)) else { return nil }
    return try holder.source.entries(channel, from: act.seq, limit: 1).first {
      $0.seq == act.seq
    }
  }

  private static func docNo(_ payload: [UInt8]) -> String? {
    (try? JSONDocument(parsing: payload, limits: SchemaRegistry.payloadLimits))?
      .root["docNo"]?.string
  }
}

extension Timestamp {
  /// Days since 1970-01-01 in Beijing.
  var dayNumber: Int {
    let (day, rest) = (milliseconds + 28_800_000).quotientAndRemainder(dividingBy: 86_400_000)
    return Int(rest < 0 ? day - 1 : day)
  }
}
