import Cryptography
import RecordModel
import RecordSchema

/// Everything that this node holds of one thread, read in one go: what timelines, clocks, lists and
/// counts are worked out from.
struct ThreadDossier {
  /// One record of it that counts, or did.
  struct Act {
    var entry: IndexEntry
    var header: RecordHeader
    /// Nil when erased.
    var payload: JSONDocument?
    var receiptTime: UInt64?
  }

  let standing: ThreadStanding
  /// By id; every record of `standing.acts` has one.
  private(set) var acts: [RecordID: Act] = [:]
  private var payloads: [RecordID: [UInt8]] = [:]

  /// Nil where no first record of the thread is here.
  init?(_ thread: RecordID, store: any StoreReader, ledger: Ledger) throws {
    guard
      let standing = ThreadRules.standing(
        try Judge.threadEntries(thread, store: store, ledger: ledger))
    else { return nil }
    self.standing = standing
    let counted = Set(standing.acts.map(\.id))
    for entry in try store.thread(thread) where counted.contains(entry.id) {
      guard let record = try store.record(at: entry.position) else {
        throw StoreFailure.corrupt("index entry without its record")
      }
      acts[entry.id] = Act(
        entry: entry, header: try Judge.stored(record.header),
        payload: record.payload.flatMap {
          try? JSONDocument(parsing: $0, limits: SchemaRegistry.payloadLimits)
        },
        receiptTime: try store.receipt(entry.position.channel, covering: entry.position.seq + 1)?
          .receiptTime)
      payloads[entry.id] = record.payload
    }
  }

  /// Its first record.
  var opening: RecordID { standing.opening.id }

  /// The directory version under which it was begun; 0 names none.
  var directory: UInt64 { acts[opening]?.header.directory ?? 0 }

  /// The code by which statistics tell acts of a kind apart; of a withdrawal, what is withdrawn.
  private func detail(of act: Act) -> String? {
    if act.header.kind == KindName.recordWithdraw {
      return act.header.replyTo.flatMap { acts[$0]?.header.kind }
    }
    return act.payload?.detail(of: act.header.kind)
  }

  /// Its ties to other threads, as its standing records state them.
  var links: [LinkRow] { links(standing.standings) }

  // MARK: Clocks

  /// Its clocks, under the rules that its first record's directory names; none where an agency of
  /// the thread is in no directory known here.
  func clocks(_ ledger: Ledger) -> [ThreadClock] {
    guard let first = acts[opening]?.header, let directory = ledger.directories[first.directory],
      let opener = directory.nodes[first.from]?.role,
      let receiver = directory.nodes[first.to]?.role
    else { return [] }
    let thread = ClockedThread(
      standing: standing, openerRole: opener, receiverRole: receiver, payloads: payloads,
      receiptTimes: acts.compactMapValues(\.receiptTime))
    return ClockEngine.clocks(of: thread, under: ledger.clockBook(first.directory))
  }

  // MARK: Projection

  /// What the store keeps of it.
  func projection(own: AgencyCode, ledger: Ledger) -> ThreadProjection {
    let direction = standing.opening.direction
    let opened = direction.from == own
    let peer = opened ? direction.to : direction.from
    let standings = standing.standings
    let rows = standing.acts.filter { standings[$0.id] == .stands }.compactMap { entry in
      acts[entry.id].map { act in
        ActRow(
          number: act.entry.number, id: entry.id, thread: opening, peer: peer, opened: opened,
          ours: entry.direction.from == own, kind: entry.kind, time: entry.time,
          detail: detail(of: act),
          docNo: entry.id == opening ? act.payload?.root["docNo"]?.string : nil)
      }
    }
    let clocks = clocks(ledger).map { clock in
      ClockRow(
        thread: opening, peer: peer, ours: (clock.owner == .opener) == opened, clock: clock)
    }
    return ThreadProjection(thread: opening, acts: rows, clocks: clocks, links: links(standings))
  }

  private func links(_ standings: [RecordID: ActStanding]) -> [LinkRow] {
    let stated = standing.acts.filter { standings[$0.id] == .stands }.compactMap { entry in
      acts[entry.id]?.payload?.link(entry.kind).map {
        LinkRow(thread: opening, relation: $0.relation, other: $0.other)
      }
    }
    return Set(stated).sorted {
      ($0.relation.rawValue, $0.other) < ($1.relation.rawValue, $1.other)
    }
  }
}

extension JSONDocument {
  /// The code by which statistics tell acts of a kind apart.
  fileprivate func detail(of kind: String) -> String? {
    let member: String? =
      switch kind {
      case KindName.leadTransfer: "source"
      case KindName.leadReturn, KindName.leadRefuse, KindName.leadForwarded: "reason"
      case KindName.leadDecide, KindName.reviewDecide: "decision"
      case KindName.reviewRequest: "procedure"
      case KindName.letterIssue: "type"
      case KindName.letterReply: "adopted"
      case KindName.noticeRemind: "level"
      default: nil
      }
    return member.flatMap { root[$0]?.string }
  }

  /// The other thread that an act of a kind names.
  fileprivate func link(_ kind: String) -> (relation: ThreadRelation, other: RecordID)? {
    func named(_ member: String, _ relation: ThreadRelation) -> (ThreadRelation, RecordID)? {
      root[member]?.string.flatMap { try? RecordID(parsing: $0) }.map { (relation, $0) }
    }
    switch kind {
    case KindName.leadTransfer: return named("previous", .previous)
    case KindName.leadForwarded: return named("linkedThread", .forwarded)
    case KindName.letterIssue, KindName.consultOpen, KindName.noticeRemind:
      return named("about", .about)
    case KindName.leadForward:
      guard let forward = try? LeadForward(root),
        let header = try? RecordHeader(parsing: forward.header)
      else { return nil }
      return (.forward, header.thread)
    default: return nil
    }
  }
}
