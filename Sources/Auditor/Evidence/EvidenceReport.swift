public import Cryptography
public import RecordModel
public import TransparencyLog

/// What an evidence file proves, and what is wrong with it.
public struct EvidenceReport: Hashable, Sendable {
  /// The digest of the file's bytes, to compare two copies by; nil for a file too large to be one.
  public var fingerprint: Digest?
  /// What it is about; nil where it could not be read.
  public var subject: EvidenceFile.Subject?
  /// The keys from which all else follows, and whether the reader brought them.
  public var authority: Authority?
  /// Whether the reader brought them, so that the file did not have to be believed.
  public var isAuthorityGiven = false
  /// The newest directory in it.
  public var directory: FederationDirectory?
  /// The records that are proven, in the order of the file.
  public var records: [ProvenRecord] = []
  /// The forks that are proven.
  public var forks: [ProvenFork] = []
  /// What does not hold. Where there is anything, the file proves nothing.
  public var faults: [EvidenceFault] = []

  /// Whether everything in it holds.
  public var isProven: Bool { subject != nil && faults.isEmpty }

  mutating func add(_ error: EvidenceError, at place: EvidencePlace? = nil) {
    faults.append(EvidenceFault(code: error.code, place: place, detail: error.message))
  }

  /// Equal in everything but the parsed directory, which follows from the file.
  public static func == (left: EvidenceReport, right: EvidenceReport) -> Bool {
    left.fingerprint == right.fingerprint && left.subject == right.subject
      && left.authority == right.authority && left.isAuthorityGiven == right.isAuthorityGiven
      && left.directory?.digest == right.directory?.digest && left.records == right.records
      && left.forks == right.forks && left.faults == right.faults
  }

  /// Hashes some of what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(fingerprint)
    hasher.combine(faults)
  }
}

/// A part of an evidence file, counted from 0.
public enum EvidencePlace: Hashable, Sendable, CustomStringConvertible {
  case directory(Int)
  case certificate(Int)
  case record(Int)
  case fork(Int)

  /// As in the file: `records[3]`.
  public var description: String {
    switch self {
    case .directory(let index): "directories[\(index)]"
    case .certificate(let index): "certificates[\(index)]"
    case .record(let index): "records[\(index)]"
    case .fork(let index): "forks[\(index)]"
    }
  }
}

/// One thing in an evidence file that does not hold.
public struct EvidenceFault: Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public var code: EvidenceError.Code
  /// Where; nil for the whole.
  public var place: EvidencePlace?
  /// More, in English.
  public var detail: String

  /// `code at place: detail`.
  public var description: String {
    "\(code)" + (place.map { " at \($0)" } ?? "") + ": \(detail)"
  }
}

/// A record of which an evidence file proves that it is in its log.
public struct ProvenRecord: Hashable, Sendable {
  /// What is known of the payload.
  public enum Content: Hashable, Sendable {
    /// It is not in the file.
    case absent
    /// It is the one committed to. `keepsSchema` is nil where the schema is not known here.
    case proven([UInt8], keepsSchema: Bool?)
  }

  /// A receipt.
  public struct Receipt: Hashable, Sendable {
    /// The receiver's key.
    public var key: VerifierKey
    /// When the receiver held the record whole, by the receiver's clock.
    public var time: Timestamp
  }

  /// The header.
  public var header: RecordHeader
  /// Its log.
  public var origin: Origin
  /// Its leaf hash.
  public var leaf: Digest
  /// The signed head under which it is proven.
  public var size: UInt64
  /// That head's root.
  public var root: Digest
  /// The sender's key that signed the head.
  public var senderKey: VerifierKey
  /// The receiver's receipt; nil where there is none.
  public var receipt: Receipt?
  /// The agencies' names, in the directory that the header names.
  public var senderName: String
  /// The receiver's.
  public var receiverName: String
  /// The payload.
  public var content: Content
  /// The document number in the payload, where it has one.
  public var docNo: String?
  /// The title in the payload, where it has one.
  public var title: String?
  /// The record in the same file with which the receiver refused it.
  public var refusedBy: RecordID?
  /// The record in the same file under which its payload was erased.
  public var erasedBy: RecordID?
  /// For a case: whether the file shows that it belongs to it.
  public var isOfSubject = true
}

/// Two signed heads of which an evidence file proves that they exclude each other.
public struct ProvenFork: Hashable, Sendable {
  /// One of them.
  public struct Head: Hashable, Sendable {
    /// How many entries it counts.
    public var size: UInt64
    /// Their root.
    public var root: Digest
    /// The key that signed it.
    public var key: VerifierKey
    /// When the receiver, or of a journal a witness, first cosigned it, where one did.
    public var receiptTime: Timestamp?
  }

  /// The log's origin line.
  public var origin: String
  /// The agency whose log it is.
  public var signer: AgencyCode
  /// The agency that cosigns it; nil for a journal.
  public var receiver: AgencyCode?
  /// The two heads, the smaller first.
  public var heads: [Head]
  /// The root that the larger tree has at the smaller head's size.
  public var prefixRoot: Digest?
}
