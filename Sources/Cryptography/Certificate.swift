import COpenSSL
import Glibc

/// An X.509 certificate (RFC 5280). Read once; never changes.
///
/// Sendable: the C object is parsed completely in `init` (its cached extensions are filled under
/// the library's own lock), and nothing here writes to it.
public final class Certificate: @unchecked Sendable, Hashable, CustomStringConvertible {
  private let certificate: OpaquePointer

  /// The certificate's exact bytes.
  public let der: [UInt8]
  /// SHA-256 of `der`.
  public let fingerprint: Digest
  /// The subject's name as RFC 2253 writes it, for people to read.
  public let subject: String
  /// The issuer's name as RFC 2253 writes it, for people to read.
  public let issuer: String
  /// The URIs among the subject's alternative names, in the certificate's order. One that is not
  /// printable ASCII is left out, so none can end early at a zero byte.
  public let uriNames: [String]
  /// First second of validity, in Unix seconds.
  public let notBefore: Int64
  /// End of validity, in Unix seconds: from this second on verification calls it expired.
  public let notAfter: Int64

  /// Takes over `certificate`, also when it throws.
  init(owning certificate: OpaquePointer) throws {
    self.certificate = certificate
    der = Self.encode(certificate)
    fingerprint = Suite.sha256Ed25519.digest(der)
    subject = X509Text.name(X509_get_subject_name(certificate))
    issuer = X509Text.name(X509_get_issuer_name(certificate))
    uriNames = Self.uriNames(of: certificate)
    notBefore = X509Text.time(X509_get0_notBefore(certificate)) ?? .max
    notAfter = X509Text.time(X509_get0_notAfter(certificate)) ?? .min
    guard !der.isEmpty, notBefore != .max, notAfter != .min else {
      throw CryptographyError.fromQueue(.certificateMalformed, "the certificate is damaged")
    }
  }

  deinit {
    X509_free(certificate)
  }

  /// Reads the one certificate of a PEM text.
  ///
  /// Throws `crypto.certificate.malformed` when there is none, more than one, or a damaged one.
  public convenience init(pem: [UInt8]) throws {
    let found = try Self.list(pem: pem)
    guard let first = found.first, found.count == 1 else {
      throw CryptographyError(
        code: .certificateMalformed, message: "one certificate expected, \(found.count) found")
    }
    try self.init(owning: first.withCertificate(Self.retained))
  }

  /// Reads a certificate's exact bytes; none may follow. Throws `crypto.certificate.malformed`.
  public convenience init(der: [UInt8]) throws {
    ErrorQueue.clear()
    let parsed: OpaquePointer? = der.withUnsafeBufferPointer { bytes in
      var cursor = bytes.baseAddress
      guard let certificate = d2i_X509(nil, &cursor, bytes.count) else { return nil }
      guard cursor == bytes.baseAddress?.advanced(by: bytes.count) else {
        X509_free(certificate)
        return nil
      }
      return certificate
    }
    guard let parsed else {
      throw CryptographyError.fromQueue(.certificateMalformed, "these bytes are no certificate")
    }
    try self.init(owning: parsed)
  }

  /// Reads every certificate of a PEM text, in its order; other blocks are passed over.
  ///
  /// Throws `crypto.certificate.malformed` when there is none or a damaged one.
  public static func list(pem: [UInt8]) throws -> [Certificate] {
    try PEMList.read(pem, .certificateMalformed, what: "certificate") { bio in
      try PEM_read_bio_X509(bio, nil, nil, nil).map { try Certificate(owning: $0) }
    }
  }

  /// The certificate as PEM text.
  public var pem: [UInt8] {
    withCertificate { certificate in
      X509Text.pem { PEM_write_bio_X509($0, certificate) }
    }
  }

  func withCertificate<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(certificate) }
  }

  static func retained(_ certificate: OpaquePointer) -> OpaquePointer {
    X509_up_ref(certificate)
    return certificate
  }

  /// Whether the exact bytes are equal.
  public static func == (a: Certificate, b: Certificate) -> Bool {
    a.fingerprint == b.fingerprint
  }

  /// Feeds the fingerprint to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(fingerprint)
  }

  /// Subject and fingerprint.
  public var description: String { "\(subject) [\(fingerprint)]" }

  private static func encode(_ certificate: OpaquePointer) -> [UInt8] {
    let count = i2d_X509(certificate, nil)
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: Int(count)) { target, written in
      var cursor = target.baseAddress
      written = max(0, Int(i2d_X509(certificate, &cursor)))
    }
  }

  private static func uriNames(of certificate: OpaquePointer) -> [String] {
    guard let names = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
      ErrorQueue.clear()
      return []
    }
    let stack = OpaquePointer(names)
    defer { GENERAL_NAMES_free(stack) }
    return (0..<sanxiang_names_count(stack)).compactMap { index in
      var count: CInt = 0
      guard let bytes = sanxiang_names_uri(stack, index, &count) else { return nil }
      let uri = UnsafeBufferPointer(start: bytes, count: Int(count))
      guard uri.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
      return String(decoding: uri, as: UTF8.self)
    }
  }
}

/// A certificate revocation list (RFC 5280 section 5). Read once; never changes.
///
/// Sendable for the reason that `Certificate` is.
public final class RevocationList: @unchecked Sendable, CustomStringConvertible {
  private let list: OpaquePointer

  /// The issuer's name as RFC 2253 writes it, for people to read.
  public let issuer: String
  /// When it was issued, in Unix seconds.
  public let thisUpdate: Int64
  /// When the next one is due, in Unix seconds: from then on this one is out of date. nil when the
  /// list does not say.
  public let nextUpdate: Int64?

  /// Takes over `list`, also when it throws.
  init(owning list: OpaquePointer) throws {
    self.list = list
    issuer = X509Text.name(X509_CRL_get_issuer(list))
    thisUpdate = X509Text.time(X509_CRL_get0_lastUpdate(list)) ?? .max
    nextUpdate = X509_CRL_get0_nextUpdate(list).flatMap { X509Text.time($0) }
    guard thisUpdate != .max else {
      throw CryptographyError.fromQueue(.revocationListMalformed, "the list is damaged")
    }
  }

  deinit {
    X509_CRL_free(list)
  }

  /// Reads the one revocation list of a PEM text.
  ///
  /// Throws `crypto.revocationList.malformed` when there is none, more than one, or a damaged one.
  public convenience init(pem: [UInt8]) throws {
    let found = try Self.list(pem: pem)
    guard let first = found.first, found.count == 1 else {
      throw CryptographyError(
        code: .revocationListMalformed,
        message: "one revocation list expected, \(found.count) found")
    }
    try self.init(
      owning: first.withList { list in
        X509_CRL_up_ref(list)
        return list
      })
  }

  /// Reads every revocation list of a PEM text, in its order; other blocks are passed over.
  ///
  /// Throws `crypto.revocationList.malformed` when there is none or a damaged one.
  public static func list(pem: [UInt8]) throws -> [RevocationList] {
    try PEMList.read(pem, .revocationListMalformed, what: "revocation list") { bio in
      try PEM_read_bio_X509_CRL(bio, nil, nil, nil).map { try RevocationList(owning: $0) }
    }
  }

  /// The list as PEM text.
  public var pem: [UInt8] {
    withList { list in
      X509Text.pem { PEM_write_bio_X509_CRL($0, list) }
    }
  }

  func withList<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(list) }
  }

  /// The issuer's name.
  public var description: String { "revocation list of \(issuer)" }
}

/// Walks the blocks of a PEM text.
private enum PEMList {
  static func read<Element>(
    _ pem: [UInt8], _ code: CryptographyError.Code, what: String,
    next: (OpaquePointer) throws -> Element?
  ) throws -> [Element] {
    ErrorQueue.clear()
    let input = try MemoryBIO(reading: pem)
    var found: [Element] = []
    while let element = try input.withBIO(next) { found.append(element) }
    // Every list ends with an error; "no start line" is the one that means the end of the text.
    let end = ErrorQueue.drain()
    let isEnd = ERR_GET_LIB(end.newest) == ERR_LIB_PEM && ERR_GET_REASON(end.newest) == noStartLine
    guard isEnd else {
      throw CryptographyError(
        code: code, message: "\(what) \(found.count + 1) of the text is damaged", cause: end.text)
    }
    guard !found.isEmpty else {
      throw CryptographyError(code: code, message: "the text holds no \(what)")
    }
    return found
  }

  private static let noStartLine = PEM_R_NO_START_LINE
}

/// Names and times of certificates as Swift values.
enum X509Text {
  static func name(_ name: OpaquePointer?) -> String {
    guard let name, let output = try? MemoryBIO() else { return "" }
    let printed = output.withBIO { X509_NAME_print_ex($0, name, 0, sanxiang_name_style()) }
    guard printed >= 0 else {
      ErrorQueue.clear()
      return ""
    }
    return String(decoding: output.contents, as: UTF8.self)
  }

  /// What `write` writes. Fails only when memory runs out.
  static func pem(_ write: (OpaquePointer) -> CInt) -> [UInt8] {
    guard let output = try? MemoryBIO(), output.withBIO(write) == 1 else {
      preconditionFailure("out of memory")
    }
    return output.contents
  }

  /// Unix seconds; nil when the time is malformed.
  static func time(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return Int64(timegm(&parts))
  }
}
