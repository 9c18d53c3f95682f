import ArgumentParser
import RecordModel

struct InboxSign: ActCommand {
  static let configuration = describe(
    "sign", "签收", "sign for a lead 签收", example: "sanxiang inbox sign ID --unit 案件管理室")

  @Option(name: .long, help: help("承办部门", "the unit that signs")) var unit: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<LeadSign> {
    Form(Needed("--unit", unit)) { LeadSign(handlingUnit: $0, signedAt: now) }
  }
}

struct InboxAccept: ActCommand {
  static let configuration = describe(
    "accept", "受理", "take a lead up 受理", example: "sanxiang inbox accept ID --unit 第一检察部")

  @Option(name: .long, help: help("承办部门", "the unit that takes it up")) var unit: String?
  @Option(name: .long, help: help("受理文号", "document number")) var docNo: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<LeadAccept> {
    Form(Needed("--unit", unit), Maybe("--doc-no", docNo)) {
      LeadAccept(docNo: $1, handlingUnit: $0, acceptedAt: now)
    }
  }
}

struct InboxRefuse: ActCommand {
  static let configuration = describe(
    "refuse", "不予受理", "do not take a lead up 不予受理",
    example: "sanxiang inbox refuse ID --reason duplicate --text 与前函重复")

  @Option(name: .long, help: ArgumentHelp("理由", "the reason", Codes.RefuseReason.self))
  var reason: CodeFlag<Codes.RefuseReason>?
  @Option(name: .long, help: help("理由说明", "the reason in words")) var text: String?
  @Option(name: .long, help: help("建议移送的机关代码", "code of the agency to send it to instead"))
  var suggest: AgencyFlag?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<LeadRefuse> {
    Form(Needed("--reason", reason), Needed("--text", text), Maybe("--suggest", suggest)) {
      LeadRefuse(reason: $0, text: $1, suggestedAgency: $2)
    }
  }
}

struct InboxReturn: ActCommand {
  static let configuration = describe(
    "return", "退回", "give a lead back 退回",
    example: "sanxiang inbox return ID --reason incomplete-materials --text 缺检验报告")

  @Option(name: .long, help: ArgumentHelp("理由", "the reason", Codes.ReturnReason.self))
  var reason: CodeFlag<Codes.ReturnReason>?
  @Option(name: .long, help: help("理由说明", "the reason in words")) var text: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<LeadReturn> {
    Form(Needed("--reason", reason), Needed("--text", text)) {
      LeadReturn(reason: $0, text: $1)
    }
  }
}

struct InboxDecide: ActCommand {
  static let configuration = describe(
    "decide", "决定立案或者不予立案", "decide whether to file a case 立案、不予立案",
    example: "sanxiang inbox decide ID --decision filed --doc-no 示检立〔2026〕1号")

  @Option(name: .long, help: ArgumentHelp("决定", "the decision", Codes.Decision.self))
  var decision: CodeFlag<Codes.Decision>?
  @Option(name: .long, help: help("决定文号", "document number")) var docNo: String?
  @Option(name: .long, help: help("决定日期，默认今天", "day of the decision; default: today"))
  var date: DayFlag?
  @Option(name: .long, help: help("理由，不予立案时必填", "the reason; needed where no case is filed"))
  var reason: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<LeadDecide> {
    Form(
      Needed("--decision", decision), Needed("--doc-no", docNo), Day("--date", date, now),
      Maybe("--reason", reason)
    ) {
      LeadDecide(decision: $0, docNo: $1, date: $2, reason: $3)
    }
  }
}

struct InboxFeedback: ActCommand {
  static let configuration = describe(
    "feedback", "处置反馈，可多次", "tell the sender how the matter stands 处置反馈",
    example: "sanxiang inbox feedback ID --stage investigating --outcome in-progress")

  @Option(name: .long, help: ArgumentHelp("办理阶段", "the stage reached", Codes.Stage.self))
  var stage: CodeFlag<Codes.Stage>?
  @Option(
    name: .long,
    help: ArgumentHelp(
      "处理结果，默认 in-progress", "what came of it, in-progress by default", Codes.Outcome.self))
  var outcome: CodeFlag<Codes.Outcome>?
  @Option(
    name: .long,
    help: help("到达该阶段或者得出结果之日，默认今天", "day of the stage or outcome; default: today"))
  var date: DayFlag?
  @Option(name: .long, help: help("文号", "document number")) var docNo: String?
  @Option(name: .long, help: help("反馈说明", "in words")) var text: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<LeadFeedback> {
    Form(
      Needed("--stage", stage), Maybe("--outcome", outcome), Day("--date", date, now),
      Maybe("--doc-no", docNo), Maybe("--text", text)
    ) {
      LeadFeedback(stage: $0, outcome: $1 ?? .inProgress, date: $2, docNo: $3, text: $4)
    }
  }
}

struct InboxClose: ActCommand {
  static let configuration = describe(
    "close", "办结", "tell the sender that the lead is done with 办结",
    example: "sanxiang inbox close ID --outcome criminal-penalty --outcome rectified")

  @Option(
    name: .long,
    help: ArgumentHelp(
      "处理结果，可给多次", "what came of it, may be repeated", Codes.ClosingOutcome.self))
  var outcome: [CodeFlag<Codes.ClosingOutcome>] = []
  @Option(name: .long, help: help("办结日期，默认今天", "day of closing; default: today"))
  var date: DayFlag?
  @Option(name: .long, help: help("文号", "document number")) var docNo: String?
  @Option(name: .long, help: help("办结说明", "in words")) var text: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<LeadClose> {
    Form(
      Several("--outcome", outcome, needed: true), Day("--date", date, now),
      Maybe("--doc-no", docNo), Maybe("--text", text)
    ) {
      LeadClose(outcomes: $0, date: $1, docNo: $2, text: $3)
    }
  }
}
