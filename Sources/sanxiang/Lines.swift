import NodeClient
import RecordModel
import RecordSchema

/// The API's answers as lines for a person.
enum Lines {
  /// How far a record has come, in words that hold at either end.
  static func deliveryName(_ name: String) -> String {
    switch name {
    case "queued": say("待发送", "queued")
    case "sealed": say("待回执", "awaiting receipt")
    case "receipted", "received": say("已送达", "delivered")
    case "refused": say("校验拒收", "refused by checks")
    case "dead": say("死信", "dead letter")
    default: name
    }
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

  /// To the minute.
  static func minute(_ text: String?) -> String { String(time(text).prefix(16)) }

  /// The moment at which a time limit ends: where that is 24:00 of a day, the day, as clocks show it.
  static func due(_ text: String?) -> String {
    guard let text, let moment = try? Timestamp(parsing: text) else { return minute(text) }
    let last = Timestamp(milliseconds: moment.milliseconds - 1)
    let isMidnight = minute(moment.description).hasSuffix(" 00:00")
    return isMidnight ? String(minute(last.description).prefix(10)) : minute(text)
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
      .init(say("我方日志簿见证", "OUR JOURNAL")), .init(say("见证对方", "ITS JOURNAL")),
      .init(say("软件", "SOFTWARE")), .init(say("最近故障", "LAST FAULT"), limit: 60),
    ])
    for peer in peers {
      table.rows.append([
        peer.code, peer.name, peer.role,
        peer.connected ? say("通", "up") : peer.link?.state ?? say("断", "down"),
        peer.clockDifference.map(String.init) ?? "-", witnessed(peer.journal),
        peer.journal.held.map { mark($0, 0) } ?? "-", peer.software ?? "-",
        peer.link?.lastFault ?? "-",
      ])
    }
    return table.lines
  }

  /// What the peer has cosigned of what is signed of our journal, and how old that is where something
  /// is not cosigned yet.
  private static func witnessed(_ journal: APIPeerJournal) -> String {
    guard let mark = journal.witnessed else { return "-" }
    let part = Self.mark(mark, journal.epoch) + (journal.signed > 0 ? "/\(journal.signed)" : "")
    guard let stale = journal.staleSeconds, stale > 0 else { return part }
    return part + say("（\(stale) 秒前）", " (\(stale) s ago)")
  }

  /// A size, with its epoch where that is not the expected one or not the first.
  private static func mark(_ mark: APIPeerJournal.Mark, _ epoch: UInt32) -> String {
    mark.epoch == max(epoch, 1) ? "\(mark.size)" : "\(mark.epoch):\(mark.size)"
  }
}
