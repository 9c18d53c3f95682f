public import RecordModel
import RecordSchema

// Agencies: what became of a thread, and what is due when.

extension Node {
  /// The thread 移送链 that a record or a submission belongs to.
  public func thread(_ id: RecordID) async throws -> ThreadView {
    let ledger = committer.durable { $0 }
    let now = environment.now()
    // What other threads state of this one is found by what has been worked off.
    try await project()
    return try await read { [self] reader in
      let lists = summaries(ledger, reader)
      // What counts in no thread is found under its own id; its header says where it belongs.
      let asked = try reader.entry(id).map { (entry: $0, row: try lists.summary($0)) }
      guard let thread = try asked?.row.thread ?? reader.submission(id)?.thread else {
        throw Self.notFound
      }
      let dossier = try ThreadDossier(thread, store: reader, ledger: ledger)
      let records = try records(of: thread, dossier, asked, id, lists)
      guard let first = records.first?.summary else { throw Self.notFound }
      let standing = dossier?.standing
      let next = ThreadParty.allCases.compactMap { party -> NextView? in
        guard let standing else { return nil }
        let direction = standing.opening.direction
        let kinds = standing.allowedNext(for: party).map(\.kind)
        return kinds.isEmpty
          ? nil
          : NextView(
            party: party, agency: party == .opener ? direction.from : direction.to, kinds: kinds)
      }
      return ThreadView(
        id: thread, state: standing?.state, family: standing?.family,
        opener: standing?.opening.direction.from ?? first.from,
        receiver: standing?.opening.direction.to ?? first.to, asOf: now, records: records,
        clocks: dossier.map { clocks(of: $0, ledger, now) } ?? [],
        lineage: try lineage(of: thread, dossier, reader),
        next: next, allowedNext: next.first { $0.agency == code }?.kinds ?? [])
    }
  }

  private func records(
    of thread: RecordID, _ dossier: ThreadDossier?,
    _ asked: (entry: IndexEntry, row: RecordSummary)?,
    _ id: RecordID, _ lists: Summaries
  ) throws -> [ThreadRecord] {
    let reader = lists.store
    var records: [ThreadRecord] = []
    var shown: Set<RecordID> = []
    let standings = dossier?.standing.standings ?? [:]
    for act in dossier?.standing.acts ?? [] {
      guard let held = dossier?.acts[act.id] else { continue }
      shown.insert(act.id)
      records.append(
        try row(held.entry, replyTo: act.replyTo, standing: standings[act.id], lists))
    }
    var rest = try reader.thread(thread).filter { !shown.contains($0.id) }
    if let asked, !shown.contains(asked.entry.id), !rest.contains(asked.entry) {
      rest.append(asked.entry)
    }
    records += try rest.map { try row($0, replyTo: nil, standing: nil, lists) }
    var waiting = try reader.queued(thread: thread)
    if let lone = try reader.submission(id), !waiting.contains(where: { $0.id == id }) {
      waiting.append(lone)
    }
    return records
      + waiting.map { submission in
        ThreadRecord(
          summary: lists.summary(submission, from: code), replyTo: submission.replyTo,
          standing: nil, points: points(submission.schema, submission.payload))
      }
  }

  private func row(
    _ entry: IndexEntry, replyTo: RecordID?, standing: ActStanding?, _ lists: Summaries
  ) throws -> ThreadRecord {
    guard let record = try lists.store.record(at: entry.position) else {
      throw StoreFailure.corrupt("index entry without its record")
    }
    let header = try Judge.stored(record.header)
    return ThreadRecord(
      summary: try lists.summary(entry), replyTo: replyTo ?? header.replyTo, standing: standing,
      points: lists.ledger.channels[entry.position.channel]
        .flatMap { lists.shown(record, $0.state) }.map { points(header.schema, $0) } ?? [])
  }

  private func points(_ schema: String, _ payload: [UInt8]) -> [PayloadPoint] {
    SchemaOutline.shared?.points(schema: schema, payload: payload) ?? []
  }

  private func clocks(
    of dossier: ThreadDossier, _ ledger: Ledger, _ now: Timestamp
  ) -> [ClockView] {
    let rules = ledger.clockBook(dossier.directory).rules
    let direction = dossier.standing.opening.direction
    return dossier.clocks(ledger).sorted {
      ($0.startedAt, $0.rule, $0.start) < ($1.startedAt, $1.rule, $1.start)
    }.map { clock in
      ClockView(
        clock: clock, state: clock.state(at: now),
        owner: clock.owner == .opener ? direction.from : direction.to,
        rule: rules?.rule(clock.rule))
    }
  }

  private func lineage(
    of thread: RecordID, _ dossier: ThreadDossier?, _ reader: any StoreReader
  ) throws -> [LineageView] {
    let own = (dossier?.links ?? []).map {
      LineageView(
        relation: $0.relation, isStatedByOther: false, thread: $0.other, state: nil)
    }
    let others = try reader.links(to: thread).filter { $0.thread != thread }.map {
      LineageView(relation: $0.relation, isStatedByOther: true, thread: $0.thread, state: nil)
    }
    return try (own + others).map { link in
      var link = link
      link.state = try reader.entry(link.thread)?.state
      return link
    }
  }

  // MARK: Deadlines

  /// Open clocks over all threads, those due first at the head, as far as they have been worked off.
  public func deadlines(
    _ filter: ClockFilter, after cursor: ClockCursor?, limit: Int
  ) async throws -> DeadlinePage {
    let ledger = committer.durable { $0 }
    let now = environment.now()
    try await project()
    return try await read { [self] reader in
      let lists = summaries(ledger, reader)
      let count = max(1, min(limit, Self.pageLimit))
      let rows = try reader.openClocks(filter, after: cursor, limit: count)
      let items = try rows.map { row in
        let opening = try reader.entry(row.thread).map { try lists.summary($0) }
        let directory = try directory(of: row.thread, reader)
        return DeadlineView(
          thread: row.thread, peer: row.peer, title: opening?.title, docNo: opening?.docNo,
          clock: ClockView(
            clock: row.clock, state: row.clock.state(at: now), owner: row.ours ? code : row.peer,
            rule: directory.flatMap { ledger.clockBook($0).rules?.rule(row.clock.rule) }))
      }
      let last = rows.count == count ? rows.last : nil
      return DeadlinePage(
        items: items, asOf: now,
        next: last.flatMap { row in
          row.clock.due.map {
            ClockCursor(
              due: $0, thread: row.thread, rule: row.clock.rule, start: row.clock.start)
          }
        })
    }
  }

  /// The directory version under which a thread was begun.
  private func directory(of thread: RecordID, _ reader: any StoreReader) throws -> UInt64? {
    guard let entry = try reader.entry(thread), let bytes = try reader.header(at: entry.position)
    else { return nil }
    return try Judge.stored(bytes.header).directory
  }

  /// The rules and calendars under which threads begin now.
  public func clockRules() -> ClockRulesView {
    committer.durable { ledger in
      let book = ledger.clockBook(ledger.directory.version)
      return ClockRulesView(rules: book.rules, calendars: book.calendars.keys.sorted())
    }
  }
}
