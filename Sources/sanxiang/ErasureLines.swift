import NodeClient

/// Erasures as people read them.
enum ErasureLines {
  /// What stands where a payload stood.
  static var stub: String { say("（内容已依法清除）", "(its content has been erased by law)") }

  /// Who has erased a record's payload, on what basis, and what that leaves.
  static func facts(_ erasure: APIErasure, _ names: AgencyNames, width: Int) -> [String] {
    var facts = [(say("清除", "erasure"), state(erasure.state))]
    for record in [erasure.own, erasure.peer].compactMap({ $0 }) {
      let basis = say("《\(record.law)》\(record.article)", "\(record.law), \(record.article)")
      facts.append((names[record.from], "\(Lines.time(record.time))  \(basis)"))
      let place = say("，序号 \(record.seq)", ", index \(record.seq)")
      facts.append((say("清除记录", "its record"), record.id + place))
    }
    return Paragraph.facts(facts, width: width)
  }

  static func state(_ state: String) -> String {
    switch state {
    case "both": say("双方均已清除", "erased at both ends")
    case "own": say("本机关已清除，对方未称已清除", "erased here; the other end has not said so")
    case "peer": say("对方已清除，本机关仍存有内容", "erased at the other end; held here")
    case "lost": say("对方已清除，本节点恢复后无从取回", "erased at the other end; lost here with an old copy")
    case "uncovered": say("内容缺失而无清除记录", "absent, and no erasure record says why")
    default: state
    }
  }

  /// Where else the same content lies, and what to do about it.
  static func carriers(_ carriers: [APIErasureCarrier], _ names: AgencyNames) -> [String] {
    guard !carriers.isEmpty else { return [] }
    return [say("相同内容另见（须分别处理）：", "the same content lies in (each to be dealt with):")]
      + carriers.map { carrier in
        let way = "\(names[carrier.from]) → \(names[carrier.to])"
        return "  \(carrier.id)  \(Lines.kindName(carrier.kind))  \(way)  \(place(carrier.place))"
      }
  }

  private static func place(_ place: String) -> String {
    switch place {
    case "log": say("在日志中：另行清除", "in the log: erase it too")
    case "outbox": say("在发件箱：取消或丢弃", "in the outbox: cancel or discard it")
    case "elsewhere": say("在其他机关：另行请求", "at other agencies: ask them")
    default: place
    }
  }

  /// A list: one row for each record.
  static func list(_ items: [APIErasure], width: Int) -> [String] {
    guard !items.isEmpty else { return [say("（无）", "(none)")] }
    var table = TextTable([
      .init(say("时间", "TIME")), .init(say("状态", "STATE"), wraps: true),
      .init(say("通道", "CHANNEL"), wraps: true), .init(say("序号", "INDEX")),
    ])
    for item in items {
      let time = (item.own ?? item.peer).map { Lines.minute($0.time) } ?? "-"
      table.rows.append(
        .init(
          [time, state(item.state), item.channel, String(item.seq)],
          notes: [say("编号 ", "id ") + item.id]))
    }
    return table.lines(fitting: width)
  }
}
