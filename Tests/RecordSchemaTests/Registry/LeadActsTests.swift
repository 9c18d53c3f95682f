import RecordSchema
import Testing

@Suite("Answers to a lead")
struct LeadActsTests {
  struct Case: CustomStringConvertible, Sendable {
    let schema: String
    let payload: String
    let breaches: [Breach]

    init(_ schema: String, _ payload: String, _ breaches: (String, String)...) {
      self.schema = schema
      self.payload = payload
      self.breaches = breaches.map { Breach($0.0, $0.1) }
    }

    var description: String { "\(schema) \(payload.prefix(60))" }
  }

  private static let time = "2026-11-23T09:15:00.123+08:00"

  private static func sign(_ unit: String, _ time: String, _ rest: String = "") -> String {
    #"{"handlingUnit":\#(unit),"signedAt":\#(time)\#(rest)}"#
  }

  private static let signs: [Case] = [
    Case("lead.sign/1", sign("\"案管室\"", "\"\(time)\"")),
    Case("lead.sign/1", #"{"signedAt":"\#(time)","handlingUnit":"二科"}"#),
    Case("lead.sign/1", sign("\"" + String(repeating: "室", count: 100) + "\"", "\"\(time)\"")),
    Case("lead.sign/1", "{}", ("/handlingUnit", "required"), ("/signedAt", "required")),
    Case("lead.sign/1", "null", ("", "type")),
    Case("lead.sign/1", sign("\"室\"", "\"\(time)\""), ("/handlingUnit", "minLength")),
    Case(
      "lead.sign/1", sign("\"" + String(repeating: "室", count: 101) + "\"", "\"\(time)\""),
      ("/handlingUnit", "maxLength")),
    Case("lead.sign/1", sign("7", "\"\(time)\""), ("/handlingUnit", "type")),
    Case(
      "lead.sign/1", sign("\"案管室\"", "\"2026-11-23\""), ("/signedAt", "pattern"),
      ("/signedAt", "format:date-time")),
    Case(
      "lead.sign/1", sign("\"案管室\"", "\"2026-11-23T01:15:00.123Z\""), ("/signedAt", "pattern")),
    Case(
      "lead.sign/1", sign("\"案管室\"", "\"2026-11-31T09:15:00.123+08:00\""),
      ("/signedAt", "format:date-time")),
    Case("lead.sign/1", sign("\"案管室\"", "1790000000000"), ("/signedAt", "type")),
    Case(
      "lead.sign/1", sign("\"案管室\"", "\"\(time)\"", #","signer":"张某甲""#),
      ("/signer", "additionalProperties")),
    Case(
      "lead.sign/1", sign("\"案管室\"", "\"\(time)\"", #","signedAt":"\#(time)""#),
      ("/signedAt", "json.duplicateKey")),
    Case("lead.sign/1", sign("\"案管室\"", "\"\(time)\"") + "x", ("", "json.trailing")),
  ]

  private static func accept(_ docNo: String, _ unit: String, _ time: String) -> String {
    #"{\#(docNo)"handlingUnit":\#(unit),"acceptedAt":\#(time)}"#
  }

  private static let docNo = #""docNo":"示检受〔2026〕3号","#

  private static let accepts: [Case] = [
    Case("lead.accept/1", accept("", "\"二部\"", "\"\(time)\"")),
    Case("lead.accept/1", accept(docNo, "\"第二检察部\"", "\"\(time)\"")),
    Case("lead.accept/1", " " + accept(docNo, "\"A1\"", "\"\(time)\"") + "\n"),
    Case("lead.accept/1", "{}", ("/handlingUnit", "required"), ("/acceptedAt", "required")),
    Case("lead.accept/1", "\"x\"", ("", "type")),
    Case("lead.accept/1", accept(#""docNo":null,"#, "\"二部\"", "\"\(time)\""), ("/docNo", "type")),
    Case(
      "lead.accept/1", accept(#""docNo":"3号","#, "\"二部\"", "\"\(time)\""),
      ("/docNo", "format:cn-docno")),
    Case("lead.accept/1", accept(docNo, "\"  \"", "\"\(time)\""), ("/handlingUnit", "pattern")),
    Case(
      "lead.accept/1", accept(docNo, "\"二\\t部\"", "\"\(time)\""),
      ("/handlingUnit", "pattern")),
    Case("lead.accept/1", accept(docNo, "[]", "\"\(time)\""), ("/handlingUnit", "type")),
    Case(
      "lead.accept/1", accept(docNo, "\"二部\"", "\"\""), ("/acceptedAt", "pattern"),
      ("/acceptedAt", "format:date-time")),
    Case("lead.accept/1", accept(docNo, "\"二部\"", "false"), ("/acceptedAt", "type")),
    Case(
      "lead.accept/1", sign("\"二部\"", "\"\(time)\""), ("/signedAt", "additionalProperties"),
      ("/acceptedAt", "required")),
  ]

  private static func reason(_ reason: String, _ text: String, _ rest: String = "") -> String {
    #"{"reason":\#(reason),"text":\#(text)\#(rest)}"#
  }

  private static let agency = #","suggestedAgency":"11000000MB0000035K""#

  private static let refusals: [Case] = [
    Case("lead.refuse/1", reason("\"no-jurisdiction\"", "\"不属于本院管辖。\"", agency)),
    Case("lead.refuse/1", reason("\"out-of-scope\"", "\"范围外\"")),
    Case("lead.refuse/1", reason("\"duplicate\"", "\"重复。\\n见前函。\"")),
    Case("lead.refuse/1", "{}", ("/reason", "required"), ("/text", "required")),
    Case("lead.refuse/1", "[{}]", ("", "type")),
    Case("lead.refuse/1", reason("\"other\"", "\"其他\""), ("/reason", "enum")),
    Case("lead.refuse/1", reason("null", "\"其他\""), ("/reason", "type"), ("/reason", "enum")),
    Case("lead.refuse/1", reason("\"duplicate\"", "\"重\""), ("/text", "minLength")),
    Case(
      "lead.refuse/1",
      reason("\"duplicate\"", "\"" + String(repeating: "重", count: 2001) + "\""),
      ("/text", "maxLength")),
    Case("lead.refuse/1", reason("\"duplicate\"", "\"重\u{2028}复\""), ("/text", "pattern")),
    Case(
      "lead.refuse/1",
      reason("\"duplicate\"", "\"重复\"", #","suggestedAgency":"示例市公安局""#),
      ("/suggestedAgency", "format:uscc")),
    Case(
      "lead.refuse/1", reason("\"duplicate\"", "\"重复\"", #","suggestedAgency":null"#),
      ("/suggestedAgency", "type")),
    Case(
      "lead.refuse/1", reason("\"duplicate\"", "\"重复\"", #","remark":"""#),
      ("/remark", "additionalProperties")),
  ]

  private static let returns: [Case] = [
    Case("lead.return/1", reason("\"incomplete-materials\"", "\"缺流水。\"")),
    Case("lead.return/1", reason("\"facts-unclear\"", "\"事实不清\"")),
    Case("lead.return/1", reason("\"no-jurisdiction\"", "\"不属\"")),
    Case("lead.return/1", reason("\"wrong-recipient\"", "\"误送\"")),
    Case("lead.return/1", reason("\"other\"", "\"" + String(repeating: "退", count: 2000) + "\"")),
    Case("lead.return/1", "{}", ("/reason", "required"), ("/text", "required")),
    Case("lead.return/1", "7", ("", "type")),
    Case("lead.return/1", reason("\"duplicate\"", "\"重复\""), ("/reason", "enum")),
    Case(
      "lead.return/1", reason("[\"other\"]", "\"其他\""), ("/reason", "type"), ("/reason", "enum")),
    Case("lead.return/1", reason("\"other\"", "{}"), ("/text", "type")),
    Case(
      "lead.return/1", reason("\"other\"", "\"\""), ("/text", "pattern"), ("/text", "minLength")),
    Case("lead.return/1", reason("\"other\"", "\" \\n\""), ("/text", "pattern")),
    Case(
      "lead.return/1", reason("\"other\"", "\"其他\"", agency),
      ("/suggestedAgency", "additionalProperties")),
    Case(
      "lead.return/1", reason("\"OTHER\"", "\"退\u{200F}\u{202A}回\""), ("/reason", "enum"),
      ("/text", "pattern")),
    Case("lead.return/1", "", ("", "json.syntax")),
  ]

  @Test("are judged field by field", arguments: signs + accepts + refusals + returns)
  func table(sample: Case) {
    #expect(breaches(sample.schema, sample.payload) == sample.breaches)
  }
}
