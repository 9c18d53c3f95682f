public import RecordModel
import Cryptography
import Logging
import RecordSchema
import Synchronization
import TransparencyLog

// Operators: erasing payloads as the law requires.

extension Node {
  /// The statement that two operators must sign so that this node destroys its copy of a payload, and
  /// where else the same content lies.
  ///
  /// - Parameter seq: the place of the record that is meant, where several came under one id.
  /// - Throws: `record.notFound`, `erasure.target`, `erasure.done`, `record.notReceipted`,
  ///   `record.invalid` where the legal basis is not one.
  public func erasureStatement(
    _ id: RecordID, seq: UInt64? = nil, law: String, article: String
  ) async throws -> ErasureProposal {
    let basis = Common.LegalBasis(law: law, article: article)
    // Forwardings are found by what has been worked off.
    try await project()
    let ledger = committer.durable { $0 }
    return try await read { [self] reader in
      let checks = ErasureChecks(own: code, ledger: ledger, store: reader)
      let position = try checks.position(of: id, seq)
      let target = try checks.target(at: position)
      let statement = ErasureStatement(
        agency: code, channel: target.channel.origin, seq: position.seq, target: id,
        leaf: target.record.leaf, legalBasis: basis)
      try checks.checkBasis(statement, runtime.registry)
      return ErasureProposal(
        statement: statement, carriers: try checks.carriers(of: target))
    }
  }

  /// Has this node's copy of a payload destroyed on the approval of two operators: an erasure record
  /// is submitted, and in the transaction that seals it payload and salt go.
  ///
  /// - Throws: `erasure.approvals` when the signatures are too few or wrong or the record is another;
  ///   otherwise as `erasureStatement`.
  public func erase(approved bytes: [UInt8], by: String) async throws -> ErasureReceipt {
    guard let note = try? SignedNote(parsing: bytes),
      let statement = ErasureStatement(parsing: note.text)
    else { throw ExchangeError(.erasureApprovals, "not a statement about an erasure") }
    guard statement.agency == code,
      let payload = statement.payload(approved: note, by: operators)
    else {
      throw ExchangeError(
        .erasureApprovals, "not signed by \(ErasureStatement.quorum) operators of this node")
    }
    try await project()
    return try await commit { [runtime] turn in
      try ErasureOpening(runtime: runtime).open(statement, payload, by: by, &turn)
    }
  }

  /// What has been erased here or at peers, in the order of channels and places.
  public func erasures(
    after cursor: RecordPosition?, limit: Int
  ) async throws -> [ErasureView] {
    let ledger = committer.durable { $0 }
    let count = max(1, min(limit, Self.pageLimit))
    return try await read { [self] reader in
      try reader.erasures(after: cursor, limit: count).compactMap {
        try erasureView(of: $0.target, ledger, reader)
      }
    }
  }

  /// What is known of the erasure of a record; nil if neither end has erased it.
  func erasureView(
    of target: RecordPosition, _ ledger: Ledger, _ reader: any StoreReader
  ) throws -> ErasureView? {
    guard let known = try reader.erasure(of: target),
      let channel = ledger.channels[target.channel]?.state,
      let record = try reader.record(at: target)
    else { return nil }
    return ErasureView(
      channel: channel.origin, seq: target.seq, id: try Judge.stored(record.header).id,
      position: target, isErasedHere: record.payload == nil,
      own: try known.own.map { try erasureRecord(at: $0, reader) },
      peers: try known.peers.map { try erasureRecord(at: $0, reader) })
  }

  private func erasureRecord(
    at position: RecordPosition, _ reader: any StoreReader
  ) throws -> ErasureView.Record {
    guard let record = try reader.record(at: position) else {
      throw StoreFailure.corrupt("an erasure record is missing")
    }
    let header = try Judge.stored(record.header)
    let basis = record.payload.flatMap { SystemErasure(reading: $0) }?.legalBasis
    return ErasureView.Record(
      id: header.id, from: header.from, seq: header.seq, time: header.time,
      law: basis?.law ?? "", article: basis?.article ?? "")
  }

  // MARK: After a restore

  /// The agencies of whose channels no payload is shown: this node was restored, and what it erased
  /// since the copy was made is known to it only when its own log is whole again.
  func withheld(_ ledger: Ledger) -> Set<AgencyCode> {
    Set(ledger.outbound.keys.filter { runtime.withholds($0) })
  }

  /// - Throws: `record.recovering` where the payload of a record is not to be shown.
  func checkShown(_ position: RecordPosition, _ ledger: Ledger) throws {
    guard let state = ledger.channels[position.channel]?.state else { return }
    let direction = state.origin.direction
    let peer = state.role == .outbound ? direction.to : direction.from
    guard !runtime.withholds(peer) else {
      throw ExchangeError(
        .recovering, "this node was restored and is getting its own log back from \(peer)")
    }
  }

  // MARK: Once a second

  /// Scrubs the store's files of what was erased, and looks whether every entry that came without a
  /// payload is explained by an erasure record.
  func finishErasures() async throws {
    let (now, work) = (environment.now(), runtime.erasureWork.withLock { $0 })
    if work.checksCover { try await checkCover() }
    guard work.scrubs, now >= work.scrubAfter else { return }
    let count = try await read { try Erasing.pendingCount($0) }
    do {
      try await scrub()
    } catch {
      // Readers in the way, or no room: what was erased is out of the store's reach all the same.
      runtime.erasureWork.withLock {
        $0.scrubAfter = now.advanced(byMilliseconds: runtime.limits.scrubRetryMilliseconds)
      }
      runtime.alarm("erasure.notScrubbed", ["reason": "\(error.code)", "count": "\(count)"])
      return
    }
    try await commit { [runtime] turn in
      let left = try Erasing.pendingCount(turn.store) - count
      try turn.store.set(Erasing.pending, to: Array(String(left).utf8))
      try turn.journal(.erasureScrubbed, [.number("count", count)])
      if left == 0 { turn.afterCommit { runtime.erasureWork.withLock { $0.scrubs = false } } }
    }
  }

  /// On the writer's queue: nothing else writes meanwhile.
  private func scrub() async throws(ExchangeError) {
    let result: Result<Void, ExchangeError> = await withCheckedContinuation { continuation in
      queues.writing.async { [store] in
        do {
          try store.scrub()
          continuation.resume(returning: .success(()))
        } catch {
          continuation.resume(returning: .failure(Committer.translate(error)))
        }
      }
    }
    try result.get()
  }

  /// Raises an alarm for entries whose payloads a peer gave back as erased and that no erasure record
  /// explains, once everything is here that the peer has.
  private func checkCover() async throws {
    let ledger = committer.durable { $0 }
    let told = runtime.erasureWork.withLock { $0.told }
    let open = try await read { reader in
      var found: [RecordPosition] = []
      var cursor: RecordPosition?
      while true {
        let page = try reader.erasures(after: cursor, limit: 256)
        found += page.filter { !$0.isCovered }.map(\.target)
        guard let last = page.last else { return found }
        cursor = last.target
      }
    }
    let late = open.filter { !told.contains($0) && isCaughtUp($0, ledger) }
    if !late.isEmpty {
      try await commit { [runtime] turn in
        for position in late {
          guard let origin = turn.ledger.channels[position.channel]?.state.origin else { continue }
          try turn.alarm(
            "erasure.uncovered", origin: origin, ["index": "\(position.seq)"], runtime)
        }
        turn.afterCommit { runtime.erasureWork.withLock { $0.told.formUnion(late) } }
      }
    }
    runtime.erasureWork.withLock { $0.checksCover = open.count > told.count + late.count }
  }

  /// Whether both logs with the peer of a record are here as far as the peer has them.
  private func isCaughtUp(_ position: RecordPosition, _ ledger: Ledger) -> Bool {
    guard let state = ledger.channels[position.channel]?.state else { return false }
    let direction = state.origin.direction
    let peer = state.role == .outbound ? direction.to : direction.from
    let known = runtime.peer(peer)
    guard known.isOwnLogWhole, let reported = known.reported,
      let inbound = ledger.inboundBook(peer)?.state
    else { return false }
    return inbound.restore == nil && inbound.size >= reported
  }
}

extension Runtime {
  /// Whether payloads of the channels with an agency are withheld.
  func withholds(_ peer: AgencyCode) -> Bool {
    let known = self.peer(peer)
    return known.recovering != nil || (startsRestored && !known.isOwnLogWhole)
  }
}
