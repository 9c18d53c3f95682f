import ArgumentParser
import Cryptography
import FoundationEssentials
import RecordModel
import Testing
import TransparencyLog

@testable import sanxiang
@testable import sanxiangd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("node init, and the files that commands write")
struct NodeInitTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = "/tmp/sx-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// Runs `node init` into `<folder>/data`.
  private func run(in folder: String, _ words: [String]) throws {
    let suite = Suite.sha256Ed25519
    let authority = try Authority(
      threshold: 1,
      keys: [
        VerifierKey(
          name: KeyName.authority(federation: "t", label: "one"),
          key: try suite.generateSigningKey().verificationKey, type: suite.noteSignatureType)
      ])
    let file = AuthorityFile(federation: "t", suite: suite, authority: authority)
    let root = try EphemeralAuthority(name: "root", notBefore: 0, notAfter: 4_000_000_000)
    try Files.write(file.encoded, to: folder + "/authority.json", replacing: true)
    try Files.write(root.certificate.pem, to: folder + "/ca.pem", replacing: true)
    try Files.write(Array("a long passphrase\n".utf8), to: folder + "/p", replacing: true)
    try NodeInit.parse(
      [
        "--data", folder + "/data", "--code", "11000000MB0000019X", "--role", "procuratorate",
        "--authority", folder + "/authority.json", "--tls-anchor", folder + "/ca.pem",
        "--passphrase-file", folder + "/p",
      ] + words
    ).run()
  }

  @Test(
    "What no directory could hold is refused before anything is written",
    arguments: [
      (["--name", "示例", "--endpoint", "here"], "endpoint"),
      (["--name", "示例", "--endpoint", "host:0"], "endpoint"),
      (["--name", ""], "name"), (["--name", "a\nb"], "name"),
      (["--name", String(repeating: "名", count: 86)], "name"),
    ])
  func refused(_ words: [String], _ field: String) throws {
    try withFolder { folder in
      let error = #expect(throws: RecordModelError.self) { try run(in: folder, words) }
      #expect(error?.field?.hasSuffix("/" + field) == true)
      #expect(!Files.exists(folder + "/data"))
      // With what was wrong mended, the same command goes through.
      try run(in: folder, ["--name", "示例", "--endpoint", "host:7443"])
      for (name, mode) in [
        ("", 0o700), ("/keys", 0o700), ("/keys/record.key", 0o600), ("/node.yaml", 0o600),
      ] as [(String, mode_t)] {
        var status = stat()
        #expect(lstat(folder + "/data" + name, &status) == 0)
        #expect(status.st_mode & 0o777 == mode, "\(name)")
      }
    }
  }

  @Test("What an interrupted command left behind is in nobody's way")
  func stale() throws {
    try withFolder { folder in
      let path = folder + "/file"
      try Files.write([9], to: path + ".new")
      try Files.write([1], to: path)
      try Files.write([2], to: path, replacing: true)
      let bytes = try Files.read(path)
      #expect(bytes == [2])
      #expect(throws: Failure.self) { try Files.write([3], to: path) }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.sorted() == ["file", "file.new"])
    }
  }

  @Test("A file that cannot be made is named")
  func unwritable() {
    let error = #expect(throws: Failure.self) { try Files.write([1], to: "/nowhere/file") }
    #expect(error?.code == "file.write")
    #expect(error?.message.contains("/nowhere/file") == true)
  }

  @Test("The configuration that is written speaks of every key there is", arguments: Settings.keys)
  func template(_ key: String) {
    let text = NodeConfigurationTemplate(
      code: "c", federation: "f", folder: "/d", socket: "/s", port: 1
    ).text
    var block = ""
    var keys: Set<String> = []
    // A commented key is a key: "# name:" where a setting would begin, at its depth.
    for line in text.split(separator: "\n") {
      let bare = line.replacing("# ", with: "", maxReplacements: 1)
      let depth = bare.prefix { $0 == " " }.count
      guard let colon = bare.firstIndex(of: ":") else { continue }
      let name = bare[..<colon].trimmingPrefix { $0 == " " }
      guard name.allSatisfy({ $0.isASCII && $0.isLetter }) else { continue }
      if depth == 0 {
        block = String(name)
        keys.insert(block)
      } else {
        keys.insert(block + "." + name)
      }
    }
    #expect(keys.contains(key))
  }
}
