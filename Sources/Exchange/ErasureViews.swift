public import RecordModel

/// What two operators are to sign, and what they should know.
public struct ErasureProposal: Sendable {
  /// What is to be signed.
  public var statement: ErasureStatement
  /// Where else the same content lies.
  public var carriers: [ErasureCarrier]

  /// A proposal from its parts.
  public init(statement: ErasureStatement, carriers: [ErasureCarrier]) {
    self.statement = statement
    self.carriers = carriers
  }
}

/// An erasure that was submitted: durable from now on.
public struct ErasureReceipt: Sendable {
  /// The erasure record's own id.
  public var id: RecordID
  /// The record whose payload goes.
  public var target: RecordID
  /// The other end, which has a copy of its own.
  public var peer: AgencyCode
  /// Where else the same content lies.
  public var carriers: [ErasureCarrier]

  /// A receipt from its parts.
  public init(id: RecordID, target: RecordID, peer: AgencyCode, carriers: [ErasureCarrier]) {
    self.id = id
    self.target = target
    self.peer = peer
    self.carriers = carriers
  }
}

/// Something else that holds the content of a record.
public struct ErasureCarrier: Sendable, Hashable {
  /// Where it lies.
  public enum Place: String, Sendable, Hashable {
    /// A record in a log of this node: to be erased by itself.
    case log
    /// A submission, queued or dead: to be cancelled or discarded.
    case outbox
    /// At other agencies only: they must be asked.
    case elsewhere
  }
  /// Id of the record or submission.
  public var id: RecordID
  /// Its kind.
  public var kind: String
  /// Who sent it.
  public var from: AgencyCode
  /// To whom.
  public var to: AgencyCode
  /// Where it lies.
  public var place: Place

  /// A carrier from its parts.
  public init(
    id: RecordID, kind: String, from: AgencyCode, to: AgencyCode, place: Place
  ) {
    self.id = id
    self.kind = kind
    self.from = from
    self.to = to
    self.place = place
  }

  init(_ header: RecordHeader, _ place: Place) {
    self.init(
      id: header.id, kind: header.kind, from: header.from, to: header.to, place: place)
  }
}

/// What is known of a record's erasure at both ends.
public struct ErasureView: Sendable, Hashable {
  /// How far an erasure has come.
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// Both ends have erased it.
    case both
    /// This end has; the peer has not said so.
    case own
    /// The peer has; this end still holds the payload.
    case peer
    /// It came back without its payload, which the peer has erased.
    case lost
    /// It came back without its payload, and no erasure record says why.
    case uncovered
  }

  /// One end's erasure record.
  public struct Record: Sendable, Hashable {
    /// Its id.
    public var id: RecordID
    /// Whose it is.
    public var from: AgencyCode
    /// Its place in that agency's channel.
    public var seq: UInt64
    /// Its header time.
    public var time: Timestamp
    /// The legal basis: the law.
    public var law: String
    /// The article.
    public var article: String

    /// An erasure record from its parts.
    public init(
      id: RecordID, from: AgencyCode, seq: UInt64, time: Timestamp, law: String, article: String
    ) {
      self.id = id
      self.from = from
      self.seq = seq
      self.time = time
      self.law = law
      self.article = article
    }
  }

  /// The channel that holds the record.
  public var channel: Origin
  /// Its place there.
  public var seq: UInt64
  /// Its id.
  public var id: RecordID
  /// The cursor for the next page.
  public var position: RecordPosition
  /// Whether this node holds no payload of it.
  public var isErasedHere: Bool
  /// This node's erasure record.
  public var own: Record?
  /// The peer's.
  public var peers: Record?

  /// A view from its parts.
  public init(
    channel: Origin, seq: UInt64, id: RecordID, position: RecordPosition, isErasedHere: Bool,
    own: Record?, peers: Record?
  ) {
    self.channel = channel
    self.seq = seq
    self.id = id
    self.position = position
    self.isErasedHere = isErasedHere
    self.own = own
    self.peers = peers
  }

  /// How far it has come.
  public var state: State {
    switch (own != nil, peers != nil) {
    case (true, true): .both
    case (true, false): .own
    case (false, true): isErasedHere ? .lost : .peer
    case (false, false): .uncovered
    }
  }
}
