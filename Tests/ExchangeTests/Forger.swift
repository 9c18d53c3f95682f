import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import TransparencyLog

/// Builds batches by hand with a node's real keys, on top of what that node's log holds.
struct Forger {
  let identity: NodeIdentity
  let origin: Origin
  var frontier: Frontier
  var lastLeaf: Digest
  var lastSeen: Seen
  var time: Timestamp
  let random: SeededRandom
  let held: [StoredRecord]
  /// Where the batch starts.
  var start: UInt64
  var records: [WireRecord] = []
  /// Headers of the records made, in order.
  var headers: [RecordHeader] = []

  init(_ world: TestWorld, from: Int = 0, to: Int = 1) throws {
    let sender = world.nodes[from]
    let snapshot = try sender.snapshot()
    identity = sender.member.identity
    origin = world.origin(from, to)
    let state = snapshot.channel(origin.direction)
    frontier = state?.frontier ?? Frontier(suite: .sha256Ed25519)
    lastLeaf = state?.lastLeaf ?? .zero
    lastSeen = state?.lastSeen ?? Seen(epoch: 1, size: 0)
    time = sender.clock.now
    random = SeededRandom(seed: 99)
    held = snapshot.log(origin.direction)
    start = frontier.size
  }

  /// A true header for the next record, opening a thread.
  func header(payload: [UInt8], salt: [UInt8]) -> RecordHeader {
    let id = RecordID.generate(at: time, random: { random.bytes($0) })
    return RecordHeader(
      id: id, from: origin.direction.from, to: origin.direction.to, seq: frontier.size,
      prev: lastLeaf, time: time, seen: lastSeen, directory: 1, kind: KindName.leadTransfer,
      schema: "lead.transfer/1", thread: id, replyTo: nil, urgency: .normal,
      payload: PayloadReference(
        commitment: Commitment.make(salt: salt, payload: payload, suite: .sha256Ed25519),
        size: payload.count))
  }

  /// Adds a record: true but for what `change`, `bytes` and `wire` make of it.
  mutating func add(
    payload: [UInt8] = SamplePayload.transfer(5), change: (inout RecordHeader) -> Void = { _ in },
    bytes: ([UInt8]) -> [UInt8] = { $0 }, wire: (inout WireRecord) -> Void = { _ in }
  ) {
    let salt = random.bytes(32)
    var header = header(payload: payload, salt: salt)
    change(&header)
    headers.append(header)
    let encoded = bytes(header.encoded())
    var record = WireRecord(header: encoded, payload: payload, salt: salt)
    lastLeaf = Merkle.leaf(encoded, suite: .sha256Ed25519)
    frontier.append(leaf: lastLeaf)
    wire(&record)
    records.append(record)
  }

  /// The batch of what was added, under a head that `change` may spoil, signed by `key`.
  func batch(
    key: SigningKey? = nil, change: (inout Checkpoint) -> Void = { _ in },
    note spoil: (inout SignedNote) -> Void = { _ in }
  ) throws -> Batch {
    var checkpoint = Checkpoint(origin: origin.description, frontier: frontier)
    change(&checkpoint)
    var note = try checkpoint.signed(by: key ?? identity.recordKey)
    spoil(&note)
    return Batch(origin: origin, start: start, records: records, checkpoint: note.encoded)
  }

  /// Begins again behind the first `size` held records, with the tree that they have.
  mutating func rewind(to size: UInt64) {
    frontier = Frontier(suite: .sha256Ed25519)
    lastLeaf = .zero
    for record in held.prefix(Int(size)) {
      frontier.append(leaf: record.leaf)
      lastLeaf = record.leaf
    }
    start = size
  }

  /// Adds a held record as it is.
  mutating func repeatHeld(_ seq: Int) {
    let record = held[seq]
    records.append(WireRecord(header: record.header, payload: record.payload, salt: record.salt))
    frontier.append(leaf: record.leaf)
    lastLeaf = record.leaf
  }
}

extension [UInt8] {
  /// The bytes with the first occurrence of one text replaced by another.
  func replacing(text: String, with other: String) -> [UInt8] {
    let string = String(decoding: self, as: UTF8.self)
    guard let range = string.firstRange(of: text) else { return self }
    return Array(string.replacingCharacters(text, in: range, with: other).utf8)
  }
}

extension String {
  fileprivate func replacingCharacters(
    _ text: String, in range: Range<String.Index>, with other: String
  ) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
