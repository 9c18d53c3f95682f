import RecordSchema
import Testing

@Suite("Names of formats")
struct FormatNameTests {
  /// JSON Schema Validation 2020-12, section 7.3, and what records add.
  private static let names = [
    "date", "time", "date-time", "duration", "email", "idn-email", "hostname", "idn-hostname",
    "ipv4", "ipv6", "uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid",
    "regex", "json-pointer", "relative-json-pointer", "uscc", "cn-id", "cn-docno", "cn-region",
    "uuidv7",
  ]

  @Test("are those of the specification and of records, and no others")
  func all() {
    #expect(Set(Format.allCases.map(\.rawValue)) == Set(Self.names))
    #expect(Format.allCases.count == Self.names.count)
    #expect(Format(rawValue: "Date") == nil)
    #expect(Format(rawValue: "color") == nil)
    #expect(Format(rawValue: "") == nil)
  }

  @Test("have words of their own in both languages", arguments: Format.allCases)
  func words(format: Format) {
    #expect(["a ", "an "].contains { format.english.hasPrefix($0) })
    #expect(!format.english.hasSuffix("."))
    #expect(!format.chinese.isEmpty)
    #expect(!format.chinese.hasSuffix("。"))
    #expect(Format.allCases.filter { $0.english == format.english } == [format])
    #expect(Format.allCases.filter { $0.chinese == format.chinese } == [format])
  }
}
