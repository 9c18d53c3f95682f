import Logging
import RecordModel

/// All that the daemon is told. Each key's name is that of node.yaml.
struct Settings: Sendable {
  struct TLS: Sendable {
    var chain: String
    var key: String
    var revocationLists: [String]
  }
  struct Hook: Sendable {
    var command: String
    var seconds: Int
    var attempts: Int
  }
  /// Serving the node's logs to auditors.
  struct Audit: Sendable {
    var host: String
    var port: Int
    /// Who may read them, by the digests of their tokens.
    var tokens: String
    var payloads: Bool
    var requestsPerSecond: Int
    var connections: Int
  }
  enum LogFormat: String, Sendable, CaseIterable { case text, json }

  var code: AgencyCode
  var federation: String
  var dataFolder: String
  var directoryPath: String
  /// Where clocks and calendar files lie that the directory may name.
  var clocksFolder: String
  var passphraseFile: String?
  var peerHost: String
  var peerPort: Int
  var acceptOnly: Set<AgencyCode>
  var tls: TLS
  var socketPath: String
  /// A group's name or number.
  var socketGroup: String?
  var logLevel: Logger.Level
  var logFormat: LogFormat
  var hook: Hook?
  /// Nil where auditors are served nothing.
  var audit: Audit?
  /// vkeys of those who may approve a new epoch; none, or two or more.
  var operators: [String]
  var outboxRecords: Int?
  var outboxBytes: Int?
  var storageReserveBytes: Int?
  var windowRecords: Int?
  var windowBytes: Int?
  var eventLoops: Int
  var stopSeconds: Int
  /// How far the node's clock runs ahead of the machine's: for rehearsals of time limits only.
  var clockAheadHours: Int

  /// Every key that node.yaml may have; any other is refused by name.
  static let keys: Set<String> = [
    "code", "federation", "data", "directory", "clocks", "passphraseFile", "peer.host", "peer.port",
    "peer.acceptOnly", "tls.chain", "tls.key", "tls.crl", "api.socket", "api.group", "log.level",
    "log.format", "hook.command", "hook.seconds", "hook.attempts", "limits.outboxRecords",
    "limits.outboxBytes", "limits.storageReserveBytes", "limits.windowRecords",
    "limits.windowBytes", "eventLoops", "operators", "stopSeconds", "rehearsal.clockAheadHours",
    "audit.host", "audit.port", "audit.tokens", "audit.payloads", "audit.plain",
    "audit.requestsPerSecond", "audit.connections",
  ]

  /// Reads every key; throws at the first that is missing or wrong.
  init(_ source: some SettingsSource) throws {
    code = try source.parsed("code", "a unified social credit code") { try? AgencyCode($0) }
    federation = try source.needed("federation")
    dataFolder = try source.path("data")
    directoryPath = try source.optionalPath("directory") ?? dataFolder + "/federation.note"
    clocksFolder = try source.optionalPath("clocks") ?? Self.folder(of: directoryPath) + "/clocks"
    passphraseFile = try source.optionalPath("passphraseFile")
    peerHost = try source.text("peer.host") ?? "0.0.0.0"
    peerPort = try source.number("peer.port", in: 0...65_535) ?? 7443
    acceptOnly = Set(
      try source.texts("peer.acceptOnly").map {
        guard let code = try? AgencyCode($0) else {
          throw DaemonError.key("peer.acceptOnly", "each must be a unified social credit code")
        }
        return code
      })
    tls = TLS(
      chain: try source.path("tls.chain"), key: try source.path("tls.key"),
      revocationLists: try source.texts("tls.crl"))
    socketPath = try source.optionalPath("api.socket") ?? "/run/sanxiang/node.sock"
    socketGroup = try source.text("api.group")
    logLevel = try source.choice("log.level", Logger.Level.allCases) ?? .info
    logFormat = try source.choice("log.format", LogFormat.allCases) ?? .text
    hook = try source.optionalPath("hook.command").map { command in
      Hook(
        command: command, seconds: try source.number("hook.seconds", in: 1...3600) ?? 30,
        attempts: try source.number("hook.attempts", in: 1...100) ?? 5)
    }
    audit = try Self.audit(source)
    operators = try source.texts("operators")
    outboxRecords = try source.number("limits.outboxRecords", in: 1...100_000_000)
    outboxBytes = try source.number("limits.outboxBytes", in: 1 << 20...1 << 50)
    storageReserveBytes = try source.number("limits.storageReserveBytes", in: 0...1 << 50)
    windowRecords = try source.number("limits.windowRecords", in: 1...1_000_000)
    windowBytes = try source.number("limits.windowBytes", in: 1 << 20...1 << 40)
    eventLoops = try source.number("eventLoops", in: 1...64) ?? 1
    stopSeconds = try source.number("stopSeconds", in: 1...600) ?? 15
    clockAheadHours = try source.number("rehearsal.clockAheadHours", in: 0...87_600) ?? 0
  }
}

extension Settings {
  /// Without `audit.port` nothing is served; without tokens, or in the clear beyond this machine,
  /// only what is said outright.
  private static func audit(_ source: some SettingsSource) throws -> Audit? {
    guard let port = try source.number("audit.port", in: 0...65_535) else { return nil }
    let host = try source.text("audit.host") ?? "127.0.0.1"
    let isLoopback =
      host == "::1" || host.hasPrefix("127.") && host.split(separator: ".").count == 4
    guard try isLoopback || source.flag("audit.plain") else {
      throw DaemonError.key(
        "audit.host",
        "is not a loopback address, and this port speaks no TLS: put a TLS proxy "
          + "before a loopback address, or say audit.plain: true")
    }
    return Audit(
      host: host, port: port, tokens: try source.path("audit.tokens"),
      payloads: try source.flag("audit.payloads"),
      requestsPerSecond: try source.number("audit.requestsPerSecond", in: 1...100_000) ?? 500,
      connections: try source.number("audit.connections", in: 1...10_000) ?? 32)
  }

  /// The folder that an absolute path lies in.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }
}

/// Where settings come from: texts by key.
protocol SettingsSource {
  /// A scalar's text; nil when the key is not there. Throws when it is there and no scalar.
  func text(_ key: String) throws -> String?
  /// A list's texts, empty when the key is not there. Throws when it is there and no list.
  func texts(_ key: String) throws -> [String]
}

extension SettingsSource {
  func needed(_ key: String) throws -> String {
    guard let text = try text(key), !text.isEmpty else {
      throw DaemonError.key(key, "is missing")
    }
    return text
  }

  func parsed<Value>(_ key: String, _ what: String, _ parse: (String) -> Value?) throws -> Value {
    guard let value = parse(try needed(key)) else { throw DaemonError.key(key, "must be \(what)") }
    return value
  }

  func path(_ key: String) throws -> String {
    guard let path = try optionalPath(key) else { throw DaemonError.key(key, "is missing") }
    return path
  }

  /// An absolute path: a daemon's working folder is nobody's business.
  func optionalPath(_ key: String) throws -> String? {
    guard let path = try text(key) else { return nil }
    guard path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw DaemonError.key(key, "must be an absolute path")
    }
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  func number(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = try text(key) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw DaemonError.key(
        key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// `true` or `false`; false when the key is not there.
  func flag(_ key: String) throws -> Bool {
    switch try text(key) {
    case nil, "false": return false
    case "true": return true
    default: throw DaemonError.key(key, "must be true or false")
    }
  }

  func choice<Value: RawRepresentable<String>>(_ key: String, _ all: [Value]) throws -> Value? {
    guard let text = try text(key) else { return nil }
    guard let value = all.first(where: { $0.rawValue == text }) else {
      throw DaemonError.key(
        key, "must be one of \(all.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }
}
