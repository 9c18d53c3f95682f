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
      try await Federation.run(3) { federation in
        let digest = try Self.digest(Self.token)
        for node in federation.nodes {
          try Files.write("office \(digest) payloads\n", to: node.folder + "/auditors")
          try node.configure(
            "audit:\n  port: 0\n  payloads: true\n  tokens: \"\(node.folder)/auditors\"")
        }
      } _: { federation in
        let (a, b) = (federation.nodes[0], federation.nodes[1])
        _ = try await Load.run(5, from: a, to: b)
        try await a.drained(to: b)
        let tokens = federation.folder + "/tokens"
        try Files.write(Self.token + "\n", to: tokens)
        var urls: [String] = []
        for node in federation.nodes {
          urls.append("http://127.0.0.1:\(try await port(node.folder + "/audit.port"))")
        }
        for url in urls {
          let spoken = try await Spoken.sanxiang([
            "audit", "verify", url, "--token-file", tokens, "--authority",
            federation.folder + "/authority/authority.json",
          ])
          #expect(spoken.status == 0, "\(spoken)")
          #expect(try await Spoken.sanxiang(["audit", "verify", url]).status == 5)
        }
        try await watch(federation, urls, tokens)
        try await federation.stopAndAudit()
      }
    }

    private func watch(_ federation: Federation, _ urls: [String], _ tokens: String) async throws {
      let folder = federation.folder
      let nodes = zip(federation.nodes, urls).map { node, url in
        "{\"code\":\"\(node.code)\",\"url\":\"\(url)\",\"tokenFile\":\"\(tokens)\"}"
      }
      try Files.write(
        "{\"v\":1,\"name\":\"audit.example/w1\",\"authority\":\"\(folder)/authority/authority.json\","
          + "\"passphraseFile\":\"\(folder)/passphrase\",\"listen\":{\"port\":0},\"interval\":1,"
          + "\"nodes\":[\(nodes.joined(separator: ","))]}", to: folder + "/watch.json")
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
