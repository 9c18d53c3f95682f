import ArgumentParser
import Cryptography
import Exchange
import FoundationEssentials
import Testing
import TransparencyLog

@testable import sanxiang

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("Operators' approvals of a new epoch")
struct EpochApprovalTests {
  private static let text =
    "sanxiang/epoch/v1\nt/sanxiang/11000000MB0000019X/11000000MB0000027Q/1\n4\n"
    + String(repeating: "A", count: 43) + "=\n"

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = "/tmp/sx-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("a long passphrase\n".utf8).write(to: URL(filePath: folder + "/p"))
    try Data(Self.text.utf8).write(to: URL(filePath: folder + "/s"))
    try await body(folder)
  }

  private func makeKey(_ label: String, in folder: String) async throws -> VerifierKey {
    let command = try OperatorInit.parse([
      "--label", label, "--out", "\(folder)/\(label).key", "--federation", "t", "--code",
      "11000000MB0000019X", "--passphrase-file", folder + "/p",
    ])
    try await command.run()
    let line = String(decoding: try Files.read("\(folder)/\(label).key.vkey"), as: UTF8.self)
    return try VerifierKey(parsing: String(line.dropLast()), suite: .sha256Ed25519)
  }

  private func approve(_ file: String, _ label: String, in folder: String, out: String? = nil)
    throws
  {
    let command = try EpochApprove.parse(
      [
        "\(folder)/\(file)", "--key", "\(folder)/\(label).key", "--passphrase-file",
        folder + "/p",
      ] + (out.map { ["--out", "\(folder)/\($0)"] } ?? []))
    try command.run()
  }

  @Test("Two sign one after the other; the note is the statement with both signatures")
  func approves() async throws {
    try await withFolder { folder in
      let keys = [
        try await makeKey("zhang", in: folder), try await makeKey("li", in: folder),
      ]
      #expect(keys[0].name == "t/sanxiang/11000000MB0000019X/operator/zhang")
      try approve("s", "zhang", in: folder)
      try approve("s", "li", in: folder, out: "n")
      let note = try SignedNote(parsing: Files.read(folder + "/n"))
      #expect(note.text == Self.text)
      #expect(try note.verified(by: keys) == keys)
      // Once more by the same key adds nothing.
      try approve("n", "li", in: folder)
      #expect(try SignedNote(parsing: Files.read(folder + "/n")) == note)
    }
  }

  @Test("A key is encrypted, its owner's alone, and never replaced")
  func key() async throws {
    try await withFolder { folder in
      _ = try await makeKey("zhang", in: folder)
      let path = folder + "/zhang.key"
      let bytes = try Files.read(path)
      #expect(String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED PRIVATE KEY"))
      var status = stat()
      #expect(stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      await #expect(throws: Failure.self) { _ = try await makeKey("zhang", in: folder) }
      #expect(try Files.read(path) == bytes)
    }
  }

  @Test(
    "What is no statement is not signed",
    arguments: [
      "", "x\n", "sanxiang/epoch/v2\n", text + "more\n", text.replacing("\n4\n", with: "\n04\n"),
    ])
  func others(_ text: String) async throws {
    try await withFolder { folder in
      _ = try await makeKey("zhang", in: folder)
      try Data(text.utf8).write(to: URL(filePath: folder + "/s"))
      let error = #expect(throws: ExchangeError.self) { try approve("s", "zhang", in: folder) }
      #expect(error?.code == .approvals)
      #expect(try Files.read(folder + "/s") == Array(text.utf8))
    }
  }

  @Test("A key under another's name signs nothing")
  func mixedUp() async throws {
    try await withFolder { folder in
      _ = try await makeKey("zhang", in: folder)
      _ = try await makeKey("li", in: folder)
      try Files.write(
        Files.read(folder + "/li.key.vkey"), to: folder + "/zhang.key.vkey", replacing: true)
      let error = #expect(throws: Failure.self) { try approve("s", "zhang", in: folder) }
      #expect(error?.code == "operator.key")
    }
  }

  @Test("A label is one word of a name", arguments: ["", "a b", "Zhang", "a/b", "张", "a+b"])
  func labels(_ label: String) {
    #expect(throws: (any Error).self) {
      try OperatorInit.parse(["--label", label, "--out", "k"])
    }
    #expect(!OperatorInit.isLabel(label))
    #expect(OperatorInit.isLabel("zhang-3"))
  }
}
