public import Exchange
public import RecordModel

// What agencies do, in short.

extension TestWorld {
  /// Submits a lead from one node to another.
  @discardableResult
  public func submit(
    _ number: Int = 1, from: Int = 0, to: Int = 1, key: String? = nil
  ) throws -> RecordID {
    let request = SubmissionRequest(
      to: nodes[to].code, kind: KindName.leadTransfer, payload: SamplePayload.transfer(number),
      idempotencyKey: key)
    let node = nodes[from].node
    return try call { try await node.submit(request) }.id
  }

  /// Answers a lead that `by` has received.
  @discardableResult
  public func act(_ kind: String, on id: RecordID, by: Int = 1, _ number: Int = 1) throws
    -> RecordID
  {
    guard let payload = SamplePayload.act(kind, number) else {
      throw Stalled(reason: "\(kind) is no act")
    }
    let node = nodes[by].node
    return try call { try await node.act(kind: kind, on: id, payload: payload) }.id
  }

  /// How a record or submission stands at one node.
  public func summary(_ id: RecordID, at number: Int) throws -> RecordSummary {
    let node = nodes[number].node
    return try call { try await node.record(id).summary }
  }

  /// How a thread stands at one node.
  public func state(_ id: RecordID, at number: Int) throws -> ThreadState? {
    let node = nodes[number].node
    return try call { try await node.thread(id).state }
  }

  /// Puts the newest directory into force at some nodes; at all when none is named.
  public func publish(at numbers: [Int]? = nil) throws {
    let note = federation.note
    for number in numbers ?? Array(nodes.indices) {
      let node = nodes[number].node
      try call { try await node.loadDirectory(note) }
    }
  }

  /// Calls a node's `tick`.
  public func tick(_ number: Int) throws {
    let node = nodes[number].node
    try call { try await node.tick() }
  }

  /// Lets time pass on every clock.
  public func advance(milliseconds: UInt32) {
    for node in nodes { node.clock.advance(milliseconds: milliseconds) }
  }
}
