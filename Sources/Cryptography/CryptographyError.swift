import COpenSSL

/// What went wrong in a cryptographic operation: a stable code, a sentence, and OpenSSL's own words.
public struct CryptographyError: Error, Sendable, CustomStringConvertible {
  /// A stable dotted name such as `crypto.key.passphrase`. Listed in `docs/errors.md`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The dotted name as it is logged and compared.
    public let rawValue: String

    init(_ rawValue: String) {
      self.rawValue = rawValue
    }

    /// The dotted name.
    public var description: String { rawValue }
  }

  /// Which failure this is.
  public var code: Code
  /// One English sentence without secrets.
  public var message: String
  /// The text of OpenSSL's error queue, oldest entry first, if it had any.
  public var cause: String?

  /// An error with a code, a sentence, and the queue's text if there is one.
  public init(code: Code, message: String, cause: String? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// `code: message (cause)`.
  public var description: String {
    cause.map { "\(code): \(message) (\($0))" } ?? "\(code): \(message)"
  }

  /// An error that takes over (and so empties) this thread's OpenSSL queue.
  static func fromQueue(_ code: Code, _ message: String) -> CryptographyError {
    CryptographyError(code: code, message: message, cause: ErrorQueue.drain().text)
  }
}

extension CryptographyError.Code {
  /// The passphrase does not open the key.
  public static let keyPassphrase = Self("crypto.key.passphrase")
  /// The key file is not a PKCS#8 PEM, or its contents are damaged.
  public static let keyMalformed = Self("crypto.key.malformed")
  /// The key is stored in the clear where an encrypted one is demanded.
  public static let keyUnencrypted = Self("crypto.key.unencrypted")
  /// The key is encrypted and no passphrase was given.
  public static let keyLocked = Self("crypto.key.locked")
  /// The key is of another type than the suite or the use asks for.
  public static let keyType = Self("crypto.key.type")
  /// A key could not be made or written.
  public static let keyGeneration = Self("crypto.key.generation")
  /// The library refused to sign.
  public static let signature = Self("crypto.signature")
  /// The text is not a PEM certificate, or holds not exactly what was asked for.
  public static let certificateMalformed = Self("crypto.certificate.malformed")
  /// The certificate's validity has ended.
  public static let certificateExpired = Self("crypto.certificate.expired")
  /// The certificate's validity has not begun.
  public static let certificateNotYetValid = Self("crypto.certificate.notYetValid")
  /// A revocation list names the certificate.
  public static let certificateRevoked = Self("crypto.certificate.revoked")
  /// The revocation list of the certificate's issuer is out of date or not yet valid.
  public static let certificateRevocationListStale = Self("crypto.certificate.revocationListStale")
  /// No chain leads from the certificate to an anchor.
  public static let certificateUnknownIssuer = Self("crypto.certificate.unknownIssuer")
  /// The certificate was not issued for this use.
  public static let certificatePurpose = Self("crypto.certificate.purpose")
  /// The chain is wrong in another way: a bad signature, a weak key, a broken extension.
  public static let certificateInvalid = Self("crypto.certificate.invalid")
  /// The private key does not belong to the certificate.
  public static let keyMismatch = Self("crypto.key.mismatch")
  /// The text is not a PEM revocation list.
  public static let revocationListMalformed = Self("crypto.revocationList.malformed")
}

/// This thread's OpenSSL error queue.
enum ErrorQueue {
  /// What the queue held: its text and the packed code of its newest entry (0 when empty).
  struct Contents {
    var text: String?
    var newest: UInt
    var codes: [UInt]
  }

  static func clear() {
    ERR_clear_error()
  }

  /// Empties the queue. Must run on the thread whose call failed, straight after it.
  static func drain() -> Contents {
    var contents = Contents(text: nil, newest: 0, codes: [])
    var lines: [String] = []
    while true {
      var data: UnsafePointer<CChar>?
      var flags: CInt = 0
      let code = ERR_get_error_all(nil, nil, nil, &data, &flags)
      guard code != 0 else { break }
      contents.newest = code
      contents.codes.append(code)
      var line = reason(of: code)
      if let data, flags & ERR_TXT_STRING != 0, data.pointee != 0 {
        line += ": " + String(cString: data)
      }
      lines.append(line)
    }
    contents.text = lines.isEmpty ? nil : lines.joined(separator: "; ")
    return contents
  }

  /// The words for one packed code, without the numeric noise of `ERR_error_string`.
  private static func reason(of code: UInt) -> String {
    if let text = ERR_reason_error_string(code) { return String(cString: text) }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      ERR_error_string_n(code, buffer.baseAddress, buffer.count)
      // The buffer is not empty, so it has an address, and the call ended it with a zero.
      return String(cString: buffer.baseAddress!)
    }
  }
}
