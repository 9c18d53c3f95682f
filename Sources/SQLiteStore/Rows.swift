import Cryptography
import Exchange
import RecordModel
import TransparencyLog

// How rows become values. The order of columns is that of `StatementName`.

extension Columns {
  /// position, refused, leaf, header, salt, payload
  func record() throws -> StoredRecord {
    StoredRecord(
      seq: Position.seq(integer(0)), header: blob(3), leaf: try digest(2),
      payload: optional(5, blob), salt: blob(4), refused: flag(1))
  }

  /// number, id, thread, position, state
  func entry() throws -> IndexEntry {
    let id = try id(1)
    return IndexEntry(
      number: integer(0), id: id, thread: try optional(2, self.id) ?? id,
      position: Position.position(integer(3)),
      state: try optional(4) { try parsed($0) { ThreadState(rawValue: $0) } })
  }

  /// size, root, note, receipt_time
  func checkpoint() throws -> StoredCheckpoint {
    StoredCheckpoint(
      size: bits(0), root: try digest(1), note: blob(2), receiptTime: optional(3, bits))
  }

  /// A tree from its suite's name, its size and its nodes in one blob.
  func frontier(suite: CInt, size: CInt, nodes: CInt) throws -> Frontier {
    let suiteValue = try parsed(suite) { Suite(name: $0) }
    let bytes = borrowed(nodes)
    guard bytes.count % Digest.byteCount == 0 else { throw corrupt(nodes, "digests") }
    let digests = stride(from: 0, to: bytes.count, by: Digest.byteCount).map { start in
      Digest(
        unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + Digest.byteCount]))
    }
    guard let tree = try? Frontier(suite: suiteValue, size: bits(size), nodes: digests) else {
      throw corrupt(nodes, "the nodes of a tree of its size")
    }
    return tree
  }

  /// number, then the columns of a channel
  func channel() throws -> ChannelState {
    let tree = try frontier(suite: 3, size: 4, nodes: 5)
    var state = ChannelState(
      number: ChannelNumber(rawValue: integer(0)),
      origin: try parsed(1) { try Origin(parsing: $0) },
      role: try parsed(2) { ChannelState.Role(rawValue: $0) }, suite: tree.suite,
      openedAt: time(23))
    state.frontier = tree
    state.lastLeaf = try digest(6)
    state.lastTime = time(7)
    state.lastSeen = Seen(epoch: UInt32(truncatingIfNeeded: integer(8)), size: bits(9))
    state.receiptedSize = bits(10)
    state.receiptTime = bits(11)
    state.unreceiptedBytes = bits(12)
    state.oldestUnreceipted = optional(13, time)
    state.halt = optional(14) {
      Halt(code: text($0), detail: text(15), at: time(16), needsNewEpoch: flag(17))
    }
    state.paused = flag(18)
    state.restore = try optional(19) {
      RestoreTarget(size: bits($0), root: try digest(20), note: blob(21), receiptTime: bits(22))
    }
    return state
  }

  /// id, recipient, dead, priority, size, submitted_at, thread, reply_to, kind, schema, urgency,
  /// dead_code, dead_detail, dead_at, salt, payload
  func submission() throws -> Submission {
    let id = try id(0)
    return Submission(
      id: id, to: try parsed(1) { try AgencyCode($0) }, kind: text(8), schema: text(9),
      thread: try optional(6, self.id) ?? id, replyTo: try optional(7, self.id),
      urgency: try parsed(10) { Urgency(rawValue: $0) }, payload: blob(15), salt: blob(14),
      submittedAt: time(5), priority: flag(3),
      dead: optional(11) { DeadReason(code: text($0), detail: text(12), at: time(13)) })
  }

  /// epoch, suite, size, nodes, last_leaf, last_time
  func journalState() throws -> JournalState {
    let tree = try frontier(suite: 1, size: 2, nodes: 3)
    var state = JournalState(
      epoch: UInt32(truncatingIfNeeded: integer(0)), suite: tree.suite)
    state.frontier = tree
    state.lastLeaf = try digest(4)
    state.lastTime = time(5)
    return state
  }
}

extension Frontier {
  /// The nodes in one blob, left to right.
  var nodeBytes: [UInt8] { nodes.flatMap(\.bytes) }
}

extension ChannelState {
  /// The columns of a channel, without its number.
  var bindings: [Binding] {
    [
      .text(origin.description), .text(role.rawValue), .text(frontier.suite.name),
      .bits(frontier.size), .blob(frontier.nodeBytes), .digest(lastLeaf), .time(lastTime),
      .integer(Int64(lastSeen.epoch)), .bits(lastSeen.size), .bits(receiptedSize),
      .bits(receiptTime), .bits(unreceiptedBytes), .optional(oldestUnreceipted?.milliseconds),
      .optional(halt?.code), .optional(halt?.detail), .optional(halt?.at.milliseconds),
      halt.map { .flag($0.needsNewEpoch) } ?? .null, .flag(paused),
      restore.map { .bits($0.size) } ?? .null, .optional(restore?.root), .optional(restore?.note),
      restore.map { .bits($0.receiptTime) } ?? .null, .time(openedAt),
    ]
  }
}
