public import Cryptography
public import RecordModel

// What the store keeps of journals' signed heads and of those who cosigned them: of this node's own
// journal, which others witness, and of others' journals, which this node witnesses.

/// A journal's signed head with one witness's cosignature.
public struct WitnessedHead: Sendable, Hashable {
  /// The journal's origin line.
  public var origin: String
  /// The name of the witness's key: that of another node, of this node, or of an auditor.
  public var witness: String
  /// How many entries the head covers; never 0.
  public var size: UInt64
  /// The Merkle root over them.
  public var root: Digest
  /// The signed note: the origin's signature and this witness's cosignature/v1.
  public var note: [UInt8]
  /// The cosignature's time in Unix seconds.
  public var time: UInt64

  /// A head; the caller has verified both signatures.
  public init(
    origin: String, witness: String, size: UInt64, root: Digest, note: [UInt8], time: UInt64
  ) {
    self.origin = origin
    self.witness = witness
    self.size = size
    self.root = root
    self.note = note
    self.time = time
  }
}

/// Two heads of one journal that do not go together, both signed by it: kept for auditors.
public struct HeadConflict: Sendable, Hashable {
  /// In what way they do not go together.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The same size and another root: the two notes alone prove it.
    case fork
    /// Another size, and no proof leads from the smaller to the larger: the journal's entries, or
    /// one head of each history at one size, prove it.
    case inconsistent
    /// Signed after a larger one, or in an epoch after which another had begun.
    case rollback
  }

  /// The journal's origin line, as the note that was shown has it.
  public var origin: String
  /// In what way they do not go together.
  public var kind: Kind
  /// The note that was held, with the cosignature under which it was.
  public var held: [UInt8]
  /// The note that was shown.
  public var shown: [UInt8]
  /// This node's clock when it was kept.
  public var time: Timestamp

  /// Two notes whose signatures by the journal's node have been verified.
  public init(origin: String, kind: Kind, held: [UInt8], shown: [UInt8], time: Timestamp) {
    self.origin = origin
    self.kind = kind
    self.held = held
    self.shown = shown
    self.time = time
  }
}

/// Reading witnessed heads, and the tiles that proofs about this node's own journal are made from.
public protocol StoreWitnessReader {
  /// The origin of every journal of which a head is held that somebody cosigned, ascending by bytes.
  func witnessedOrigins() throws -> [String]
  /// The newest head of an origin for each witness, ascending by size, then by the witness's name.
  func witnessedHeads(origin: String) throws -> [WitnessedHead]
  /// The newest head of an origin that a witness cosigned; nil if it cosigned none.
  func witnessedHead(origin: String, witness: String) throws -> WitnessedHead?
  /// Every pair of heads that do not go together, in the order of keeping, beyond the first `skipped`,
  /// at most `limit`.
  func headConflicts(skipping skipped: Int, limit: Int) throws -> [HeadConflict]
  /// How many pairs are kept of an origin.
  func headConflictCount(origin: String) throws -> Int
  /// Leaf hashes of the journal entries `range` of an epoch, in order.
  func journalLeaves(epoch: UInt32, _ range: Range<UInt64>) throws -> [Digest]
  /// A complete tile of a journal epoch: 256 hashes of `level` (8 KiB), C2SP tlog-tiles; nil while
  /// incomplete.
  func journalTile(epoch: UInt32, level: Int, index: UInt64) throws -> [UInt8]?
}

/// Writing them.
public protocol StoreWitnessWriter {
  /// Keeps the newest head of its origin for its witness: one that is smaller than what is held
  /// changes nothing, one of the same size replaces it.
  func put(_ head: WitnessedHead) throws
  /// Adds a pair of heads, which is never changed or removed. False, and nothing changes, when one
  /// with the same origin and the same shown note is kept already.
  func keep(_ conflict: HeadConflict) throws -> Bool
  /// Stores a complete tile of a journal epoch, 256 hashes.
  func putJournalTile(epoch: UInt32, level: Int, index: UInt64, hashes: [UInt8]) throws
}
