/// Which module may import which: the table of docs/ARCHITECTURE.md, module by module. What is not
/// written here is an arrow upwards or sideways, or a library in the wrong hands.
enum ImportRules {
  /// What any module may import: parts of the language itself.
  private static let language: Set<String> = ["Swift", "Synchronization"]

  private static let pure = ["Cryptography", "TransparencyLog", "RecordSchema", "RecordModel"]
  private static let nio = ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOConcurrencyHelpers"]
  private static let system = [
    "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch",
  ]

  /// For each folder of `Sources`, everything that its files may import.
  static let allowed: [String: Set<String>] = [
    "COpenSSL": [],
    "CMalloc": [],
    // MARK: Pure: a clock, a file or a socket cannot even be named.
    // The C library's memory and thread-local functions go with OpenSSL.
    "Cryptography": ["COpenSSL", "Glibc", "Musl"],
    "TransparencyLog": ["Cryptography"],
    "RecordSchema": [],
    "RecordModel": ["Cryptography", "TransparencyLog", "RecordSchema"],
    // Its one serial queue is a thread, no input or output.
    "Exchange": Set(pure + ["Logging", "Dispatch"]),
    // The same: threads that check entries ahead.
    "Auditor": Set(pure + ["Dispatch"]),
    // MARK: Edges.
    "SQLiteStore": Set(
      ["Cryptography", "TransparencyLog", "RecordModel", "Exchange", "GRDB", "GRDBSQLite"] + system),
    "PeerLink": Set(
      ["Cryptography", "TransparencyLog", "RecordModel", "Exchange", "Logging", "SwiftProtobuf"]
        + nio + system),
    "NodeService": Set(
      pure + [
        "Exchange", "PeerLink", "Logging", "Hummingbird", "HummingbirdCore", "HTTPTypes",
        "NIOHTTPTypes", "ServiceLifecycle",
      ]
        + nio + system),
    // Of the Auditor it uses the formats of an export, of the Exchange the store's reading side.
    "AuditService": Set(
      pure + ["Exchange", "Auditor", "NodeClient", "Logging", "ServiceLifecycle"] + nio + system),
    "NodeClient": Set(nio + system),
    // MARK: Executables.
    "sanxiangd": Set(
      pure
        + [
          "CMalloc", "Exchange", "SQLiteStore", "PeerLink", "NodeService", "NodeClient",
          "AuditService", "ArgumentParser", "Configuration",
          "Logging", "ServiceLifecycle", "SystemPackage",
        ] + nio + system),
    "sanxiang": Set(
      pure
        + [
          "Auditor", "AuditService", "Exchange", "SQLiteStore", "NodeClient", "ArgumentParser",
          "Logging", "ServiceLifecycle", "UnixSignals",
        ] + nio + system),
    // Also measures the store, the exchange and the audit without a process around them.
    "sanxiang-bench": Set(
      pure + ["Auditor", "Exchange", "SQLiteStore", "NodeClient", "ArgumentParser"] + nio + system),
    "schema-codegen": Set(["RecordSchema", "ArgumentParser"] + system),
    // MARK: For tests only; never shipped.
    "SanxiangTesting": Set(pure + ["Exchange", "Logging", "Testing"] + system),
  ]

  /// Modules that are pure: besides their imports, what they say is looked at (`BannedCalls`).
  static let pureModules = Set(pure + ["Exchange", "Auditor"])

  /// What only tests may import.
  private static let testOnly: Set<String> = ["Testing", "XCTest", "SanxiangTesting"]

  /// One import as written.
  struct Import: Equatable {
    var module: String
    /// 1-based.
    var line: Int
    var attributes: [String]
  }

  /// The imports of a file. `import struct Module.Name` and `import Module.Sub` name `Module`.
  static func imports(of source: SourceText) -> [Import] {
    let kinds: Set<String> = [
      "struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor",
    ]
    var found: [Import] = []
    for (index, line) in source.code.enumerated() {
      for statement in line.split(separator: ";") {
        let words = statement.split(separator: " ").map(String.init)
        guard let at = words.firstIndex(of: "import"), at + 1 < words.count else { continue }
        let rest = words[(at + 1)...].filter { !kinds.contains($0) }
        guard let module = rest.first?.split(separator: ".").first else { continue }
        found.append(
          Import(
            module: String(module), line: index + 1, attributes: Array(words[..<at])))
      }
    }
    return found
  }

  /// The arrows of one file that the table does not allow.
  static func breaches(in source: SourceText) -> [Breach] {
    let parts = source.path.split(separator: "/").map(String.init)
    guard parts.count >= 3, parts[0] == "Sources" else { return [] }
    let module = parts[1]
    guard let allowed = allowed[module] else {
      return [
        Breach(
          rule: "import.unknownModule", path: source.path, line: 0,
          detail: "\(module) has no row in the table of imports")
      ]
    }
    return imports(of: source).compactMap { item in
      if item.attributes.contains("@_exported") {
        return Breach(
          rule: "import.exported", path: source.path, line: item.line,
          detail: "\(item.module) is passed on to whoever imports \(module)")
      }
      if allowed.contains(item.module) || language.contains(item.module) { return nil }
      let rule = testOnly.contains(item.module) ? "import.testOnly" : "import.arrow"
      return Breach(
        rule: rule, path: source.path, line: item.line,
        detail: "\(module) may not import \(item.module)")
    }
  }
}
