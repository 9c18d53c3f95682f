import ArgumentParser
import NodeClient

/// Received leads and what is done with them.
struct InboxCommand: ParsableCommand {
  static let configuration = describe(
    "inbox", "收件：收到的线索、函件、会商、督办，及接收机关的各项办理",
    "what was received: leads, letters, consultations, supervision; and what is done with it",
    subcommands: [
      InboxList.self, InboxShow.self, InboxTake.self, InboxRelease.self, InboxSign.self,
      InboxAccept.self, InboxRefuse.self, InboxReturn.self, InboxForward.self, InboxDecide.self,
      InboxFeedback.self, InboxClose.self,
    ])
}

struct InboxList: AsyncParsableCommand {
  static let configuration = describe(
    "list", "列出收到的线索、函件、会商、督办，旧的在前",
    "list what was received: leads, letters, consultations, supervision; oldest first",
    example: "sanxiang inbox list --state transferred --from 11000000MB0000019X")

  @OptionGroup var node: NodeOptions
  @OptionGroup var page: ListOptions
  @Option(name: .long, help: help("只要此机关发来的", "only from this agency")) var from: String?

  func run() async throws {
    let (list, names) = try await node.withNode { client in
      (
        try await client.inbox(
          cursor: page.cursor, limit: page.limit, from: from, states: page.states),
        await AgencyNames.of(client, for: node.common.output)
      )
    }
    node.show(json: list.json, text: Lines.records(list.value, other: .from, names: names))
  }
}

struct InboxShow: AsyncParsableCommand {
  static let configuration = describe(
    "show", "查看收到的一份文书及其移送链", "show what was received, and its thread")

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
      text: RecordView(entry.value.record).lines(names)
        + ["", ""] + ThreadLines(entry.value.thread, names: names).lines)
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
        + RecordView(taken.value.record).lines(names))
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
