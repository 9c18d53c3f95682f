import RecordModel
import RecordSchema

/// Makes the rows of lists out of stored records and submissions.
struct Summaries {
  let ledger: Ledger
  let registry: SchemaRegistry
  let store: any StoreReader
  /// The agencies of whose channels no payload is shown just now (`Node.withheld`).
  var withheld: Set<AgencyCode> = []

  /// A sealed or received record.
  func summary(_ entry: IndexEntry) throws -> RecordSummary {
    guard let book = ledger.channels[entry.position.channel],
      let record = try store.record(at: entry.position)
    else { throw StoreFailure.corrupt("index entry without its record") }
    return try summary(record, entry, book.state)
  }

  func summary(
    _ record: StoredRecord, _ entry: IndexEntry?, _ channel: ChannelState
  ) throws -> RecordSummary {
    let header = try Judge.stored(record.header)
    let facts = shown(record, channel).flatMap { leadFacts(header.schema, $0) }
    let receipt =
      record.seq < channel.receiptedSize
      ? try store.receipt(channel.number, covering: record.seq + 1) : nil
    return RecordSummary(
      id: header.id, thread: header.thread, kind: header.kind, from: header.from, to: header.to,
      urgency: header.urgency, time: header.time, seq: record.seq, epoch: channel.origin.epoch,
      delivery: delivery(record, channel), state: record.refused ? nil : entry?.state,
      title: facts?.title,
      docNo: facts?.docNo, receiptTime: receipt?.receiptTime, number: entry?.number, dead: nil,
      isErased: record.payload == nil)
  }

  /// A record's payload, unless what this node has erased may be about to be erased again.
  func shown(_ record: StoredRecord, _ channel: ChannelState) -> [UInt8]? {
    let direction = channel.origin.direction
    let peer = channel.role == .outbound ? direction.to : direction.from
    return withheld.contains(peer) ? nil : record.payload
  }

  /// Title and number; of a forwarding, those of the lead that it passes on.
  private func leadFacts(_ schema: String, _ payload: [UInt8]) -> LeadFacts? {
    guard schema == LeadForward.schema else {
      return registry.facts(schema: schema, payload: payload)
    }
    var (schema, payload) = (schema, payload)
    // A lead may have been forwarded more than once; each time it is at least a third larger.
    while schema == LeadForward.schema {
      guard
        let document = try? JSONDocument(parsing: payload, limits: SchemaRegistry.payloadLimits),
        let forward = try? LeadForward(document.root),
        let inner = try? RecordHeader(parsing: forward.header)
      else { return nil }
      (schema, payload) = (inner.schema, forward.payload)
    }
    return registry.facts(schema: schema, payload: payload)
  }

  private func delivery(_ record: StoredRecord, _ channel: ChannelState) -> DeliveryState {
    if record.refused { return .refused }
    if channel.role == .inbound { return .received }
    if record.seq < channel.receiptedSize { return .receipted }
    let position = RecordPosition(channel: channel.number, seq: record.seq)
    return ledger.gaveUp(position) ? .dead : .sealed
  }

  /// What waits in the outbox, or died there.
  func summary(_ submission: Submission, from own: AgencyCode) -> RecordSummary {
    let facts = leadFacts(submission.schema, submission.payload)
    return RecordSummary(
      id: submission.id, thread: submission.thread, kind: submission.kind, from: own,
      to: submission.to, urgency: submission.urgency, time: submission.submittedAt, seq: nil,
      epoch: nil, delivery: submission.dead == nil ? .queued : .dead, state: nil,
      title: facts?.title, docNo: facts?.docNo, receiptTime: nil, number: nil,
      dead: submission.dead)
  }
}
