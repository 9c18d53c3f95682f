import COpenSSL
import Glibc

/// Judges whether a certificate leads to one of its anchors, at a given time, for a given use.
///
/// Every anchor is trusted as given, also one that is not self-signed. Revocation is checked for
/// each certificate whose issuer has a revocation list here, and such a list must be in date.
public struct ChainVerifier: Sendable {
  /// What the certificate is to be used for (extended key usage, RFC 5280 section 4.2.1.12).
  public enum Purpose: Hashable, Sendable {
    /// To answer TLS connections.
    case tlsServer
    /// To open TLS connections.
    case tlsClient
    /// Anything: key usage is not judged.
    case any
  }

  /// At most this many certificates between a leaf and its anchor.
  public static let intermediateLimit = 4

  private let store: VerificationStore

  /// A verifier over these anchors and lists. Without anchors it refuses everything.
  public init(anchors: [Certificate], revocationLists: [RevocationList]) {
    store = VerificationStore(anchors: anchors, revocationLists: revocationLists)
  }

  /// Returns when `leaf` is good at that second; `intermediates` may come in any order.
  ///
  /// Throws `crypto.certificate.expired`, `.notYetValid`, `.revoked`, `.revocationListStale`,
  /// `.unknownIssuer`, `.purpose` or `.invalid`; the message names the certificate that failed.
  public func verify(
    leaf: Certificate, intermediates: [Certificate], at unixSeconds: Int64, purpose: Purpose
  ) throws {
    ErrorQueue.clear()
    defer { ErrorQueue.clear() }
    let untrusted = CertificateStack(intermediates)
    guard let context = X509_STORE_CTX_new() else {
      throw CryptographyError.fromQueue(.certificateInvalid, "out of memory")
    }
    defer { X509_STORE_CTX_free(context) }
    try store.withStore { store in
      try leaf.withCertificate { leaf in
        try untrusted.withStack { stack in
          guard X509_STORE_CTX_init(context, store, leaf, stack) == 1 else {
            throw CryptographyError.fromQueue(.certificateInvalid, "verification cannot start")
          }
          // An initialised context has parameters.
          let parameters = X509_STORE_CTX_get0_param(context)
          X509_VERIFY_PARAM_set_time(parameters, time_t(unixSeconds))
          if let number = purpose.number {
            X509_VERIFY_PARAM_set_purpose(parameters, number)
          }
          guard X509_verify_cert(context) != 1 else { return }
          let failure = VerificationFailure(of: context)
          throw CryptographyError(
            code: failure.certificateCode, message: failure.message,
            cause: ErrorQueue.drain().text)
        }
      }
    }
  }
}

extension ChainVerifier.Purpose {
  fileprivate var number: CInt? {
    switch self {
    case .tlsServer: X509_PURPOSE_SSL_SERVER
    case .tlsClient: X509_PURPOSE_SSL_CLIENT
    case .any: nil
    }
  }
}

/// Owns one `X509_STORE`: anchors, revocation lists, and the rules that all verification shares.
///
/// Sendable: filled in `init`; afterwards the library only reads it, under its own lock.
final class VerificationStore: @unchecked Sendable {
  private let store: OpaquePointer

  init(anchors: [Certificate], revocationLists: [RevocationList]) {
    guard let store = X509_STORE_new() else { preconditionFailure("out of memory") }
    self.store = store
    for anchor in anchors {
      let added = anchor.withCertificate { X509_STORE_add_cert(store, $0) }
      precondition(added == 1, "a parsed certificate is refused only when memory runs out")
    }
    for list in revocationLists {
      let added = list.withList { X509_STORE_add_crl(store, $0) }
      precondition(added == 1, "a parsed list is refused only when memory runs out")
    }
    X509_STORE_set_flags(store, sanxiang_verify_flags())
    X509_STORE_set_depth(store, CInt(ChainVerifier.intermediateLimit))
    // At least 112 bits: no SHA-1 signatures, no RSA below 2048.
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(store), 2)
    X509_STORE_set_verify_cb(store) { verdict, context in
      VerificationStore.review(verdict, context)
    }
  }

  deinit {
    X509_STORE_free(store)
  }

  func withStore<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(store) }
  }

  /// The library asks for a revocation list of every issuer; this lets the want of one pass when
  /// the store has none of that issuer at all. Everything else stays as it was judged.
  static func review(_ verdict: CInt, _ context: OpaquePointer?) -> CInt {
    guard
      verdict == 0, let context,
      X509_STORE_CTX_get_error(context) == X509_V_ERR_UNABLE_TO_GET_CRL,
      let certificate = X509_STORE_CTX_get_current_cert(context),
      let issuer = X509_get_issuer_name(certificate)
    else { return verdict }
    if let lists = X509_STORE_CTX_get1_crls(context, issuer) {
      sanxiang_lists_free_all(lists)
      return 0
    }
    X509_STORE_CTX_set_error(context, X509_V_OK)
    return 1
  }
}

/// Why a chain failed, copied out of the library's context.
struct VerificationFailure {
  let error: CInt
  let message: String

  init(of context: OpaquePointer) {
    error = X509_STORE_CTX_get_error(context)
    let reason = String(cString: X509_verify_cert_error_string(Int(error)))
    let depth = X509_STORE_CTX_get_error_depth(context)
    let certificate = X509_STORE_CTX_get_current_cert(context)
    let subject = certificate.map { X509Text.name(X509_get_subject_name($0)) } ?? ""
    message = "\(reason) (certificate \(subject.debugDescription), depth \(depth))"
  }

  /// The last part of both the `crypto.certificate.` and the `crypto.tls.certificate.` code.
  private enum Reason {
    case expired, notYetValid, revoked, revocationListStale, unknownIssuer, purpose, invalid
  }

  private var reason: Reason {
    switch error {
    case X509_V_ERR_CERT_HAS_EXPIRED: .expired
    case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
    case X509_V_ERR_CERT_REVOKED: .revoked
    case X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_UNABLE_TO_GET_CRL:
      .revocationListStale
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      .unknownIssuer
    case X509_V_ERR_INVALID_PURPOSE: .purpose
    default: .invalid
    }
  }

  var certificateCode: CryptographyError.Code {
    switch reason {
    case .expired: .certificateExpired
    case .notYetValid: .certificateNotYetValid
    case .revoked: .certificateRevoked
    case .revocationListStale: .certificateRevocationListStale
    case .unknownIssuer: .certificateUnknownIssuer
    case .purpose: .certificatePurpose
    case .invalid: .certificateInvalid
    }
  }

  var tlsCode: CryptographyError.Code {
    switch reason {
    case .expired: .tlsCertificateExpired
    case .notYetValid: .tlsCertificateNotYetValid
    case .revoked: .tlsCertificateRevoked
    case .revocationListStale: .tlsCertificateRevocationListStale
    case .unknownIssuer: .tlsCertificateUnknownIssuer
    case .purpose: .tlsCertificatePurpose
    case .invalid: .tlsCertificateInvalid
    }
  }
}

/// Owns one stack of certificates for a call; holds the certificates while it lives.
private final class CertificateStack {
  private let stack: OpaquePointer
  private let certificates: [Certificate]

  init(_ certificates: [Certificate]) {
    guard let stack = sanxiang_certificates_new() else { preconditionFailure("out of memory") }
    self.stack = stack
    self.certificates = certificates
    for certificate in certificates {
      let pushed = certificate.withCertificate { sanxiang_certificates_push(stack, $0) }
      precondition(pushed > 0, "pushing fails only when memory runs out")
    }
  }

  deinit {
    sanxiang_certificates_free(stack)
  }

  func withStack<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(stack) }
  }
}
