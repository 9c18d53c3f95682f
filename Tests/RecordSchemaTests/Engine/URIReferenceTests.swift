import Testing

@testable import RecordSchema

@Suite("URI references")
struct URIReferenceTests {
  /// RFC 3986, sections 5.4.1 and 5.4.2.
  private static let published: [(String, String)] = [
    ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
    ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"),
    ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
    ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
    ("g;x?y#s", "http://a/b/c/g;x?y#s"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
    ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
    ("../g", "http://a/b/g"),
    ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
    ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"),
    ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
    ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
    ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
    ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
    ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
    ("http:g", "http:g"),
  ]

  @Test("resolve as the RFC's examples do", arguments: published)
  func publishedExamples(reference: String, expected: String) {
    let base = URIReference("http://a/b/c/d;p?q")
    #expect(URIReference(reference).resolved(against: base).text == expected)
  }

  private static let others: [(String, String, String)] = [
    ("urn:example:a:1", "#x", "urn:example:a:1#x"), ("urn:example:a:1", "", "urn:example:a:1"),
    ("urn:example:a:1", "urn:example:b:2#/y", "urn:example:b:2#/y"),
    ("urn:a?+b", "#c", "urn:a?+b#c"),
    ("http://a", "b", "http://a/b"), ("http://a?q", "b", "http://a/b"),
    ("http://a/", ".", "http://a/"),
    ("http://a/b#c", "#d", "http://a/b#d"), ("http://a/b#c", "", "http://a/b"),
    ("HTTP://a/b", "c", "http://a/c"), ("tag:x,2026:y/z", "w", "tag:x,2026:y/w"),
    ("http://a/b/", "../../..", "http://a/"), ("http://a/b", "//c?d#e", "http://c?d#e"),
    ("http://a/b", "1:2", "http://a/1:2"), ("http://a/b", "x:", "x:"),
    ("http://a/b", "#?/", "http://a/b#?/"),
    ("http://a/b", "?c?d", "http://a/b?c?d"), ("urn:x", ".", "urn:"),
    ("http://a/b", "//", "http://"),
  ]

  @Test("resolve against bases of every shape", arguments: others)
  func bases(base: String, reference: String, expected: String) {
    #expect(URIReference(reference).resolved(against: URIReference(base)).text == expected)
  }

  @Test(
    "are put together as they were taken apart",
    arguments: [
      "", "#", "?", "?#", "//", "a", "/", "//a?b#c", "urn:x", "x:?", "x://y", "a:b:c", "中/文#段",
      "#a#b", "http://[::1]:80/%7e?%23",
    ])
  func roundTrip(text: String) { #expect(URIReference(text).text == text) }

  private static let fragments: [(String, String?)] = [
    ("", ""), ("a", "a"), ("%61", "a"), ("%E4%b8%AD", "中"), ("%25%32", "%2"), ("a+b", "a+b"),
    ("%", nil), ("%4", nil), ("%4g", nil), ("a%", nil), ("%FF", nil), ("%E4%B8", nil),
    ("%%41", nil),
  ]

  @Test("have fragments that are decoded, or told to be wrong", arguments: fragments)
  func decoding(raw: String, expected: String?) {
    #expect(URIReference.decodedFragment(raw) == expected)
  }
}
