import NodeClient
import RecordModel
import RecordSchema

/// The API's answers as lines for a person.
enum Lines {
  enum Other { case to, from }

  /// How far a record has come.
  static func deliveryName(_ name: String) -> String {
    guard Language.current == .zh else { return name }
    return [
      "queued": "待封装", "dead": "死信", "sealed": "已封装、待回执", "receipted": "已送达",
      "refused": "校验拒收", "received": "已接收",
    ][name] ?? name
  }

  /// A thread's state.
  static func stateName(_ name: String?) -> String {
    guard let name else { return "-" }
    guard Language.current == .zh else { return name }
    return ThreadState(rawValue: name)?.titleZH ?? name
  }

  /// A kind of record, in words; the kind itself where this version does not know it.
  static func kindName(_ name: String) -> String {
    guard Language.current == .zh else {
      return SchemaOutline.shared?.newest(of: name)?.payload.wording.title.english ?? name
    }
    return KindName.titleZH(name)
  }

  static func urgencyName(_ name: String) -> String {
    guard Language.current == .zh else { return name }
    return ["normal": "平件", "urgent": "急件", "critical": "特急"][name] ?? name
  }

  /// To the second: the rest is in the JSON.
  static func time(_ text: String?) -> String {
    guard let text, text.count >= 19 else { return text ?? "-" }
    return text.prefix(19).map { $0 == "T" ? " " : String($0) }.joined()
  }

  static func records(_ list: APIList<APIRecordSummary>, other: Other) -> [String] {
    guard !list.items.isEmpty else { return [say("（无）", "(none)")] }
    var table = TextTable([
      .init(say("时间", "TIME")), .init(say("编号", "ID")),
      .init(other == .to ? say("接收机关", "TO") : say("移送机关", "FROM")),
      .init(say("文号", "DOC NO"), limit: 28), .init(say("线索名称", "TITLE"), limit: 36),
      .init(say("投递", "DELIVERY")), .init(say("状态", "STATE")),
    ])
    for item in list.items {
      table.rows.append([
        time(item.time), item.id, other == .to ? item.to : item.from, item.docNo ?? "-",
        item.title ?? kindName(item.kind), deliveryName(item.delivery), stateName(item.state),
      ])
    }
    let more = list.next.map { [say("下一页：--cursor \($0)", "next page: --cursor \($0)")] } ?? []
    return table.lines + more
  }

  static func thread(_ thread: APIThread, names: AgencyNames) -> [String] {
    var table = TextTable([
      .init(say("时间", "TIME")), .init(say("种类", "KIND")), .init(say("由", "FROM"), limit: 24),
      .init(say("至", "TO"), limit: 24), .init(say("投递", "DELIVERY")),
      .init(say("送达时间", "RECEIPTED")),
      .init(say("编号", "ID")),
    ])
    for record in thread.records {
      table.rows.append([
        time(record.time), kindName(record.kind), names[record.from], names[record.to],
        deliveryName(record.delivery), time(record.receiptedAt), record.id,
      ])
    }
    var lines = [
      say("移送链 ", "thread ") + thread.id, say("状态 ", "state ") + stateName(thread.state),
    ]
    if let opening = thread.records.first, let title = opening.title {
      lines.append(
        say("线索 ", "lead ")
          + DisplayWidth.safe([opening.docNo ?? "", title].joined(separator: " "))
      )
    }
    lines += [""] + table.lines
    if !thread.allowedNext.isEmpty {
      lines += ["", say("可办：", "next: ") + thread.allowedNext.map(kindName).joined(separator: "、")]
    }
    return lines
  }

  static func delivery(_ summary: APIRecordSummary) -> [String] {
    var lines = [deliveryName(summary.delivery)]
    if let at = summary.receiptedAt { lines.append(say("送达时间 ", "receipted ") + time(at)) }
    if let dead = summary.dead {
      lines.append("\(dead.code): \(DisplayWidth.safe(dead.detail))")
    }
    return lines
  }

  static func receipt(_ receipt: APIReceipt) -> [String] {
    let summary = receipt.summary
    return [
      say("送达回证", "Receipt"), "",
      say("记录编号　　　　　", "record       ") + summary.id,
      say("移送文号　　　　　", "document     ") + DisplayWidth.safe(summary.docNo ?? "-"),
      say("线索名称　　　　　", "title        ") + DisplayWidth.safe(summary.title ?? "-"),
      say("移送机关　　　　　", "sender       ") + summary.from,
      say("接收机关　　　　　", "receiver     ") + summary.to,
      say("移送时间　　　　　", "sealed       ") + summary.time,
      say("送达时间　　　　　", "receipted    ") + (summary.receiptedAt ?? "-"),
      say("日志　　　　　　　", "log          ") + receipt.origin,
      say("序号　　　　　　　", "index        ") + (summary.seq.map(String.init) ?? "-"),
      say("检查点　　　　　　", "checkpoint   ") + String(receipt.checkpointSize),
      say("根哈希　　　　　　", "root         ") + receipt.root,
      say("叶哈希　　　　　　", "leaf         ") + receipt.leaf,
      say("移送机关公钥　　　", "sender key   ") + receipt.senderKey,
      say("接收机关回执公钥　", "receipt key  ") + receipt.receiptKey,
      "", say("证明（C2SP tlog-proof）：", "proof (C2SP tlog-proof):"), "", receipt.proof,
    ]
  }

  static func peers(_ peers: [APIPeer]) -> [String] {
    var table = TextTable([
      .init(say("代码", "CODE")), .init(say("名称", "NAME")), .init(say("类别", "ROLE")),
      .init(say("连接", "LINK")), .init(say("时差毫秒", "CLOCK MS"), number: true),
      .init(say("软件", "SOFTWARE")), .init(say("最近故障", "LAST FAULT"), limit: 60),
    ])
    for peer in peers {
      table.rows.append([
        peer.code, peer.name, peer.role,
        peer.connected ? say("通", "up") : peer.link?.state ?? say("断", "down"),
        peer.clockDifference.map(String.init) ?? "-", peer.software ?? "-",
        peer.link?.lastFault ?? "-",
      ])
    }
    return table.lines
  }
}
