import ArgumentParser
import NodeClient
import RecordSchema

/// Queues towards the peers.
struct QueueCommand: ParsableCommand {
  static let configuration = describe(
    "queue", "队列：深度、列表、立即重试、死信、恢复、暂停收件、新纪元",
    "queues: depth, list, retry, dead, resume, pause, epoch",
    subcommands: [
      QueueDepth.self, QueueList.self, QueueRetry.self, QueueDead.self, QueueResume.self,
      QueuePause.self, EpochCommand.self,
    ])
}

struct QueueDepth: AsyncParsableCommand {
  static let configuration = describe("depth", "各对端的队列深度", "how much waits for each peer")
  @OptionGroup var node: NodeOptions

  func run() async throws {
    let queues = try await node.withNode { try await $0.queues() }
    node.show(json: queues.json, text: Lines.queues(queues.value.items))
  }
}

/// A peer named on the command line.
struct PeerArgument: ParsableArguments {
  @OptionGroup var node: NodeOptions
  @Argument(help: help("对端机关代码", "the peer's code")) var peer: String
}

struct QueueList: AsyncParsableCommand {
  static let configuration = describe("list", "列出等待某对端的记录", "list what waits for a peer")
  @OptionGroup var target: PeerArgument
  @Option(name: .long, help: help("最多几条", "how many at most")) var limit = 50

  func run() async throws {
    let (list, names) = try await target.node.withNode { client in
      (
        try await client.queue(try Check.code(target.peer), limit: limit),
        await AgencyNames.of(client, for: target.node.common.output)
      )
    }
    target.node.show(json: list.json, text: Lines.records(list.value, other: .to, names: names))
  }
}

struct QueueRetry: AsyncParsableCommand {
  static let configuration = describe("retry", "立即拨号，不等退避", "dial a peer now")
  @OptionGroup var target: PeerArgument

  func run() async throws {
    try await target.node.withNode { try await $0.retry(try Check.code(target.peer)) }
    target.node.done("retrying", id: target.peer, say("正在拨号 ", "dialling ") + target.peer)
  }
}

struct QueueResume: AsyncParsableCommand {
  static let configuration = describe(
    "resume", "解除不需新纪元的通道停止", "lift a channel's halt that needs no new epoch")
  @OptionGroup var target: PeerArgument

  func run() async throws {
    try await target.node.withNode { try await $0.resume(try Check.code(target.peer)) }
    target.node.done("resumed", id: target.peer, say("已恢复 ", "resumed ") + target.peer)
  }
}

struct QueuePause: AsyncParsableCommand {
  static let configuration = describe(
    "pause", "暂停（或恢复）接收某对端", "pause the intake from a peer, or open it")
  @OptionGroup var target: PeerArgument
  @Flag(name: .long, help: help("重新打开收件", "open the intake again")) var off = false

  func run() async throws {
    try await target.node.withNode {
      try await $0.setIntake(from: try Check.code(target.peer), paused: !off)
    }
    target.node.done(
      off ? "opened" : "paused", id: target.peer,
      (off ? say("已打开收件 ", "intake open: ") : say("已暂停收件 ", "intake paused: "))
        + target.peer)
  }
}

struct QueueDead: AsyncParsableCommand {
  static let configuration = describe(
    "dead", "死信：列出、丢弃、重新排队", "dead letters: list, discard, put back")
  @OptionGroup var node: NodeOptions
  @Option(name: .long, help: help("丢弃此死信", "drop this one")) var discard: String?
  @Option(name: .long, help: help("重新排队", "put this one back into the queue")) var requeue: String?
  @Option(name: .long, help: help("最多列几条", "how many at most")) var limit = 50

  func validate() throws {
    guard discard == nil || requeue == nil else {
      throw ValidationError(
        say("--discard 与 --requeue 不能同时用", "--discard and --requeue exclude each other"))
    }
  }

  func run() async throws {
    if let discard {
      try await node.withNode { try await $0.discardDeadLetter(try Check.id(discard)) }
      node.done("discarded", id: discard, say("已丢弃 ", "discarded ") + discard)
      return
    }
    if let requeue {
      try await node.withNode { try await $0.requeueDeadLetter(try Check.id(requeue)) }
      node.done("requeued", id: requeue, say("已重新排队 ", "put back ") + requeue)
      return
    }
    let list = try await node.withNode { try await $0.deadLetters(limit: limit) }
    var table = TextTable([
      .init(say("时间", "TIME")), .init(say("编号", "ID")), .init(say("接收机关", "TO")),
      .init(say("原因", "REASON")), .init(say("细节", "DETAIL"), limit: 60),
    ])
    for item in list.value.items {
      table.rows.append([
        Lines.time(item.dead?.at), item.id, item.to, item.dead?.code ?? "-",
        item.dead?.detail ?? "-",
      ])
    }
    node.show(
      json: list.json, text: table.rows.isEmpty ? [say("（无）", "(none)")] : table.lines)
  }
}

/// The peers.
struct PeerCommand: ParsableCommand {
  static let configuration = describe(
    "peer", "对端节点", "the peers", subcommands: [PeerList.self])
}

struct PeerList: AsyncParsableCommand {
  static let configuration = describe("list", "列出对端与连接状况", "list the peers and their connections")
  @OptionGroup var node: NodeOptions

  func run() async throws {
    let peers = try await node.withNode { try await $0.peers() }
    node.show(json: peers.json, text: Lines.peers(peers.value.items))
  }
}
