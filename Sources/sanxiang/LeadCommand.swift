import ArgumentParser
import FoundationEssentials
import NodeClient
import RecordModel
import RecordSchema

/// Outgoing leads.
struct LeadCommand: ParsableCommand {
  static let configuration = describe(
    "lead", "移送：发送、列表、跟踪、取消、回证", "what is sent: send, list, track, cancel, receipt",
    subcommands: [
      LeadSend.self, LeadList.self, LeadTrack.self, LeadCancel.self, LeadReceipt.self,
    ])
}

struct LeadSend: AsyncParsableCommand, RecordSender {
  static let configuration = describe(
    "send", "发送线索（先在本机校验，载荷原样发送）",
    "send a lead; the payload is checked here first and goes verbatim",
    example: "sanxiang schema template lead.transfer > lead.json\n"
      + "sanxiang lead send lead.json --to 11000000MB0000027Q --wait")

  static let kinds = ThreadRules.openings

  @OptionGroup var delivery: DeliveryOptions
  @Argument(help: help("载荷文件（- 为标准输入）", "the payload's file, - for standard input"))
  var file: String
  @Option(name: .long, help: help("接收机关代码", "the receiving agency's code")) var to: String
  @Option(
    name: .long,
    help: help(
      "种类，默认 lead.transfer；能发起移送链的：" + kinds.joined(separator: "、"),
      "kind; default lead.transfer; those that open a thread: " + kinds.joined(separator: ", ")))
  var kind: String?

  func draft(at now: Timestamp) throws -> Draft {
    let kind =
      kind ?? delivery.schema.flatMap { SchemaName($0)?.kind } ?? KindName.leadTransfer
    let draft = Draft(kind: kind, destination: .open(to), payload: try Files.read(file))
    try delivery.check(draft, at: now)
    return draft
  }

  func run() async throws {
    let draft = try draft(at: .now)
    try await delivery.node.withNode { try await delivery.send(draft, through: $0) }
  }
}

struct ListOptions: ParsableArguments {
  @Option(name: .long, help: help("一页几条", "items of one page")) var limit = 50
  @Option(name: .long, help: help("从上一页给出的游标继续", "go on at the last page's cursor"))
  var cursor: Int64?
  @Option(
    name: .long,
    help: help("只要这些状态，逗号分隔：" + named, "only these states, joined by commas: " + named))
  var state: String?

  private static let named = ThreadState.allCases.map {
    say("\($0.rawValue)（\($0.titleZH)）", $0.rawValue)
  }.joined(separator: say("、", ", "))

  var states: [String] { state?.split(separator: ",").map(String.init) ?? [] }
}

struct LeadList: AsyncParsableCommand {
  static let configuration = describe(
    "list", "列出发出的线索、函件、会商、督办，新的在前",
    "list what was sent: leads, letters, consultations, supervision; newest first",
    example: "sanxiang lead list --state transferred,signed --to 11000000MB0000019X")

  @OptionGroup var node: NodeOptions
  @OptionGroup var page: ListOptions
  @Option(name: .long, help: help("只要发给此机关的", "only to this agency")) var to: String?

  func run() async throws {
    let (list, names) = try await node.withNode { client in
      (
        try await client.leads(
          cursor: page.cursor, limit: page.limit, to: to, states: page.states),
        await AgencyNames.of(client, for: node.common.output)
      )
    }
    node.show(json: list.json, text: Lines.records(list.value, other: .to, names: names))
  }
}

struct LeadTrack: AsyncParsableCommand {
  static let configuration = describe("track", "跟踪一条移送链", "show a lead's thread as a timeline")

  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String

  func run() async throws {
    let id = try Check.id(id)
    let (thread, names) = try await node.withNode { client in
      (try await client.thread(id), await AgencyNames.of(client, for: node.common.output))
    }
    node.show(json: thread.json, text: ThreadLines(thread.value, names: names).lines)
  }
}

struct LeadCancel: AsyncParsableCommand {
  static let configuration = describe(
    "cancel", "取消尚未封入日志的提交；转送及其告知一并取消",
    "take an unsealed submission back; of a forwarding, its notice too, or both")

  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String

  func run() async throws {
    try await node.withNode { try await $0.cancel(try Check.id(id)) }
    node.done("cancelled", id: id, say("已取消 ", "cancelled ") + id)
  }
}

struct LeadReceipt: AsyncParsableCommand {
  static let configuration = describe(
    "receipt", "打印送达回证及其证明", "print the receipt 送达回证 with its proof")

  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String
  @Option(name: .long, help: help("另存 tlog-proof 文件", "also write the tlog-proof file here"))
  var proof: String?

  func run() async throws {
    let receipt = try await node.withNode { try await $0.receipt(try Check.id(id)) }
    if let proof { try Files.write(Array(receipt.value.proof.utf8), to: proof) }
    node.show(json: receipt.json, text: Lines.receipt(receipt.value))
  }
}

/// What can be judged before a node is asked.
enum Check {
  /// An id goes into a path: nothing but the letters of a UUID may.
  static func id(_ text: String) throws -> String {
    guard text.utf8.count == 36,
      text.utf8.allSatisfy({
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2d
      })
    else {
      throw Failure(
        .usage, "argument.id",
        say("编号须为小写 UUID", "an id is a UUID in lower case"))
    }
    return text
  }

  /// A code goes into a path too.
  static func code(_ text: String) throws -> String {
    guard text.utf8.count == 18,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) })
    else {
      throw Failure(
        .usage, "argument.code",
        say("机关代码须为 18 位统一社会信用代码", "a code is a unified social credit code of 18 characters"))
    }
    return text
  }
}
