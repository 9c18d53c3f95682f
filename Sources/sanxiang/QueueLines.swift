import NodeClient

extension Lines {
  /// A row for each peer, and under it a line for each thing that is in the way.
  static func queues(_ queues: [APIQueue]) -> [String] {
    var table = TextTable([
      .init(say("对端", "PEER")), .init(say("连接", "LINK")),
      .init(say("待封装", "QUEUED"), number: true), .init(say("已发", "SENT"), number: true),
      .init(say("已回执", "RECEIPTED"), number: true),
      .init(say("待回执", "PENDING"), number: true), .init(say("已收", "RECEIVED"), number: true),
      .init(say("死信", "DEAD"), number: true), .init(say("最早", "OLDEST")),
    ])
    for queue in queues {
      table.rows.append([
        queue.peer, queue.connected ? say("通", "up") : say("断", "down"), String(queue.queued),
        String(queue.outbound?.size ?? 0), String(queue.outbound?.receiptedSize ?? 0),
        String(queue.unreceipted), String(queue.inbound?.size ?? 0), String(queue.dead),
        String(time(queue.oldest).prefix(16)),
      ])
    }
    let lines = table.lines
    return [lines[0]]
      + zip(lines.dropFirst(), queues).flatMap { line, queue in [line] + obstacles(queue) }
  }

  /// What keeps a peer's channels from moving.
  private static func obstacles(_ queue: APIQueue) -> [String] {
    var lines: [String] = []
    let ways = [
      (queue.outbound, say("发往对端", "to the peer")), (queue.inbound, say("来自对端", "from the peer")),
    ]
    for (channel, way) in ways {
      guard let channel else { continue }
      if let halt = channel.halt {
        let remedy =
          say("处置：", "then: ") + "sanxiang queue "
          + (halt.needsNewEpoch ? "epoch show " : "resume ") + queue.peer
        lines.append(
          say("通道停止（\(way)）：", "HALTED, \(way): ") + "\(halt.code); " + remedy)
      }
      if channel.paused { lines.append(say("收件暂停（\(way)）", "PAUSED, \(way)")) }
      if channel.recovering { lines.append(say("日志取回中（\(way)）", "recovering, \(way)")) }
    }
    // A halt has said it already.
    if let blocked = queue.sealingBlocked, blocked != "halted" {
      lines.append(say("暂停封装：", "not sealing: ") + blocked)
    }
    if let clocks = queue.clocks { lines += warnings(clocks) }
    return lines.map { DisplayWidth.cut("  ! " + DisplayWidth.safe($0), to: 100) }
  }
}

extension Lines {
  /// Time limits that have run out or soon will; none where all is well.
  private static func warnings(_ clocks: APIQueue.Clocks) -> [String] {
    let counts = [
      (say("本机关已超期", "ours overdue"), clocks.overdue),
      (say("即将到期", "due soon"), clocks.dueSoon),
      (say("对方已超期", "theirs overdue"), clocks.peerOverdue),
      (say("无法计算", "cannot be computed"), clocks.uncomputable),
    ].filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
    guard !counts.isEmpty else { return [] }
    return [
      say("时限：", "time limits: ") + counts.joined(separator: say("、", ", "))
        + say("；详见：", "; see: ") + "sanxiang deadline list"
    ]
  }
}

/// The agencies' names, for a person.
struct AgencyNames: Sendable {
  private var names: [String: String] = [:]

  /// The name of each member of the directory in force.
  init(_ directory: APIDirectory) {
    for node in directory.nodes { names[node.code] = node.name }
  }

  /// No names: codes stand for themselves.
  init() {}

  /// As the node knows them; none when it does not say, or when nobody reads them.
  static func of(_ client: NodeClient, for output: OutputFormat) async -> AgencyNames {
    guard output == .text, let directory = try? await client.directory().value else {
      return AgencyNames()
    }
    return AgencyNames(directory)
  }

  /// The name; the code itself where there is none.
  subscript(_ code: String) -> String { names[code] ?? code }

  /// The name with the code.
  func full(_ code: String) -> String {
    names[code].map { say("\($0)（\(code)）", "\($0) (\(code))") } ?? code
  }
}
