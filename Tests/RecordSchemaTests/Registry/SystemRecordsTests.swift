import RecordSchema
import Testing

@Suite("Records that nodes write")
struct SystemRecordsTests {
  static let refusal = """
    {"target":"01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e","seq":41,
    "violations":[{"pointer":"/subjects/0/uscc","rule":"format:uscc"}]}
    """

  private static let one = #"{"pointer":"/subjects/0/uscc","rule":"format:uscc"}"#

  private static let refusalEdits: [Edit] = [
    Edit(one, #"{"pointer":"","rule":"json.syntax"}"#),
    Edit(one, [String](repeating: one, count: 20).joined(separator: ",")),
    Edit("/subjects/0/uscc", "/a~1b/~0/*/ "),
    Edit("/subjects/0/uscc", "/" + String(repeating: "a", count: 511)),
    Edit(
      "/subjects/0/uscc", "/" + String(repeating: "a", count: 512),
      ("/violations/0/pointer", "maxLength")),
    Edit("/subjects/0/uscc", "subjects", ("/violations/0/pointer", "format:json-pointer")),
    Edit("/subjects/0/uscc", "/a~2", ("/violations/0/pointer", "format:json-pointer")),
    Edit("/subjects/0/uscc", "/a~", ("/violations/0/pointer", "format:json-pointer")),
    Edit("/subjects/0/uscc", "/张某甲", ("/violations/0/pointer", "pattern")),
    Edit("format:uscc", "", ("/violations/0/rule", "pattern")),
    Edit("format:uscc", "is wrong", ("/violations/0/rule", "pattern")),
    Edit("format:uscc", String(repeating: "r", count: 65), ("/violations/0/rule", "pattern")),
    Edit(one, "", ("/violations", "minItems")),
    Edit(
      one, [String](repeating: one, count: 21).joined(separator: ","), ("/violations", "maxItems")),
    Edit(one, "\"format:uscc\"", ("/violations/0", "type")),
    Edit("01932f3e", "01932F3E", ("/target", "format:uuidv7")),
    Edit("\"seq\":41,", "", ("/seq", "required")),
    Edit("41", "-1", ("/seq", "minimum")),
    Edit("41", "\"41\"", ("/seq", "type")),
    Edit(
      "\"rule\"", "\"value\"", ("/violations/0/value", "additionalProperties"),
      ("/violations/0/rule", "required")),
  ]

  @Test("a refusal names rules and places, nothing else", arguments: refusalEdits)
  func refusals(edit: Edit) throws {
    let payload = try #require(edit.applied(to: Self.refusal))
    #expect(breaches("system.refusal/1", payload) == edit.breaches)
  }

  static let epoch = """
    {"previous":"sample.example/sanxiang/11000000MB0000019X/11000000MB0000027Q/1",
    "size":42,"root":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}
    """

  private static let epochEdits: [Edit] = [
    Edit("42", "0"),
    Edit("/1\"", "/4294967295\""),
    Edit("sample.example", "a/b-c_d.E"),
    Edit("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", String(repeating: "A", count: 43) + "="),
    Edit("42", "-1", ("/size", "minimum")),
    Edit("42", "4.2", ("/size", "type")),
    Edit("/1\"", "/0\"", ("/previous", "pattern")),
    Edit("/1\"", "/01\"", ("/previous", "pattern")),
    Edit("/1\"", "/4294967296\"", ("/previous", "pattern")),
    Edit("/1\"", "/\"", ("/previous", "pattern"), ("/previous", "pattern")),
    Edit("/1\"", "/1/1\"", ("/previous", "pattern")),
    Edit("/sanxiang/", "/Sanxiang/", ("/previous", "pattern")),
    Edit("sample.example/", "", ("/previous", "pattern")),
    Edit("sample.example", "示例", ("/previous", "pattern")),
    Edit("sample.example", String(repeating: "f", count: 250), ("/previous", "maxLength")),
    Edit("11000000MB0000019X", "11000000MB0000019Y", ("/previous", "origin:parties")),
    Edit("11000000MB0000019X", "11000000MB0000027Q", ("/previous", "origin:parties")),
    Edit("SuFU=", "SuFV=", ("/root", "pattern")),
    Edit("SuFU=", "SuFU", ("/root", "pattern")),
    Edit("SuFU=", "SuF-U", ("/root", "pattern")),
    Edit("+/TI", "-_TI", ("/root", "pattern")),
    Edit("\"size\":42,", "", ("/size", "required")),
    Edit("\"size\"", "\"length\"", ("/length", "additionalProperties"), ("/size", "required")),
  ]

  @Test("an epoch's first record names the head before it", arguments: epochEdits)
  func epochs(edit: Edit) throws {
    #expect(breaches("system.epoch/1", Self.epoch) == [])
    let payload = try #require(edit.applied(to: Self.epoch))
    #expect(breaches("system.epoch/1", payload) == edit.breaches)
  }
}
