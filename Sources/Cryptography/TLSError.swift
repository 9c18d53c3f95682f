import COpenSSL

extension CryptographyError.Code {
  /// The session is not in a state for this call: reading before the handshake is complete, say.
  public static let tlsState = Self("crypto.tls.state")
  /// The context or the session could not be set up.
  public static let tlsSetup = Self("crypto.tls.setup")

  // MARK: We refused the peer's certificate.

  /// The peer's certificate, or one above it, has expired.
  public static let tlsCertificateExpired = Self("crypto.tls.certificate.expired")
  /// The peer's certificate, or one above it, is not valid yet.
  public static let tlsCertificateNotYetValid = Self("crypto.tls.certificate.notYetValid")
  /// The peer's certificate, or one above it, is revoked.
  public static let tlsCertificateRevoked = Self("crypto.tls.certificate.revoked")
  /// Our revocation list for the peer's issuer is out of date.
  public static let tlsCertificateRevocationListStale = Self(
    "crypto.tls.certificate.revocationListStale")
  /// The peer's certificate leads to none of our anchors.
  public static let tlsCertificateUnknownIssuer = Self("crypto.tls.certificate.unknownIssuer")
  /// The peer's certificate was not issued for its side of TLS.
  public static let tlsCertificatePurpose = Self("crypto.tls.certificate.purpose")
  /// The peer's chain is wrong in another way.
  public static let tlsCertificateInvalid = Self("crypto.tls.certificate.invalid")
  /// The peer showed no certificate.
  public static let tlsCertificateMissing = Self("crypto.tls.certificate.missing")

  // MARK: The peer refused us, by an alert (RFC 8446 section 6).

  /// The peer says that our certificate has expired (or that its own revocation list has).
  public static let tlsAlertCertificateExpired = Self("crypto.tls.alert.certificateExpired")
  /// The peer says that our certificate is revoked.
  public static let tlsAlertCertificateRevoked = Self("crypto.tls.alert.certificateRevoked")
  /// The peer does not know our certificate's issuer.
  public static let tlsAlertUnknownIssuer = Self("crypto.tls.alert.unknownIssuer")
  /// The peer finds our certificate bad in another way.
  public static let tlsAlertBadCertificate = Self("crypto.tls.alert.badCertificate")
  /// The peer wants a certificate and we showed none.
  public static let tlsAlertCertificateRequired = Self("crypto.tls.alert.certificateRequired")
  /// The peer speaks none of our application protocols.
  public static let tlsAlertApplicationProtocol = Self("crypto.tls.alert.applicationProtocol")
  /// The peer does not speak TLS 1.3.
  public static let tlsAlertVersion = Self("crypto.tls.alert.version")
  /// Any other alert; the cause names it.
  public static let tlsAlert = Self("crypto.tls.alert.other")

  // MARK: The connection itself.

  /// The two sides have no application protocol in common (RFC 7301).
  public static let tlsApplicationProtocol = Self("crypto.tls.applicationProtocol")
  /// The peer does not speak TLS 1.3.
  public static let tlsVersion = Self("crypto.tls.version")
  /// The peer's bytes are not TLS, are damaged, or break its rules.
  public static let tlsProtocol = Self("crypto.tls.protocol")
  /// The transport ended without the peer's close_notify: what was read may be cut short.
  public static let tlsTruncated = Self("crypto.tls.truncated")
}

/// Turns the library's error queue after a failed TLS call into one of the codes above.
enum TLSFailure {
  /// OpenSSL reports a received alert `n` as reason 1000 + n.
  private static let alertOffset: CInt = 1000

  static func error(
    doing what: String, queue: ErrorQueue.Contents, verification: VerificationFailure?
  ) -> CryptographyError {
    if let verification {
      return CryptographyError(
        code: verification.tlsCode,
        message: "the peer's certificate was refused: \(verification.message)", cause: queue.text)
    }
    let reasons = queue.codes.filter { ERR_GET_LIB($0) == ERR_LIB_SSL }.map { ERR_GET_REASON($0) }
    for reason in reasons {
      if reason > alertOffset, reason < alertOffset + 256 {
        return alertError(reason - alertOffset, queue.text)
      }
      if let (code, message) = known(reason) {
        return CryptographyError(code: code, message: message, cause: queue.text)
      }
    }
    return CryptographyError(
      code: .tlsProtocol, message: "TLS failed while \(what)", cause: queue.text)
  }

  private static func known(_ reason: CInt) -> (CryptographyError.Code, String)? {
    switch reason {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      (.tlsCertificateMissing, "the peer showed no certificate")
    case SSL_R_NO_APPLICATION_PROTOCOL:
      (.tlsApplicationProtocol, "the peer speaks another application protocol")
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_WRONG_SSL_VERSION:
      (.tlsVersion, "the peer does not speak TLS 1.3")
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      (.tlsTruncated, "the connection ended without the peer's close_notify")
    default: nil
    }
  }

  private static func alertError(_ alert: CInt, _ cause: String?) -> CryptographyError {
    let (code, message): (CryptographyError.Code, String) =
      switch alert {
      case SSL_AD_CERTIFICATE_EXPIRED:
        (.tlsAlertCertificateExpired, "the peer says that our certificate has expired")
      case SSL_AD_CERTIFICATE_REVOKED:
        (.tlsAlertCertificateRevoked, "the peer says that our certificate is revoked")
      case SSL_AD_UNKNOWN_CA:
        (.tlsAlertUnknownIssuer, "the peer does not know our certificate's issuer")
      case SSL_AD_BAD_CERTIFICATE, SSL_AD_UNSUPPORTED_CERTIFICATE, SSL_AD_CERTIFICATE_UNKNOWN:
        (.tlsAlertBadCertificate, "the peer finds our certificate bad")
      case SSL_AD_CERTIFICATE_REQUIRED:
        (.tlsAlertCertificateRequired, "the peer wants a certificate and got none")
      case SSL_AD_NO_APPLICATION_PROTOCOL:
        (.tlsAlertApplicationProtocol, "the peer speaks another application protocol")
      case SSL_AD_PROTOCOL_VERSION:
        (.tlsAlertVersion, "the peer does not speak TLS 1.3")
      default:
        (.tlsAlert, "the peer sent alert \(alert)")
      }
    return CryptographyError(code: code, message: message, cause: cause)
  }
}
