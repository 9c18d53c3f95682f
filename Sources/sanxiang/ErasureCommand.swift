import ArgumentParser
import NodeClient
import RecordModel
import RecordSchema
import TransparencyLog

/// Destroying a payload as the law requires, which takes two operators at each end.
struct ErasureCommand: ParsableCommand {
  static let configuration = describe(
    "erase", "依法清除内容：查看待批准的文本、批准、执行、列出",
    "erase a payload by law: show what is to be approved, approve, do it, list",
    subcommands: [ErasureShow.self, ErasureApprove.self, ErasureApply.self, ErasureList.self])
}

struct ErasureShow: AsyncParsableCommand {
  static let configuration = describe(
    "show", "输出须由两名运维人员批准的文本；相同内容所在之处写到标准错误",
    "write the text that two operators must approve; on standard error, where else the content lies"
  )
  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String
  @Option(name: .long, help: help("清除所依据的法律名称", "the law on which it rests")) var law: String
  @Option(name: .long, help: help("条款项", "its article")) var article: String
  @Option(
    name: .long,
    help: help("序号：多条记录用同一编号时", "its index, where several came under one id"))
  var seq: UInt64?

  func run() async throws {
    let (proposal, names) = try await node.withNode { client in
      (
        try await client.erasureStatement(id, law: law, article: article, seq: seq),
        await AgencyNames.of(client, for: node.common.output)
      )
    }
    let other = ErasureLines.carriers(proposal.value.carriers, names)
    if node.common.output == .text { for line in other { Console.error(line) } }
    node.show(json: proposal.json, text: [String(proposal.value.text.dropLast())])
  }
}

struct ErasureApprove: ParsableCommand {
  static let configuration = describe(
    "approve", "用运维密钥签署 erase show 的输出或他人已签的批准书",
    "sign what erase show wrote, or the note that another has signed")
  @OptionGroup var approval: ApprovalOptions

  func run() throws {
    let (note, statement) = try Self.read(approval.bytes())
    try approval.sign(
      note, quorum: ErasureStatement.quorum, of: statement.agency,
      title: say("已批准清除 ", "approved the erasure of ") + "\(statement.target)",
      next: say("下一步：sanxiang record erase apply", "next: sanxiang record erase apply")
    ) { json in
      json.member("target", statement.target.description)
      json.member("channel", statement.channel.description)
      json.member("seq", statement.seq)
    }
  }

  static func read(_ bytes: [UInt8]) throws -> (SignedNote, ErasureStatement) {
    guard let note = ApprovalOptions.note(bytes),
      let statement = ErasureStatement(parsing: note.text)
    else {
      throw Failure(
        .failed, "erasure.approvals", say("不是清除内容的批准文本", "not a statement about an erasure"))
    }
    return (note, statement)
  }
}

struct ErasureApply: AsyncParsableCommand {
  static let configuration = describe(
    "apply", "凭两名运维人员签署的批准书清除本节点所存内容，不可恢复",
    "on a note that two operators signed, destroy the copy held here, for good")
  @OptionGroup var node: NodeOptions
  @Option(name: .long, help: help("批准书", "the signed note")) var note: String

  func run() async throws {
    let bytes = try Files.read(note, limit: 64 << 10)
    let (_, statement) = try ErasureApprove.read(bytes)
    let (receipt, names) = try await node.withNode { client in
      (
        try await client.erase("\(statement.target)", approved: bytes),
        await AgencyNames.of(client, for: node.common.output)
      )
    }
    let value = receipt.value
    node.show(
      json: receipt.json,
      text: [
        say("清除记录 ", "erasure record ") + value.id,
        say(
          "封存后即销毁本节点所存内容与盐值；\(names.full(value.peer))的副本须由该机关清除",
          "payload and salt held here go when it is sealed; the copy of \(names.full(value.peer)) "
            + "is for that agency to erase"),
      ] + ErasureLines.carriers(value.carriers, names))
  }
}

struct ErasureList: AsyncParsableCommand {
  static let configuration = describe(
    "list", "列出已清除内容的记录，含对方已清除而本机关仍存的",
    "list records whose payloads are erased, also where only the other end has")
  @OptionGroup var node: NodeOptions
  @Option(name: .long, help: help("从此处继续", "go on from here")) var cursor: Int64?
  @Option(name: .long, help: help("最多几行", "at most so many")) var limit: Int?

  func run() async throws {
    let list = try await node.withNode { try await $0.erasures(cursor: cursor, limit: limit) }
    let more =
      list.value.next.map { [say("下一页：--cursor \($0)", "next page: --cursor \($0)")] } ?? []
    node.show(
      json: list.json, text: ErasureLines.list(list.value.items, width: Terminal.width) + more)
  }
}
