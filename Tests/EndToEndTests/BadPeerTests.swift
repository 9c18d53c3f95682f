import Cryptography
import Foundation
import NodeClient
import RecordModel
import SanxiangTesting
import Testing

extension EndToEnd {
  @Suite struct BadPeerTests {
    /// Who the third agency's place is taken by, and what the node's log must say of it.
    struct Case: Sendable, CustomTestStringConvertible {
      var testDescription: String
      /// Found in the log's line about this connection.
      var reason: String
      var act: @Sendable (RawPeer, Stage) throws -> Void

      init(
        _ testDescription: String, _ reason: String,
        _ act: @escaping @Sendable (RawPeer, Stage) throws -> Void
      ) {
        self.testDescription = testDescription
        self.reason = reason
        self.act = act
      }
    }

    /// What a bad peer has at hand.
    struct Stage: Sendable {
      let mint: Mint
      let stranger: EphemeralAuthority
      /// The agency that has no process in this test.
      var absent: Mint.Agency { mint.agencies[2] }

      init(_ mint: Mint) throws {
        self.mint = mint
        stranger = try Mint.certificationAuthority("another root")
      }

      /// TLS with a certificate of one's own choice, until the node ends it.
      func present(_ identity: TLSIdentity, on peer: RawPeer) throws {
        try peer.secure(identity, anchor: mint.root.certificate)
        _ = try peer.drain()
      }

      /// TLS as the absent agency, then these bytes, until the node ends it.
      func say(_ bytes: [UInt8], on peer: RawPeer) throws {
        try peer.secure(absent.identity, anchor: mint.root.certificate)
        try peer.send(bytes)
        _ = try peer.drain()
      }
    }

    static let cases = [
      Case("bytes that are not TLS", "crypto.tls.") { peer, _ in
        peer.sendPlain(SeededRandom(seed: 4).bytes(4096))
        try peer.drainPlain()
      },
      Case("an HTTP request", "crypto.tls.") { peer, _ in
        peer.sendPlain(Array("GET /v1/leads HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        try peer.drainPlain()
      },
      Case("a certificate of an unknown authority", "crypto.tls.certificate.unknownIssuer") {
        try $1.present(try Mint.leaf(of: $1.stranger, uris: [$1.absent.uri]), on: $0)
      },
      Case("a certificate that has expired", "crypto.tls.certificate.expired") {
        let identity = try Mint.leaf(
          of: $1.mint.root, uris: [$1.absent.uri], until: Mint.now - Mint.day)
        try $1.present(identity, on: $0)
      },
      Case("a certificate of an agency that is no member", "peer.unknown") {
        let uri = "urn:sanxiang:node:91000000MA00000157"
        try $1.present(try Mint.leaf(of: $1.mint.root, uris: [uri]), on: $0)
      },
      Case("a certificate that names two agencies", "peer.certificate") {
        let uris = $1.mint.agencies.suffix(2).map(\.uri)
        try $1.present(try Mint.leaf(of: $1.mint.root, uris: uris), on: $0)
      },
      Case("a certificate that names none", "peer.certificate") {
        try $1.present(try Mint.leaf(of: $1.mint.root, uris: []), on: $0)
      },
      Case("a Hello in another agency's name", "peer.wrongCode") {
        try $1.say(RawFrame.hello($1.mint.agencies[1].code.rawValue), on: $0)
      },
      Case("another application protocol", "crypto.tls.applicationProtocol") { peer, stage in
        // Our own side is told by an alert, as an error of the handshake.
        #expect(throws: (any Error).self) {
          try peer.secure(
            stage.absent.identity, anchor: stage.mint.root.certificate, protocolName: "h2")
        }
        try peer.drainPlain()
      },
      Case("a frame before the Hello", "peer.helloExpected") {
        try $1.say(RawFrame.ping, on: $0)
      },
      Case("a frame that does not parse", "peer.frame") {
        try $1.say(RawFrame.framed([UInt8](repeating: 0xFF, count: 200)), on: $0)
      },
      Case("a frame of no bytes", "peer.frame") { try $1.say(RawFrame.framed([]), on: $0) },
      Case("a frame beyond the limit", "peer.frameTooLarge") {
        try $1.say(RawFrame.framed([1, 2, 3], length: 16 << 20), on: $0)
      },
      Case("half a frame, then the end of the transport", "The connection was cut.") {
        try $1.mint.connect($0, as: $1.absent)
        try $0.send(RawFrame.framed([1, 2, 3], length: 300))
      },
      Case("silence before TLS", "The TLS handshake took too long.") { peer, _ in
        try peer.drainPlain()
      },
    ]

    @Test(.timeLimit(.minutes(2)))
    func `Whatever speaks on the peer port, a node goes on and says what was wrong`() async throws {
      try await Federation.run(2) { federation in
        let node = federation.nodes[0]
        let stage = try Stage(federation.mint)
        _ = try await Load.run(5, from: federation.nodes[1], to: node)
        try await federation.nodes[1].drained(to: node)
        let before = try await Contents(node)
        let target = try node.port
        try await withThrowingTaskGroup(of: Void.self) { group in
          for one in Self.cases {
            group.addTask {
              let (port, _) = try await RawPeer.run(to: target) { try one.act($0, stage) }
              try await eventually("the log tells of \(one.testDescription)", within: .seconds(30))
              {
                Self.line(about: port, in: node.log)?.contains(one.reason) ?? false
              }
            }
          }
          try await group.waitForAll()
        }
        _ = try await node.client.ready()
        #expect(try await Contents(node) == before)
        #expect(try await node.queue(to: federation.nodes[1]).connected)
        _ = try await Load.run(5, from: federation.nodes[1], to: node, base: 100)
        try await federation.nodes[1].drained(to: node)
        try await federation.expectEqualRoots()
        try await federation.stopAndAudit()
      }
    }

    /// What a bad peer must leave as it is.
    struct Contents: Equatable {
      var channels: [String]
      var inbox: [APIRecordSummary]
      var events: [String]

      init(_ node: AgencyNode) async throws {
        channels = try await node.client.channels().value.items.map {
          "\($0.origin) \($0.size) \($0.root) \($0.receiptedSize) \($0.halt?.code ?? "")"
        }
        inbox = try await node.inbox()
        // Heads are journalled a second after they moved.
        events = try await node.journal().map(\.entry.event).filter { $0 != "channel.head" }
      }
    }

    /// The line with which the node's log ends its story of one connection.
    static func line(about port: Int, in log: String) -> Substring? {
      log.split(separator: "\n").last {
        $0.contains("A connection is over.") && $0.contains(":\(port) ")
      }
    }

    @Test(.timeLimit(.minutes(2)))
    func `A revoked certificate ends the live session and opens no other`() async throws {
      let prepare = { (federation: Federation) in
        let node = federation.nodes[0]
        try Self.publish([], federation)
        try node.configure(
          replacing: "# crl: [ \"\(node.folder)/tls/ca.crl\" ]",
          "crl: [ \"\(node.folder)/crl.pem\" ]")
      }
      try await Federation.run(2, prepare: prepare) { federation in
        let (node, peer) = (federation.nodes[0], federation.nodes[1])
        _ = try await Load.run(3, from: peer, to: node)
        try await peer.drained(to: node)
        let stage = try Stage(federation.mint)
        try Self.publish([peer.agency, stage.absent], federation)
        node.reload()
        try await eventually("the live session is dropped") {
          try await !node.queue(to: peer).connected
        }
        #expect(node.log.contains("tls reloaded"))
        let dropped = node.log.split(separator: "\n").first {
          $0.contains("A connection is over.") && $0.contains("code=peer.certificate")
        }
        #expect(dropped?.contains("crypto.certificate.revoked") == true)
        #expect(dropped?.contains(peer.code) == true)
        let (port, _) = try await RawPeer.run(to: try node.port) {
          try stage.present(stage.absent.identity, on: $0)
        }
        try await eventually("the log tells why") {
          Self.line(about: port, in: node.log)?.contains("crypto.tls.certificate.revoked") ?? false
        }
        // What is submitted meanwhile waits; the peer may come back with another certificate.
        let load = try await Load.run(3, from: peer, to: node, base: 50)
        #expect(try await node.inbox().count == 3)
        _ = try await node.client.ready()
        try Mint.write(
          try Mint.leaf(of: federation.mint.root, uris: [peer.agency.uri]), peer.folder)
        peer.reload()
        try await eventually("the new certificate is in use") {
          peer.log.contains("tls reloaded")
        }
        try await peer.client.retry(node.code)
        try await peer.drained(to: node)
        #expect(try await node.inbox().count == 3 + load.count)
        try await federation.stopAndAudit()
      }
    }

    /// Writes the first node's revocation list.
    private static func publish(_ revoked: [Mint.Agency], _ federation: Federation) throws {
      let list = try federation.mint.root.revocationList(
        revoking: revoked.map { $0.identity.chain[0] }, thisUpdate: Mint.now - Mint.day,
        nextUpdate: Mint.now + Mint.day)
      try Files.write(list.pem, to: federation.nodes[0].folder + "/crl.pem")
    }

    @Test(.timeLimit(.minutes(2)))
    func `A node that reaches another agency than the directory says sends it nothing`()
      async throws
    {
      try await Federation.run(2) { federation in
        let (node, peer) = (federation.nodes[0], federation.nodes[1])
        // From now on the directory gives the absent agency the port of another's node.
        let absent = federation.mint.agencies[2].code.rawValue
        try await federation.publish([absent: try peer.port])
        try await eventually("the peer list names the fault") {
          let peers = try await node.client.peers().value.items
          let link = peers.first { $0.code == absent }?.link
          return link?.lastFault?.contains("peer.wrongCode") ?? false
        }
        let sent = try await node.client.submit(SamplePayload.transfer(), to: absent).value
        let state = try await node.client.wait(sent.id, seconds: 1).value
        #expect(state.delivery == "queued")
        #expect(try await peer.inbox().isEmpty)
        #expect(try await node.queue(to: peer).connected)
      }
    }
  }
}
