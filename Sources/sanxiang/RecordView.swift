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
      return [ErasureLines.stub]
        + (record.erasure.map { ErasureLines.facts($0, names, width: width) } ?? [])
    }
    let warning = record.erasure.map { ErasureLines.facts($0, names, width: width) + [""] } ?? []
    return warning + lines(of: payload, names, width)
  }

  private func lines(of payload: [UInt8], _ names: AgencyNames, _ width: Int) -> [String] {
    let schema = header?.schema ?? ""
    let words = SchemaOutline.shared.map { PayloadWords(outline: $0, names: names, width: width) }
    guard let lines = words?.lines(payload, schema: schema), !lines.isEmpty else {
      return [say("载荷：", "payload:")]
        + String(decoding: payload, as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
        .map { "  " + DisplayWidth.safe(String($0)) }
    }
    return [say("内容（\(schema)）：", "content (\(schema)):")] + lines
      + (words.map { enclosed(payload, $0) } ?? [])
  }

  /// The payload that another holds: of the lead that is passed on, or as corrected.
  private func enclosed(_ payload: [UInt8], _ words: PayloadWords) -> [String] {
    switch record.summary.kind {
    case KindName.leadForward:
      guard let forward = LeadForward(reading: payload),
        let original = try? RecordHeader(parsing: forward.header)
      else { return [] }
      let title = say(
        "原移送（\(original.id)，\(words.names.full(original.from.rawValue))）：",
        "the lead passed on (\(original.id), \(words.names.full(original.from.rawValue))):")
      return [""] + Paragraph.wrap(title, width: words.width)
        + words.lines(forward.payload, schema: original.schema)
    case KindName.recordCorrect:
      guard let correction = RecordCorrect(reading: payload) else { return [] }
      return ["", say("更正后的内容：", "the new content:")]
        + words.lines(correction.payload, schema: correction.schema)
    default: return []
    }
  }
}

/// A payload whole, its members by their titles and its codes by their labels.
struct PayloadWords {
  let outline: SchemaOutline
  let names: AgencyNames
  let width: Int

  /// Empty for a schema that is not here, or bytes that do not parse.
  func lines(_ payload: [UInt8], schema: String) -> [String] {
    guard let record = outline.records.first(where: { $0.name.description == schema }),
      let document = try? JSONDocument(parsing: payload, limits: SchemaRegistry.payloadLimits)
    else { return [] }
    return lines(document.root, record.payload, indent: 2)
  }

  private func lines(_ value: JSONNode, _ object: ObjectOutline, indent: Int) -> [String] {
    object.fields.flatMap { field in
      value[field.name].map {
        lines($0, field.shape, title: field.wording.title.said, indent: indent)
      } ?? []
    }
  }

  private func lines(
    _ value: JSONNode, _ shape: ValueShape, title: String, indent: Int
  ) -> [String] {
    switch shape {
    case .object(let object):
      return heading(title, indent) + lines(value, object, indent: indent + 2)
    case .choice(let choice):
      let isMarked = choice.marks.contains { value[$0] != nil }
      let object = isMarked ? choice.marked : choice.unmarked
      return heading(title, indent) + lines(value, object, indent: indent + 2)
    case .shared(let name):
      guard let shared = outline[definition: name] else { return [] }
      return lines(value, shared.shape, title: title, indent: indent)
    case .list(let list): return lines(value, list, title: title, indent: indent)
    case .text, .code, .integer, .number, .boolean:
      return Paragraph.point(title, text(value, shape), indent: indent, width: width)
    }
  }

  /// Each entry by its number; entries that are one line together in one.
  private func lines(
    _ value: JSONNode, _ list: ListOutline, title: String, indent: Int
  ) -> [String] {
    guard value.count > 0 else {
      return Paragraph.point(title, say("无", "none"), indent: indent, width: width)
    }
    if case .code = list.element {
      let labels = value.elements.map { text($0, list.element) }
      return Paragraph.point(
        title, labels.joined(separator: say("、", ", ")), indent: indent, width: width)
    }
    return heading(title, indent)
      + value.elements.enumerated().flatMap { index, element in
        lines(element, list.element, title: "\(index + 1)", indent: indent + 2)
      }
  }

  private func heading(_ title: String, _ indent: Int) -> [String] {
    [String(repeating: " ", count: indent) + title + say("：", ":")]
  }

  private func text(_ value: JSONNode, _ shape: ValueShape) -> String {
    switch shape {
    case .code(let name):
      let code = value.string ?? ""
      return outline[codeList: name]?.codes.first { $0.code == code }?.label.said ?? code
    case .boolean: return value.bool == true ? say("是", "yes") : say("否", "no")
    case .integer, .number:
      let digits = String(decoding: value.rawBytes, as: UTF8.self)
      return PointText.said(digits, field: value.pointer, names)
    case .text(let text):
      // Bytes say nothing to a person; how many there are does.
      let name = text.definition?.name
      if value.pointer == "/proof" {
        let bytes = value.string?.utf8.count ?? 0
        return say("（\(bytes) 字节）", "(\(bytes) bytes)")
      }
      if name == "base64" || name == "digest" {
        let bytes = Data(base64Encoded: value.string ?? "")?.count ?? 0
        return say("（\(bytes) 字节）", "(\(bytes) bytes)")
      }
      return PointText.said(value.string ?? "", field: value.pointer, names)
    case .list, .object, .choice, .shared: return ""
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
