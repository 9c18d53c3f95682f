import Cryptography
import Exchange
import NIOCore
import NIOPosix
import RecordModel

extension PeerTrouble {
  /// A failure of dialling, TLS or the transport, in an operator's words.
  init(_ error: any Error, at time: Timestamp) {
    switch error {
    case let error as CryptographyError:
      self.init(
        side: Self.side(of: error), code: Self.isAboutCertificate(error) ? .certificate : nil,
        text: error.description, time: time)
    case TLSHandlerError.handshakeTimeout:
      self.init(side: .network, text: "The TLS handshake took too long.", time: time)
    case TLSHandlerError.truncated:
      self.init(side: .network, text: "The connection was cut.", time: time)
    case let error as NIOConnectionError:
      self.init(side: .network, text: Self.text(of: error), time: time)
    case ChannelError.connectTimeout:
      self.init(side: .network, text: "No answer in time.", time: time)
    default:
      self.init(side: .network, text: "\(error)", time: time)
    }
  }

  private init(side: Side, text: String, time: Timestamp) {
    self.init(side: side, code: nil, text: text, time: time)
  }

  /// During the handshake each side judges the other's certificate before any frame can be sent.
  private static func side(of error: CryptographyError) -> Side {
    if error.code.rawValue.hasPrefix("crypto.tls.certificate.") { return .ours }
    return error.code.rawValue.hasPrefix("crypto.tls.alert.") ? .theirs : .network
  }

  private static func isAboutCertificate(_ error: CryptographyError) -> Bool {
    let codes: [CryptographyError.Code] = [
      .tlsAlertCertificateExpired, .tlsAlertCertificateRevoked, .tlsAlertUnknownIssuer,
      .tlsAlertBadCertificate, .tlsAlertCertificateRequired,
    ]
    return side(of: error) == .ours || codes.contains(error.code)
  }

  private static func text(of error: NIOConnectionError) -> String {
    if let last = error.connectionErrors.last {
      if case ChannelError.connectTimeout = last.error { return "No answer in time." }
      return "\(last.error)"
    }
    return (error.dnsAError ?? error.dnsAAAAError).map { "The name does not resolve: \($0)" }
      ?? "The peer cannot be dialled."
  }
}
