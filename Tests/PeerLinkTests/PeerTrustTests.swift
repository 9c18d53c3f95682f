import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing

@testable import PeerLink

@Suite struct PeerTrustTests {
  private let federation: PeerFederation

  init() throws {
    federation = try PeerFederation()
  }

  private let own = PeerFederation.low
  private let peer = PeerFederation.middle

  private func code(_ verdict: PeerVerdict) -> FaultCode? {
    guard case .refused(let fault) = verdict else { return nil }
    return fault.code
  }

  @Test func `A node is whom its certificate names, by its own authority`() throws {
    let trust = try federation.trust(own)
    let chain = try federation.identity(peer).chain
    for expected in [nil, peer] {
      for purpose in [ChainVerifier.Purpose.tlsClient, .tlsServer] {
        let verdict = trust.judge(
          chain, expected: expected, purpose: purpose, at: federation.now)
        #expect(verdict == .trusted(peer))
      }
    }
  }

  @Test func `A dialled node must be the one that was dialled`() throws {
    let chain = try federation.identity(peer).chain
    let verdict = try federation.trust(own).judge(
      chain, expected: PeerFederation.high, purpose: .tlsServer, at: federation.now)
    #expect(code(verdict) == .wrongCode)
  }

  @Test func `Another agency's authority cannot speak for a node`() throws {
    let forged = try federation.identity(peer, from: PeerFederation.high).chain
    let verdict = try federation.trust(own).judge(
      forged, expected: nil, purpose: .tlsClient, at: federation.now)
    #expect(code(verdict) == .certificate)
  }

  @Test func `A node that the directory does not name is unknown, and so are we`() throws {
    let stranger = PeerFederation.high
    let clock = federation.clock
    let trust = try PeerTrust(
      own: own, tls: PeerTLS(identity: federation.identity(own)),
      anchors: [
        own: [#require(federation.authorities[own]).certificate],
        peer: [#require(federation.authorities[peer]).certificate],
      ],
      now: { clock.now })
    for code in [stranger, own] {
      let verdict = trust.judge(
        try federation.identity(code).chain, expected: nil, purpose: .tlsClient,
        at: federation.now)
      #expect(self.code(verdict) == .unknownPeer)
    }
  }

  @Test(arguments: [
    [], ["urn:sanxiang:node:"], ["urn:sanxiang:node:91350100M000100Y4Z"],
    ["urn:example:node:\(PeerFederation.middle)"],
    ["urn:sanxiang:node:\(PeerFederation.middle)", "urn:sanxiang:node:\(PeerFederation.high)"],
  ])
  func `A certificate must name exactly one node`(uris: [String]) throws {
    let chain = try federation.identity(peer, uris: uris).chain
    let verdict = try federation.trust(own).judge(
      chain, expected: nil, purpose: .tlsClient, at: federation.now)
    #expect(code(verdict) == .certificate)
  }

  @Test func `An empty chain is refused`() throws {
    let verdict = try federation.trust(own).judge(
      [], expected: nil, purpose: .tlsClient, at: federation.now)
    #expect(code(verdict) == .certificate)
  }

  @Test func `An expired or revoked certificate is refused, by the injected clock`() throws {
    let identity = try federation.identity(peer)
    let trust = try federation.trust(own)
    let later = federation.now.advanced(byMilliseconds: 11 * PeerFederation.day * 1000)
    let expired = trust.judge(
      identity.chain, expected: nil, purpose: .tlsClient, at: later)
    #expect(code(expired) == .certificate)

    let list = try federation.list(of: peer, revoking: [identity])
    let revoked = try federation.trust(own, lists: [list]).judge(
      identity.chain, expected: nil, purpose: .tlsClient, at: federation.now)
    #expect(code(revoked) == .certificate)
  }
}
