public import Cryptography
import Exchange
import RecordModel

/// Our own part in TLS; the other nodes' anchors come from the federation directory.
public struct PeerTLS: Sendable {
  /// Our chain and key; the leaf names us as `urn:sanxiang:node:<code>`.
  public var identity: TLSIdentity
  /// What certification authorities have withdrawn.
  public var revocationLists: [RevocationList]

  /// An identity and the lists to judge others by.
  public init(identity: TLSIdentity, revocationLists: [RevocationList] = []) {
    self.identity = identity
    self.revocationLists = revocationLists
  }
}

/// Who may speak, by the directory and the revocation lists of one moment. Replaced as a whole.
struct PeerTrust: Sendable {
  /// ALPN.
  static let applicationProtocol = "sanxiang/1"
  /// What a node's certificate says before the code.
  static let namePrefix = "urn:sanxiang:node:"

  /// For handshakes: every node's anchors. Which of them a node may use is judged afterwards.
  let context: TLSContext
  private let verifiers: [AgencyCode: ChainVerifier]

  /// - Parameter anchors: by node, this node included.
  init(
    own: AgencyCode, tls: PeerTLS, anchors: [AgencyCode: [Certificate]],
    now: @escaping @Sendable () -> Timestamp
  ) throws {
    let union = Set(anchors.values.joined())
    context = try TLSContext(
      identity: tls.identity, anchors: Array(union), revocationLists: tls.revocationLists,
      applicationProtocol: Self.applicationProtocol, verificationTime: { now().seconds })
    verifiers = anchors.filter { $0.key != own }.mapValues {
      ChainVerifier(anchors: $0, revocationLists: tls.revocationLists)
    }
  }

  /// Whether `chain` (leaf first) is that of a node in the directory, by that node's own anchors.
  /// - Parameters:
  ///   - expected: who it must be, as far as that is known.
  ///   - purpose: what the peer's certificate is used for: a peer that was dialled is a server.
  func judge(
    _ chain: [Certificate], expected: AgencyCode?, purpose: ChainVerifier.Purpose,
    at now: Timestamp
  ) -> PeerVerdict {
    guard let leaf = chain.first else {
      return .refused(Fault(.certificate, "The peer showed no certificate."))
    }
    let names = leaf.uriNames.filter { $0.hasPrefix(Self.namePrefix) }
    guard names.count == 1, let name = names.first,
      let code = try? AgencyCode(String(name.dropFirst(Self.namePrefix.count)))
    else {
      return .refused(
        Fault(.certificate, "The certificate must name exactly one node, by its agency code."))
    }
    if let expected, expected != code {
      return .refused(
        Fault(.wrongCode, "The certificate is that of \(code), not of \(expected)."))
    }
    guard let verifier = verifiers[code] else {
      return .refused(Fault(.unknownPeer, "The directory in force has no other node \(code)."))
    }
    do {
      try verifier.verify(
        leaf: leaf, intermediates: Array(chain.dropFirst()), at: now.seconds, purpose: purpose)
    } catch {
      let reason = (error as? CryptographyError).map { "\($0.code): \($0.message)" }
      return .refused(
        Fault(
          .certificate,
          "The certificate of \(code) does not hold: \(reason ?? "it cannot be verified")."))
    }
    return .trusted(code)
  }
}

/// What a certificate is worth.
enum PeerVerdict: Sendable, Hashable {
  case trusted(AgencyCode)
  case refused(Fault)
}
