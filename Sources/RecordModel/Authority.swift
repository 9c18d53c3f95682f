import Cryptography
public import TransparencyLog

/// The coordinating authority's keys and how many of them must sign a directory.
public struct Authority: Hashable, Sendable {
  /// Most keys that an authority may have.
  public static let keyLimit = 32

  /// How many different keys must sign.
  public let threshold: Int
  /// The keys, under the names by which they sign.
  public let keys: [VerifierKey]

  /// An authority of `threshold` of `keys`.
  /// - Throws: `RecordModelError` with `.directoryAuthority` unless 1 ≤ threshold ≤ count ≤
  ///   `keyLimit`, every key is there once, whatever its name, and signs notes (not cosignatures).
  public init(threshold: Int, keys: [VerifierKey]) throws(RecordModelError) {
    guard keys.count <= Self.keyLimit, threshold >= 1, threshold <= keys.count else {
      throw RecordModelError(
        .directoryAuthority,
        "An authority needs a threshold from 1 to the number of its keys, at most "
          + "\(Self.keyLimit) keys.")
    }
    // One key under two names would count as two signatures of one hand.
    guard Set(keys.map(\.key)).count == keys.count else {
      throw RecordModelError(.directoryAuthority, "An authority may list each key only once.")
    }
    guard keys.allSatisfy({ $0.type == $0.key.suite.noteSignatureType }) else {
      throw RecordModelError(.directoryAuthority, "An authority's keys must be note keys.")
    }
    self.threshold = threshold
    self.keys = keys
  }

  /// Whether enough of the keys signed the note. False also when none did.
  /// - Throws: `RecordModelError` with `.directorySignature` when a signature in the name of one of
  ///   the keys does not verify.
  func hasSigned(_ note: SignedNote) throws(RecordModelError) -> Bool {
    let signers: [VerifierKey]
    do {
      signers = try note.verified(by: keys)
    } catch  where error.code == .noteUnverified {
      return false
    } catch {
      throw RecordModelError(
        .directorySignature, "A signature in the name of an authority's key does not verify.",
        cause: "\(error)")
    }
    return Set(signers.map(\.key)).count >= threshold
  }

  /// Equal as quorums: the same threshold over the same keys, in any order.
  public static func == (left: Authority, right: Authority) -> Bool {
    left.threshold == right.threshold && Set(left.keys) == Set(right.keys)
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(threshold)
    hasher.combine(Set(keys))
  }
}

extension RecordModelError.Code {
  /// A directory over its limit of bytes.
  public static let directorySize = Self(rawValue: "directory.size")
  /// A directory that is not a signed note whose text is a name line and one line of JSON.
  public static let directoryNote = Self(rawValue: "directory.note")
  /// A directory whose JSON is not strict.
  public static let directoryJSON = Self(rawValue: "directory.json")
  /// A directory field that is missing, unknown, of another type or outside its form or limit.
  public static let directoryField = Self(rawValue: "directory.field")
  /// A quorum that cannot be one.
  public static let directoryAuthority = Self(rawValue: "directory.authority")
  /// A signature in the name of an authority's key that does not verify.
  public static let directorySignature = Self(rawValue: "directory.signature")
  /// Too few signatures of a trusted quorum, or of the quorum that the directory itself names.
  public static let directoryQuorum = Self(rawValue: "directory.quorum")
  /// A directory of another federation.
  public static let directoryFederation = Self(rawValue: "directory.federation")
  /// A directory older than the one in force.
  public static let directoryOlder = Self(rawValue: "directory.older")
  /// Another text under the version in force: the authority signed two truths.
  public static let directoryFork = Self(rawValue: "directory.fork")
  /// One key with two duties or two owners.
  public static let directoryKeyReuse = Self(rawValue: "directory.keyReuse")
}
