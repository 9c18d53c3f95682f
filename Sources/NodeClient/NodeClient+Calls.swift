import FoundationEssentials

// One method per route of schemas/openapi.yaml that answers with JSON.

extension NodeClient {
  // MARK: Health

  /// The process is up.
  public func live() async throws -> Decoded<APIHealth> {
    try await call(APICall(.get, "/health/live"), as: APIHealth.self)
  }

  /// The node can work; throws a problem with its reasons when it cannot.
  public func ready() async throws -> Decoded<APIHealth> {
    try await call(APICall(.get, "/health/ready"), as: APIHealth.self)
  }

  // MARK: Leads

  /// Submits a payload, verbatim; `schema` where it must be sent under this version and no other.
  public func submit(
    _ payload: [UInt8], to: String, kind: String? = nil, schema: String? = nil,
    urgency: String? = nil, idempotencyKey: String? = nil
  ) async throws -> Decoded<APISubmission> {
    try await call(
      APICall(
        .post, "/v1/leads",
        query: [("to", to), ("kind", kind), ("schema", schema), ("urgency", urgency)],
        headers: [("idempotency-key", idempotencyKey)], body: payload),
      as: APISubmission.self)
  }

  /// Outgoing leads, newest first.
  public func leads(
    cursor: Int64? = nil, limit: Int? = nil, to: String? = nil, states: [String] = []
  ) async throws -> Decoded<APIList<APIRecordSummary>> {
    try await call(
      APICall(
        .get, "/v1/leads",
        query: [
          ("cursor", cursor.map(String.init)), ("limit", limit.map(String.init)), ("to", to),
          ("state", states.isEmpty ? nil : states.joined(separator: ",")),
        ]), as: APIList<APIRecordSummary>.self)
  }

  /// The thread of a record or submission.
  public func thread(_ id: String) async throws -> Decoded<APIThread> {
    try await call(APICall(.get, "/v1/leads/\(id)"), as: APIThread.self)
  }

  /// Takes an unsealed submission back.
  public func cancel(_ id: String) async throws {
    _ = try await call(APICall(.delete, "/v1/leads/\(id)"))
  }

  /// A record's receipt.
  public func receipt(_ id: String) async throws -> Decoded<APIReceipt> {
    try await call(APICall(.get, "/v1/leads/\(id)/receipt"), as: APIReceipt.self)
  }

  /// A record's receipt as a tlog-proof file.
  public func receiptProof(_ id: String) async throws -> [UInt8] {
    try await call(APICall(.get, "/v1/leads/\(id)/receipt", accept: "text/plain")).body
  }

  /// Waits for a record's receipt, at most so many seconds; gives its state then.
  public func wait(_ id: String, seconds: Int) async throws -> Decoded<APIRecordSummary> {
    try await call(
      APICall(
        .get, "/v1/leads/\(id)/wait", query: [("seconds", String(seconds))],
        timeout: .seconds(seconds + 10)),
      as: APIRecordSummary.self)
  }

  // MARK: Inbox

  /// Received leads, oldest first.
  public func inbox(
    cursor: Int64? = nil, limit: Int? = nil, from: String? = nil, states: [String] = []
  ) async throws -> Decoded<APIList<APIRecordSummary>> {
    try await call(
      APICall(
        .get, "/v1/inbox",
        query: [
          ("cursor", cursor.map(String.init)), ("limit", limit.map(String.init)), ("from", from),
          ("state", states.isEmpty ? nil : states.joined(separator: ",")),
        ]), as: APIList<APIRecordSummary>.self)
  }

  /// One received lead and its thread.
  public func inboxEntry(_ id: String) async throws -> Decoded<APIInboxEntry> {
    try await call(APICall(.get, "/v1/inbox/\(id)"), as: APIInboxEntry.self)
  }

  /// Leases the next lead, or the one named; nil when there is none.
  public func take(
    _ id: String? = nil, holder: String, seconds: Int
  ) async throws -> Decoded<APITaken>? {
    struct Body: Encodable {
      var id: String?
      var holder: String
      var seconds: Int
    }
    let answer = try await call(
      APICall(
        .post, "/v1/inbox/take",
        body: Self.encode(Body(id: id, holder: holder, seconds: seconds))))
    guard answer.status != 204 else { return nil }
    guard let value = try? JSONDecoder().decode(APITaken.self, from: Data(answer.body)) else {
      throw ClientError(.answer, "The node's answer is not the JSON that was expected.")
    }
    return Decoded(value: value, json: answer.body)
  }

  /// Ends a lease.
  public func release(_ id: String, holder: String) async throws {
    _ = try await call(
      APICall(.post, "/v1/inbox/\(id)/release", body: Self.encode(["holder": holder])))
  }

  /// Sends an act, its payload verbatim.
  public func act(
    _ kind: String, on id: String, payload: [UInt8], schema: String? = nil,
    urgency: String? = nil, idempotencyKey: String? = nil
  ) async throws -> Decoded<APISubmission> {
    try await call(
      APICall(
        .post, "/v1/inbox/\(id)/acts",
        query: [("kind", kind), ("schema", schema), ("urgency", urgency)],
        headers: [("idempotency-key", idempotencyKey)], body: payload),
      as: APISubmission.self)
  }

  /// Passes a received lead on; the node makes both records, the forwarding and the notice of it.
  public func forward(
    _ id: String, _ order: APIForwarding, idempotencyKey: String? = nil
  ) async throws -> Decoded<APIForwarded> {
    try await call(
      APICall(
        .post, "/v1/inbox/\(id)/forward", headers: [("idempotency-key", idempotencyKey)],
        body: Self.encode(order)),
      as: APIForwarded.self)
  }

  // MARK: Schemas

  /// The record schemas that the node reads.
  public func schemas() async throws -> Decoded<APIList<APISchema>> {
    try await call(APICall(.get, "/v1/schemas"), as: APIList<APISchema>.self)
  }

  /// Judges a payload without submitting it: by `schema`, or by the highest version of `kind`.
  public func check(
    _ payload: [UInt8], kind: String? = nil, schema: String? = nil
  ) async throws -> Decoded<APICheck> {
    try await call(
      APICall(
        .post, "/v1/schemas/check", query: [("kind", kind), ("schema", schema)], body: payload),
      as: APICheck.self)
  }

  // MARK: Records

  /// A record whole.
  public func record(_ id: String) async throws -> Decoded<APIRecord> {
    try await call(APICall(.get, "/v1/records/\(id)"), as: APIRecord.self)
  }

  /// A record's `payload` or `header`, verbatim.
  public func part(_ part: String, of id: String) async throws -> [UInt8] {
    try await call(APICall(.get, "/v1/records/\(id)", query: [("part", part)])).body
  }

  static func encode(_ value: some Encodable) -> [UInt8] {
    // Closed structs of strings and numbers, which JSON can always say.
    (try? JSONEncoder().encode(value)).map(Array.init) ?? []
  }
}

extension NodeClient {
  // MARK: Operators

  /// Every peer's queue.
  public func queues() async throws -> Decoded<APIList<APIQueue>> {
    try await call(APICall(.get, "/v1/queues"), as: APIList<APIQueue>.self)
  }

  /// What waits for one peer.
  public func queue(
    _ peer: String, limit: Int? = nil
  ) async throws -> Decoded<APIList<APIRecordSummary>> {
    try await call(
      APICall(.get, "/v1/queues/\(peer)", query: [("limit", limit.map(String.init))]),
      as: APIList<APIRecordSummary>.self)
  }

  /// Dials a peer now.
  public func retry(_ peer: String) async throws {
    _ = try await call(APICall(.post, "/v1/queues/\(peer)/retry"))
  }

  /// Lifts a halt that needs no new epoch.
  public func resume(_ peer: String) async throws {
    _ = try await call(APICall(.post, "/v1/queues/\(peer)/resume"))
  }

  /// What operators would have to approve before channels with a peer begin anew.
  public func epochStatements(_ peer: String) async throws -> Decoded<APIList<APIEpochStatement>> {
    try await call(
      APICall(.get, "/v1/queues/\(peer)/epoch"), as: APIList<APIEpochStatement>.self)
  }

  /// Opens a channel's next epoch on a note that two operators have signed.
  public func openEpoch(
    _ peer: String, approved note: [UInt8]
  ) async throws -> Decoded<APIEpochOpened> {
    try await call(
      APICall(
        .post, "/v1/queues/\(peer)/epoch", body: note, contentType: "text/plain; charset=utf-8"),
      as: APIEpochOpened.self)
  }

  /// Opens or closes the intake from a peer.
  public func setIntake(from peer: String, paused: Bool) async throws {
    _ = try await call(
      APICall(.post, "/v1/queues/\(peer)/intake", body: Self.encode(["paused": paused])))
  }

  /// Dead letters.
  public func deadLetters(limit: Int? = nil) async throws -> Decoded<APIList<APIRecordSummary>> {
    try await call(
      APICall(.get, "/v1/dead-letters", query: [("limit", limit.map(String.init))]),
      as: APIList<APIRecordSummary>.self)
  }

  /// Drops a dead letter.
  public func discardDeadLetter(_ id: String) async throws {
    _ = try await call(APICall(.delete, "/v1/dead-letters/\(id)"))
  }

  /// Puts a dead letter back into the outbox.
  public func requeueDeadLetter(_ id: String) async throws {
    _ = try await call(APICall(.post, "/v1/dead-letters/\(id)/requeue"))
  }

  /// The peers.
  public func peers() async throws -> Decoded<APIList<APIPeer>> {
    try await call(APICall(.get, "/v1/peers"), as: APIList<APIPeer>.self)
  }

  /// The channels.
  public func channels() async throws -> Decoded<APIList<APIChannel>> {
    try await call(APICall(.get, "/v1/channels"), as: APIList<APIChannel>.self)
  }

  /// The journal, as the node's JSON; each entry's bytes stand in it as they are hashed.
  public func journal(from: UInt64 = 0, limit: Int? = nil) async throws -> [UInt8] {
    try await call(
      APICall(
        .get, "/v1/journal", query: [("from", String(from)), ("limit", limit.map(String.init))])
    ).body
  }

  /// The directory in force.
  public func directory() async throws -> Decoded<APIDirectory> {
    try await call(APICall(.get, "/v1/directory"), as: APIDirectory.self)
  }

  /// The directory in force as the signed note.
  public func directoryNote() async throws -> [UInt8] {
    try await call(APICall(.get, "/v1/directory", accept: "text/plain")).body
  }

  /// Puts a new directory in force.
  public func loadDirectory(_ note: [UInt8]) async throws -> Decoded<APIDirectory> {
    try await call(
      APICall(.post, "/v1/directory", body: note, contentType: "text/plain; charset=utf-8"),
      as: APIDirectory.self)
  }
}
