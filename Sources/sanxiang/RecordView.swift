import FoundationEssentials
import NodeClient
import RecordModel
import RecordSchema

/// A record as a person reads it.
struct RecordView {
  let record: APIRecord
  /// As its bytes say; nil where they are none that this version knows.
  let header: RecordHeader?

  init(_ record: APIRecord) {
    self.record = record
    header = Data(base64Encoded: record.header)
      .flatMap { try? RecordHeader(parsing: Array($0)) }
  }

  /// What it is, who sent it to whom, where it lies, and what it says.
  func lines(_ names: AgencyNames, width: Int = Terminal.width) -> [String] {
    let summary = record.summary
    var facts = [
      (say("编号", "id"), summary.id),
      (say("种类", "kind"), Lines.kindName(summary.kind)),
      (say("移送链", "thread"), summary.thread),
      (say("由", "from"), names.full(summary.from)),
      (say("至", "to"), names.full(summary.to)),
      (say("时间", "time"), Lines.time(summary.time)),
      (say("缓急", "urgency"), Lines.urgencyName(summary.urgency)),
      (say("投递", "delivery"), Lines.deliveryName(summary.delivery)),
    ]
    if let at = summary.receiptedAt { facts.append((say("送达", "receipted"), Lines.time(at))) }
    if let answered = header?.replyTo { facts.append((say("答复", "answers"), "\(answered)")) }
    if let epoch = summary.epoch, let seq = summary.seq {
      facts.append(
        (say("日志位置", "log place"), say("纪元 \(epoch) 序号 \(seq)", "epoch \(epoch), index \(seq)")))
    }
    return Paragraph.facts(facts, width: width) + [""] + payloadLines(names, width)
  }

  /// The payload in words where its schema is known, else as it stands.
  private func payloadLines(_ names: AgencyNames, _ width: Int) -> [String] {
    guard let payload = record.payload.flatMap({ Data(base64Encoded: $0) }).map(Array.init) else {
      return [say("（内容已依法清除）", "(its content has been erased by law)")]
    }
    let schema = header?.schema ?? ""
    let points =
      SchemaOutline.shared?.points(schema: schema, payload: payload, length: .max) ?? []
    guard !points.isEmpty else {
      return [say("载荷：", "payload:")]
        + String(decoding: payload, as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
        .map { "  " + DisplayWidth.safe(String($0)) }
    }
    return [say("内容（\(schema)）：", "content (\(schema)):")]
      + points.flatMap {
        Paragraph.point(
          $0.title.said, PointText.said($0.text.said, field: $0.field, names), indent: 2,
          width: width)
      }
  }
}

/// What a payload's member says, in the form in which people write it.
enum PointText {
  static func said(_ text: String, field: String, _ names: AgencyNames) -> String {
    if let time = try? Timestamp(parsing: text) { return Lines.time(time.description) }
    if field == "/amountFen", let fen = Int64(text) {
      let cents = fen % 100
      let yuan = "\(fen / 100)." + (cents < 10 ? "0" : "") + "\(cents)"
      return say("\(yuan) 元", "\(text) (\(yuan) yuan)")
    }
    // One code, or a list of nothing but codes.
    let parts = text.split { $0 == "；" || $0 == ";" || $0 == " " }.map(String.init)
    guard !parts.isEmpty, parts.allSatisfy({ (try? AgencyCode($0)) != nil }) else { return text }
    return parts.map(names.full).joined(separator: say("、", ", "))
  }
}
