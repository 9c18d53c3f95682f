import Foundation
import NodeClient
import RecordModel
import SanxiangTesting
import Testing

extension EndToEnd {
  @Suite struct ErasureTests {
    /// Two operators of a node, whose keys its configuration names from its next start on.
    private func appoint(_ node: AgencyNode) async throws {
      var keys: [String] = []
      for label in ["zhang", "li"] {
        let spoken = try await Spoken.fine([
          "operator", "init", "--label", label, "--out", "\(node.folder)/\(label).key",
          "--federation", Mint.federation, "--code", node.code, "--passphrase-file",
          try secret(node),
        ])
        keys.append(spoken.text.trimmingCharacters(in: .whitespacesAndNewlines))
      }
      try await node.stop()
      try node.configure("operators:\n" + keys.map { "  - \"\($0)\"" }.joined(separator: "\n"))
      try await node.start()
    }

    private func secret(_ node: AgencyNode) throws -> String {
      let path = node.folder + "/operator-passphrase"
      try Files.write("a long enough passphrase\n", to: path)
      return path
    }

    /// The way that two operators go, by the command line alone.
    private func erase(_ id: String, at node: AgencyNode) async throws -> Spoken {
      let (file, socket) = (node.folder + "/erasure.txt", ["--socket", node.socket])
      let shown = try await Spoken.fine(
        ["record", "erase", "show", id, "--law", "中华人民共和国个人信息保护法", "--article", "第四十七条"]
          + socket)
      try Files.write(shown.output, to: file)
      for label in ["zhang", "li"] {
        try await Spoken.fine([
          "record", "erase", "approve", file, "--key", "\(node.folder)/\(label).key",
          "--passphrase-file", try secret(node),
        ])
      }
      return try await Spoken.fine(["record", "erase", "apply", "--note", file] + socket)
    }

    /// Whether bytes stand in a file of the node's store.
    private func holds(_ node: AgencyNode, _ text: String) throws -> Bool {
      try ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"].contains { name in
        let path = "\(node.folder)/\(name)"
        guard Files.exists(path) else { return false }
        return Data(try Files.bytes(path)).range(of: Data(text.utf8)) != nil
      }
    }

    private func scrubbed(_ node: AgencyNode) async throws {
      try await eventually("\(node.code) has overwritten what it erased") {
        try await node.journal().contains { $0.entry.event == "erasure.scrubbed" }
      }
    }

    @Test(.timeLimit(.minutes(4)))
    func `A lead is erased at both ends, the log stands, and an old copy does not bring it back`()
      async throws
    {
      try await Federation.run(2) { federation in
        let (sender, receiver) = (federation.nodes[0], federation.nodes[1])
        for node in federation.nodes { try await appoint(node) }
        let title = "须依法清除的示例线索"
        let payload = String(decoding: SamplePayload.transfer(7), as: UTF8.self)
        let document = try #require(payload.firstMatch(of: #/"title":"([^"]+)"/#))
        let marked = payload.replacingOccurrences(of: document.1, with: title)
        let submitted = try await sender.client.submit(
          Array(marked.utf8), to: receiver.code)
        let id = submitted.value.id
        try await sender.drained(to: receiver)
        for node in federation.nodes { #expect(try holds(node, title)) }
        try await receiver.stop()
        let copy = try receiver.backUp()
        try await receiver.start()
        try await sender.connected(to: receiver)

        _ = try await erase(id, at: sender)
        try await sender.drained(to: receiver)
        try await scrubbed(sender)
        #expect(try !holds(sender, title))
        #expect(try holds(receiver, title))
        #expect(try await receiver.client.record(id).value.erasure?.state == "peer")

        _ = try await erase(id, at: receiver)
        try await receiver.drained(to: sender)
        try await scrubbed(receiver)
        for node in federation.nodes {
          #expect(try !holds(node, title))
          let record = try await node.client.record(id).value
          #expect(record.payload == nil)
          #expect(record.erasure?.state == "both")
          #expect(record.summary.erased == true)
        }
        let list = try await Spoken.fine(["record", "erase", "list", "--socket", sender.socket])
        #expect(list.text.contains(id))
        let track = try await Spoken.fine(["lead", "track", id, "--socket", sender.socket])
        #expect(!track.text.contains(title))
        try await goBack(receiver, to: copy, id, title, sender)
        for node in federation.nodes { #expect(!node.log.contains(title)) }
        try await federation.stopAndAudit()
      }
    }

    /// The receiver comes back from a copy that still holds the payload.
    private func goBack(
      _ receiver: AgencyNode, to copy: String, _ id: String, _ title: String, _ sender: AgencyNode
    ) async throws {
      try await receiver.kill()
      try receiver.restore(copy)
      #expect(try holds(receiver, title))
      try await receiver.start()
      try await eventually("what was erased is erased again") {
        try await receiver.journal().contains {
          $0.entry.event == "alarm" && $0.entry.code == "erasure.restored"
        }
      }
      try await scrubbed(receiver)
      #expect(try !holds(receiver, title))
      try await sender.connected(to: receiver)
      try await eventually("both ends say so again") {
        try await receiver.client.record(id).value.erasure?.state == "both"
      }
    }
  }
}
