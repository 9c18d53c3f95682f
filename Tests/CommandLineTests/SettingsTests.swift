import Cryptography
import FoundationEssentials
import Logging
import RecordModel
import Testing
import TransparencyLog

@testable import sanxiangd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("The daemon's settings")
struct SettingsTests {
  private static let least = """
    code: "11000000MB0000019X"
    federation: t
    data: /var/lib/sanxiang
    tls:
      chain: /etc/c.pem
      key: /etc/k.pem

    """

  private func read(
    _ yaml: String, environment: [String: String] = [:], flags: [String: String] = [:]
  ) async throws -> Settings {
    let path = "/tmp/sx-\(UUID().uuidString).yaml"
    try Data(yaml.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Settings(
      await ConfigurationSource(file: path, environment: environment, flags: flags))
  }

  @Test("The least that a node needs has defaults for the rest")
  func defaults() async throws {
    let settings = try await read(Self.least)
    #expect(settings.peerPort == 7443)
    #expect(settings.directoryPath == "/var/lib/sanxiang/federation.note")
    #expect(settings.socketPath == "/run/sanxiang/node.sock")
    #expect(settings.logLevel == .info)
    #expect(settings.hook == nil)
    #expect(settings.eventLoops == 1)
  }

  @Test("The environment goes before the file, a flag before both")
  func precedence() async throws {
    let yaml = Self.least + "peer:\n  port: 1\n"
    #expect(try await read(yaml).peerPort == 1)
    let environment = ["SANXIANG_PEER_PORT": "2", "SANXIANG_PASSPHRASE": "not a setting"]
    #expect(try await read(yaml, environment: environment).peerPort == 2)
    #expect(
      try await read(yaml, environment: environment, flags: ["peer.port": "3"]).peerPort == 3)
  }

  @Test("Every key is read into its place")
  func everyKey() async throws {
    let settings = try await read(
      Self.least + """
        directory: /d.note
        passphraseFile: /p
        peer: { host: "127.0.0.1", port: 0, acceptOnly: [ 11000000MB0000027Q ] }
        api: { socket: /s, group: case-system }
        log: { level: debug, format: json }
        hook: { command: /h, seconds: 5, attempts: 2 }
        limits:
          outboxRecords: 10
          outboxBytes: 2000000
          storageReserveBytes: 3
          windowRecords: 4
          windowBytes: 3000000
        eventLoops: 2
        operators: [ one, two ]
        stopSeconds: 9

        """)
    #expect(settings.acceptOnly.map(\.rawValue) == ["11000000MB0000027Q"])
    #expect(settings.socketGroup == "case-system")
    #expect(settings.logFormat == .json)
    #expect(settings.hook?.seconds == 5)
    #expect(settings.windowRecords == 4)
    #expect(settings.stopSeconds == 9)
    #expect(settings.operators == ["one", "two"])
    #expect(settings.peerPort == 0)
  }

  @Test(
    "A key that is missing, unknown or wrong is named",
    arguments: [
      ("code: x\n", "code"), ("peer:\n  port: 70000\n", "peer.port"),
      ("peer:\n  port: [ 1 ]\n", "peer.port"), ("peer:\n  prot: 1\n", "peer.prot"),
      ("data: relative\n", "data"), ("log:\n  level: loud\n", "log.level"),
      ("api:\n  users: [ 5 ]\n", "api.users"), ("api:\n  group: [ root ]\n", "api.group"),
      ("stopSeconds: soon\n", "stopSeconds"), ("secret: 1\n", "secret"),
    ])
  func wrong(_ lines: String, _ key: String) async throws {
    // A later key of the same name would be a YAML error of its own: leave the first out.
    let name = lines.prefix { $0 != ":" }
    let rest = Self.least.split(separator: "\n").filter { !$0.hasPrefix(name + ":") }
      .joined(separator: "\n")
    let error = await #expect(throws: DaemonError.self) {
      try await read(rest + "\n" + lines)
    }
    #expect(error?.message.contains(key) == true)
    #expect(error?.status == .configuration)
  }

  @Test("A group is a number or the name of one that there is")
  func groups() throws {
    #expect(try SocketPlace.number(ofGroup: "1234") == 1234)
    #expect(try SocketPlace.number(ofGroup: "root") == 0)
    for name in ["no such group", "-1", "4294967295", ""] {
      let error = #expect(throws: DaemonError.self) { try SocketPlace.number(ofGroup: name) }
      #expect(error?.message.contains("api.group") == true)
      #expect(error?.status == .configuration)
    }
  }

  @Test("A socket that cannot be is named before anything is opened")
  func socketPlace() async throws {
    for path in ["/nowhere/at/all/s", "/etc/passwd/s", "/" + String(repeating: "a", count: 107)] {
      let settings = try await read(Self.least + "api:\n  socket: \(path)\n")
      let error = #expect(throws: DaemonError.self) { try SocketPlace.configuration(settings) }
      #expect(error?.status == .configuration)
      #expect(error?.message.contains("api.socket.path") == true)
    }
  }

  private static func vkey(
    _ label: String, _ number: UInt8, code: String = "11000000MB0000019X", type: UInt8? = nil
  ) throws -> String {
    let suite = Suite.sha256Ed25519
    let key = try SigningKey(
      rawPrivateKey: [UInt8](repeating: number, count: 32), suite: suite)
    return try VerifierKey(
      name: "t/sanxiang/\(code)/operator/\(label)", key: key.verificationKey,
      type: type ?? suite.noteSignatureType
    ).description
  }

  @Test("Operators are none or two, each of this node, with a name and a key of their own")
  func operators() async throws {
    func keys(_ texts: [String]) async throws -> Int {
      let list = texts.map { "\"\($0)\"" }.joined(separator: ", ")
      let settings = try await read(Self.least + "operators: [ \(list) ]\n")
      return try Materials.operators(settings, suite: .sha256Ed25519).count
    }
    let (one, two) = (try Self.vkey("one", 1), try Self.vkey("two", 2))
    #expect(try await keys([]) == 0)
    #expect(try await keys([one, two]) == 2)
    let wrong = [
      [one], [one, one], [one, "x"], [one, try Self.vkey("two", 1)],
      [one, try Self.vkey("one", 2)], [one, try Self.vkey("", 2)],
      [one, try Self.vkey("two", 2, code: "11000000MB0000027Q")],
      [one, try Self.vkey("two", 2, type: Suite.sha256Ed25519.cosignatureType)],
    ]
    for list in wrong {
      let error = await #expect(throws: DaemonError.self) { try await keys(list) }
      #expect(error?.message.contains("operators") == true)
      #expect(error?.status == .configuration)
    }
  }

  @Test("Missing keys are named", arguments: ["code", "federation", "data"])
  func missing(_ key: String) async throws {
    let rest = Self.least.split(separator: "\n").filter { !$0.hasPrefix(key + ":") }
    let error = await #expect(throws: DaemonError.self) {
      try await read(rest.joined(separator: "\n"))
    }
    #expect(error?.message == "configuration key \(key): is missing")
  }

  @Test("A log line stays one line, in both formats")
  func logLines() {
    let time = Timestamp(milliseconds: 0)
    func line(_ format: Settings.LogFormat) -> String {
      LineLogHandler.line(
        time: time, level: .info, label: "l", message: "a\nb",
        metadata: [("k", "v w"), ("level", "forged")], format: format)
    }
    #expect(line(.text).dropLast().contains("\n") == false)
    #expect(line(.text).hasSuffix("info l: a\\u{a}b k=\"v w\" level=forged\n"))
    #expect(
      line(.json)
        == "{\"time\":\"\(time)\",\"level\":\"info\",\"label\":\"l\",\"message\":\"a\\nb\",\"k\":\"v w\"}\n"
    )
  }

  @Test(
    "What cannot be seen or turns a line round is written out",
    arguments: [
      ("\u{202e}", "202e"), ("\u{2066}", "2066"), ("\u{2028}", "2028"), ("\u{2029}", "2029"),
      ("\u{200b}", "200b"), ("\u{feff}", "feff"), ("\u{e0041}", "db40\\udc41"), ("\u{85}", "85"),
    ])
  func invisible(_ text: String, _ digits: String) {
    for format in Settings.LogFormat.allCases {
      for value in ["a\(text)b", "a \(text)=b"] {
        let line = LineLogHandler.line(
          time: Timestamp(milliseconds: 0), level: .info, label: "l", message: "m\(text)",
          metadata: [("k", value)], format: format)
        #expect(!line.contains(text))
        if format == .json {
          let read = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
          #expect(read?["k"] == value && read?["message"] == "m\(text)")
          #expect(line.contains(digits))
        }
      }
    }
  }

  @Test("A variable's name begins a new word at each capital, and each sets its key")
  func variables() async throws {
    #expect(EnvironmentNames.variable("passphraseFile") == "SANXIANG_PASSPHRASE_FILE")
    #expect(EnvironmentNames.variable("limits.outboxRecords") == "SANXIANG_LIMITS_OUTBOX_RECORDS")
    #expect(Set(Settings.keys.map(EnvironmentNames.variable)).count == Settings.keys.count)
    let settings = try await read(
      Self.least,
      environment: [
        EnvironmentNames.variable("passphraseFile"): "/p",
        EnvironmentNames.variable("limits.outboxRecords"): "12",
        EnvironmentNames.variable("stopSeconds"): "8",
        EnvironmentNames.variable("hook.command"): "/h",
      ])
    #expect(settings.passphraseFile == "/p")
    #expect(settings.outboxRecords == 12)
    #expect(settings.stopSeconds == 8)
    #expect(settings.hook?.command == "/h")
  }

  @Test("A variable that is no setting is told with the nearest that is one")
  func strangers() {
    let found = EnvironmentNames.strangers(in: [
      "SANXIANG_PASSPHRASEFILE": "secret", "SANXIANG_PEER_PROT": "1", "SANXIANG_PEER_PORT": "1",
      "SANXIANG_PASSPHRASE": "x", "SANXIANG_SOCKET": "/s", "HOME": "/",
    ])
    #expect(found.map(\.name) == ["SANXIANG_PASSPHRASEFILE", "SANXIANG_PEER_PROT"])
    #expect(found.map(\.nearest) == ["SANXIANG_PASSPHRASE_FILE", "SANXIANG_PEER_PORT"])
  }

  @Test("The passphrase comes from the credential, then the file, then the environment")
  func passphrase() throws {
    let folder = "/tmp/sx-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: URL(filePath: folder + name))
      try #require(chmod(folder + name, 0o600) == 0)
    }
    try write("from the file\r\nsecond line", "/f")
    var environment = ["SANXIANG_PASSPHRASE": "from the environment"]
    func find(_ file: String?) throws -> String {
      String(
        decoding: try Passphrase.find(file: file, environment: environment, mayAsk: false),
        as: UTF8.self)
    }
    #expect(try find(nil) == "from the environment")
    #expect(try find(folder + "/f") == "from the file")
    try write("from systemd", "/sanxiang-passphrase")
    environment["CREDENTIALS_DIRECTORY"] = folder
    #expect(try find(folder + "/f") == "from systemd")
    environment = [:]
    #expect(throws: DaemonError.self) { try find(nil) }
    #expect(throws: DaemonError.self) { try find("/nowhere") }
  }
}
