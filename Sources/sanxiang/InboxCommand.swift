import ArgumentParser
import FoundationEssentials
import NodeClient
import RecordModel
import RecordSchema

/// Received leads and what is done with them.
struct InboxCommand: ParsableCommand {
  static let configuration = describe(
    "inbox", "收件：列表、查看、领取、取消领取、签收、受理、不予受理、退回",
    "received leads: list, show, take, release, sign, accept, refuse, return",
    subcommands: [
      InboxList.self, InboxShow.self, InboxTake.self, InboxRelease.self, InboxSign.self,
      InboxAccept.self, InboxRefuse.self, InboxReturn.self,
    ])
}

struct InboxList: AsyncParsableCommand {
  static let configuration = describe("list", "列出收到的线索，旧的在前", "list received leads, oldest first")

  @OptionGroup var node: NodeOptions
  @OptionGroup var page: ListOptions
  @Option(name: .long, help: help("只要此机关移送的", "only from this agency")) var from: String?

  func run() async throws {
    let list = try await node.withNode {
      try await $0.inbox(cursor: page.cursor, limit: page.limit, from: from, states: page.states)
    }
    node.show(json: list.json, text: Lines.records(list.value, other: .from))
  }
}

struct InboxShow: AsyncParsableCommand {
  static let configuration = describe("show", "查看一条线索及其移送链", "show a received lead and its thread")

  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String
  @Flag(name: .long, help: help("只输出载荷原文", "write nothing but the payload, verbatim"))
  var payload = false

  func run() async throws {
    let id = try Check.id(id)
    if payload {
      Console.bytes(try await node.withNode { try await $0.part("payload", of: id) })
      return
    }
    let (entry, names) = try await node.withNode { client in
      (try await client.inboxEntry(id), await AgencyNames.of(client, for: node.common.output))
    }
    node.show(
      json: entry.json,
      text: Self.lines(entry.value.record, thread: entry.value.thread, names: names))
  }

  static func lines(_ record: APIRecord, thread: APIThread?, names: AgencyNames) -> [String] {
    let summary = record.summary
    let name = names[summary.from]
    let sender =
      name == summary.from ? name : "\(DisplayWidth.safe(name)) (\(summary.from))"
    var lines = [
      say("编号 ", "id ") + summary.id,
      say("移送机关 ", "from ") + sender,
      say("时间 ", "time ") + Lines.time(summary.time),
      say("缓急 ", "urgency ") + Lines.urgencyName(summary.urgency),
      say("载荷：", "payload:"),
    ]
    if let payload = record.payload.flatMap({ Data(base64Encoded: $0) }) {
      lines += String(decoding: payload, as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
        .map { "  " + DisplayWidth.safe(String($0)) }
    } else {
      lines.append(say("  （已依法清除）", "  (erased by law)"))
    }
    if let thread { lines += [""] + Lines.thread(thread, names: names) }
    return lines
  }
}

struct InboxTake: AsyncParsableCommand {
  static let configuration = describe(
    "take", "领取下一条（或指定的）未签收线索", "lease the next unsigned lead, or the one named")

  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String?
  @Option(name: .long, help: help("领取人（单位或系统名）", "who takes it: a unit or a system"))
  var holder: String
  @Option(name: .long, help: help("领取秒数", "for how many seconds")) var seconds = 600

  func run() async throws {
    let id = try id.map(Check.id)
    let (taken, names) = try await node.withNode { client in
      (
        try await client.take(id, holder: holder, seconds: seconds),
        await AgencyNames.of(client, for: node.common.output)
      )
    }
    guard let taken else {
      node.show(json: Array("{}".utf8), text: [say("没有待领取的线索", "there is nothing to take")])
      return
    }
    node.show(
      json: taken.json,
      text: [say("领取至 ", "leased until ") + Lines.time(taken.value.lease.until)]
        + InboxShow.lines(taken.value.record, thread: nil, names: names))
  }
}

struct InboxRelease: AsyncParsableCommand {
  static let configuration = describe("release", "取消领取", "end a lease early")

  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String
  @Option(name: .long, help: help("领取人", "who took it")) var holder: String

  func run() async throws {
    try await node.withNode { try await $0.release(try Check.id(id), holder: holder) }
    node.done("released", id: id, say("已取消领取 ", "released ") + id)
  }
}

/// What all acts take. The payload is made from the flags or comes whole from a file.
struct ActOptions: ParsableArguments {
  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String
  @Option(name: .long, help: help("改用此文件为载荷，原样", "send this file as the payload, verbatim"))
  var file: String?
  @Option(name: .long, help: help("缓急 normal/urgent/critical", "normal, urgent or critical"))
  var urgency: String?
  @Option(name: .long, help: help("幂等键：重试不重发", "repeating under the same key sends once"))
  var idempotencyKey: String?
  @Option(
    name: .long,
    help: help(
      "模式及版本，如 lead.sign/1；默认双方都能读的最高版本",
      "schema and version, such as lead.sign/1; default: the highest that both nodes read"))
  var schema: String?

  /// Sends the act, once its payload keeps its schema; `members` writes the payload where no file
  /// is given.
  func send(_ kind: String, members: (inout JSONWriter) throws -> Void) async throws {
    let id = try Check.id(id)
    let payload: [UInt8]
    if let file {
      payload = try Files.read(file)
    } else {
      var writer = JSONWriter()
      try writer.object(members)
      payload = writer.bytes
    }
    try PayloadCheck.beforeSending(
      payload, kind: kind, schema: schema, today: Timestamp.now.day)
    let sent = try await node.withNode {
      try await $0.act(
        kind, on: id, payload: payload, schema: schema, urgency: urgency,
        idempotencyKey: idempotencyKey)
    }
    node.show(
      json: sent.json,
      text: [sent.value.id, Lines.kindName(kind) + say("：已收下，待发送", ": taken in; on its way")])
  }

  /// A flag's value, needed unless the payload comes from a file.
  func need(_ value: String?, _ name: String) throws -> String {
    guard let value else {
      throw Failure(
        .usage, "argument.missing",
        say("须给出 --\(name)，或用 --file 给出载荷", "give --\(name), or the payload with --file"))
    }
    return value
  }
}

struct InboxSign: AsyncParsableCommand {
  static let configuration = describe("sign", "签收", "sign for a lead 签收")

  @OptionGroup var act: ActOptions
  @Option(name: .long, help: help("承办部门", "the unit that signs")) var unit: String?

  func run() async throws {
    try await act.send("lead.sign") { writer in
      writer.member("handlingUnit", try act.need(unit, "unit"))
      writer.member("signedAt", Timestamp.now.description)
    }
  }
}

struct InboxAccept: AsyncParsableCommand {
  static let configuration = describe("accept", "受理", "take a lead up 受理")

  @OptionGroup var act: ActOptions
  @Option(name: .long, help: help("承办部门", "the unit that takes it up")) var unit: String?
  @Option(name: .long, help: help("受理文号", "document number")) var docNo: String?

  func run() async throws {
    try await act.send("lead.accept") { writer in
      if let docNo { writer.member("docNo", docNo) }
      writer.member("handlingUnit", try act.need(unit, "unit"))
      writer.member("acceptedAt", Timestamp.now.description)
    }
  }
}

struct InboxRefuse: AsyncParsableCommand {
  static let configuration = describe("refuse", "不予受理", "do not take a lead up 不予受理")

  @OptionGroup var act: ActOptions
  @Option(name: .long, help: ArgumentHelp("理由代码 ", "reason: ", codesOf: "refuse-reason"))
  var reason: String?
  @Option(name: .long, help: help("理由说明", "the reason in words")) var text: String?
  @Option(name: .long, help: help("建议移送的机关代码", "code of the agency to send it to instead"))
  var suggest: String?

  func run() async throws {
    try await act.send("lead.refuse") { writer in
      writer.member("reason", try act.need(reason, "reason"))
      writer.member("text", try act.need(text, "text"))
      if let suggest { writer.member("suggestedAgency", suggest) }
    }
  }
}

struct InboxReturn: AsyncParsableCommand {
  static let configuration = describe("return", "退回", "give a lead back 退回")

  @OptionGroup var act: ActOptions
  @Option(name: .long, help: ArgumentHelp("理由代码 ", "reason: ", codesOf: "return-reason"))
  var reason: String?
  @Option(name: .long, help: help("理由说明", "the reason in words")) var text: String?

  func run() async throws {
    try await act.send("lead.return") { writer in
      writer.member("reason", try act.need(reason, "reason"))
      writer.member("text", try act.need(text, "text"))
    }
  }
}
