// Erasures, as their callers read them.

/// What is known of a record's erasure at both ends.
public struct APIErasure: Codable, Sendable, Hashable {
  /// One end's erasure record.
  public struct Record: Codable, Sendable, Hashable {
    /// Its id.
    public var id: String
    /// Whose it is.
    public var from: String
    /// Its place in that agency's channel.
    public var seq: UInt64
    /// Its header time.
    public var time: String
    /// The legal basis: the law.
    public var law: String
    /// The article.
    public var article: String
  }
  /// The channel that holds the record.
  public var channel: String
  /// Its place there.
  public var seq: UInt64
  /// Its id.
  public var id: String
  /// `both`, `own`, `peer`, `lost`, `uncovered`.
  public var state: String
  /// The node's own erasure record.
  public var own: Record?
  /// The peer's.
  public var peer: Record?
}

/// Something else that holds the content of a record.
public struct APIErasureCarrier: Codable, Sendable, Hashable {
  /// Id of the record or submission.
  public var id: String
  /// Its kind.
  public var kind: String
  /// Who sent it.
  public var from: String
  /// To whom.
  public var to: String
  /// `log`, `outbox`, `elsewhere`.
  public var place: String
}

/// What two operators are to sign.
public struct APIErasureProposal: Codable, Sendable, Hashable {
  /// The channel that holds the record.
  public var channel: String
  /// Its place there.
  public var seq: UInt64
  /// Its id.
  public var target: String
  /// The text to sign.
  public var text: String
  /// Where else the same content lies.
  public var carriers: [APIErasureCarrier]
}

/// An erasure that was submitted.
public struct APIErasureReceipt: Codable, Sendable, Hashable {
  /// The erasure record's own id.
  public var id: String
  /// The record whose payload goes.
  public var target: String
  /// The other end, which has a copy of its own.
  public var peer: String
  /// Where else the same content lies.
  public var carriers: [APIErasureCarrier]
}

extension NodeClient {
  /// What two operators must sign to have a payload destroyed at the node.
  public func erasureStatement(
    _ id: String, law: String, article: String, seq: UInt64? = nil
  ) async throws -> Decoded<APIErasureProposal> {
    try await call(
      APICall(
        .get, "/v1/records/\(id)/erasure",
        query: [("law", law), ("article", article), ("seq", seq.map(String.init))]),
      as: APIErasureProposal.self)
  }

  /// Has a payload destroyed on a note that two operators have signed.
  public func erase(
    _ id: String, approved note: [UInt8]
  ) async throws -> Decoded<APIErasureReceipt> {
    try await call(
      APICall(
        .post, "/v1/records/\(id)/erasure", body: note, contentType: "text/plain; charset=utf-8"),
      as: APIErasureReceipt.self)
  }

  /// What has been erased at the node or at peers.
  public func erasures(
    cursor: Int64? = nil, limit: Int? = nil
  ) async throws -> Decoded<APIList<APIErasure>> {
    try await call(
      APICall(
        .get, "/v1/erasures",
        query: [("cursor", cursor.map(String.init)), ("limit", limit.map(String.init))]),
      as: APIList<APIErasure>.self)
  }
}
