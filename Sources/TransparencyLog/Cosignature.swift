public import Cryptography

/// Timestamped cosignatures of checkpoints: C2SP tlog-cosignature, `cosignature/v1`.
///
/// The signed message is `cosignature/v1`, `time <seconds>` and the checkpoint's text; the
/// signature is eight big-endian bytes of time, then the algorithm's own bytes. The message
/// does not hold the cosigner's name, so one key must not serve two names.
public enum Cosignature {
  /// The highest time that a cosignature may carry, in seconds since the Unix epoch.
  public static let timeLimit = UInt64(Int64.max)

  /// Cosigns a checkpoint's text as the key `name`; `time` is in seconds since the Unix epoch.
  ///
  /// Whether a checkpoint of that size may be cosigned is the caller's to know. Throws
  /// `log.checkpoint.*` where the text is no checkpoint, `log.note.name` for a name that no
  /// note can hold, `log.cosignature.time` for a time above 2^63 − 1, and what the key throws.
  public static func cosign(
    checkpointText: String, name: String, key: SigningKey, time: UInt64
  ) throws -> NoteSignature {
    _ = try Checkpoint(parsing: checkpointText)
    let named = try VerifierKey(
      name: name, key: key.verificationKey, type: key.suite.cosignatureType)
    guard time <= timeLimit else { throw timeTooLarge }
    var signature: [UInt8] = []
    appendBigEndian(time, to: &signature)
    signature += try key.sign(message(checkpointText, time: time))
    return NoteSignature(name: name, keyID: named.keyID, signature: signature)
  }

  /// The time that a cosignature claims, in seconds since the Unix epoch; not verified.
  ///
  /// Throws `log.cosignature.malformed` where nothing follows the eight bytes of time,
  /// `log.cosignature.time` for a time above 2^63 − 1.
  public static func time(of signature: NoteSignature) throws(TransparencyLogError) -> UInt64 {
    guard signature.signature.count > 8 else {
      throw TransparencyLogError(
        code: .cosignatureMalformed, message: "a cosignature is shorter than its time")
    }
    let time = signature.signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard time <= timeLimit else { throw timeTooLarge }
    return time
  }

  /// Verifies a cosignature on a checkpoint's text and returns its time, in seconds since the
  /// Unix epoch. Whether that time is believable is the caller's to judge.
  ///
  /// Throws `log.cosignature.key` where `key` is not of the cosignature type or not the one
  /// that the signature names, `log.cosignature.signature` where it does not verify,
  /// `log.checkpoint.*` where the text is no checkpoint, and what ``time(of:)`` throws.
  public static func verify(
    _ signature: NoteSignature, checkpointText: String, by key: VerifierKey
  ) throws(TransparencyLogError) -> UInt64 {
    guard key.type == key.key.suite.cosignatureType, key.isMeant(by: signature) else {
      throw TransparencyLogError(
        code: .cosignatureKey, message: "the cosignature is not by the cosigning key \(key.name)")
    }
    let time = try time(of: signature)
    _ = try Checkpoint(parsing: checkpointText)
    let own = Array(signature.signature.dropFirst(8))
    guard key.key.isValid(signature: own, for: message(checkpointText, time: time)) else {
      throw TransparencyLogError(
        code: .cosignatureSignature, message: "the cosignature by \(key.name) does not verify")
    }
    return time
  }

  private static func message(_ checkpointText: String, time: UInt64) -> [UInt8] {
    var message = Array("cosignature/v1\ntime \(time)\n".utf8)
    message.append(contentsOf: checkpointText.utf8)
    return message
  }

  private static let timeTooLarge = TransparencyLogError(
    code: .cosignatureTime, message: "a cosignature's time is above 2^63 − 1")
}
