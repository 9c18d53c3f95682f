import Foundation
import Testing

extension EndToEnd {
  @Suite struct ConfigurationTests {
    /// One way to break node.yaml, and what the daemon must name.
    struct Case: Sendable, CustomTestStringConvertible {
      var line: String
      var broken: String
      var named: String
      var testDescription: String { "\(named): \(broken.isEmpty ? "no " + line : broken)" }

      init(_ line: String, _ broken: String, _ named: String) {
        self.line = line
        self.broken = broken
        self.named = named
      }
    }

    /// `FOLDER` stands for the node's folder.
    static let cases = [
      Case("code: \"11000000MB0000019X\"", "", "configuration key code"),
      Case(
        "code: \"11000000MB0000019X\"", "code: \"11000000MB00000190\"", "configuration key code"),
      Case("federation: \"e2e.example\"", "", "configuration key federation"),
      Case(
        "federation: \"e2e.example\"", "federation: \"other.example\"",
        "configuration key federation"),
      Case("data: \"FOLDER\"", "", "configuration key data"),
      Case("data: \"FOLDER\"", "data: \"here\"", "configuration key data"),
      Case("data: \"FOLDER\"", "data: \"FOLDER/nowhere\"", "FOLDER/nowhere/authority.json"),
      Case("port: 0", "port: 65536", "configuration key peer.port"),
      Case("port: 0", "port: many", "configuration key peer.port"),
      Case("level: info", "level: loud", "configuration key log.level"),
      Case("format: text", "format: xml", "configuration key log.format"),
      Case("format: text", "formt: text", "unknown key log.formt"),
      Case("# crl: [ \"FOLDER/tls/ca.crl\" ]", "crl: 7", "configuration key tls.crl"),
      Case(
        "# crl: [ \"FOLDER/tls/ca.crl\" ]", "crl: [ \"FOLDER/none.pem\" ]", "FOLDER/none.pem"),
      Case("chain: \"FOLDER/tls.pem\"", "", "configuration key tls.chain"),
      Case("chain: \"FOLDER/tls.pem\"", "chain: \"FOLDER/none.pem\"", "FOLDER/none.pem"),
      Case("chain: \"FOLDER/tls.pem\"", "chain: \"FOLDER/node.yaml\"", "FOLDER/node.yaml"),
      Case(
        "chain: \"FOLDER/tls.pem\"", "chain: \"FOLDER/../discipline/tls.pem\"",
        "configuration key tls.chain"),
      Case(
        "key: \"FOLDER/tls.key\"", "key: \"FOLDER/../discipline/tls.key\"", "crypto.key.mismatch"),
      Case(
        "passphraseFile: \"FOLDER/../passphrase\"", "passphraseFile: \"FOLDER/tls.pem\"",
        "crypto.key.passphrase"),
      Case(
        "passphraseFile: \"FOLDER/../passphrase\"", "passphraseFile: \"FOLDER/none\"",
        "FOLDER/none"),
      Case("passphraseFile: \"FOLDER/../passphrase\"", "", "passphraseFile"),
      Case("# group: sanxiang", "group: no-such-group", "configuration key api.group"),
      Case("# group: sanxiang", "users: [ 0 ]", "unknown key api.users"),
      Case("socket: \"FOLDER/api.sock\"", "socket: \"FOLDER/none/s\"", "api.socket.path"),
      Case("# 本机关统一社会信用代码 / this agency's code", "hook: [ a ]", "unknown key hook"),
      Case("# 本机关统一社会信用代码 / this agency's code", "stopSeconds: 0", "configuration key stopSeconds"),
      Case("# 本机关统一社会信用代码 / this agency's code", "eventLoops: -1", "configuration key eventLoops"),
      Case(
        "# 本机关统一社会信用代码 / this agency's code", "limits: { outboxBytes: 5 }",
        "configuration key limits.outboxBytes"),
      Case("# 本机关统一社会信用代码 / this agency's code", "a: [", "node.yaml"),
      Case(
        "directory: \"FOLDER/federation.note\"", "directory: \"FOLDER/none.note\"",
        "configuration key directory"),
      Case(
        "directory: \"FOLDER/federation.note\"", "directory: \"FOLDER/node.yaml\"", "directory"),
    ]

    @Test(.timeLimit(.minutes(2)))
    func `A broken configuration ends the daemon with status 78 and the name of what is wrong`()
      async throws
    {
      let mint = try await Mint.shared()
      let home = try Workshop.shared.fresh("c")
      defer { Files.remove(home) }
      try Files.copy(mint.folder, to: home)
      let folder = home + "/procuratorate"
      let good = try Files.text(folder + "/node.yaml")
        .replacingOccurrences(of: mint.folder + "/passphrase", with: folder + "/../passphrase")
        .replacingOccurrences(of: mint.folder + "/", with: home + "/")
      for one in Self.cases {
        func full(_ text: String) -> String {
          text.replacingOccurrences(of: "FOLDER", with: folder)
        }
        try #require(good.contains(full(one.line)), "\(one.line)")
        try Files.write(
          good.replacingOccurrences(of: full(one.line), with: full(one.broken)),
          to: folder + "/node.yaml")
        let spoken = try await Spoken.running(
          Programs.daemon, ["--config", folder + "/node.yaml"])
        #expect(spoken.status == 78, "\(one.testDescription): \(spoken)")
        #expect(spoken.errors.contains(full(one.named)), "\(one.testDescription): \(spoken)")
        // A sentence, not a trace; the parser of YAML shows the place over four lines.
        let lines = spoken.errors.split(separator: "\n").count
        #expect(lines == (one.named == "node.yaml" ? 4 : 1), "\(one.testDescription): \(spoken)")
        #expect(!spoken.errors.contains(Mint.passphrase))
      }
      try Files.write(good, to: folder + "/node.yaml")
      try Files.copy(
        home + "/authority/federation.note", to: folder + "/federation.note")
      let check = try await Spoken.running(
        Programs.daemon, ["--config", folder + "/node.yaml", "--check-config"])
      #expect(check.status == 0, "\(check)")
    }
  }
}
