public import RecordModel
import Cryptography
import RecordSchema
import TransparencyLog

// Agencies: what became of leads.

extension Node {
  /// The most rows that one page holds.
  public static let pageLimit = 500

  /// Leads that this node has sent, newest first; the first page begins with those still unsealed.
  public func leads(
    cursor: Int64?, limit: Int, to: AgencyCode? = nil, states: [ThreadState]? = nil
  ) async throws -> Page<RecordSummary> {
    let ledger = committer.durable { $0 }
    let filter = IndexFilter(
      channels: channels(ledger, .outbound, to), states: states ?? ThreadState.allCases,
      omitRefused: states != nil, descending: true)
    return try await read { [self] reader in
      let lists = summaries(ledger, reader)
      var page = try page(cursor, limit, filter, lists)
      if cursor == nil, states == nil {
        let peers = to.map { [$0] } ?? ledger.outbox.keys.sorted()
        let waiting = try peers.flatMap { try reader.queued(to: $0, limit: limit) }
          .filter { $0.thread == $0.id }
        page.items = waiting.map { lists.summary($0, from: code) } + page.items
      }
      return page
    }
  }

  /// Leads that this node has received, oldest first.
  public func inbox(
    cursor: Int64?, limit: Int, from: AgencyCode? = nil, states: [ThreadState]? = nil
  ) async throws -> Page<RecordSummary> {
    let ledger = committer.durable { $0 }
    let filter = IndexFilter(
      channels: channels(ledger, .inbound, from), states: states ?? ThreadState.allCases,
      omitRefused: true)
    return try await read { [self] reader in
      try page(cursor, limit, filter, summaries(ledger, reader))
    }
  }

  /// Every received record that is a valid one, in the order of arrival.
  public func arrivals(after cursor: Int64, limit: Int) async throws -> [RecordSummary] {
    let ledger = committer.durable { $0 }
    let filter = IndexFilter(channels: channels(ledger, .inbound, nil), omitRefused: true)
    return try await read { [self] reader in
      try page(cursor, limit, filter, summaries(ledger, reader)).items
    }
  }

  /// Waits until something arrives after `cursor`, or the calling task is cancelled; false when
  /// nothing is there then.
  public func waitForArrival(after cursor: Int64) async -> Bool {
    let token = runtime.waiters.register(.arrival)
    defer { runtime.waiters.release(token) }
    if await hasArrivals(after: cursor) { return true }
    await withTaskCancellationHandler {
      await runtime.waiters.wait(token)
    } onCancel: {
      runtime.waiters.cancel(token)
    }
    return await hasArrivals(after: cursor)
  }

  private func hasArrivals(after cursor: Int64) async -> Bool {
    (try? await arrivals(after: cursor, limit: 1))?.isEmpty == false
  }

  /// A record whole: sealed, received, or still in the outbox.
  public func record(_ id: RecordID) async throws -> RecordView {
    let ledger = committer.durable { $0 }
    return try await read { [self] reader in
      let lists = summaries(ledger, reader)
      if let entry = try reader.entry(id), let record = try reader.record(at: entry.position) {
        try checkShown(entry.position, ledger)
        return RecordView(
          summary: try lists.summary(entry), header: record.header, leaf: record.leaf,
          payload: record.payload, salt: record.salt,
          erasure: try erasureView(of: entry.position, ledger, reader))
      }
      guard let waiting = try reader.submission(id) else { throw Self.notFound }
      return RecordView(
        summary: lists.summary(waiting, from: code), header: [], leaf: .zero,
        payload: waiting.payload, salt: waiting.salt)
    }
  }

  /// The 送达回证 of a sent or received record, as a proof that needs neither node.
  /// - Throws: `record.notReceipted` while no receipt covers it.
  public func receipt(_ id: RecordID) async throws -> ReceiptView {
    let ledger = committer.durable { $0 }
    return try await read { [self] reader in
      guard let entry = try reader.entry(id) else {
        if try reader.submission(id) != nil { throw Self.notReceipted }
        throw Self.notFound
      }
      guard let book = ledger.channels[entry.position.channel],
        let record = try reader.record(at: entry.position),
        let head = try reader.receipt(book.state.number, covering: entry.position.seq + 1)
      else { throw Self.notReceipted }
      let suite = ledger.directory.suite
      let path = try Merkle.inclusionProof(
        index: entry.position.seq, size: head.size,
        source: LogReading.source(
          book.state.number, size: head.size, suite: suite, store: reader))
      let note = try SignedNote(parsing: head.note)
      let proof = LogProof(
        extra: record.header, index: entry.position.seq, proof: path, checkpoint: note)
      let origin = book.state.origin
      let senders = ledger.directory.recordVerifiers(origin: origin, at: nil)
      let receivers = ledger.directory.receiptVerifiers(of: origin.direction.to, at: nil)
      return ReceiptView(
        summary: try summaries(ledger, reader).summary(entry), proof: proof.encoded,
        origin: origin, checkpointSize: head.size, root: head.root, leaf: record.leaf,
        senderKey: key(of: note, among: senders), receiptKey: key(of: note, among: receivers))
    }
  }

  /// Waits until a record of ours has its receipt, has died, or the calling task is cancelled;
  /// returns how it stands then.
  public func waitForReceipt(_ id: RecordID) async throws -> RecordSummary {
    let token = runtime.waiters.register(.record(id))
    defer { runtime.waiters.release(token) }
    let now = try await record(id).summary
    guard now.delivery == .queued || now.delivery == .sealed else { return now }
    await withTaskCancellationHandler {
      await runtime.waiters.wait(token)
    } onCancel: {
      runtime.waiters.cancel(token)
    }
    return try summaryNow(id)
  }

  /// Where a record stands, read on the caller's thread: two rows by their keys take less than the
  /// way to another thread and back, and somebody waits for nothing else.
  private func summaryNow(_ id: RecordID) throws -> RecordSummary {
    let ledger = committer.durable { $0 }
    do {
      return try store.read { reader in
        let lists = summaries(ledger, reader)
        if let entry = try reader.entry(id) { return try lists.summary(entry) }
        guard let waiting = try reader.submission(id) else { throw Self.notFound }
        return lists.summary(waiting, from: code)
      }
    } catch {
      throw Committer.translate(error)
    }
  }

  /// Wakes those who wait for a record that a stored receipt covers. Runs after the commit: whoever
  /// registers later sees the receipt by looking.
  func wakeReceipted(_ channel: ChannelNumber, _ size: UInt64) {
    for id in runtime.waiters.awaited {
      let place = try? store.read({ try $0.entry(id)?.position })
      guard let place = place ?? nil, place.channel == channel, place.seq < size else { continue }
      runtime.waiters.wake(record: id)
    }
  }

  // MARK: Helpers

  private func key(of note: SignedNote, among keys: [VerifierKey]) -> String {
    keys.first { key in
      note.signatures.contains { $0.name == key.name && $0.keyID == key.keyID }
    }?.description ?? ""
  }

  func summaries(_ ledger: Ledger, _ reader: any StoreReader) -> Summaries {
    Summaries(
      ledger: ledger, registry: runtime.registry, store: reader, withheld: withheld(ledger))
  }

  func channels(
    _ ledger: Ledger, _ role: ChannelState.Role, _ peer: AgencyCode?
  ) -> [ChannelNumber] {
    ledger.channels.values.map(\.state).filter { state in
      let other = role == .outbound ? state.origin.direction.to : state.origin.direction.from
      return state.role == role && (peer == nil || other == peer)
    }.map(\.number).sorted()
  }

  private func page(
    _ cursor: Int64?, _ limit: Int, _ filter: IndexFilter, _ lists: Summaries
  ) throws -> Page<RecordSummary> {
    let count = max(1, min(limit, Self.pageLimit))
    let entries = try lists.store.entries(after: cursor, filter: filter, limit: count)
    return Page(
      items: try entries.map { try lists.summary($0) },
      next: entries.count == count ? entries.last?.number : nil)
  }

  static let notFound = ExchangeError(.notFound, "no record or submission has this id")
  static let notReceipted = ExchangeError(.notReceipted, "no receipt covers this record yet")
}
