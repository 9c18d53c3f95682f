import Foundation
import Testing

@testable import RecordSchema

@Suite("Rules that no schema can say")
struct PayloadRulesTests {
  private static let id = "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e"

  private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  private static func correction(_ schema: String, _ payload: String) -> String {
    """
    {"target":"\(id)","schema":"\(schema)","payload":"\(payload)","reason":"误写"}
    """
  }

  private static let sign = #"{"handlingUnit":"二科","signedAt":"2026-11-23T09:15:00.123+08:00"}"#

  private static let corrections: [(String, [Breach])] = [
    (correction("lead.sign/1", base64(sign)), []),
    (correction("lead.transfer/1", base64(LeadTransferTests.full)), []),
    (correction("lead.sign/1", base64("{}")), [Breach("/payload", "correct:payload")]),
    (correction("lead.sign/1", base64(sign + "x")), [Breach("/payload", "correct:payload")]),
    (correction("lead.accept/1", base64(sign)), [Breach("/payload", "correct:payload")]),
    (correction("lead.sign/2", base64(sign)), [Breach("/payload", "correct:payload")]),
    (
      correction("record.correct/1", base64(correction("lead.sign/1", base64(sign)))),
      [Breach("/payload", "correct:payload")]
    ),
  ]

  @Test("a correction's payload keeps the schema that it names", arguments: corrections)
  func correction(payload: String, expected: [Breach]) {
    #expect(breaches("record.correct/1", payload) == expected)
  }

  @Test("base64 is written in its canonical form")
  func canonical() throws {
    // The last character's lower bits are unused and must be zero.
    let text = Self.base64(Self.sign)
    let padded = try #require(Self.unusedBits(of: text))
    #expect(
      breaches("record.correct/1", Self.correction("lead.sign/1", padded))?.first
        == Breach("/payload", "base64:canonical"))
  }

  private static func unusedBits(of text: String) -> String? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let digits = text.prefix { $0 != "=" }
    guard digits.count < text.count, let last = digits.last.flatMap(alphabet.firstIndex) else {
      return nil
    }
    return digits.dropLast() + String(alphabet[last + 1]) + text.dropFirst(digits.count)
  }

  private static func erasure(
    _ first: String, _ second: String, _ signature: String, key: String = base64("yek")
  ) -> String {
    """
    {"channel":"f/sanxiang/11000000MB0000019X/11000000MB0000027Q/1",
    "target":"\(id)","seq":1,"legalBasis":{"law":"个人信息保护法","article":"第四十七条"},
    "approvals":[{"operator":"\(first)","key":"\(base64("key"))","signature":"\(base64("sig"))"},
    {"operator":"\(second)","key":"\(key)","signature":"\(signature)"}]}
    """
  }

  private static let erasures: [(String, [Breach])] = [
    (erasure("a", "b", base64("sign")), []),
    (erasure("a", "a", base64("sign")), [Breach("/approvals/1/operator", "approvals:distinct")]),
    (
      erasure("a", "\\u0061", base64("sign")),
      [Breach("/approvals/1/operator", "approvals:distinct")]
    ),
    (erasure("a", "b", "AB=="), [Breach("/approvals/1/signature", "base64:canonical")]),
    (
      erasure("a", "b", base64("sign"), key: "AB=="),
      [Breach("/approvals/1/key", "base64:canonical")]
    ),
    (
      erasure("a", "b", base64("sign")).replacing("27Q/1", with: "27P/1"),
      [Breach("/channel", "origin:parties")]
    ),
  ]

  @Test("an erasure has two operators and readable signatures", arguments: erasures)
  func erasure(payload: String, expected: [Breach]) {
    #expect(breaches("system.erasure/1", payload) == expected)
  }

  @Test("are looked at only when the schema is kept")
  func order() throws {
    let payload = LeadTransferTests.full.replacingOccurrences(of: "2025-09-30", with: "2025-01-01")
    #expect(breaches("lead.transfer/1", payload) == [Breach("/period/to", "period:order")])
    let broken = payload.replacingOccurrences(of: "示例工程招标线索", with: "三个字")
    #expect(breaches("lead.transfer/1", broken) == [Breach("/title", "minLength")])
  }

  @Test("a birth date must not lie after the day of the record")
  func asOf() {
    let born = CalendarDate(year: 1949, month: 12, day: 31)
    let before = CalendarDate(year: 1949, month: 12, day: 30)
    let payload = Array(LeadTransferTests.full.utf8)
    #expect(breaches("lead.transfer/1", payload, asOf: born) == [])
    #expect(breaches("lead.transfer/1", payload, asOf: nil) == [])
    #expect(
      breaches("lead.transfer/1", payload, asOf: before)
        == [Breach("/subjects/1/idNumber", "format:cn-id")])
  }
}
