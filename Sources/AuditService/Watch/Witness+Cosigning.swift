import Cryptography
import RecordModel
import Synchronization
import TransparencyLog

extension Witness {
  /// How far this machine's clock may go back before nothing is cosigned any more, and how far a key's
  /// beginning or end may lie from it, in seconds: as far as nodes let each other's clocks differ.
  static let clockSeconds: UInt64 = 300
  /// A cosignature so young is given again instead of a new one.
  static let freshSeconds: UInt64 = 60

  /// Answers an `add-checkpoint` body.
  public func answer(_ body: [UInt8]) -> WitnessAnswer {
    let answer = AddCheckpoint(parsing: body).map(add) ?? .malformed
    state.withLock { $0.counters.count(answer) }
    return answer
  }

  private enum Verdict {
    case answer(WitnessAnswer)
    case forked(WatchEvidence, WitnessAnswer)
    case full
    case failed(String)
  }

  private func add(_ request: AddCheckpoint) -> WitnessAnswer {
    switch state.withLock({ judge(request, &$0) }) {
    case .answer(let answer): return answer
    case .forked(let evidence, let answer):
      keep(evidence)
      return answer
    case .full:
      raiseFull(request.checkpoint.origin)
      return .refusing("This witness keeps no further logs of that node.")
    case .failed(let reason):
      raise(.storage, reason)
      return .refusing("The witness's state cannot be written.")
    }
  }

  private func judge(_ request: AddCheckpoint, _ state: inout State) -> Verdict {
    let head = request.checkpoint
    guard let (owner, keys) = Self.keys(of: head.origin, state, at: now()) else {
      return .answer(.unknownOrigin)
    }
    guard Self.isSigned(request.note, by: keys) else { return .answer(.unknownKey) }
    guard request.oldSize <= head.size, head.size > 0, head.size <= WatchLimits.logSize else {
      return .answer(.malformed)
    }
    let log = state.logs[head.origin] ?? WatchedLog(origin: head.origin, suite: setting.key.suite)
    if head.size == log.size, head.root != log.root {
      let evidence = WatchEvidence(
        kind: .fork, origin: head.origin, node: owner, time: now(), held: log.note,
        shown: request.note.encoded, detail: "two signed roots of \(head.size) entries")
      return .forked(evidence, .conflict(log.size))
    }
    guard request.oldSize == log.size else { return .answer(.conflict(log.size)) }
    if let refusing = state.refusing { return .answer(.refusing(refusing)) }
    guard hasRoom(for: head.origin, state) else { return .full }
    guard !setting.followed.contains(owner) || state.compared.contains(owner) else {
      return .answer(
        .refusing("What this node holds of earlier cosignatures was not compared yet."))
    }
    guard Self.leads(from: log, to: head, proof: request.proof, suite: setting.key.suite) else {
      return .answer(.badProof)
    }
    do {
      guard let signature = try cosign(request.note, head, &state) else {
        return .answer(.refusing("The witness's clock went back."))
      }
      return .answer(.cosigned([signature]))
    } catch {
      // Nobody knows what is on disk: until it was read anew, nothing is signed.
      state.refusing = "The witness's state could not be written."
      return .failed("\(error)")
    }
  }

  /// Whether a proof leads from what is held to a head; anything leads on from nothing.
  static func leads(
    from log: WatchedLog, to head: Checkpoint, proof: [Digest], suite: Suite
  ) -> Bool {
    if log.size == 0 { return proof.isEmpty }
    return
      (try? Merkle.verifyConsistency(
        oldSize: log.size, oldRoot: log.root, newSize: head.size, newRoot: head.root,
        proof: proof, suite: suite)) != nil
  }

  /// Makes a head the newest, on disk first, and cosigns it; nil where the clock went back.
  func cosign(
    _ note: SignedNote, _ head: Checkpoint, _ state: inout State
  ) throws -> NoteSignature? {
    var log = state.logs[head.origin] ?? WatchedLog(origin: head.origin, suite: setting.key.suite)
    let own = UInt64(max(0, now().milliseconds / 1000))
    guard own + Self.clockSeconds >= state.newestCosignature else { return nil }
    if log.size == head.size, own < log.cosignedAt + Self.freshSeconds, let held = cosignature(log)
    {
      return held
    }
    let signature = try Cosignature.cosign(
      checkpointText: note.text, name: setting.name, key: setting.key,
      time: max(own, log.cosignedAt))
    var kept = note
    kept.signatures.removeAll { $0.name != head.origin }
    kept.add(signature)
    log.size = head.size
    log.root = head.root
    log.note = kept.encoded
    log.cosignedAt = try Cosignature.time(of: signature)
    try folder.write(log.encoded, to: log.fileName)
    state.put(log)
    state.counters.cosignatures += 1
    return signature
  }

  /// This witness's cosignature on a head that it holds.
  private func cosignature(_ log: WatchedLog) -> NoteSignature? {
    guard let note = try? SignedNote(parsing: log.note) else { return nil }
    return note.signatures.first {
      (try? Cosignature.verify($0, checkpointText: note.text, by: verifier)) != nil
    }
  }

  // MARK: What nodes hold of this witness's cosignatures

  /// Compares a note that a node holds with the state: a cosignature of this witness on more than it
  /// remembers can only mean that the state is an old copy, or that the key is used elsewhere too.
  /// - Returns: the head to bring the state forward to, where the operator has asked for that.
  func compare(_ bytes: [UInt8], from node: AgencyCode) -> (note: SignedNote, head: Checkpoint)? {
    guard let (note, head) = try? Checkpoint.signed(parsing: bytes) else { return nil }
    let times = note.signatures.compactMap {
      try? Cosignature.verify($0, checkpointText: note.text, by: verifier)
    }
    guard let time = times.max() else { return nil }
    let log = state.withLock { $0.logs[head.origin] }
    let size = log?.size ?? 0
    let isNewer =
      head.size > size || head.size == size && head.root != log?.root
      || head.size == size && time > log?.cosignedAt ?? 0
    guard isNewer else { return nil }
    if setting.resumes, state.withLock({ $0.refusing }) == nil { return (note, head) }
    let detail =
      "\(node) holds a cosignature of this witness on \(head.size) entries of \(head.origin), of "
      + "which its state knows \(size): the state is an old copy, or the key is used elsewhere"
    refuse(detail, node: node, origin: head.origin)
    return nil
  }

  /// Cosigns nothing any more, across restarts, until an operator says otherwise.
  func refuse(_ detail: String, node: AgencyCode, origin: String) {
    let failure = state.withLock { state -> String? in
      guard state.refusing == nil else { return nil }
      state.refusing = "This witness's state is older than its cosignatures."
      do {
        try folder.write(Array(detail.utf8), to: Self.refusingName)
        return nil
      } catch {
        return "\(error)"
      }
    }
    raise(.state, node: node, origin: origin, detail)
    if let failure { raise(.storage, failure) }
  }

  /// What a node holds has been compared: its heads may be cosigned.
  func finishComparing(_ node: AgencyCode) { state.withLock { _ = $0.compared.insert(node) } }
}
