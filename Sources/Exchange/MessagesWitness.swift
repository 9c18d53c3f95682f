public import Cryptography
public import RecordModel

// What two nodes say to each other about their journals: the messages of C2SP tlog-witness.

/// What a node holds of its peer's journal.
public struct JournalReport: Sendable, Hashable {
  /// The newest head of the peer's journal that the speaker cosigned, as a signed note with that
  /// cosignature; nil if there is none.
  public var witnessed: [UInt8]?

  /// A report, to be made from what is durable.
  public init(witnessed: [UInt8]?) { self.witnessed = witnessed }
}

/// Asks the receiver to cosign a head of the speaker's journal.
public struct Head: Sendable, Hashable {
  /// The size that the receiver is thought to hold; 0 for none.
  public var oldSize: UInt64
  /// The consistency proof from there; empty where `oldSize` is 0 or the head's own size.
  public var proof: [Digest]
  /// The signed note.
  public var note: [UInt8]

  /// A head with its proof.
  public init(oldSize: UInt64, proof: [Digest], note: [UInt8]) {
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
  }
}

/// The answer to a `Head`.
public struct HeadCosigned: Sendable, Hashable {
  /// The journal that is answered for.
  public var origin: JournalOrigin
  /// The size that was cosigned; of a refusal the size that the speaker holds, 0 for none.
  public var size: UInt64
  /// The speaker's cosignature as a line of a note; empty when it refuses.
  public var cosignature: [UInt8]
  /// Why it was not cosigned; nil when it was.
  public var refusal: FaultCode?
  /// Of a refusal for what is held: the signed note, with the speaker's cosignature.
  public var held: [UInt8]?

  /// A cosignature.
  public init(origin: JournalOrigin, size: UInt64, cosignature: [UInt8]) {
    self.origin = origin
    self.size = size
    self.cosignature = cosignature
  }

  /// A refusal.
  public init(origin: JournalOrigin, size: UInt64, refusal: FaultCode, held: [UInt8]? = nil) {
    self.origin = origin
    self.size = size
    cosignature = []
    self.refusal = refusal
    self.held = held
  }
}
