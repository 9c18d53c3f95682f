import Cryptography
import Exchange
import RecordModel
import RecordSchema
import RecordSchema
import SanxiangTesting
import Testing
import TransparencyLog

/// A record that a test wants somebody to send, from inside a node or past it.
struct Sending: Sendable {
  var kind: String
  var payload: [UInt8]
  var from = 0
  var to = 1
  /// Nil for a first record.
  var thread: RecordID?
  var replyTo: RecordID?
}

extension TestWorld {
  /// The rules by which a node refuses to take a submission, after its error's code; nothing when
  /// it takes it. What is refused must leave the node's store as it was.
  func submissionRules(_ sending: Sending) throws -> [String] {
    let sender = nodes[sending.from]
    let before = try sender.snapshot()
    let journal = try sender.journal().count
    let (node, to) = (sender.node, nodes[sending.to].code)
    do {
      _ = try call {
        try await node.submit(
          SubmissionRequest(
            to: to, kind: sending.kind, payload: sending.payload, replyTo: sending.replyTo))
      }
      return []
    } catch let error as ExchangeError {
      #expect(try sender.snapshot() == before)
      #expect(try sender.journal().count == journal)
      return [error.code.rawValue] + error.violations.map(\.rule)
    }
  }

  /// The rules by which a node refuses a record that its peer's node would never have sealed; nothing
  /// when it takes it. Everything else of it is true. What is refused must change no thread.
  func receiptRules(_ sending: Sending) throws -> [String] {
    reconnects = false
    var forger = try Forger(self, from: sending.from, to: sending.to)
    let sender = try nodes[sending.from].snapshot()
    let held = sender.channel(direction(sending.to, sending.from))?.size ?? 0
    let number = forger.headers.count
    let directory = federation.directory.version
    forger.add(
      payload: sending.payload,
      change: { header in
        header.kind = sending.kind
        header.directory = directory
        header.schema = "\(sending.kind)/1"
        header.thread = sending.thread ?? header.id
        header.replyTo = sending.replyTo
        header.seen.size = held
      })
    let victim = nodes[sending.to]
    let states = try victim.snapshot().index.map(\.state)
    let peer = try HandPeer(self, as: sending.from, to: sending.to)
    peer.push(try forger.batch())
    #expect(peer.faults.isEmpty)
    #expect(peer.receipts.count == 1)
    let snapshot = try victim.snapshot()
    #expect(snapshot.channel(direction(sending.from, sending.to))?.halt == nil)
    let taken = try #require(snapshot.log(direction(sending.from, sending.to)).last)
    #expect(try RecordHeader(parsing: taken.header).id == forger.headers[number].id)
    guard taken.refused else { return [] }
    #expect(snapshot.index.map(\.state).prefix(states.count) == states[...])
    let answer = try #require(snapshot.log(direction(sending.to, sending.from)).last)
    let refusal = try #require(answer.payload.flatMap(SystemRefusal.init(reading:)))
    #expect(refusal.target == forger.headers[number].id)
    return refusal.violations.map(\.rule)
  }

  /// One more key of a node in the directory, valid from `since` to `until`, in milliseconds from now.
  func listKey(
    of number: Int, _ keys: any WritableKeyPath<NodeEntry, [DatedKey]> & Sendable, since: Int64,
    until: Int64? = nil
  ) throws -> SigningKey {
    let (key, code) = (try Suite.sha256Ed25519.generateSigningKey(), nodes[number].code)
    let now = nodes[number].clock.now
    let dated = DatedKey(
      key: key.verificationKey, notBefore: now.advanced(byMilliseconds: since),
      notAfter: until.map { now.advanced(byMilliseconds: $0) })
    try federation.publish { $0.nodes[code]?[keyPath: keys].append(dated) }
    try publish()
    try settle()
    return key
  }

  /// What a node that received a record would forward of it.
  func carried(_ id: RecordID, at number: Int) throws -> LeadForward {
    let node = nodes[number].node
    let (view, proof) = try call {
      (try await node.record(id), try await node.receipt(id).proof)
    }
    return LeadForward(
      header: view.header, payload: view.payload ?? [], salt: view.salt,
      proof: String(decoding: proof, as: UTF8.self), reason: .noJurisdiction, text: "不属于本机关管辖。")
  }

  @discardableResult
  func forward(
    _ id: RecordID, by number: Int = 1, to other: Int = 2, reason: String = "no-jurisdiction",
    key: String? = nil
  ) throws -> ForwardReceipt {
    let (node, to) = (nodes[number].node, nodes[other].code)
    return try call {
      try await node.forward(
        id, to: to, reason: reason, text: "不属于本机关管辖。", idempotencyKey: key)
    }
  }

  /// Submits a first record.
  func open(
    _ kind: String = KindName.leadTransfer, _ payload: [UInt8] = SamplePayload.transfer(),
    from: Int = 0, to: Int = 1
  ) throws -> RecordID {
    let (node, peer) = (nodes[from].node, nodes[to].code)
    return try call {
      try await node.submit(SubmissionRequest(to: peer, kind: kind, payload: payload))
    }.id
  }

  /// A lead that was sent and taken through these acts of its receiver, everybody having seen all.
  func lead(_ kinds: [String] = [], _ number: Int = 1, from: Int = 0, to: Int = 1) throws
    -> RecordID
  {
    try settle()
    let id = try submit(number, from: from, to: to)
    try settle()
    for kind in kinds {
      try act(kind, on: id, by: to)
      try settle()
    }
    return id
  }
}

extension LeadForward {
  /// The same with something changed.
  func with(
    header: [UInt8]? = nil, payload: [UInt8]? = nil, salt: [UInt8]? = nil, proof: String? = nil
  ) -> LeadForward {
    LeadForward(
      header: header ?? self.header, payload: payload ?? self.payload, salt: salt ?? self.salt,
      proof: proof ?? self.proof, reason: reason, text: text)
  }

  /// The proof under a head that others signed: the sender's line and the receipt's, either left out
  /// or made by another key.
  func resigned(
    by sender: SigningKey?, receipt: (name: String, key: SigningKey)?, at time: Timestamp
  ) throws -> LeadForward {
    var proof = try LogProof(parsing: Array(self.proof.utf8))
    let text = proof.checkpoint.text
    let checkpoint = try Checkpoint(parsing: text)
    var note = SignedNote(text: text, signatures: [])
    if let sender {
      note.add(try SignedNote.sign(text: text, name: checkpoint.origin, key: sender))
    }
    if let receipt {
      note.add(
        try Cosignature.cosign(
          checkpointText: text, name: receipt.name, key: receipt.key,
          time: UInt64(time.seconds)))
    }
    proof.checkpoint = note
    return with(proof: String(decoding: proof.encoded, as: UTF8.self))
  }
}
