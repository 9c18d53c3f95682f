import ArgumentParser
import Foundation
import RecordModel
import RecordSchema

@testable import sanxiang

/// A command line that writes a record, and the record.
struct ActRow: Sendable, CustomStringConvertible {
  var line: [String]
  var kind: String
  var destination: Draft.Destination
  var payload: String

  init(_ line: String, _ kind: String, _ destination: Draft.Destination, _ payload: String) {
    self.line = line.split(separator: " ").map(String.init)
    self.kind = kind
    self.destination = destination
    self.payload = payload
  }

  var description: String { line.prefix(2).joined(separator: " ") }
}

enum ActTable {
  static let id = "019ab000-0000-7000-8000-000000000001"
  static let other = "019ab000-0000-7000-8000-000000000002"
  static let peer = "11000000MB0000019X"
  static let third = "11000000MB0000027Q"

  /// 00:15 in Beijing, the day before in Greenwich.
  static var now: Timestamp {
    get throws { try Timestamp(parsing: "2026-11-23T00:15:00.123+08:00") }
  }

  /// What a command line would send at that moment.
  static func draft(_ line: [String]) throws -> Draft {
    // From the command on: parsing from the root costs ten times as much.
    guard let type = commands.first(where: { $0.path == Array(line.prefix(2)) })?.type,
      let command = try type.parseAsRoot(Array(line.dropFirst(2))) as? any RecordCommand
    else { throw NoRecordCommand(line: line) }
    return try command.draft(at: now)
  }

  struct NoRecordCommand: Error {
    var line: [String]
  }

  static let rows =
    received + cases + letters + consultations + [
      ActRow(
        "record withdraw \(id) --reason 移送有误", "record.withdraw", .answer(id),
        #"{"target":"\#(id)","reason":"移送有误"}"#)
    ]

  private static let received = [
    ActRow(
      "inbox sign \(id) --unit 案件管理室", "lead.sign", .answer(id),
      #"{"handlingUnit":"案件管理室","signedAt":"2026-11-23T00:15:00.123+08:00"}"#),
    ActRow(
      "inbox accept \(id) --unit 第一检察部 --doc-no 示检受〔2026〕1号", "lead.accept", .answer(id),
      #"{"docNo":"示检受〔2026〕1号","handlingUnit":"第一检察部","#
        + #""acceptedAt":"2026-11-23T00:15:00.123+08:00"}"#),
    ActRow(
      "inbox refuse \(id) --reason no-jurisdiction --text 不归本院 --suggest \(third)", "lead.refuse",
      .answer(id),
      #"{"reason":"no-jurisdiction","text":"不归本院","suggestedAgency":"\#(third)"}"#),
    ActRow(
      "inbox return \(id) --reason incomplete-materials --text 缺检验报告", "lead.return", .answer(id),
      #"{"reason":"incomplete-materials","text":"缺检验报告"}"#),
    ActRow(
      "inbox decide \(id) --decision filed --doc-no 示检立〔2026〕1号", "lead.decide", .answer(id),
      #"{"decision":"filed","docNo":"示检立〔2026〕1号","date":"2026-11-23"}"#),
    ActRow(
      "inbox decide \(id) --decision not-filed --doc-no 示检立〔2026〕2号 --date 2026-11-20"
        + " --reason 事实不清", "lead.decide", .answer(id),
      #"{"decision":"not-filed","docNo":"示检立〔2026〕2号","date":"2026-11-20","reason":"事实不清"}"#),
    ActRow(
      "inbox feedback \(id) --stage investigating", "lead.feedback", .answer(id),
      #"{"stage":"investigating","outcome":"in-progress","date":"2026-11-23"}"#),
    ActRow(
      "inbox feedback \(id) --stage judged --outcome criminal-penalty --date 2026-11-01"
        + " --doc-no 示检反〔2026〕1号 --text 已判决", "lead.feedback", .answer(id),
      #"{"stage":"judged","outcome":"criminal-penalty","date":"2026-11-01","#
        + #""docNo":"示检反〔2026〕1号","text":"已判决"}"#),
    ActRow(
      "inbox close \(id) --outcome criminal-penalty --outcome rectified --text 已经办结",
      "lead.close", .answer(id),
      #"{"outcomes":["criminal-penalty","rectified"],"date":"2026-11-23","text":"已经办结"}"#),
  ]

  private static let cases = [
    ActRow(
      "supplement request \(id) --item 检验报告 --item 物品清单 --due-by 2026-12-01 --text 请补齐",
      "supplement.request", .answer(id),
      #"{"items":["检验报告","物品清单"],"dueBy":"2026-12-01","text":"请补齐"}"#),
    ActRow(
      "supplement provide \(id) --text 已补齐", "supplement.provide", .answer(id),
      #"{"text":"已补齐"}"#),
    ActRow(
      "supplement provide \(id) --text 已补齐 --item 检验报告", "supplement.provide", .answer(id),
      #"{"text":"已补齐","items":["检验报告"]}"#),
    ActRow(
      "review request \(id) --ground new-evidence --text 有新证据 --doc-no 示市监复〔2026〕1号",
      "review.request", .answer(id),
      #"{"procedure":"reconsideration","ground":"new-evidence","text":"有新证据","#
        + #""docNo":"示市监复〔2026〕1号"}"#),
    ActRow(
      "review decide \(id) --decision changed --reason 证据充分", "review.decide", .answer(id),
      #"{"decision":"changed","reason":"证据充分","date":"2026-11-23"}"#),
    ActRow(
      "notice remind \(id) --clock filing-decide --due-by 2026-12-01", "notice.remind", .answer(id),
      #"{"level":"remind","dueBy":"2026-12-01","clock":"filing-decide"}"#),
    ActRow(
      "notice remind --to \(peer) --about \(other) --level supervise --clock filing-decide"
        + " --due-by 2026-12-01 --text 限期办理", "notice.remind", .open(peer),
      #"{"level":"supervise","dueBy":"2026-12-01","clock":"filing-decide","about":"\#(other)","#
        + #""text":"限期办理"}"#),
  ]

  private static let letters = [
    ActRow(
      "letter issue --to \(peer) --type procuratorial-suggestion --doc-no 示检建〔2026〕1号"
        + " --title 关于规范招标的建议 --industry construction --problem 管理缺失 --proposal 建立名录"
        + " --proposal 专项检查 --reply-by 2027-01-23 --urgent --about \(other)", "letter.issue",
      .open(peer),
      #"{"type":"procuratorial-suggestion","docNo":"示检建〔2026〕1号","title":"关于规范招标的建议","#
        + #""industry":"construction","problem":"管理缺失","proposals":["建立名录","专项检查"],"#
        + #""urgent":true,"replyBy":"2027-01-23","about":"\#(other)"}"#),
    ActRow(
      "letter reply \(id) --adopted adopted --measure 已建立名录 --doc-no 示住建函〔2026〕1号",
      "letter.reply", .answer(id),
      #"{"adopted":"adopted","measures":["已建立名录"],"docNo":"示住建函〔2026〕1号","#
        + #""date":"2026-11-23"}"#),
    ActRow(
      "letter reply \(id) --adopted not-adopted --reason 已有规定 --doc-no 示住建函〔2026〕2号",
      "letter.reply", .answer(id),
      #"{"adopted":"not-adopted","measures":[],"reason":"已有规定","#
        + #""docNo":"示住建函〔2026〕2号","date":"2026-11-23"}"#),
  ]

  private static let consultations = [
    ActRow(
      "consult open \(id) --question 物品如何移交 --participant \(peer) --participant \(third)",
      "consult.open", .answer(id),
      #"{"question":"物品如何移交","participants":["\#(peer)","\#(third)"]}"#),
    ActRow(
      "consult open --to \(peer) --question 物品如何移交 --participant \(peer) --about \(other)"
        + " --reply-by 2026-12-01", "consult.open", .open(peer),
      #"{"question":"物品如何移交","participants":["\#(peer)"],"about":"\#(other)","#
        + #""replyBy":"2026-12-01"}"#),
    ActRow(
      "consult note \(id) --note 同意保管", "consult.note", .answer(id), #"{"note":"同意保管"}"#),
    ActRow(
      "consult conclude \(id) --conclusion 由市监局保管", "consult.conclude", .answer(id),
      #"{"conclusion":"由市监局保管","date":"2026-11-23"}"#),
  ]

  /// Every command of the program, groups too, with its path.
  static let commands = commands(of: Sanxiang.self, path: [])

  private static func commands(
    of type: any ParsableCommand.Type, path: [String]
  ) -> [(path: [String], type: any ParsableCommand.Type)] {
    [(path, type)]
      + type.configuration.subcommands.flatMap {
        commands(of: $0, path: path + [$0.configuration.commandName ?? ""])
      }
  }
}
