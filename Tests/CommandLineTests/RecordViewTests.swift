import Foundation
import RecordModel
import RecordSchema
import Testing

@testable import NodeClient
@testable import sanxiang

@Suite("A record for people")
struct RecordViewTests {
  private static let leads = CommandRun.root + "/examples/leads"

  private func words(
    _ payload: [UInt8], _ schema: String, width: Int, _ language: Language = .zh
  ) throws -> [String] {
    let outline = try #require(SchemaOutline.shared)
    return Language.$current.withValue(language) {
      PayloadWords(outline: outline, names: SampleThread.names, width: width)
        .lines(payload, schema: schema)
    }
  }

  @Test("Nothing that a sample lead says is left out, and every line fits", arguments: [60, 100])
  func whole(_ width: Int) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.leads) {
      let payload = try Files.read(Self.leads + "/" + name)
      let document = try JSONDocument(parsing: payload)
      for language in Language.allCases {
        let lines = try words(payload, "lead.transfer/1", width: width, language)
        #expect(lines.filter { DisplayWidth.of($0) > width } == [], "\(name)")
        let text = lines.joined().filter { $0 != " " }
        for subject in try #require(document.root["subjects"]).elements {
          let who = (subject["name"]?.string ?? "?").filter { $0 != " " }
          #expect(text.contains(who), "\(name)")
        }
        let facts = (document.root["facts"]?.string ?? "?").filter { $0 != " " && $0 != "\n" }
        #expect(text.contains(facts), "\(name)")
      }
    }
  }

  @Test("Objects and lists are told entry by entry, codes by their labels")
  func nested() throws {
    let payload =
      #"{"docNo":"示市监移〔2026〕12号","legalBasis":[{"law":"某法","article":"第一条"},"#
      + #"{"law":"某条例","article":"第二条"}],"period":{"from":"2026-01-01"},"#
      + #""measures":["seal","freeze"],"amountFen":120050,"#
      + #""subjects":[{"name":"某某","role":"principal","isPublicOfficial":false},"#
      + #"{"name":"某公司","role":"related"}]}"#
    let lines = try words(Array(payload.utf8), "lead.transfer/1", width: 80)
    #expect(
      lines == [
        "  移送文号：示市监移〔2026〕12号", "  移送依据：", "    1：", "      法律名称：某法", "      条款项：第一条",
        "    2：", "      法律名称：某条例", "      条款项：第二条", "  发生期间：", "    起日：2026-01-01",
        "  涉及对象：", "    1：", "      姓名：某某", "      涉案地位：主要涉案对象", "      是否公职人员：否",
        "    2：", "      单位名称：某公司", "      涉案地位：关联方", "  涉案金额：1200.50 元",
        "  已采取措施：查封、冻结",
      ])
  }

  @Test("Bytes are told by their number, an empty list as none, agencies by their names")
  func values() throws {
    let correction = #"{"target":"x","schema":"lead.sign/1","payload":"AAECAw==","reason":"有笔误"}"#
    #expect(
      try words(Array(correction.utf8), "record.correct/1", width: 80)[2] == "  更正后的内容：（4 字节）")
    let reply = #"{"adopted":"partly","measures":[]}"#
    #expect(
      try words(Array(reply.utf8), "letter.reply/1", width: 80)
        == ["  采纳情况：部分采纳", "  整改措施：无"])
    let consultation = #"{"question":"如何移交","participants":["\#(SampleThread.receiver)"]}"#
    #expect(
      try words(Array(consultation.utf8), "consult.open/1", width: 80).last
        == "    1：示例市人民检察院（\(SampleThread.receiver)）")
  }

  @Test("What cannot be told in words is shown as it stands; what was erased is said to be")
  func raw() {
    func lines(_ payload: String?) -> [String] {
      let record = APIRecord(
        summary: SampleThread.record(1, "lead.sign", out: true).summary, header: "", leaf: "",
        payload: payload.map { Data($0.utf8).base64EncodedString() }, salt: "")
      return Language.$current.withValue(.en) {
        RecordView(record).lines(SampleThread.names, width: 80)
      }
    }
    #expect(lines("not\u{1b} JSON").suffix(2) == ["payload:", "  not\u{fffd} JSON"])
    #expect(lines(nil).last == "(its content has been erased by law)")
    #expect(lines(nil).contains("from       示例市市场监督管理局 (\(SampleThread.opener))"))
  }

  @Test("What a correction holds is told too")
  func enclosed() {
    let inner = Data(#"{"decision":"filed","docNo":"示检立〔2026〕1号","date":"2026-11-23"}"#.utf8)
    let payload =
      #"{"target":"\#(SampleThread.id(2))","schema":"lead.decide/1","#
      + #""payload":"\#(inner.base64EncodedString())","reason":"有笔误"}"#
    var summary = SampleThread.record(1, "record.correct", out: true).summary
    summary.kind = KindName.recordCorrect
    let header = RecordHeaderBytes.correction
    let record = APIRecord(
      summary: summary, header: header, leaf: "",
      payload: Data(payload.utf8).base64EncodedString(), salt: "")
    let lines = Language.$current.withValue(.zh) {
      RecordView(record).lines(SampleThread.names, width: 80)
    }
    #expect(
      lines.suffix(5) == [
        "", "更正后的内容：", "  决定：立案", "  决定文号：示检立〔2026〕1号", "  决定日期：2026-11-23",
      ])
  }
}

/// A header's bytes in base64, as a node gives them.
enum RecordHeaderBytes {
  static var correction: String {
    let text =
      #"{"v":1,"id":"\#(SampleThread.id(3))","from":"\#(SampleThread.opener)","#
      + #""to":"\#(SampleThread.receiver)","seq":0,"prev":"\#(zeros)","#
      + #""time":"2026-11-23T09:15:00.123+08:00","seen":{"epoch":1,"size":0},"directory":1,"#
      + #""kind":"record.correct","schema":"record.correct/1","thread":"\#(SampleThread.id(1))","#
      + #""replyTo":"\#(SampleThread.id(2))","urgency":"normal","#
      + #""payload":{"commitment":"\#(zeros)","size":10}}"#
    return Data(text.utf8).base64EncodedString()
  }

  private static let zeros = Data(repeating: 0, count: 32).base64EncodedString()
}
