import ArgumentParser
import FoundationEssentials
import NodeClient
import RecordModel
import RecordSchema

/// Any record, and what its own sender may do to it afterwards.
struct RecordGroup: ParsableCommand {
  static let configuration = describe(
    "record", "任一记录：查看、依法清除内容；本机关的记录：撤回、更正",
    "any record: show, erase its content by law; one's own: withdraw, correct",
    subcommands: [
      RecordShow.self, RecordWithdrawCommand.self, RecordCorrectCommand.self, ErasureCommand.self,
    ])
}

struct RecordWithdrawCommand: ActCommand {
  static let configuration = describe(
    "withdraw", "撤回本机关的一份记录（日志不改，原记录仍在）",
    "withdraw a record of one's own 撤回; it stays in the log",
    example: "sanxiang record withdraw ID --reason 移送对象有误")

  @Option(name: .long, help: help("撤回理由", "why")) var reason: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<RecordWithdraw> {
    Form(Needed("--reason", reason)) { reason in
      RecordWithdraw(target: try IDFlag(argument: act.id).value(of: "ID"), reason: reason)
    }
  }
}

/// The new payload is a payload of the record's own kind; this program wraps it.
struct RecordCorrectCommand: RecordCommand {
  static let configuration = describe(
    "correct", "用一份新载荷更正本机关的一份记录（日志不改，原记录仍在）",
    "correct a record of one's own with a whole new payload 更正; the old one stays in the log",
    example: "sanxiang record show ID --payload > new.json\n"
      + "sanxiang record correct ID --file new.json --reason 涉案金额有误")

  @Argument(help: help("被更正的记录编号", "id of the record to correct")) var id: String
  @Option(
    name: .customLong("file"),
    help: help(
      "更正后的完整载荷，与原记录同一种类", "the whole new payload, of the same kind as the record's"))
  var corrected: FileFlag?
  @Option(name: .long, help: help("更正理由", "why")) var reason: String?
  @Option(
    name: .long,
    help: help(
      "新载荷的模式及版本，默认与原记录相同", "schema and version of the new payload; default: the record's"))
  var newSchema: String?
  @OptionGroup var delivery: DeliveryOptions

  var file: String? { nil }

  func destination() throws -> Draft.Destination { .answer(try Check.id(id)) }

  func form(at now: Timestamp) -> Form<RecordCorrect> {
    Form(
      Needed("--file", corrected), Needed("--reason", reason), Needed("--new-schema", newSchema)
    ) { payload, reason, schema in
      // Judged by itself first, so that what is wrong is told at its place in the file.
      guard let name = SchemaName(schema) else { throw SchemaChoice.unknown(schema) }
      try PayloadCheck.beforeSending(
        payload, kind: name.kind, schema: schema, today: now.day)
      return RecordCorrect(
        target: try IDFlag(argument: id).value(of: "ID"), schema: schema, payload: payload,
        reason: reason)
    }
  }

  mutating func run() async throws {
    let id = try Check.id(id)
    if newSchema == nil {
      let record = try await delivery.node.withNode { try await $0.record(id).value }
      newSchema = RecordView(record).header?.schema
    }
    let draft = try draft(at: .now)
    try await delivery.node.withNode { [delivery] in try await delivery.send(draft, through: $0) }
  }
}

struct RecordShow: AsyncParsableCommand {
  static let configuration = describe(
    "show", "查看任一记录", "show any record",
    example: "sanxiang record show ID --payload > payload.json")

  @OptionGroup var node: NodeOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String
  @Flag(name: .long, help: help("只输出载荷原文", "write nothing but the payload, verbatim"))
  var payload = false
  @Flag(name: .long, help: help("只输出记录头原文", "write nothing but the header, verbatim"))
  var header = false

  func validate() throws {
    guard !payload || !header else {
      throw ValidationError(
        say("--payload 与 --header 不能同时用", "--payload and --header exclude each other"))
    }
  }

  func run() async throws {
    let id = try Check.id(id)
    if payload || header {
      Console.bytes(
        try await node.withNode { try await $0.part(payload ? "payload" : "header", of: id) })
      return
    }
    let (record, names) = try await node.withNode { client in
      (try await client.record(id), await AgencyNames.of(client, for: node.common.output))
    }
    node.show(json: record.json, text: RecordView(record.value).lines(names))
  }
}
