import RecordModel
import RecordSchema
import Testing

@Suite("Agency codes, record ids, origins")
struct NameTests {
  @Test(
    "A published credit code is taken and written back as it was",
    arguments: [
      "91350100M000100Y43", "11100000MB0143028R", "12100000400002259P", Samples.procuratorateText,
      Samples.disciplineText, Samples.enforcementText,
    ])
  func goodCode(text: String) throws {
    let code = try AgencyCode(text)
    #expect(code.rawValue == text)
    #expect(code.description == text)
  }

  @Test(
    "What is no credit code is refused",
    arguments: [
      "", "91350100M000100Y4Z", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43",
      "91350100I000100Y43", "91350100M000100Y4\u{663}", "9135010０M000100Y4", "91A50100M000100Y43",
      " 1350100M000100Y43",
    ])
  func badCode(text: String) {
    #expect(thrownCode { _ = try AgencyCode(text) } == "name.agencyCode")
  }

  @Test("Codes, ids and times are taken exactly where the schemas' formats take them")
  func sameAsFormats() throws {
    var random = SeededRandom(11)
    let alphabet = Array("0123456789ABCDEFGHIJKLMNPQRTUWXYabf-:.T+ ".unicodeScalars)
    var taken = 0
    let seeds = [
      Samples.procuratorateText, "019ab123-4567-7abc-8def-0123456789ab",
      "2028-02-29T23:59:59.999+08:00",
    ]
    for round in 0..<6000 {
      var text = Array(seeds[round % 3].unicodeScalars)
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        guard let scalar = alphabet.randomElement(using: &random) else { continue }
        text[Int.random(in: text.indices, using: &random)] = scalar
      }
      var candidate = ""
      candidate.unicodeScalars.append(contentsOf: text)
      let code = (try? AgencyCode(candidate)) != nil
      let id = (try? RecordID(parsing: candidate)) != nil
      let time = (try? Timestamp(parsing: candidate)) != nil
      #expect(code == CodeFormat.isCreditCode(candidate), "\(candidate)")
      #expect(id == CodeFormat.isUUIDv7(candidate), "\(candidate)")
      #expect(time == CodeFormat.isDateTime(candidate), "\(candidate)")
      if code || id || time { taken += 1 }
    }
    #expect((2000...5900).contains(taken))
  }

  @Test("Codes are ordered as their characters are")
  func codeOrder() throws {
    let texts = [
      "12100000400002259P", "91350100M000100Y43", Samples.enforcementText,
      Samples.procuratorateText, Samples.disciplineText, "11100000MB0143028R",
    ]
    let sorted = try texts.map { try AgencyCode($0) }.sorted().map(\.rawValue)
    #expect(sorted == texts.sorted())
  }

  @Test("A generated id carries its moment, version and variant, and reads back")
  func generatedID() throws {
    let id = RecordID.generate(at: Samples.time) { [UInt8](repeating: 0xFF, count: $0) }
    #expect(id.time == Samples.time)
    #expect(id.description.hasSuffix("-7fff-bfff-ffffffffffff"))
    #expect(try RecordID(parsing: id.description) == id)
    #expect(RecordID(bytes: id.bytes) == id)
    #expect(RecordID(bytes: Array(id.bytes.dropLast())) == nil)
    let early = RecordID.generate(at: Timestamp(milliseconds: -5)) {
      .init(repeating: 0, count: $0)
    }
    #expect(early.description == "00000000-0000-7000-8000-000000000000")
    #expect(early < id)
  }

  @Test(
    "What is no lower-case UUIDv7 is refused",
    arguments: [
      "", "019AB123-4567-7abc-8def-0123456789ab", "019ab123-4567-4abc-8def-0123456789ab",
      "019ab123-4567-7abc-7def-0123456789ab", "019ab123-4567-7abc-cdef-0123456789ab",
      "019ab12345677abc8def0123456789ab", "019ab123-4567-7abc-8def-0123456789a",
      "019ab1234-567-7abc-8def-0123456789ab", "019ab123-4567-7abc-8def-0123456789ag",
    ])
  func badID(text: String) {
    #expect(thrownCode { _ = try RecordID(parsing: text) } == "name.recordID")
  }

  @Test("An id's 16 bytes must be a UUIDv7")
  func badBytes() throws {
    var bytes = try RecordID(parsing: "019ab123-4567-7abc-8def-0123456789ab").bytes
    #expect(bytes.prefix(4).elementsEqual([0x01, 0x9A, 0xB1, 0x23]))
    bytes[6] = 0x4A
    #expect(RecordID(bytes: bytes) == nil)
    bytes[6] = 0x7A
    bytes[8] = 0x0D
    #expect(RecordID(bytes: bytes) == nil)
  }

  @Test("Origins of channels and journals read back as they were written")
  func origins() throws {
    let direction = Direction(from: try Samples.enforcement(), to: try Samples.procuratorate())
    let origin = Origin(federation: Samples.federation, direction: direction, epoch: 4_294_967_295)
    let text =
      "example.org/sanxiang/\(Samples.enforcementText)/\(Samples.procuratorateText)/4294967295"
    #expect(origin.description == text)
    #expect(try Origin(parsing: text) == origin)
    #expect(direction.reversed.reversed == direction)
    let journal = JournalOrigin(
      federation: Samples.federation, code: try Samples.discipline(), epoch: 2)
    #expect(journal.description == "example.org/sanxiang/\(Samples.disciplineText)/journal/2")
    #expect(try JournalOrigin(parsing: journal.description) == journal)
  }

  static let badOrigins: [(String, String)] = [
    ("", "name.origin"),
    ("example.org/sanxiang/\(Samples.enforcementText)/1", "name.origin"),
    ("e/sanxiang/\(Samples.enforcementText)/\(Samples.disciplineText)/0", "name.origin"),
    ("e/sanxiang/\(Samples.enforcementText)/\(Samples.disciplineText)/01", "name.origin"),
    ("e/sanxiang/\(Samples.enforcementText)/\(Samples.disciplineText)/4294967296", "name.origin"),
    ("e/sanxiang/\(Samples.enforcementText)/\(Samples.disciplineText)/+1", "name.origin"),
    ("e/sanxiang/\(Samples.enforcementText)/\(Samples.disciplineText)/1/", "name.origin"),
    ("e/sanxiang/\(Samples.enforcementText)/\(Samples.enforcementText)/1", "name.origin"),
    ("e/other/\(Samples.enforcementText)/\(Samples.disciplineText)/1", "name.origin"),
    ("E/sanxiang/\(Samples.enforcementText)/\(Samples.disciplineText)/1", "name.federation"),
    ("/sanxiang/\(Samples.enforcementText)/\(Samples.disciplineText)/1", "name.federation"),
    ("e./sanxiang/\(Samples.enforcementText)/\(Samples.disciplineText)/1", "name.federation"),
    ("e/sanxiang/11000000MB00000190/\(Samples.disciplineText)/1", "name.agencyCode"),
    ("e/sanxiang/\(Samples.disciplineText)/journal/1", "name.agencyCode"),
  ]

  @Test("What is no channel's origin is refused", arguments: badOrigins)
  func badOrigin(text: String, code: String) {
    #expect(thrownCode { _ = try Origin(parsing: text) } == code)
  }

  @Test("What is no journal's origin is refused")
  func badJournalOrigin() {
    let code = Samples.enforcementText
    for text in ["e/sanxiang/\(code)/journal/0", "e/sanxiang/\(code)/log/1", "e/sanxiang/\(code)"] {
      #expect(thrownCode { _ = try JournalOrigin(parsing: text) } == "name.origin")
    }
    #expect(
      thrownCode { _ = try JournalOrigin(parsing: "e/sanxiang/x/journal/1") } == "name.agencyCode")
    #expect(
      thrownCode { _ = try JournalOrigin(parsing: "e+f/sanxiang/\(code)/journal/1") }
        == "name.federation")
  }

  @Test("A federation's name has a length limit and no edges of punctuation")
  func federationNames() {
    #expect(FederationName.isValid("a"))
    #expect(FederationName.isValid(String(repeating: "a", count: FederationName.byteLimit)))
    let bad = [
      "", "-a", "a.", "a b", "a/b", "a+b", "Ä", String(repeating: "a", count: 65), "a\u{301}",
    ]
    for name in bad { #expect(!FederationName.isValid(name), "\(name)") }
  }
}
