import Cryptography
import RecordModel
import RecordSchema

/// Everything that this node holds of one thread, read in one go: what timelines, clocks, lists and
/// counts are worked out from.
///
/// One end may put a thousand records of up to a megabyte into a thread, so only those payloads are
/// read into which somebody looks: of corrections the newest of each record, and of the rest those of
/// kinds that clocks or statistics know.
struct ThreadDossier {
  /// One record of it that counts, or did.
  struct Act {
    var entry: IndexEntry
    var header: RecordHeader
    /// What its payload says, or its newest correction; nil when erased, or when nobody looks.
    var payload: JSONNode?
    var receiptTime: UInt64?
  }

  let standing: ThreadStanding
  /// By id; every record of `standing.acts` has one.
  private(set) var acts: [RecordID: Act] = [:]
  private let book: ClockBook
  private var payloads: [RecordID: [UInt8]] = [:]

  /// Nil where no first record of the thread is here.
  init?(_ thread: RecordID, store: any StoreReader, ledger: Ledger) throws {
    guard
      let standing = ThreadRules.standing(
        try Judge.threadEntries(thread, store: store, ledger: ledger))
    else { return nil }
    self.standing = standing
    let entries = Dictionary(
      try store.thread(thread).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for act in standing.acts {
      guard let entry = entries[act.id], let held = try store.header(at: entry.position) else {
        throw StoreFailure.corrupt("index entry without its record")
      }
      acts[act.id] = Act(
        entry: entry, header: try Judge.stored(held.header), payload: nil,
        receiptTime: try store.receipt(entry.position.channel, covering: entry.position.seq + 1)?
          .receiptTime)
    }
    book = ledger.clockBook(acts[standing.opening.id]?.header.directory ?? 0)
    try readPayloads(store)
  }

  private mutating func readPayloads(_ store: any StoreReader) throws {
    let standings = standing.standings
    var newest: [RecordID: RecordID] = [:]
    for act in standing.acts
    where act.kind == KindName.recordCorrect && standings[act.id] == .stands {
      if let target = act.replyTo { newest[target] = act.id }
    }
    let corrections = Set(newest.values)
    var parsed: [RecordID: JSONNode] = [:]
    for act in standing.acts {
      let isRead =
        act.kind == KindName.recordCorrect
        ? corrections.contains(act.id)
        : book.kindsRead.contains(act.kind) || JSONNode.kindsRead.contains(act.kind)
      guard isRead, let entry = acts[act.id]?.entry,
        let bytes = try store.record(at: entry.position)?.payload
      else { continue }
      payloads[act.id] = bytes
      parsed[act.id] = Self.parsed(bytes)
    }
    for act in standing.acts {
      let corrected = newest[act.id].flatMap { parsed[$0] }
        .flatMap { try? RecordCorrect($0) }.flatMap { Self.parsed($0.payload) }
      acts[act.id]?.payload = corrected ?? parsed[act.id]
    }
  }

  private static func parsed(_ bytes: [UInt8]) -> JSONNode? {
    (try? JSONDocument(parsing: bytes, limits: SchemaRegistry.payloadLimits))?.root
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
    return ClockEngine.clocks(of: thread, under: book)
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
        KeptAct(
          number: act.entry.number, id: entry.id, thread: opening, peer: peer, opened: opened,
          ours: entry.direction.from == own, kind: entry.kind, time: entry.time,
          detail: detail(of: act),
          docNo: entry.kind == KindName.leadTransfer ? act.payload?["docNo"]?.string : nil)
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

extension JSONNode {
  /// The kinds whose payloads are looked into here.
  fileprivate static let kindsRead: Set<String> = [
    KindName.leadTransfer, KindName.leadForward, KindName.leadForwarded, KindName.leadReturn,
    KindName.leadRefuse, KindName.leadDecide, KindName.reviewRequest, KindName.reviewDecide,
    KindName.letterIssue, KindName.letterReply, KindName.noticeRemind, KindName.consultOpen,
  ]

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
    return member.flatMap { self[$0]?.string }
  }

  /// The other thread that an act of a kind names.
  fileprivate func link(_ kind: String) -> (relation: ThreadRelation, other: RecordID)? {
    func named(_ member: String, _ relation: ThreadRelation) -> (ThreadRelation, RecordID)? {
      self[member]?.string.flatMap { try? RecordID(parsing: $0) }.map { (relation, $0) }
    }
    switch kind {
    case KindName.leadTransfer: return named("previous", .previous)
    case KindName.leadForwarded: return named("linkedThread", .forwarded)
    case KindName.letterIssue, KindName.consultOpen, KindName.noticeRemind:
      return named("about", .about)
    case KindName.leadForward:
      guard let forward = try? LeadForward(self),
        let header = try? RecordHeader(parsing: forward.header)
      else { return nil }
      return (.forward, header.thread)
    default: return nil
    }
  }
}
