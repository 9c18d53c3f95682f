import Cryptography
import Foundation
import NodeClient
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

extension EndToEnd {
  @Suite struct HappyPathTests {
    /// What the receiver does with one lead after signing for it; nil for nothing.
    static let answers: [(act: String?, state: String)] = [
      (nil, "signed"), ("lead.accept", "accepted"), ("lead.refuse", "refused"),
      ("lead.return", "returned"),
    ]

    /// One lead on its way.
    struct Sent {
      var id: String
      var from: AgencyNode
      var to: AgencyNode
      var state: String
    }

    @Test(.timeLimit(.minutes(3)))
    func
      `Three agencies hand each other leads in six directions, with receipts that anyone can check`()
      async throws
    {
      try await Federation.run(3) { federation in
        let sent = try await send(federation)
        #expect(sent.count == 24)
        for lead in sent { try await expectThread(lead) }
        for lead in sent { try await expectReceipt(lead, federation) }
        try await federation.expectEqualRoots()
        for node in federation.nodes { _ = try await node.client.ready() }
        try await federation.stopAndAudit()
      }
    }

    private func send(_ federation: Federation) async throws -> [Sent] {
      var sent: [Sent] = []
      for from in federation.nodes {
        for to in federation.nodes where to !== from {
          for answer in Self.answers {
            let payload = SamplePayload.transfer(sent.count + 1)
            let id = try await from.client.submit(payload, to: to.code).value.id
            #expect(try await from.client.wait(id, seconds: 60).value.delivery == "receipted")
            _ = try await to.client.act("lead.sign", on: id, payload: SamplePayload.sign())
            if let act = answer.act, let payload = SamplePayload.act(act) {
              _ = try await to.client.act(act, on: id, payload: payload)
            }
            sent.append(Sent(id: id, from: from, to: to, state: answer.state))
          }
        }
      }
      for node in federation.nodes {
        for peer in federation.nodes where peer !== node { try await node.drained(to: peer) }
      }
      return sent
    }

    /// Both ends hold the thread in the same state, and the receiver has the payload byte for byte.
    private func expectThread(_ lead: Sent) async throws {
      for node in [lead.from, lead.to] {
        let thread = try await node.client.thread(lead.id).value
        #expect(thread.state == lead.state)
        #expect(thread.records.count == (lead.state == "signed" ? 2 : 3))
      }
      let given = try await lead.from.client.part("payload", of: lead.id)
      #expect(try await lead.to.client.part("payload", of: lead.id) == given)
    }

    /// The receipt verifies under the directory's keys alone, and is that of this very lead.
    private func expectReceipt(_ lead: Sent, _ federation: Federation) async throws {
      let file = federation.folder + "/proof"
      defer { Files.remove(file) }
      try await Spoken.fine([
        "lead", "receipt", lead.id, "--socket", lead.from.socket, "--proof", file,
      ])
      let bytes = try Files.bytes(file)
      #expect(try await lead.to.client.receiptProof(lead.id) == bytes)
      let directory = try federation.directory(try await lead.to.client.directoryNote())
      let proof = try LogProof(parsing: bytes)
      let entry = try #require(proof.extra)
      let header = try RecordHeader(parsing: entry)
      #expect(header.id.description == lead.id)
      let origin = Origin(
        federation: Mint.federation,
        direction: Direction(from: lead.from.agency.code, to: lead.to.agency.code), epoch: 1)
      let verified = try proof.verify(
        entry: entry, origin: origin.description,
        logKeys: directory.recordVerifiers(origin: origin),
        cosigners: directory.receiptVerifiers(of: lead.to.agency.code), threshold: 1)
      #expect(verified.checkpoint.size > proof.index)
      var forged = entry
      forged[forged.count / 2] ^= 1
      #expect(throws: TransparencyLogError.self) {
        try proof.verify(
          entry: forged, origin: origin.description,
          logKeys: directory.recordVerifiers(origin: origin),
          cosigners: directory.receiptVerifiers(of: lead.to.agency.code), threshold: 1)
      }
    }
  }
}
