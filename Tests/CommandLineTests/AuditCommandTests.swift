import Foundation
import Testing

@testable import sanxiang

@Suite("Commands of an auditor")
struct AuditCommandTests {
  /// A command line and how it ends. `ID` is a record, `OUT` a folder to write into; what else stands in
  /// capitals or has a slash before it lies with the samples.
  struct Case: Sendable, CustomTestStringConvertible {
    var words: String
    var status: Int32
    /// Of the JSON on standard error; nil where the result is on standard output.
    var code: String?
    var testDescription: String { words }

    init(_ words: String, _ status: Int32, _ code: String? = nil) {
      (self.words, self.status, self.code) = (words, status, code)
    }
  }

  static let cases = [
    Case("prove ID --from /A --out OUT/x", 0),
    Case("prove ID --from /A.tar.gz --from /B --payload --out OUT/x", 0),
    Case("prove --thread ID /A /B --out OUT/x", 0),
    Case("prove", 64, "command.usage"),
    Case("prove ID", 64, "command.usage"),
    Case("prove ID /A", 64, "command.usage"),
    Case("prove ID ID --from /A", 64, "command.usage"),
    Case("prove --thread ID", 64, "command.usage"),
    Case("prove ../ID --from /A", 64, "argument.id"),
    Case("prove --thread lead /A", 64, "argument.id"),
    Case("prove ID --from /none", 5, "store.unusable"),
    Case("prove ID --from /A --authority /none", 1, "file.read"),
    Case("prove ID --from /A --out OUT/none/x", 1, "file.write"),
    Case(
      "prove 01a205f8-7a9b-7abc-8def-0123456789ab --from /A --out OUT/x", 1, "evidence.notFound"),
    Case("prove ID --from /forged --out OUT/x", 4, "evidence.proof"),
    Case("reconcile /A /B --proofs OUT", 0),
    Case("reconcile /A.tar.gz /B.tar.gz --authority /authority.json --proofs OUT", 0),
    Case("reconcile", 64, "command.usage"),
    Case("reconcile /A", 64, "command.usage"),
    Case("reconcile /A /A", 64, "command.usage"),
    Case("reconcile /A /B --receipt-limit=-1", 64, "command.usage"),
    Case("reconcile /A /none --proofs OUT", 5, "store.unusable"),
    Case("reconcile /forged /B --proofs OUT", 4),
    Case("report /A /B --out OUT/x", 0),
    Case("report /A --out OUT/x --json OUT/y --language zh", 0),
    Case("report --out OUT/x", 64, "command.usage"),
    Case("report /A", 64, "command.usage"),
    Case("report /A /A --out OUT/x", 64, "command.usage"),
    Case("report /A --out OUT/x --language fr", 64, "command.usage"),
    Case("report /none --out OUT/x", 5, "store.unusable"),
    Case("report /A --out OUT/none/x", 1, "file.write"),
    Case("report /forged /B --out OUT/x", 4),
  ]

  @Test("End with their documented codes, and say why in one document", arguments: cases)
  func exits(_ one: Case) throws {
    let (sample, folder) = (try AuditSample.shared.get(), try TemporaryFolder())
    let words = one.words.split(separator: " ").map(String.init).map { word in
      word.hasPrefix("/")
        ? sample.path + word
        : word.replacing("ID", with: "\(sample.lead)").replacing("OUT", with: folder.path)
    }
    let run = try CommandRun(["audit"] + words + ["--output", "json"])
    #expect(run.status == one.status, "\(run)")
    let (spoken, silent) =
      one.code == nil ? (run.output, run.errors) : (run.errors, run.output)
    #expect(silent.isEmpty, "\(run)")
    let document = try JSONSerialization.jsonObject(with: Data(spoken.utf8))
    let members = try #require(document as? [String: Any])
    guard let code = one.code else { return }
    #expect(members["code"] as? String == code, "\(run)")
    #expect(members["exit"] as? Int == Int(one.status))
  }

  @Test("Prove a record in a file that proves it to whoever has the authority's keys, and no other")
  func proof() throws {
    let (sample, folder) = (try AuditSample.shared.get(), try TemporaryFolder())
    let file = folder.path + "/lead.json"
    let line = ["audit", "prove", "\(sample.lead)", "--from", sample.path + "/A", "--out", file]
    let made = try CommandRun(line + ["--lang", "en"])
    #expect(made.status == 0)
    #expect(made.lines.first?.hasPrefix("wrote \(file): 1 records, ") == true, "\(made)")
    #expect(made.lines.count == 3)
    let again = try CommandRun(line)
    #expect(again.status == 1, "no proof is replaced")
    let piped = try CommandRun(Array(line.dropLast()) + ["-"])
    #expect(piped.output == (try folder.text("lead.json")))
    let check = ["audit", "check-proof", "--authority", sample.path + "/authority.json"]
    #expect(try CommandRun(check + [file]).status == 0)
    let changed = try folder.text("lead.json").replacing("test.example", with: "fest.example")
    #expect(try CommandRun(check + ["-"], input: Array(changed.utf8)).status == 4)
  }

  @Test("Say what they find to people, in either language", arguments: ["zh", "en"])
  func text(_ language: String) throws {
    let (sample, folder) = (try AuditSample.shared.get(), try TemporaryFolder())
    func run(_ words: String...) throws -> CommandRun {
      try CommandRun(["audit"] + words + ["--lang", language])
    }
    let (own, peer, forged) = (sample.path + "/A", sample.path + "/B", sample.path + "/forged")
    let page = folder.path + "/page.html"
    let good = try run("report", own, peer, "--out", page)
    #expect(good.status == 0)
    #expect(good.lines.count == 2 && good.lines[0].hasSuffix(page))
    #expect(good.lines[1] == (language == "zh" ? "结论  未发现问题" : "result  nothing found"))
    #expect(try folder.text("page.html").hasPrefix("<!DOCTYPE html>"))
    let bad = try run("report", forged, peer, "--out", page)
    #expect(bad.status == 4)
    #expect(bad.lines[1] == (language == "zh" ? "结论  发现问题" : "result  something is wrong"))
    let equal = try run("reconcile", own, peer, "--proofs", folder.path)
    let different = try run("reconcile", forged, peer, "--proofs", folder.path)
    #expect(equal.status == 0 && different.status == 4)
    #expect(equal.output != different.output)
    #expect(!equal.output.isEmpty && equal.errors.isEmpty && different.errors.isEmpty)
  }
}
