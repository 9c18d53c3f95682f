import ArgumentParser
import RecordModel

// What both ends do to a lead on its way: supplements and review.

/// Supplements.
struct SupplementCommand: ParsableCommand {
  static let configuration = describe(
    "supplement", "补正：接收机关通知补正，移送机关补充材料",
    "supplements: the receiver asks for what is missing, the sender supplies it",
    subcommands: [SupplementRequestCommand.self, SupplementProvideCommand.self])
}

struct SupplementRequestCommand: ActCommand {
  static let configuration = describe(
    "request", "通知补正", "ask the sender for what is missing 补正通知",
    example: "sanxiang supplement request ID --item 检验报告 --item 涉案物品清单 --due-by 2026-12-01")

  @Option(name: .long, help: help("补正事项，可给多次", "what is missing; may be repeated"))
  var item: [String] = []
  @Option(name: .long, help: help("补正期限", "the day by which it is to be supplied"))
  var dueBy: DayFlag?
  @Option(name: .long, help: help("说明", "in words")) var text: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<SupplementRequest> {
    Form(
      Several("--item", item, needed: true), Needed("--due-by", dueBy), Maybe("--text", text)
    ) {
      SupplementRequest(items: $0, dueBy: $1, text: $2)
    }
  }
}

struct SupplementProvideCommand: ActCommand {
  static let configuration = describe(
    "provide", "补充材料", "supply what was asked for 补充材料",
    example: "sanxiang supplement provide ID --text 检验报告已补齐 --item 检验报告")

  @Option(name: .long, help: help("补正说明", "in words")) var text: String?
  @Option(name: .long, help: help("已补正事项，可给多次", "what is supplied; may be repeated"))
  var item: [String] = []
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<SupplementProvide> {
    Form(Needed("--text", text), Several("--item", item, needed: false)) {
      SupplementProvide(text: $0, items: $1.isEmpty ? nil : $1)
    }
  }
}

/// Review.
struct ReviewCommand: ParsableCommand {
  static let configuration = describe(
    "review", "复议：移送机关提请复议或者建议立案监督，接收机关作出决定",
    "review: the sender objects to a decision, the receiver decides on that",
    subcommands: [ReviewRequestCommand.self, ReviewDecideCommand.self])
}

struct ReviewRequestCommand: ActCommand {
  static let configuration = describe(
    "request", "提请复议或者建议立案监督",
    "object to a decision on filing 提请复议、建议立案监督",
    example: "sanxiang review request ID --ground new-evidence --text 补充鉴定意见"
      + " --doc-no 示市监复〔2026〕1号")

  @Option(
    name: .long,
    help: ArgumentHelp(
      "程序，默认 reconsideration", "the procedure, reconsideration by default",
      Codes.ReviewProcedure.self))
  var procedure: CodeFlag<Codes.ReviewProcedure>?
  @Option(name: .long, help: ArgumentHelp("理由", "the ground", Codes.ReviewGround.self))
  var ground: CodeFlag<Codes.ReviewGround>?
  @Option(name: .long, help: help("理由说明", "the ground in words")) var text: String?
  @Option(name: .long, help: help("文号", "document number")) var docNo: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<ReviewRequest> {
    Form(
      Maybe("--procedure", procedure), Needed("--ground", ground), Needed("--text", text),
      Needed("--doc-no", docNo)
    ) {
      ReviewRequest(procedure: $0 ?? .reconsideration, ground: $1, text: $2, docNo: $3)
    }
  }
}

struct ReviewDecideCommand: ActCommand {
  static let configuration = describe(
    "decide", "复议决定，或者立案监督的结果", "decide on a review 复议决定",
    example: "sanxiang review decide ID --decision changed --reason 新证据足以证明犯罪事实")

  @Option(name: .long, help: ArgumentHelp("决定", "the decision", Codes.ReviewDecision.self))
  var decision: CodeFlag<Codes.ReviewDecision>?
  @Option(name: .long, help: help("理由", "the reason")) var reason: String?
  @Option(name: .long, help: help("决定日期，默认今天", "day of the decision; default: today"))
  var date: DayFlag?
  @Option(name: .long, help: help("文号", "document number")) var docNo: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<ReviewDecide> {
    Form(
      Needed("--decision", decision), Needed("--reason", reason), Day("--date", date, now),
      Maybe("--doc-no", docNo)
    ) {
      ReviewDecide(decision: $0, reason: $1, date: $2, docNo: $3)
    }
  }
}
