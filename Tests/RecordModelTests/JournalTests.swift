import Cryptography
import Testing

@testable import RecordModel

@Suite("Journal entries")
struct JournalTests {
  static let example =
    #"{"v":1,"seq":7,"prev":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","#
    + #""time":"2026-11-23T09:15:00.123+08:00","event":"alarm","code":"peer.rollback"}"#

  @Test("An entry reads into its parts and is written back byte for byte")
  func exampleEntry() throws {
    let entry = try JournalEntry(parsing: Array(Self.example.utf8))
    #expect(entry.seq == 7)
    #expect(entry.prev.bytes == Array(0...31))
    #expect(entry.time == Samples.time)
    #expect(entry.event == .alarm)
    #expect(entry["code"] == .string("peer.rollback"))
    #expect(entry["origin"] == nil)
    #expect(entry.encoded() == Array(Self.example.utf8))
    #expect(entry.problem == nil)
  }

  @Test("Fields of every type keep their order and their values")
  func roundTrip() throws {
    var random = SeededRandom(2)
    for _ in 0..<500 {
      let scalars: [JournalScalar] = [
        .string("程序 \"quoted\" \\ back\u{1}\n\u{1F600}"), .integer(1 << 53 - 1), .integer(0),
        .bool(true), .bool(false), .null, .string(""),
      ]
      let fields = scalars.shuffled(using: &random).enumerated().map { index, value in
        JournalField("field\(index)", value)
      }
      let entry = JournalEntry(
        seq: .random(in: 0...9999, using: &random), prev: try Samples.digest(&random),
        time: Samples.time, event: JournalEvent(rawValue: "a.b-c"), fields: fields)
      #expect(try JournalEntry(parsing: entry.encoded()) == entry)
      #expect(entry.problem != nil)
    }
  }

  static let edits: [(String, String, String)] = [
    ("\"v\":1", "\"v\":2", "journal.value"), ("\"v\":1,", "", "journal.missingKey"),
    ("\"seq\":7", "\"seq\":-7", "journal.value"), ("\"seq\":7", "\"seq\":\"7\"", "journal.type"),
    ("Hh8=", "Hh9=", "journal.value"), ("+08:00", "Z", "journal.value"),
    ("\"event\":\"alarm\",", "", "journal.missingKey"), ("\"alarm\"", "\"Alarm\"", "journal.value"),
    ("\"code\"", "\"seq\"", "journal.duplicateKey"), ("\"code\"", "\"Code\"", "journal.value"),
    ("\"code\"", "\"a b\"", "journal.value"), ("\"code\"", "\"\"", "journal.value"),
    ("}", ",\"code\":1}", "journal.duplicateKey"), ("}", ",\"a\":[]}", "journal.type"),
    ("}", ",\"a\":{}}", "journal.type"), ("}", ",\"a\":1.5}", "journal.value"),
    ("}", ",\"a\":tru}", "journal.syntax"), ("}", ",\"a\":nulll}", "journal.syntax"),
    ("}", ",}", "journal.syntax"), ("}", "}}", "journal.syntax"), ("{", "[", "journal.type"),
    ("peer.rollback", "\\ud800", "journal.syntax"),
    ("}", (0..<40).map { ",\"a\($0)\":1" }.joined() + "}", "journal.value"),
    ("peer.rollback", String(repeating: "x", count: 17_000), "journal.size"),
  ]

  @Test("A malformed entry is refused with a stable code", arguments: edits)
  func refused(find: String, replace: String, code: String) throws {
    try #require(Self.example.contains(find))
    let text = Self.example.replacing(find, with: replace, maxReplacements: 1)
    #expect(thrownCode { _ = try JournalEntry(parsing: Array(text.utf8)) } == code)
  }

  @Test("Field names that a reader would refuse are known before they are written")
  func readableNames() {
    func isReadable(_ names: [String]) -> Bool {
      JournalEntry(
        seq: 0, prev: .zero, time: Samples.time, event: .alarm,
        fields: names.map { JournalField($0, .null) }
      ).hasReadableNames
    }
    #expect(isReadable([]))
    #expect(isReadable(["a", "aB9"]))
    for names in [["seq"], ["v"], ["a", "a"], ["A"], [""], ["a b"], ["9"]] {
      #expect(!isReadable(names), "\(names)")
    }
  }

  @Test("An entry that departs from its event's fields says how")
  func problems() throws {
    var random = SeededRandom(4)
    let digest = try Samples.digest(&random)
    func problem(_ event: JournalEvent, _ fields: [JournalField]) -> String? {
      JournalEntry(seq: 0, prev: .zero, time: Samples.time, event: event, fields: fields).problem
    }
    let id = Samples.id(&random)
    let to = try Samples.discipline()
    let whole: [JournalField] = [
      .id("id", id), .agency("to", to), .digest("commitment", digest),
    ]
    #expect(problem(.submission, whole) == nil)
    #expect(problem(.submission, Array(whole.dropLast())) == "'commitment' is missing")
    #expect(problem(.submission, whole + [.text("name", "x")]) != nil)
    #expect(
      problem(.submission, [.text("id", "7")] + whole.dropFirst()) == "'id' is not in its form")
    #expect(problem(.directoryLoaded, [.flag("version", true), .digest("digest", digest)]) != nil)
    #expect(problem(.refusalSent, [.id("target", id), .rules("rules", ["a", "b"])]) == nil)
    #expect(problem(.channelResumed, [.text("origin", "nowhere")]) != nil)
    #expect(problem(.accessDenied, [.number("count", 3)]) == nil)
    #expect(problem(JournalEvent(rawValue: "other"), []) == "not an event that is known")
  }
}
