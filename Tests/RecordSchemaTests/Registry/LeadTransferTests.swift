import RecordSchema
import Testing

@Suite("lead.transfer/1")
struct LeadTransferTests {
  /// Every field filled in.
  static let full = """
    {"docNo":"示市监移〔2026〕12号","title":"示例工程招标线索","category":"duty-violation",
    "industry":"construction","source":"audit",
    "legalBasis":[{"law":"中华人民共和国监察法","article":"第三十七条"}],
    "period":{"from":"2025-03-04","to":"2025-09-30"},"place":"000000",
    "subjects":[{"name":"示例公司","uscc":"11000000MB0000035K","role":"beneficiary"},
    {"name":"张某甲","idNumber":"11010519491231002X","role":"principal","employer":"示例中心",
    "isPublicOfficial":true}],"amountFen":18000000,"measures":["seal","freeze"],
    "facts":"第一段。\\n第二段。","items":[{"name":"账册","quantity":2.5,"unit":"册","place":"示例库房"}],
    "handler":{"unit":"示例科","phone":"000-00000000"},"classification":"非密",
    "previous":"01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e","replyBy":"2026-06-30","attachments":[]}
    """

  /// Nothing but what is required.
  static let least = """
    {"docNo":"示检移〔2026〕1号","title":"四字线索","category":"other-crime","source":"public-report",
    "legalBasis":[{"law":"刑法","article":"一"}],"period":{"from":"2025-01-01"},"place":"110000",
    "subjects":[{"name":"示","role":"related"}],"facts":"事","handler":{"unit":"二科"},
    "classification":"工作秘密"}
    """

  @Test("accepts valid payloads, in any order of members and with escapes")
  func valid() {
    #expect(breaches("lead.transfer/1", Self.full) == [])
    #expect(breaches("lead.transfer/1", Self.least) == [])
    let reordered =
      #"{"classification":"\u975e\u5bc6","handler":{"unit":"二科"},"facts":"a\tb","subjects":"#
      + #"[{"isPublicOfficial":false,"role":"related","name":"李某乙"}],"place":"000000","period":"#
      + #"{"to":"2025-01-01","from":"2025-01-01"},"legalBasis":[{"article":"一","law":"刑法"}],"#
      + #""sour\u0063e":"audit","category":"wage-arrears","title":"😀😀😀😀","docNo":"示检移〔2026〕1号"}"#
    #expect(breaches("lead.transfer/1", reordered) == [])
  }

  private static func text(_ count: Int, _ scalar: String = "示") -> String {
    String(repeating: scalar, count: count)
  }

  private static let simpleEdits: [Edit] = [
    Edit(#""docNo":"示市监移〔2026〕12号","#, "", ("/docNo", "required")),
    Edit("〔2026〕12号", "〔2026〕012号", ("/docNo", "format:cn-docno")),
    Edit("\"示市监移〔2026〕12号\"", "12", ("/docNo", "type")),
    Edit("示例工程招标线索", "三个字", ("/title", "minLength")),
    Edit("示例工程招标线索", text(80)),
    Edit("示例工程招标线索", text(81), ("/title", "maxLength")),
    Edit("示例工程招标线索", text(80, "😀")),
    Edit("示例工程招标线索", text(81, "😀"), ("/title", "maxLength")),
    Edit("示例工程招标线索", "      ", ("/title", "pattern")),
    Edit("示例工程招标线索", text(6, "\u{3000}"), ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\\n线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\\t线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\\u000a线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\\u2066线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\u{85}线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\u{FEFF}线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\\\"线索\\/"),
    Edit("示例工程招标线索", "示例\u{A0}\u{2027}\u{2070}\u{FEFE}"),
    Edit("示例工程招标线索", "示例\u{202E}线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "\u{200B}\u{200B}\u{200B}\u{200B}", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\u{00AD}\u{3164}线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\u{E0041}线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例\u{7F}线索", ("/title", "pattern")),
    Edit("示例工程招标线索", "示例e\u{301}线索", ("/title", "json.nfc")),
    Edit("duty-violation", "职务违法", ("/category", "enum")),
    Edit("duty-violation", "Duty-violation", ("/category", "enum")),
    Edit("\"duty-violation\"", "null", ("/category", "type"), ("/category", "enum")),
    Edit("\"construction\"", "\"mining\"", ("/industry", "enum")),
    Edit("\"audit\"", "\"\"", ("/source", "enum")),
    Edit("\"000000\"", "\"990000\"", ("/place", "format:cn-region")),
    Edit("18000000", "-1", ("/amountFen", "minimum")),
    Edit("18000000", "1.5", ("/amountFen", "type")),
    Edit("18000000", "\"1\"", ("/amountFen", "type")),
    Edit("18000000", "9007199254740991"),
    Edit("18000000", "1.8e7"),
    Edit("18000000", "9007199254740992", ("/amountFen", "json.number")),
    Edit("第一段。\\n第二段。", "", ("/facts", "pattern"), ("/facts", "minLength")),
    Edit("第一段。\\n第二段。", text(4000)),
    Edit("第一段。\\n第二段。", text(4001), ("/facts", "maxLength")),
    Edit("第一段。\\n第二段。", "第\\t\\u000A段"),
    Edit("第一段。\\n第二段。", "第\\r\\n段", ("/facts", "pattern")),
    Edit("第一段。\\n第二段。", "第\\n\u{7F}段", ("/facts", "pattern")),
    Edit("第一段。\\n第二段。", "第\\u0000段", ("/facts", "pattern")),
    Edit("\"非密\"", "\"机密\"", ("/classification", "enum")),
    Edit("\"非密\"", "\"\"", ("/classification", "enum")),
    Edit("\"非密\"", "[]", ("/classification", "type"), ("/classification", "enum")),
    Edit("01932f3e-5c7a-7b1c", "01932f3e-5c7a-4b1c", ("/previous", "format:uuidv7")),
    Edit("2026-06-30", "2026-06-31", ("/replyBy", "format:date")),
    Edit(
      "\"attachments\":[]",
      #"""
      "attachments":[{"role":"transfer-letter","title":"移送书","mediaType":"application/pdf",
      "size":1,"digest":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}]
      """#, ("/attachments", "attachments:unsupported")),
    Edit(
      "\"attachments\":[]", "\"attachments\":[{}]", ("/attachments/0/role", "required"),
      ("/attachments/0/title", "required"), ("/attachments/0/mediaType", "required"),
      ("/attachments/0/size", "required"), ("/attachments/0/digest", "required")),
    Edit("\"attachments\":[]", "\"attachments\":{}", ("/attachments", "type")),
    Edit("\"attachments\":[]", "\"remark\":\"x\"", ("/remark", "additionalProperties")),
    Edit("\"attachments\":[]", "\"张某甲的电话\":1", ("/*", "additionalProperties")),
    Edit("\"attachments\":[]", "\"a/b\":1", ("/a~1b", "additionalProperties")),
  ]

  private static let nestedEdits: [Edit] = [
    Edit(#"[{"law":"中华人民共和国监察法","article":"第三十七条"}]"#, "[]", ("/legalBasis", "minItems")),
    Edit(
      #"[{"law":"中华人民共和国监察法","article":"第三十七条"}]"#,
      "["
        + [String](repeating: #"{"law":"刑法","article":"一"}"#, count: 11).joined(separator: ",")
        + "]",
      ("/legalBasis", "maxItems")),
    Edit(
      #""article":"第三十七条""#, #""clause":"一""#, ("/legalBasis/0/clause", "additionalProperties"),
      ("/legalBasis/0/article", "required")),
    Edit("中华人民共和国监察法", "法", ("/legalBasis/0/law", "minLength")),
    Edit(#"{"from":"2025-03-04","to":"2025-09-30"}"#, "null", ("/period", "type")),
    Edit(#""from":"2025-03-04","#, "", ("/period/from", "required")),
    Edit("2025-03-04", "2025-3-4", ("/period/from", "format:date")),
    Edit("2025-09-30", "2025-03-03", ("/period/to", "period:order")),
    Edit("2025-09-30", "2025-03-04"),
    Edit("\"2025-09-30\"", "20250930", ("/period/to", "type")),
    Edit("11000000MB0000035K", "11000000MB0000035X", ("/subjects/0/uscc", "format:uscc")),
    Edit("\"beneficiary\"", "\"受益方\"", ("/subjects/0/role", "enum")),
    Edit(
      "\"示例公司\"", "\"\"", ("/subjects/0/name", "pattern"), ("/subjects/0/name", "minLength")),
    Edit("11010519491231002X", "110105194912310021", ("/subjects/1/idNumber", "format:cn-id")),
    Edit(
      "\"isPublicOfficial\":true", "\"isPublicOfficial\":1",
      ("/subjects/1/isPublicOfficial", "type")),
    Edit(
      ",\n\"isPublicOfficial\":true", "", ("/subjects/1/isPublicOfficial", "required")),
    Edit(
      "\"employer\":\"示例中心\"", "\"gender\":\"男\"", ("/subjects/1/gender", "additionalProperties")),
    Edit(
      "\"employer\":\"示例中心\"", "\"uscc\":\"11000000MB0000035K\"",
      ("/subjects/1/uscc", "additionalProperties")),
    Edit(
      "\"uscc\":\"11000000MB0000035K\"", "\"address\":\"x\"",
      ("/subjects/0/address", "additionalProperties")),
    Edit("[\"seal\",\"freeze\"]", "[\"seal\",\"seal\"]", ("/measures/1", "uniqueItems")),
    Edit(
      "[\"seal\",\"freeze\"]", "[\"seal\",\"查封\",7]", ("/measures/1", "enum"),
      ("/measures/2", "type"), ("/measures/2", "enum")),
    Edit("[\"seal\",\"freeze\"]", "[]"),
    Edit("2.5", "0", ("/items/0/quantity", "exclusiveMinimum")),
    Edit("2.5", "1000000000001", ("/items/0/quantity", "maximum")),
    Edit("2.5", "\"2\"", ("/items/0/quantity", "type")),
    Edit("\"unit\":\"册\",", "", ("/items/0/unit", "required")),
    Edit("\"000-00000000\"", "\"1234\"", ("/handler/phone", "pattern")),
    Edit("\"000-00000000\"", "\"-00000000\"", ("/handler/phone", "pattern")),
    Edit("\"000-00000000\"", "\"00000000a\"", ("/handler/phone", "pattern")),
    Edit(
      "{\"unit\":\"示例科\"", "{\"person\":\"张某甲\"", ("/handler/person", "additionalProperties"),
      ("/handler/unit", "required")),
  ]

  @Test("finds exactly what is broken, where it is", arguments: simpleEdits + nestedEdits)
  func edits(edit: Edit) throws {
    let payload = try #require(edit.applied(to: Self.full))
    #expect(breaches("lead.transfer/1", payload) == edit.breaches)
  }

  @Test("tells everything that is missing from an empty payload")
  func empty() {
    let names = [
      "docNo", "title", "category", "source", "legalBasis", "period", "place", "subjects", "facts",
      "handler", "classification",
    ]
    #expect(breaches("lead.transfer/1", "{}") == names.map { Breach("/\($0)", "required") })
    #expect(breaches("lead.transfer/1", "[]") == [Breach("", "type")])
  }

  @Test("holds subjects to fifty and items to five hundred", arguments: [true, false])
  func bounds(within: Bool) throws {
    let subject = #"{"name":"示","role":"related"}"#
    let subjects = [String](repeating: subject, count: within ? 50 : 51)
    let manySubjects = Edit(subject, subjects.joined(separator: ","))
    let payload = try #require(manySubjects.applied(to: Self.least))
    #expect(
      breaches("lead.transfer/1", payload) == (within ? [] : [Breach("/subjects", "maxItems")]))
    let item = #"{"name":"账册","quantity":2.5,"unit":"册","place":"示例库房"}"#
    let items = [String](repeating: item, count: within ? 500 : 501)
    let manyItems = try #require(Edit(item, items.joined(separator: ",")).applied(to: Self.full))
    #expect(
      breaches("lead.transfer/1", manyItems) == (within ? [] : [Breach("/items", "maxItems")]))
  }

  @Test("tells at most a hundred violations")
  func manyViolations() throws {
    let item = #"{"name":"账册","quantity":2.5,"unit":"册","place":"示例库房"}"#
    let items = [String](repeating: "{}", count: 500).joined(separator: ",")
    let payload = try #require(Edit(item, items).applied(to: Self.full))
    let found = try #require(breaches("lead.transfer/1", payload))
    #expect(found.count == SchemaRegistry.violationLimit)
    #expect(found.last == Breach("/items/24/place", "required"))
  }

  @Test("reads title and document number for lists")
  func facts() {
    let registry = SchemaRegistry.builtIn
    let facts = registry.facts(schema: "lead.transfer/1", payload: Array(Self.full.utf8))
    #expect(facts?.title == "示例工程招标线索")
    #expect(facts?.docNo == "示市监移〔2026〕12号")
    #expect(registry.facts(schema: "lead.transfer/1", payload: Array("{}".utf8)) == nil)
    #expect(registry.facts(schema: "lead.transfer/1", payload: Array("{".utf8)) == nil)
  }

  @Test("says of a state secret why it must not be sent")
  func stateSecret() throws {
    let payload = try #require(Edit("\"非密\"", "\"机密\"").applied(to: Self.full))
    let verdict = SchemaRegistry.builtIn.check(
      schema: "lead.transfer/1", payload: payload, asOf: nil)
    guard case .invalid(let violations) = verdict else {
      Issue.record("The payload should be invalid.")
      return
    }
    #expect(violations.map(\.rule) == ["enum"])
    #expect(violations[0].messageZH.contains("国家秘密"))
    #expect(violations[0].message.lowercased().contains("state secret"))
    #expect(!violations[0].messageZH.contains("机密"))
  }
}
