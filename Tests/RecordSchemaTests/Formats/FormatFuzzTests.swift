import RecordSchema
import Testing

@Suite("Formats against hostile text")
struct FormatFuzzTests {
  /// One good text of each format, to start from.
  static let seeds: [(Format, String)] = [
    (.date, "2026-11-23"), (.time, "09:15:00.5+08:00"), (.dateTime, "2026-11-23T09:15:00.5Z"),
    (.duration, "P1Y2M3DT4H5M6S"), (.email, "\"a b\"@[IPv6:2001:db8::1]"),
    (.idnEmail, "联络@例子。测试"), (.hostname, "www.xn--fiqs8s.example.org"),
    (.idnHostname, "Bücher\u{628}.\u{915}\u{94D}\u{200C}\u{937}。xn--fiqs8s"),
    (.ipv4, "192.0.2.1"), (.ipv6, "2001:db8::ffff:192.0.2.1"),
    (.uri, "http://u@[2001:db8::1]:80/a/%41?b#c"), (.uriReference, "../a;b?c=d#e"),
    (.iri, "http://例子.测试/路径?查询#片段"), (.iriReference, "//例子/路径?\u{E000}"),
    (.uriTemplate, "/a{?b:3,c*}{/d.e,%41}"), (.uuid, "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e"),
    (.regex, "^(a|b)*[c-d]{2,3}$"), (.jsonPointer, "/a~0b/~1/0"),
    (.relativeJSONPointer, "1+1/a"), (.uscc, "91350100M000100Y43"),
    (.cnID, "11010519491231002X"), (.cnDocno, "市监移〔2026〕12号"), (.cnRegion, "350100"),
    (.uuidv7, "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e"),
  ]

  @Test("every format has a seed, and the seed is good")
  func seedsAreGood() {
    #expect(Set(Self.seeds.map(\.0)) == Set(Format.allCases))
    // An Arabic letter at a Latin label's end breaks the Bidi rule: the one bad seed, on purpose.
    for (format, text) in Self.seeds {
      #expect(format.matches(text) == (format != .idnHostname), "\(format.rawValue)")
    }
  }

  @Test("bytes of any kind get a verdict, and the same one every time", arguments: 1...4)
  func randomBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let favoured =
      Array("xn--.:/@[]{}%~#?\"\\+-0aZT ".utf8) + [0, 0x7F, 0x80, 0xC2, 0xE2, 0xF4, 0xFF]
    for _ in 0..<1_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? favoured.randomElement(using: &generator) ?? 0
          : UInt8.random(in: 0...255, using: &generator)
      }
      for format in Format.allCases {
        if format.matches(bytes: bytes) != format.matches(bytes: bytes) {
          Issue.record("\(format.rawValue) \(bytes)")
        }
      }
    }
  }

  @Test(
    "good text, damaged, gets a verdict; cut short it never reads beyond its end", arguments: 1...4)
  func mutations(seed: UInt64) {
    var generator = SeededGenerator(seed: seed * 77)
    for round in 0..<2_400 {
      let (format, text) = Self.seeds[round % Self.seeds.count]
      var bytes = Array(text.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(bytes[place], at: place)
        default: bytes.removeSubrange(place...)
        }
      }
      // In memory of exactly this length, so that a sanitizer sees every read beyond it.
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
      defer { copy.deallocate() }
      _ = copy.initialize(from: bytes)
      let isGood = format.matches(UnsafeBufferPointer(copy))
      if isGood != format.matches(bytes: bytes) { Issue.record("\(format.rawValue) \(bytes)") }
    }
  }

  @Test("bytes that are no UTF-8 are of no format that reads beyond ASCII")
  func malformed() {
    let wrong: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE4], [0xE4, 0xB8],
      [0xF0, 0x9F, 0x98],
      [0xE4, 0xB8, 0x2E], [0xC3, 0x28], [0xF0, 0x9F, 0x98, 0x2E],
    ]
    for bytes in wrong {
      #expect(!Format.iriReference.matches(bytes: bytes))
      #expect(!Format.idnHostname.matches(bytes: bytes))
      #expect(!Format.uriTemplate.matches(bytes: bytes))
      #expect(!Format.idnEmail.matches(bytes: bytes + Array("@a.b".utf8)))
      #expect(!Format.idnEmail.matches(bytes: Array("\"".utf8) + bytes + Array("\"@a.b".utf8)))
    }
  }

  /// Much text of a kind, which a format reads to its end, or must give up at once.
  private static let hostile: [(Format, String, String, String, Bool)] = [
    (.date, "2026-11-23", "0", "", false), (.time, "09:15:00.", "9", "Z", true),
    (.time, "09:15:00+08:00", "0", "", false), (.dateTime, "2026-11-23T09:15:00.", "9", "z", true),
    (.duration, "P", "9", "D", true), (.duration, "P", "1Y", "", false),
    (.email, "", "a", "@a.b", true), (.email, "\"", "\\\"", "\"@a.b", true),
    (.email, "a@", "a.", "a", false), (.idnEmail, "", "联", "@a.b", true),
    (.hostname, "", "a.", "a", false), (.hostname, "xn--", "9", "", false),
    (.idnHostname, "", "\u{200B}", "a", true), (.idnHostname, "a", "\u{301}", "", false),
    (.idnHostname, "", "中国。", "a", false), (.idnHostname, "", "。", "", false),
    (.ipv4, "1.1.1.", "0", "", false), (.ipv6, "", "::", "", false), (.ipv6, "::", "0", "", false),
    (.uri, "a:", "%41", "#", true), (.uri, "", "a", ":", true), (.uri, "a://[", "::", "]", false),
    (.uri, "a://", "@", "", false), (.uriReference, "", "/", "", true),
    (.iri, "a:", "例", "", true), (.iriReference, "", "例", "", true),
    (.uriTemplate, "{a", ",b.c", "}", true), (.uriTemplate, "", "{", "", false),
    (.uriTemplate, "{a:", "1", "}", false), (.uuid, "", "0", "", false),
    (.jsonPointer, "", "/~0", "", true), (.jsonPointer, "/", "~", "", false),
    (.relativeJSONPointer, "", "1", "#", true), (.uscc, "", "9", "", false),
    (.cnID, "", "1", "", false), (.cnDocno, "", "示", "〔2026〕1号", false),
    (.cnDocno, "示移〔2026〕", "1", "号", false), (.cnRegion, "", "1", "", false),
    (.uuidv7, "", "0", "", false),
  ]

  @Test("a megabyte is judged in one pass", arguments: hostile.indices)
  func hostileSizes(index: Int) {
    let (format, head, unit, tail, isGood) = Self.hostile[index]
    let text = head + String(repeating: unit, count: 1_000_000 / unit.utf8.count) + tail
    #expect(format.matches(text) == isGood, "\(format.rawValue) \(head) \(unit) \(tail)")
  }
}
