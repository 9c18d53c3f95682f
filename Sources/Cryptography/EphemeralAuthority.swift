import COpenSSL
import Glibc

/// Issues throw-away certificates, for tests and rehearsals. It is not part of the module's public
/// interface: a deployment's certificates come from its agencies' own authorities.
///
/// Its key exists in memory only.
package struct EphemeralAuthority: Sendable {
  /// The authority's own certificate: an anchor, or an intermediate when another issued it.
  package let certificate: Certificate
  /// The certificates between this authority's leaves and the anchor, this one first.
  package let intermediates: [Certificate]

  private let key: PrivateKey

  /// A self-signed authority, valid from `notBefore` to `notAfter` (Unix seconds).
  package init(
    name: String, kind: PrivateKey.Kind = .p256, notBefore: Int64, notAfter: Int64
  ) throws {
    key = try PrivateKey.generate(kind)
    let draft = CertificateDraft(
      name: name, uris: [], usage: nil, notBefore: notBefore, notAfter: notAfter)
    certificate = try draft.issue(for: key, by: nil, signedWith: key)
    intermediates = []
  }

  private init(certificate: Certificate, intermediates: [Certificate], key: PrivateKey) {
    self.certificate = certificate
    self.intermediates = intermediates
    self.key = key
  }

  /// What a forger with a leaf's key would make of it; for tests of the refusal.
  package init(abusing leaf: TLSIdentity) {
    self.init(certificate: leaf.chain[0], intermediates: leaf.chain, key: leaf.key)
  }

  /// An authority below this one.
  package func issueAuthority(
    name: String, notBefore: Int64, notAfter: Int64
  ) throws -> EphemeralAuthority {
    let fresh = try PrivateKey.generate(key.kind)
    let draft = CertificateDraft(
      name: name, uris: [], usage: nil, notBefore: notBefore, notAfter: notAfter)
    let issued = try draft.issue(for: fresh, by: certificate, signedWith: key)
    return EphemeralAuthority(
      certificate: issued, intermediates: [issued] + intermediates, key: fresh)
  }

  /// A leaf with its key: `uris` become its alternative names, `usage` its extended key usage in
  /// OpenSSL's words. Its chain leads up to this authority's anchor, which is left out.
  package func issue(
    name: String, uris: [String] = [], usage: String = "serverAuth,clientAuth",
    kind: PrivateKey.Kind = .p256, notBefore: Int64, notAfter: Int64
  ) throws -> TLSIdentity {
    let fresh = try PrivateKey.generate(kind)
    let draft = CertificateDraft(
      name: name, uris: uris, usage: usage, notBefore: notBefore, notAfter: notAfter)
    let leaf = try draft.issue(for: fresh, by: certificate, signedWith: key)
    return try TLSIdentity(chain: [leaf] + intermediates, key: fresh)
  }

  /// A revocation list that names these certificates, in date from `thisUpdate` to `nextUpdate`.
  package func revocationList(
    revoking revoked: [Certificate], thisUpdate: Int64, nextUpdate: Int64
  ) throws -> RevocationList {
    ErrorQueue.clear()
    guard let list = X509_CRL_new() else { throw Self.failure }
    let issued = try RevocationList(filling: list) {
      guard
        X509_CRL_set_version(list, 1) == 1,
        certificate.withCertificate({
          X509_CRL_set_issuer_name(list, X509_get_subject_name($0))
        }) == 1,
        ASN1Time(thisUpdate).withTime({ X509_CRL_set1_lastUpdate(list, $0) }) == 1,
        ASN1Time(nextUpdate).withTime({ X509_CRL_set1_nextUpdate(list, $0) }) == 1
      else { throw Self.failure }
      for one in revoked { try Self.add(one, to: list, at: thisUpdate) }
      let identified = certificate.withCertificate {
        sanxiang_add_extension($0, nil, list, NID_authority_key_identifier, "keyid:always")
      }
      guard
        identified == 1, X509_CRL_sort(list) == 1,
        key.handle.withKey({ X509_CRL_sign(list, $0, key.kind.signatureDigest) }) > 0
      else { throw Self.failure }
    }
    return issued
  }

  private static func add(_ one: Certificate, to list: OpaquePointer, at time: Int64) throws {
    guard let entry = X509_REVOKED_new() else { throw failure }
    let filled =
      one.withCertificate {
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber($0))
      } == 1 && ASN1Time(time).withTime { X509_REVOKED_set_revocationDate(entry, $0) } == 1
    // Takes over `entry` when it succeeds.
    guard filled, X509_CRL_add0_revoked(list, entry) == 1 else {
      X509_REVOKED_free(entry)
      throw failure
    }
  }

  fileprivate static var failure: CryptographyError {
    CryptographyError.fromQueue(.certificateInvalid, "the certificate could not be issued")
  }
}

extension RevocationList {
  /// Takes over `list` after `body` has filled it, and frees it when `body` throws.
  fileprivate convenience init(filling list: OpaquePointer, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      X509_CRL_free(list)
      throw error
    }
    try self.init(owning: list)
  }
}

extension PrivateKey.Kind {
  /// Ed25519 takes no digest beforehand.
  fileprivate var signatureDigest: OpaquePointer? {
    switch self {
    case .p256: EVP_sha256()
    case .ed25519: nil
    }
  }
}

/// What a certificate will say.
private struct CertificateDraft {
  var name: String
  var uris: [String]
  /// Extended key usage of a leaf; nil for an authority.
  var usage: String?
  var notBefore: Int64
  var notAfter: Int64

  /// `issuer` is nil for a self-signed certificate.
  func issue(
    for subjectKey: PrivateKey, by issuer: Certificate?, signedWith issuerKey: PrivateKey
  ) throws -> Certificate {
    ErrorQueue.clear()
    guard let draft = X509_new() else { throw EphemeralAuthority.failure }
    do {
      try fill(draft, key: subjectKey)
      if let issuer {
        try issuer.withCertificate { try finish(draft, issuer: $0) }
      } else {
        try finish(draft, issuer: draft)
      }
      let digest = issuerKey.kind.signatureDigest
      guard issuerKey.handle.withKey({ X509_sign(draft, $0, digest) }) > 0 else {
        throw EphemeralAuthority.failure
      }
    } catch {
      X509_free(draft)
      throw error
    }
    return try Certificate(owning: draft)
  }

  private func fill(_ draft: OpaquePointer, key: PrivateKey) throws {
    // A positive number of 15 bytes: unique without keeping count.
    let serial = SecureRandom.bytes(15)
    let number = serial.withUnsafeBufferPointer {
      BN_bin2bn($0.baseAddress, CInt($0.count), nil)
    }
    defer { BN_free(number) }
    let commonName = Array(name.utf8)
    guard
      X509_set_version(draft, 2) == 1,
      BN_to_ASN1_INTEGER(number, X509_get_serialNumber(draft)) != nil,
      X509_NAME_add_entry_by_NID(
        X509_get_subject_name(draft), NID_commonName, MBSTRING_UTF8, commonName,
        CInt(commonName.count), -1, 0) == 1,
      ASN1Time(notBefore).withTime({ X509_set1_notBefore(draft, $0) }) == 1,
      ASN1Time(notAfter).withTime({ X509_set1_notAfter(draft, $0) }) == 1,
      key.handle.withKey({ X509_set_pubkey(draft, $0) }) == 1
    else { throw EphemeralAuthority.failure }
  }

  private func finish(_ draft: OpaquePointer, issuer: OpaquePointer) throws {
    var extensions: [(CInt, String)] = [(NID_subject_key_identifier, "hash")]
    if let usage {
      extensions += [
        (NID_authority_key_identifier, "keyid:always"),
        (NID_basic_constraints, "critical,CA:FALSE"),
        (NID_key_usage, "critical,digitalSignature"),
        (NID_ext_key_usage, usage),
      ]
    } else {
      extensions += [
        (NID_basic_constraints, "critical,CA:TRUE"),
        (NID_key_usage, "critical,keyCertSign,cRLSign"),
      ]
    }
    if !uris.isEmpty {
      extensions.append(
        (NID_subject_alt_name, uris.map { "URI:" + $0 }.joined(separator: ",")))
    }
    guard X509_set_issuer_name(draft, X509_get_subject_name(issuer)) == 1 else {
      throw EphemeralAuthority.failure
    }
    for (number, value) in extensions {
      guard sanxiang_add_extension(issuer, draft, nil, number, value) == 1 else {
        throw EphemeralAuthority.failure
      }
    }
  }
}

/// Owns one `ASN1_TIME`.
private final class ASN1Time {
  private let time: UnsafeMutablePointer<ASN1_TIME>?

  init(_ unixSeconds: Int64) {
    time = ASN1_TIME_set(nil, time_t(unixSeconds))
  }

  deinit {
    ASN1_TIME_free(time)
  }

  /// `body` gets nil only when memory ran out, and every setter refuses nil.
  func withTime<R>(_ body: (UnsafeMutablePointer<ASN1_TIME>?) -> R) -> R {
    withExtendedLifetime(self) { body(time) }
  }
}
