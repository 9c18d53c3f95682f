import ArgumentParser
import Exchange
import NodeClient
import RecordModel
import RecordSchema
import TransparencyLog

/// Beginning a channel anew, which takes two operators.
struct EpochCommand: ParsableCommand {
  static let configuration = describe(
    "epoch", "新纪元：查看待批准的日志头、批准、开启",
    "new epochs: show what is to be approved, approve, open",
    subcommands: [EpochShow.self, EpochApprove.self, EpochOpen.self])
}

/// Which of the two channels with a peer.
enum ChannelWay: String, ExpressibleByArgument, CaseIterable {
  case out, `in`
}

struct EpochShow: AsyncParsableCommand {
  static let configuration = describe(
    "show", "输出须由两名运维人员批准的文本", "write the text that two operators must approve")
  @OptionGroup var target: PeerArgument
  @Option(
    name: .long,
    help: help("两个方向都停止时：out 发往对端，in 来自对端", "when both are halted: out to the peer, in from it"))
  var way: ChannelWay?

  func run() async throws {
    let peer = try Check.code(target.peer)
    let list = try await target.node.withNode { try await $0.epochStatements(peer) }
    var statements = try list.value.items.map { try EpochStatement(parsing: $0.text) }
    if let way {
      statements.removeAll { ($0.origin.direction.to.rawValue == peer) != (way == .out) }
    }
    guard !statements.isEmpty else {
      throw Failure(
        .failed, "channel.state",
        say("与此对端没有须开新纪元的通道", "no channel with this peer needs a new epoch"))
    }
    // One at a time: each is approved in a note of its own.
    guard statements.count == 1 || target.node.common.output == .json else {
      throw Failure(
        .usage, "argument.way",
        say("两个方向都停止：请用 --way out 或 --way in", "both ways are halted: give --way out or --way in"))
    }
    target.node.show(json: list.json, text: [String(statements[0].text.dropLast())])
  }
}

struct EpochApprove: ParsableCommand {
  static let configuration = describe(
    "approve", "用运维密钥签署 epoch show 的输出或他人已签的批准书",
    "sign what epoch show wrote, or the note that another has signed")
  @OptionGroup var approval: ApprovalOptions

  func run() throws {
    guard let note = ApprovalOptions.note(try approval.bytes()) else {
      throw ExchangeError(.approvals, "not a statement about an epoch")
    }
    let statement = try EpochStatement(parsing: note.text)
    try approval.sign(
      note, quorum: EpochStatement.quorum,
      title: say("已批准 ", "approved ") + "\(statement.origin), \(statement.size)",
      next: say("下一步：sanxiang queue epoch open", "next: sanxiang queue epoch open")
    ) { json in
      json.member("origin", statement.origin.description)
      json.member("size", statement.size)
    }
  }
}

struct EpochOpen: AsyncParsableCommand {
  static let configuration = describe(
    "open", "凭两名运维人员签署的批准书开启新纪元", "open the next epoch on a note that two operators signed")
  @OptionGroup var target: PeerArgument
  @Option(name: .long, help: help("批准书", "the signed note")) var note: String

  func run() async throws {
    let peer = try Check.code(target.peer)
    let bytes = try Files.read(note, limit: 64 << 10)
    let opened = try await target.node.withNode { try await $0.openEpoch(peer, approved: bytes) }
    target.node.show(
      json: opened.json,
      text: [
        say("已开启 ", "opened ") + opened.value.origin,
        say("对端也须开启；在此之前通道不通", "the peer must open it too; nothing moves before"),
      ])
  }
}
