import Cryptography
import RecordModel
import Testing
import TransparencyLog

@Suite("Malformed directories")
struct MalformedDirectoryTests {
  static let edits: [(String, String, String)] = [
    ("example.org/sanxiang/directory\n", "", "directory.note"),
    ("example.org/sanxiang/directory", "example.net/sanxiang/directory", "directory.note"),
    ("{\"v\":1,", "{\"v\":1,\n", "directory.note"), ("{\"v\":1,", "{\"v\":2,", "directory.field"),
    ("{\"v\":1,", "{", "directory.field"), ("{\"v\":1,", "{\"v\":1,\"v\":1,", "directory.json"),
    ("{\"v\":1,", "{\"v\":1,\"note\":1,", "directory.field"),
    ("{\"v\":1,", "[\"v\",1,", "directory.json"),
    ("\"federation\":\"example.org\"", "\"federation\":\"Example\"", "name.federation"),
    ("\"version\":1,", "\"version\":0,", "directory.field"),
    ("\"version\":1,", "\"version\":-1,", "directory.field"),
    ("\"version\":1,", "\"version\":\"1\",", "directory.field"),
    ("\"version\":1,", "\"version\":9007199254740992,", "directory.json"),
    ("2027-01-01T00:00:00.000+08:00", "2026-01-01T00:00:00.000+08:00", "directory.field"),
    ("2027-01-01T00:00:00.000+08:00", "2027-01-01", "directory.field"),
    ("sha256-ed25519", "sm3-sm2", "directory.field"),
    ("\"threshold\":1", "\"threshold\":0", "directory.authority"),
    ("\"threshold\":1", "\"threshold\":2", "directory.authority"),
    ("\"threshold\":1,", "", "directory.field"),
    ("\"keys\":[\"", "\"keys\":[\"x", "directory.field"),
    ("\"keys\":[\"", "\"keys\":[7,\"", "directory.field"),
    ("\"role\":\"enforcement\"", "\"role\":\"church\"", "directory.field"),
    ("\"role\":\"enforcement\",", "", "directory.field"),
    (Samples.enforcementText, "11000000MB00000350", "directory.field"),
    (Samples.enforcementText, Samples.procuratorateText, "directory.field"),
    ("示例市市场监督管理局", "", "directory.field"),
    ("示例市市场监督管理局", "a\\nb", "directory.field"),
    ("示例市市场监督管理局", "A\u{30A}", "directory.json"),
    ("示例市市场监督管理局", String(repeating: "名", count: 86), "directory.field"),
    ("node.example.org:7443", "node.example.org", "directory.field"),
    ("node.example.org:7443", "node.example.org:0", "directory.field"),
    ("node.example.org:7443", "node.example.org:65536", "directory.field"),
    ("node.example.org:7443", "no de:7443", "directory.field"),
    ("node.example.org:7443", ":7443", "directory.field"),
    ("node.example.org:7443", "[node]:7443", "directory.field"),
    ("\"recordKeys\":[", "\"recordKeys\":[7,", "directory.field"),
    ("\"recordKeys\":[{\"key\":\"", "\"recordKeys\":[{\"key\":\"A", "directory.field"),
    ("\"recordKeys\":[{", "\"recordKeys\":[{\"x\":1,", "directory.field"),
    ("\"recordKeys\":[{", "\"recordKeys\":[],\"r\":[{", "directory.field"),
    ("-----BEGIN CERTIFICATE", "-----BEGIN PRIVATE KEY", "directory.field"),
    ("\"tlsAnchors\":[", "\"tlsAnchors\":[\"\",", "directory.field"),
    ("\"witnesses\":[]", "\"witnesses\":{}", "directory.field"),
    ("\"allow\":[{", "\"allow\":[{\"deny\":1,", "directory.field"),
    ("\"from\":[\"enforcement\"]", "\"from\":[]", "directory.field"),
    ("\"from\":[\"enforcement\"]", "\"from\":[\"enforcement\",\"enforcement\"]", "directory.field"),
    ("\"from\":[\"enforcement\"]", "\"from\":[\"all\"]", "directory.field"),
    ("\"lead.*\"", "\"*\"", "directory.field"), ("\"lead.*\"", "\"lead*\"", "directory.field"),
    ("\"lead.*\"", "\"le*.x\"", "directory.field"), ("\"lead.*\"", "\".*\"", "directory.field"),
    ("\"calendars\":[]", "\"calendars\":[{\"year\":2026,\"digest\":\"x\"}]", "directory.field"),
    ("\"calendars\":[]", "\"clocks\":\"x\",\"calendars\":[]", "directory.field"),
    ("\"policy\":{", "\"policy\":{\"x\":1,", "directory.field"),
  ]

  @Test("A directory that breaks a rule is refused, though its keys signed it", arguments: edits)
  func refused(find: String, replace: String, code: String) throws {
    let sample = try SampleAuthority(1, threshold: 1)
    let text = try DirectoryDraft(try sample.contents()).text()
    try #require(text.contains(find), "the edit must hit")
    let note = try signed(text.replacing(find, with: replace, maxReplacements: 1), by: sample)
    let found = thrownCode {
      _ = try FederationDirectory(verifying: note, pinned: sample.authority)
    }
    #expect(found == code)
  }

  @Test("The whole text is taken verbatim: other order and spacing are as good")
  func otherWriting() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    let contents = try sample.contents()
    let text = try DirectoryDraft(contents).text()
      .replacing("{\"v\":1,", with: "{ ").replacing(
        "\"version\":1", with: "\"version\": 1, \"v\" :1")
    let directory = try FederationDirectory(
      verifying: try signed(text, by: sample), pinned: sample.authority)
    #expect(directory.contents == contents)
    #expect(directory.note.text == text)
  }

  @Test("A note that is none, or is too large, is refused before anything is believed")
  func notNotes() throws {
    let authority = try SampleAuthority(1, threshold: 1).authority
    for bytes in [[], Array("{}".utf8), Array("a\n\nb".utf8)] {
      #expect(
        thrownCode { _ = try FederationDirectory(verifying: bytes, pinned: authority) }
          == "directory.note")
    }
    let large = [UInt8](repeating: 0x61, count: FederationDirectory.noteByteLimit + 1)
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: large, pinned: authority) }
        == "directory.size")
  }

  @Test("No key has two duties, two owners or two places")
  func keyReuse() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    let clean = try sample.contents()
    let code = try Samples.enforcement()
    let record = try #require(clean.nodes[code]?.recordKeys)
    func refusal(_ change: (inout DirectoryContents) throws -> Void) throws -> String? {
      var contents = clean
      try change(&contents)
      return thrownCode { try contents.validate() }
    }
    #expect(try refusal { _ in } == nil)
    #expect(try refusal { $0.nodes[code]?.receiptKeys = record } == "directory.keyReuse")
    #expect(try refusal { $0.nodes[code]?.recordKeys += record } == "directory.keyReuse")
    #expect(
      try refusal { $0.nodes[try Samples.procuratorate()]?.witnessKeys = record }
        == "directory.keyReuse")
    #expect(
      try refusal { $0.witnesses = [WitnessEntry(name: "w", endpoint: nil, keys: record)] }
        == "directory.keyReuse")
    #expect(
      try refusal { $0.nodes[code]?.recordKeys[0].key = sample.authority.keys[0].key }
        == "directory.keyReuse")
    // A key that stays on from this quorum to the next is no second duty.
    #expect(try refusal { $0.next = sample.authority } == nil)
  }

  @Test("Every limit of a directory holds at its edge")
  func limits() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    let clean = try sample.contents()
    let code = try Samples.enforcement()
    func isRefused(_ change: (inout DirectoryContents) -> Void) -> Bool {
      var contents = clean
      change(&contents)
      return thrownCode { try contents.validate() } == "directory.field"
    }
    let rule = try #require(clean.policy.allow.first)
    let anchor = try #require(clean.nodes[code]?.tlsAnchors.first)
    for (over, isOver) in [(0, false), (1, true)] {
      #expect(
        isRefused {
          $0.policy.allow = .init(repeating: rule, count: DirectoryContents.ruleLimit + over)
        } == isOver)
      #expect(
        isRefused {
          $0.policy.allow[0].kinds = .init(
            repeating: "a", count: DirectoryContents.kindLimit + over)
        } == isOver)
      #expect(
        isRefused {
          $0.nodes[code]?.tlsAnchors = .init(
            repeating: anchor, count: DirectoryContents.anchorLimit + over)
        } == isOver)
      #expect(
        isRefused {
          $0.nodes[code]?.name = .init(
            repeating: "a", count: DirectoryContents.nameByteLimit + over)
        } == isOver)
      #expect(
        isRefused {
          for year in 0..<(DirectoryContents.calendarLimit + over) {
            $0.calendars[2000 + year] = .zero
          }
        } == isOver)
    }
    #expect(isRefused { $0.calendars[1969] = .zero })
    #expect(isRefused { $0.nodes[code]?.recordKeys = [] })
    #expect(isRefused { $0.nodes[code]?.recordKeys[0].notAfter = $0.notBefore })
    #expect(
      isRefused { $0.nodes[code]?.tlsAnchors[0] += .init(repeating: "A", count: 16 * 1024) })
  }
}
