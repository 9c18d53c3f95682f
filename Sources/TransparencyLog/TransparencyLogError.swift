/// What went wrong in a note, a checkpoint, a proof, a tile or a frontier.
///
/// `code` is stable and meant for programs; `message` is English for people and never repeats
/// the bytes that were refused.
public struct TransparencyLogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable, dotted name of a kind of failure, for example `log.note.signature`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The dotted name.
    public let rawValue: String
    /// Wraps a dotted name, also one that this module does not know.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The dotted name.
    public var description: String { rawValue }
  }

  /// The stable kind of failure.
  public var code: Code
  /// What happened, in English.
  public var message: String
  /// The text of the failure beneath this one, if there was one.
  public var cause: String?

  /// Makes an error; `cause` is the text of the failure beneath it.
  public init(code: Code, message: String, cause: String? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// `code: message (cause)`.
  public var description: String {
    guard let cause else { return "\(code): \(message)" }
    return "\(code): \(message) (\(cause))"
  }
}

extension TransparencyLogError.Code {
  private init(_ rawValue: String) { self.init(rawValue: rawValue) }

  // MARK: Signed notes

  /// A note, its text or one of its parts is larger than its limit.
  public static let noteLimit = Self("log.note.limit")
  /// A note is not valid UTF-8.
  public static let noteUTF8 = Self("log.note.utf8")
  /// A note holds a control character other than newline.
  public static let noteControl = Self("log.note.control")
  /// A note has no text, no signatures, or not exactly one blank line between them.
  public static let noteMalformed = Self("log.note.malformed")
  /// A signature line is not `— name base64`.
  public static let noteSignatureLine = Self("log.note.signatureLine")
  /// Two signatures of one note carry the same key name and key ID.
  public static let noteDuplicate = Self("log.note.duplicate")
  /// A key name is empty, too long, or holds a space, a plus or a control character.
  public static let noteName = Self("log.note.name")
  /// A verifier key is not `name+hex+base64`, or its key does not fit the suite.
  public static let noteKey = Self("log.note.key")
  /// The key ID written in a verifier key is not the one its name, type and key give.
  public static let noteKeyID = Self("log.note.keyID")
  /// A verifier key's signature type is not one that its suite has.
  public static let noteKeyType = Self("log.note.keyType")
  /// Two different keys given to verify with share one name and key ID.
  public static let noteAmbiguousKey = Self("log.note.ambiguousKey")
  /// A signature that names a known key does not verify.
  public static let noteSignature = Self("log.note.signature")
  /// No signature of a note is by a known key.
  public static let noteUnverified = Self("log.note.unverified")

  // MARK: Checkpoints and cosignatures

  /// A checkpoint's text is not at least three non-empty lines within the limits.
  public static let checkpointMalformed = Self("log.checkpoint.malformed")
  /// A checkpoint's origin is empty, too long, or holds a control character.
  public static let checkpointOrigin = Self("log.checkpoint.origin")
  /// A checkpoint's size is not a decimal without leading zeros below 2^64.
  public static let checkpointSize = Self("log.checkpoint.size")
  /// A checkpoint's root is not the canonical base64 of 32 bytes.
  public static let checkpointRoot = Self("log.checkpoint.root")
  /// An extension line is empty, too long, holds a control character, or there are too many.
  public static let checkpointExtension = Self("log.checkpoint.extension")
  /// A cosignature is not eight bytes of time and a signature.
  public static let cosignatureMalformed = Self("log.cosignature.malformed")
  /// A cosignature's time is above 2^63 − 1.
  public static let cosignatureTime = Self("log.cosignature.time")
  /// A cosignature is by another key than the given one, or that key does not cosign.
  public static let cosignatureKey = Self("log.cosignature.key")
  /// A cosignature does not verify.
  public static let cosignatureSignature = Self("log.cosignature.signature")

  // MARK: Proofs

  /// The leaf's index lies outside the tree.
  public static let proofIndex = Self("log.proof.index")
  /// The tree sizes of a consistency proof make no sense: old size 0, or above the new one.
  public static let proofSize = Self("log.proof.size")
  /// A proof has another number of hashes than its index and sizes ask for.
  public static let proofLength = Self("log.proof.length")
  /// A proof leads to another root.
  public static let proofRoot = Self("log.proof.root")
  /// A proof file breaks its format.
  public static let proofMalformed = Self("log.proof.malformed")
  /// A proof file, or a part of it, is larger than its limit.
  public static let proofLimit = Self("log.proof.limit")
  /// A proof's checkpoint is of another log.
  public static let proofOrigin = Self("log.proof.origin")
  /// The policy that a proof is to be checked against can never be met.
  public static let proofPolicy = Self("log.proof.policy")
  /// The log itself did not sign a proof's checkpoint.
  public static let proofUnsigned = Self("log.proof.unsigned")
  /// Fewer cosigners than asked for signed a proof's checkpoint.
  public static let proofThreshold = Self("log.proof.threshold")

  // MARK: Trees

  /// A frontier has another number of nodes than its size has one-bits.
  public static let frontierShape = Self("log.frontier.shape")
  /// A source was asked for a subtree that its tree does not (wholly) hold.
  public static let subtreeRange = Self("log.subtree.range")
  /// A tile's level, index or width is out of range.
  public static let tileRange = Self("log.tile.range")
  /// A tile's path is not in its one canonical form.
  public static let tilePath = Self("log.tile.path")
  /// A tile's bytes are not 32 times its width.
  public static let tileLength = Self("log.tile.length")
}
