import Foundation

/// What is linked into the programs: the system's OpenSSL, and nothing that brings BoringSSL.
enum Linkage {
  /// Modules that are BoringSSL, or whose only reason to be linked is that they carry it.
  private static let carriers: Set<String> = [
    "CNIOBoringSSL", "CNIOBoringSSLShims", "CCryptoBoringSSL", "CCryptoBoringSSLShims",
    "CryptoBoringWrapper", "Crypto", "CryptoExtras", "_CryptoExtras", "NIOSSL",
    "X509", "AsyncHTTPClient", "HummingbirdTLS", "HummingbirdHTTP2",
  ]

  /// The symbols' prefixes: BoringSSL is vendored with its names rewritten.
  static let symbolPrefixes = ["CNIO" + "BoringSSL_", "CCrypto" + "BoringSSL_"]

  /// The folder that the running test bundle was built into.
  static func buildFolder() throws -> URL {
    URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      .deletingLastPathComponent()
  }

  /// The object files that went into each product: SwiftPM's own lists for the linker.
  static func objectLists(in folder: URL) throws -> [String: String] {
    var lists: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where name.hasSuffix(".product") {
      let list = folder.appending(path: name).appending(path: "Objects.LinkFileList")
      lists[String(name.dropLast(".product".count))] = try String(contentsOf: list, encoding: .utf8)
    }
    return lists
  }

  /// The modules whose object files a list names: `…/NIOCore.build/Channel.swift.o` is `NIOCore`.
  static func modules(in list: String) -> Set<String> {
    var found: Set<String> = []
    for line in list.split(separator: "\n") {
      for part in line.split(separator: "/") where part.hasSuffix(".build") {
        found.insert(String(part.dropLast(".build".count)))
      }
    }
    return found
  }

  /// Linked modules that bring BoringSSL.
  static func breaches(product: String, modules: Set<String>) -> [Breach] {
    modules.intersection(carriers).sorted().map {
      Breach(rule: "link.module", path: product, line: 0, detail: "\($0) is linked")
    }
  }

  /// BoringSSL's own names in a program's bytes.
  static func breaches(product: String, bytes: Data) -> [Breach] {
    symbolPrefixes.filter { bytes.range(of: Data($0.utf8)) != nil }.map {
      Breach(rule: "link.symbol", path: product, line: 0, detail: "holds \($0)…")
    }
  }
}
