import Foundation
import NodeClient
import RecordModel
import Testing

/// Auditors over HTTP: real nodes, a real watch.
extension EndToEnd {
  @Suite("Auditors over HTTP")
  struct WatchTests {
    private static let token = "an-auditor-s-token-of-some-length"

    /// The port in a file that a process writes when it listens.
    private func port(_ path: String) async throws -> Int {
      try await eventually("\(path) is written") { Files.exists(path) }
      let text = try Files.text(path).split(whereSeparator: \.isWhitespace).first.map(String.init)
      return try #require(text.flatMap { Int($0) })
    }

    @Test("verify nodes by URL, witness their journals, and end with nothing to say")
    func watching() async throws {
      let line = try await Spoken.fine(["audit", "token", "office", "--output", "json"]).text
      #expect(line.contains("\"token\"") && line.contains("\"line\""))
      // All of them: a journal's head is signed once every peer has greeted.
      try await Federation.run(3, prepare: Self.serve) { federation in
        let (a, b) = (federation.nodes[0], federation.nodes[1])
        _ = try await Load.run(5, from: a, to: b)
        try await a.drained(to: b)
        let tokens = federation.folder + "/tokens"
        let urls = try await urls(federation)
        for url in urls {
          let spoken = try await Spoken.sanxiang([
            "audit", "verify", url, "--token-file", tokens, "--authority",
            federation.folder + "/authority/authority.json",
          ])
          #expect(spoken.status == 0, "\(spoken)")
          #expect(try await Spoken.sanxiang(["audit", "verify", url]).status == 5)
        }
        try await compare(urls, tokens, lead: try #require(b.inbox().first?.id), federation.folder)
        try await watch(federation, urls, tokens)
        try await federation.stopAndAudit()
      }
    }

    @Test("a node that came back from an old copy is an alarm, and a program is told")
    func rollback() async throws {
      try await Federation.run(2, prepare: Self.serve) { federation in
        let (a, b) = (federation.nodes[0], federation.nodes[1])
        let hook = federation.folder + "/hook"
        try Files.write(
          "#!/bin/sh\nprintf '%s\\n' \"$*\" >>\"${0%/*}/calls\"\n", to: hook, mode: 0o700)
        func watch(_ more: [String]) async throws -> Spoken {
          let urls = try await urls(federation)
          try configure(federation, [(a, urls[0])], federation.folder + "/tokens")
          return try await Spoken.sanxiang(
            [
              "audit", "watch", "--state", federation.folder + "/watch", "--config",
              federation.folder + "/watch.json",
            ] + more)
        }
        func round() async throws -> Spoken { try await watch(["--once", "--on-alarm", hook]) }
        #expect(try await round().status == 64, "there is no key yet")
        #expect(try await watch(["--initialise"]).status == 0)
        _ = try await Load.run(5, from: a, to: b)
        try await a.drained(to: b)
        _ = try await a.stop()
        let copy = try a.backUp()
        try await a.start()
        _ = try await Load.run(5, from: a, to: b, base: 100)
        try await a.drained(to: b)
        let before = try await round()
        #expect(before.status == 0, "\(before)")
        #expect(!Files.exists(federation.folder + "/calls"))
        // Nobody is there who could give the old copy back what it lacks.
        _ = try await b.stop()
        try await a.kill()
        try a.restore(copy)
        try await a.start()
        let after = try await round()
        #expect(after.status == 4, "\(after)")
        let calls = try Files.text(federation.folder + "/calls")
        #expect(calls.contains("rollback \(a.code) "), "\(calls)")
        let again = try await round()
        #expect(again.status == 4, "an alarm outlives a restart: \(again)")
      }
    }

    /// Node folders in which auditors are served.
    private static func serve(_ federation: Federation) throws {
      let digest = try Self.digest(Self.token)
      for node in federation.nodes {
        try Files.write("office \(digest) payloads\n", to: node.folder + "/auditors")
        try node.configure(
          "audit:\n  port: 0\n  payloads: true\n  tokens: \"\(node.folder)/auditors\"")
      }
      try Files.write(Self.token + "\n", to: federation.folder + "/tokens")
    }

    /// Where the nodes that run serve auditors.
    private func urls(_ federation: Federation) async throws -> [String] {
      var urls: [String] = []
      for node in federation.nodes where node.isRunning {
        urls.append("http://127.0.0.1:\(try await port(node.folder + "/audit.port"))")
      }
      return urls
    }

    /// What compares several nodes takes URLs as it takes folders.
    private func compare(
      _ urls: [String], _ tokens: String, lead: String, _ folder: String
    ) async throws {
      let web = ["--token-file", tokens, "--authority", folder + "/authority/authority.json"]
      try await Spoken.fine(["audit", "reconcile"] + urls + web)
      try await Spoken.fine(
        ["audit", "report", "--out", folder + "/report.html"] + urls + web)
      #expect(try Files.text(folder + "/report.html").contains("</html>"))
      let proof = folder + "/proof.json"
      try await Spoken.fine(
        ["audit", "prove", "--thread", lead, "--payload", "--out", proof] + urls + web)
      let checked = try await Spoken.fine(
        ["audit", "check-proof", proof, "--output", "json"] + web.suffix(2))
      #expect(checked.text.contains(lead))
    }

    private func watch(_ federation: Federation, _ urls: [String], _ tokens: String) async throws {
      let folder = federation.folder
      try configure(federation, Array(zip(federation.nodes, urls)), tokens)
      let arguments = [
        "audit", "watch", "--state", folder + "/watch", "--config", folder + "/watch.json",
      ]
      let vkey = try await Spoken.fine(arguments + ["--initialise"]).text
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let log = folder + "/watch.log"
      let program = try ChildProgram(Programs.commandLine, arguments, output: log, errors: log)
      do {
        let port = try await port(folder + "/watch/watch.port")
        try await Spoken.fine([
          "federation", "witness", vkey, "--folder", folder + "/authority", "--endpoint",
          "http://127.0.0.1:\(port)",
        ])
        try await federation.publish(
          Dictionary(uniqueKeysWithValues: federation.nodes.map { ($0.code, try $0.port) }))
        let client = WebClient(try WebAddress("http://127.0.0.1:\(port)"))
        try await eventually("the nodes are followed, and their posts cosigned") {
          let text = String(
            decoding: try await client.send(.get, "/metrics").body, as: UTF8.self)
          return text.contains("answers_total{status=\"200\"}")
            && federation.nodes.allSatisfy {
              !text.contains("rounds_total{node=\"\($0.code)\",result=\"whole\"} 0\n")
            }
        }
        for url in urls { try await cosigned(url) }
        let ready = try await client.send(.get, "/health/ready")
        #expect(ready.status == 200, "\(String(decoding: ready.body, as: UTF8.self))")
        await client.shutdown()
        program.signal(SIGTERM)
        #expect(try await program.end() == .exited(0))
      } catch {
        program.signal(SIGKILL)
        Issue.record("log of the watch:\n\((try? Files.text(log)) ?? "")")
        throw error
      }
    }

    /// Writes watch.json.
    private func configure(
      _ federation: Federation, _ watched: [(AgencyNode, String)], _ tokens: String
    ) throws {
      let folder = federation.folder
      let nodes = watched.map { node, url in
        "{\"code\":\"\(node.code)\",\"url\":\"\(url)\",\"tokenFile\":\"\(tokens)\"}"
      }
      try Files.write(
        "{\"v\":1,\"name\":\"audit.example/w1\",\"authority\":\"\(folder)/authority/authority.json\","
          + "\"passphraseFile\":\"\(folder)/passphrase\",\"listen\":{\"port\":0},\"interval\":1,"
          + "\"nodes\":[\(nodes.joined(separator: ","))]}", to: folder + "/watch.json")
    }

    private struct Manifest: Decodable {
      struct Log: Decodable {
        var kind: String
        var checkpoints: Int
      }
      var logs: [Log]
    }

    /// Waits until a node serves cosignatures of its two peers and of the watch on its journal.
    private func cosigned(_ url: String) async throws {
      let client = WebClient(try WebAddress(url), token: Self.token)
      try await eventually("\(url) holds three cosignatures") {
        let body = try await client.send(.get, "/export.json").body
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(body))
        return manifest.logs.contains { $0.kind == "journal" && $0.checkpoints == 3 }
      }
      await client.shutdown()
    }

    /// The digest that stands for a token, by a program that is not ours.
    private static func digest(_ token: String) throws -> String {
      let path = try Workshop.shared.fresh("token")
      try Files.write(token, to: path)
      defer { Files.remove(path) }
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/sha256sum")
      process.arguments = [path]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: data.prefix(64), as: UTF8.self)
    }
  }
}
