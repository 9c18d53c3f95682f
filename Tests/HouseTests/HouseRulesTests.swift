import Foundation
import Testing

/// The rules as they hold for the tree, and for each rule the sample that must break it.
@Suite("The house rules hold")
struct HouseRulesTests {
  @Test("imports follow the arrows of the architecture")
  func imports() throws {
    let sources = try Repository.sources(under: ["Sources"])
    #expect(sources.count > 50, "the walk found too few files to be believed")
    for breach in sources.flatMap(ImportRules.breaches) { Issue.record("\(breach)") }
  }

  @Test("files and functions are small")
  func sizes() throws {
    for breach in try Repository.sources(under: ["Sources", "Tests"]).flatMap(Sizes.breaches) {
      Issue.record("\(breach)")
    }
  }

  @Test("banned calls do not appear, and dangerous ones carry their proof")
  func calls() throws {
    for breach in try Repository.sources(under: ["Sources", "Tests"])
      .flatMap(BannedCalls.breaches)
    {
      Issue.record("\(breach)")
    }
  }

  @Test("no private key and no trace of one workplace is committed")
  func text() throws {
    for path in try Repository.files() {
      guard let text = try Repository.text(path) else { continue }
      for breach in CommittedText.breaches(path: path, text: text) { Issue.record("\(breach)") }
    }
  }

  @Test("every module under Sources has a row in the table of imports")
  func rows() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "Sources").path)
    #expect(Set(folders) == Set(ImportRules.allowed.keys))
  }
}

@Suite("Each house rule can fail")
struct HouseRuleSampleTests {
  @Test(
    "imports",
    arguments: [
      ("Exchange", "import Foundation", "import.arrow"),
      ("Exchange", "import NIOCore", "import.arrow"),
      ("Exchange", "internal import SQLiteStore", "import.arrow"),
      ("Auditor", "public import Exchange", "import.arrow"),
      ("Auditor", "import struct PeerLink.Frame", "import.arrow"),
      ("Auditor", "import SQLiteStore", "import.arrow"),
      ("RecordModel", "import COpenSSL", "import.arrow"),
      ("NodeService", "import COpenSSL", "import.arrow"),
      ("NodeService", "import GRDB", "import.arrow"),
      ("NodeService", "import SQLiteStore", "import.arrow"),
      ("NodeService", "import SwiftProtobuf", "import.arrow"),
      ("PeerLink", "import Hummingbird", "import.arrow"),
      ("SQLiteStore", "import PeerLink", "import.arrow"),
      ("Cryptography", "import RecordModel", "import.arrow"),
      ("TransparencyLog", "@preconcurrency import Glibc", "import.arrow"),
      ("NodeService", "@testable import SanxiangTesting", "import.testOnly"),
      ("PeerLink", "@_exported import NIOCore", "import.exported"),
      ("Gossip", "import Swift", "import.unknownModule"),
    ])
  func imports(module: String, line: String, rule: String) {
    let source = SourceText(path: "Sources/\(module)/A.swift", text: "\n\(line)\n")
    #expect(ImportRules.breaches(in: source).map(\.rule) == [rule])
  }

  @Test("an import in a comment or a literal is none")
  func quotedImports() {
    let text = "// import NIOCore\nlet a = \"import GRDB\"\n/*\nimport NIOCore\n*/"
    let source = SourceText(path: "Sources/Exchange/A.swift", text: text)
    #expect(ImportRules.breaches(in: source).isEmpty)
  }

  @Test("a file of 400 lines is too long, one of 399 is not")
  func fileSize() {
    let long = String(repeating: "let a = 1\n", count: 400)
    let short = String(repeating: "let a = 1\n", count: 399)
    #expect(sizes(long) == ["size.file"])
    #expect(sizes(short) == [])
  }

  @Test("a function of 60 lines is too long, one of 59 is not")
  func functionSize() {
    func body(_ lines: Int) -> String {
      "struct S {\n  func f(\n    a: Int\n  ) {\n"
        + String(repeating: "    g(\"{\") // {\n", count: lines - 4) + "  }\n}\n"
    }
    #expect(sizes(body(60)) == ["size.function"])
    #expect(sizes(body(59)) == [])
    #expect(sizes("let a = /* never ends") == ["size.unreadable"])
  }

  @Test(
    "calls",
    arguments: [
      ("Sources/Exchange", "let a = try! f()", "call.forceTry"),
      ("Tests/ExchangeTests", "let a = try! f()", "call.forceTry"),
      ("Sources/Exchange", "let a = b as! C", "call.forceCast"),
      ("Sources/Exchange", "fatalError(\"no\")", "call.trap"),
      ("Sources/NodeClient", "preconditionFailure(\"no\")", "call.trap"),
      ("Sources/PeerLink", "final class A: @unchecked Sendable {", "call.unchecked"),
      ("Sources/PeerLink", "nonisolated(unsafe) var a = 1", "call.unchecked"),
      ("Sources/PeerLink", "print(a)", "call.print"),
      ("Tests/PeerLinkTests", "Thread.sleep(forTimeInterval: 1)", "call.sleep"),
      ("Tests/PeerLinkTests", "usleep(10)", "call.sleep"),
      ("Tests/PeerLinkTests", "  sleep(1)", "call.sleep"),
      ("Sources/NodeService", "let now = Date()", "call.clock"),
      ("Sources/NodeService", "let now = Date.now", "call.clock"),
      ("Sources/Exchange", "FileManager.default", "call.effect"),
      ("Sources/RecordModel", "let c = ContinuousClock()", "call.effect"),
      ("Sources/Exchange", "return table[key]!", "call.forceUnwrap"),
      ("Sources/Exchange", "let a: Int!", "call.forceUnwrap"),
      ("Sources/Exchange", "f()!.g()", "call.forceUnwrap"),
    ])
  func calls(folder: String, line: String, rule: String) {
    let source = SourceText(path: "\(folder)/A.swift", text: "\n\n\n\n\(line)\n")
    #expect(BannedCalls.breaches(in: source).map(\.rule) == [rule])
  }

  @Test(
    "what looks like a banned call and is none",
    arguments: [
      "let a = \"try! print(x)\"", "// never try! this", "if a != b {}", "if !done {}",
      "printer.fingerprint(x)", "func blueprint(a: Int) {}", "let d = myDate()",
      "Date(timeIntervalSince1970: 3)", "let a: [String: Bool] = [:]",
    ])
  func innocent(line: String) {
    let source = SourceText(path: "Sources/NodeService/A.swift", text: line)
    #expect(BannedCalls.breaches(in: source) == [])
  }

  @Test(
    "the sentence that proves a call must stand beside it, and be one",
    arguments: [
      ("// The table has every key: it is built from allCases.\nreturn table[key]!", true),
      ("return table[key]!  // filled above for every case", true),
      ("guard let a else { fatalError(\"the table has every key\") }", true),
      ("guard let a else { fatalError(\"no\") }", false),
      ("// safe\nreturn table[key]!", false),
      ("// The table has every key.\n\n\n\n\nreturn table[key]!", false),
    ])
  func proofs(text: String, proven: Bool) {
    let source = SourceText(path: "Sources/Exchange/A.swift", text: text)
    #expect(BannedCalls.breaches(in: source).isEmpty == proven)
  }

  @Test("printing is what executables do")
  func executables() {
    let source = SourceText(path: "Sources/sanxiang/A.swift", text: "print(Date())")
    #expect(BannedCalls.breaches(in: source).isEmpty)
  }

  @Test("private keys, folders and issue numbers in committed text")
  func committedText() {
    let key = "-----BEGIN " + "PRIVATE" + " KEY-----\n" + String(repeating: "Mc", count: 30) + "\n"
    #expect(rules(key) == ["text.privateKey"])
    #expect(rules("if pem.hasPrefix(\"-----BEGIN PRIVATE KEY-----\") {}") == [])
    #expect(rules("see " + "/wo" + "rk/main") == ["text.folder"])
    #expect(rules("cd " + "/ro" + "ot/x") == ["text.folder"])
    #expect(rules("a/frame" + "wo" + "rk/x, ~" + "/wo" + "rk/x") == [])
    #expect(rules("as " + "issue" + " 12 says") == ["text.issue"])
    #expect(rules("fixes" + " #7") == ["text.issue"])
    #expect(rules("the issue 's three parts, #selector, art. 12") == [])
  }

  private func sizes(_ text: String) -> [String] {
    Sizes.breaches(in: SourceText(path: "Sources/Exchange/A.swift", text: text)).map(\.rule)
  }

  private func rules(_ text: String) -> [String] {
    CommittedText.breaches(path: "a.md", text: text).map(\.rule)
  }
}
