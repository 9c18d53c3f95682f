import Foundation
import NodeClient
import SanxiangTesting
import Testing

extension EndToEnd {
  @Suite struct ExitCodeTests {
    /// A command line and how it must end. `SOCKET`, `TO`, `ID` and `FOLDER` are filled in.
    struct Case: Sendable {
      var words: String
      var status: Int32
      /// Of the JSON on standard error.
      var code: String?

      init(_ words: String, _ status: Int32, _ code: String? = nil) {
        self.words = words
        self.status = status
        self.code = code
      }
    }

    static let cases = [
      Case("lead send FOLDER/good.json --to TO --socket SOCKET --wait", 0),
      Case("lead list --socket SOCKET", 0),
      Case("lead track ID --socket SOCKET", 0),
      Case("lead receipt ID --socket SOCKET", 0),
      Case("inbox list --socket SOCKET", 0),
      Case("inbox take --holder desk --socket SOCKET", 0),
      Case("queue depth --socket SOCKET", 0),
      Case("queue list TO --socket SOCKET", 0),
      Case("queue dead --socket SOCKET", 0),
      Case("queue retry TO --socket SOCKET", 0),
      Case("peer list --socket SOCKET", 0),
      Case("federation show FOLDER/federation.note", 0),
      Case("federation verify FOLDER/federation.note --authority FOLDER/authority.json", 0),
      Case("audit verify FOLDER", 0),
      Case(
        "lead track 019ab000-0000-7000-8000-000000000000 --socket SOCKET", 1, "record.notFound"),
      Case("lead cancel ID --socket SOCKET", 1, "submission.sealed"),
      Case(
        "lead send FOLDER/good.json --to 91000000MA00000157 --socket SOCKET", 1, "agency.unknown"),
      Case("lead send FOLDER/none.json --to TO --socket SOCKET", 1, "file.read"),
      Case("lead send FOLDER/bad.json --to TO --socket SOCKET", 3, "record.invalid"),
      Case(
        "lead send FOLDER/good.json --to TO --kind lead.none --socket SOCKET", 3,
        "record.schemaUnknown"),
      Case(
        "federation verify FOLDER/forged.note --authority FOLDER/authority.json", 4,
        "directory.signature"),
      Case("audit verify FOLDER/forged", 4),
      Case("queue depth --socket FOLDER/nobody.sock", 5, "client.unreachable"),
      Case("audit verify FOLDER/keys --authority FOLDER/authority.json", 5, "store.unusable"),
      Case("lead", 0),
      Case("lead send", 64, "command.usage"),
      Case("lead fetch", 64, "command.usage"),
      Case("lead track ../../etc --socket SOCKET", 64, "argument.id"),
      Case("queue list ..%2F --socket SOCKET", 64, "argument.code"),
      Case("audit reconcile FOLDER", 64, "command.usage"),
      Case("queue depth --output yaml --socket SOCKET", 64),
    ]

    @Test(.timeLimit(.minutes(2)))
    func `Every command ends with its documented code, and says so in JSON when asked`()
      async throws
    {
      try await Federation.run(2) { federation in
        let (node, peer) = (federation.nodes[0], federation.nodes[1])
        let id = try await node.client.submit(SamplePayload.transfer(7), to: peer.code).value.id
        _ = try await node.client.wait(id, seconds: 60)
        try await write(node)
        for one in Self.cases {
          let words = one.words.split(separator: " ").map {
            $0.replacingOccurrences(of: "SOCKET", with: node.socket)
              .replacingOccurrences(of: "FOLDER", with: node.folder)
              .replacingOccurrences(of: "TO", with: peer.code)
              .replacingOccurrences(of: "ID", with: id)
          }
          try await expect(one, words)
        }
      }
    }

    private func expect(_ one: Case, _ words: [String]) async throws {
      let wanted = words.contains("--output") || words == ["lead"] ? [] : ["--output", "json"]
      let spoken = try await Spoken.sanxiang(words + wanted)
      #expect(spoken.status == one.status, "\(one.words): \(spoken)")
      if wanted.isEmpty { return }
      if one.status == 0 || one.code == nil {
        let value = try JSONSerialization.jsonObject(with: Data(spoken.output))
        #expect(value is [String: Any], "\(one.words): \(spoken)")
        #expect(spoken.errors.isEmpty, "\(one.words): \(spoken)")
      } else {
        #expect(spoken.output.isEmpty, "\(one.words): \(spoken)")
        let value = try JSONSerialization.jsonObject(with: Data(spoken.errors.utf8))
        let members = try #require(value as? [String: Any])
        #expect(members["code"] as? String == one.code, "\(one.words): \(spoken)")
        #expect(members["exit"] as? Int == Int(one.status))
      }
    }

    /// Files that the commands name.
    private func write(_ node: AgencyNode) async throws {
      try Files.write(SamplePayload.transfer(8), to: node.folder + "/good.json")
      try Files.write(#"{"docNo":"x"}"#, to: node.folder + "/bad.json")
      let note = try Files.text(node.folder + "/federation.note")
      try Files.write(
        note.replacingOccurrences(of: "示例市纪委监委", with: "示例市纪委监為"),
        to: node.folder + "/forged.note")
      // A byte of a stored header changed, in a copy.
      let forged = node.folder + "/forged"
      try Files.makeFolder(forged)
      try Files.copy(node.folder + "/authority.json", to: forged + "/authority.json")
      for statement in [
        ".backup '\(forged)/store.sqlite'"
      ] {
        let spoken = try await Spoken.running(
          "/usr/bin/sqlite3", [node.folder + "/store.sqlite", statement])
        try #require(spoken.status == 0, "\(spoken)")
      }
      let spoken = try await Spoken.running(
        "/usr/bin/sqlite3",
        [
          forged + "/store.sqlite",
          """
          UPDATE record SET header =
            CAST(replace(CAST(header AS TEXT), '"normal"', '"nOrmal"') AS BLOB);
          """,
        ])
      try #require(spoken.status == 0, "\(spoken)")
    }
  }
}
