import Testing

@Suite("Documents keep up with the code")
struct DocumentTests {
  private static let errors = "docs/errors.md"

  /// Test doubles; and names that are no errors, which other documents list.
  private static let notErrors = [
    "Sources/SanxiangTesting/", "Sources/RecordModel/JournalEvent.swift",
    "Sources/Auditor/FindingKind.swift",
  ]

  @Test("every error code in the sources is listed")
  func errorCodes() throws {
    let listed = Documents.listedCodes(in: try Repository.text(Self.errors) ?? "")
    var codes: Set<String> = []
    for source in try Repository.sources(under: ["Sources"])
    where !Self.notErrors.contains(where: source.path.hasPrefix) {
      for code in Documents.errorCodes(in: source) {
        codes.insert(code)
        if !listed.contains(code) { Issue.record("\(source.path): `\(code)` is not listed") }
      }
    }
    #expect(codes.count > 80, "the search found too few codes to be believed")
  }

  @Test("every kind of audit finding is explained")
  func findingKinds() throws {
    let listed = Documents.listedCodes(in: try Repository.text("docs/audit.md") ?? "")
    let path = "Sources/Auditor/FindingKind.swift"
    let text = try #require(try Repository.text(path))
    let kinds = Documents.findingKinds(in: SourceText(path: path, text: text))
    #expect(kinds.count > 30, "the search found too few kinds to be believed")
    #expect(kinds.subtracting(listed) == [])
  }

  @Test("every document can be reached from the README or the architecture")
  func reachable() throws {
    let files = try Repository.files()
    let documents = files.filter { $0.hasPrefix("docs/") }
    let roots = ["README.md", "docs/ARCHITECTURE.md"].filter(files.contains)
    #expect(roots.count == 2, "the README and docs/ARCHITECTURE.md must exist")
    for lost in try Documents.unreachable(documents: documents, roots: roots, links: links) {
      Issue.record("\(lost): no document links to it")
    }
  }

  @Test("links between documents lead to what is there")
  func links() throws {
    let files = try Repository.files()
    for path in files where path.hasSuffix(".md") {
      for target in try links(path)
      where !files.contains(target) && !files.contains(where: { $0.hasPrefix(target + "/") }) {
        Issue.record("\(path): links to \(target), which does not exist")
      }
    }
  }

  private func links(_ path: String) throws -> Set<String> {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    guard try Repository.files().contains(path) else { return [] }
    return Documents.links(in: try Repository.text(path) ?? "", folder: folder)
  }

  @Test(
    "codes are found however they are written",
    arguments: [
      ("public static let a = Self(\"log.note.limit\")", ["log.note.limit"]),
      ("static let a = Self(100, \"peer.frame\")", ["peer.frame"]),
      ("throw E(code: .init(rawValue: 1), Code(rawValue: \"http.body\"))", ["http.body"]),
      ("throw Failure(\n  .failed, \"file.read\", path)", ["file.read"]),
      ("return Problem(status: .conflict, code: \"request.path\")", ["request.path"]),
      ("throw E(Code(\"http.body\"))", ["http.body"]),
      ("// Self(\"not.code\")", []),
      ("let a = Self(\"word\")", []),
    ])
  func codes(line: String, expected: [String]) {
    #expect(Documents.errorCodes(in: SourceText(path: "A.swift", text: line)) == Set(expected))
  }

  @Test("a code that is not between backquotes is not listed")
  func unlisted() {
    #expect(
      Documents.listedCodes(in: "| `log.proof.root` | log.proof.size |") == ["log.proof.root"])
  }

  @Test("a document that nobody links to is found")
  func unreachable() {
    let graph: [String: Set<String>] = [
      "README.md": ["docs/a.md"], "docs/a.md": ["docs/decisions"],
      "docs/decisions/README.md": ["docs/decisions/0001.md"],
    ]
    let documents = [
      "docs/a.md", "docs/b.md", "docs/decisions/README.md", "docs/decisions/0001.md",
    ]
    let lost = Documents.unreachable(documents: documents, roots: ["README.md"]) { graph[$0] ?? [] }
    #expect(lost == ["docs/b.md"])
    #expect(
      Documents.links(in: "[a](b.md#x) [c](../d.md) [e](https://f.cn)", folder: "docs")
        == ["docs/b.md", "d.md"])
  }
}
