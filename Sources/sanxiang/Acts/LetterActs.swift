import ArgumentParser
import RecordModel

/// Letters.
struct LetterCommand: ParsableCommand {
  static let configuration = describe(
    "letter", "三书一函：司法建议书、检察建议书、监察建议书、公安提示函，以及复函",
    "letters: judicial, procuratorial and supervisory suggestions, public security notices, replies",
    subcommands: [LetterIssueCommand.self, LetterReplyCommand.self])
}

struct LetterIssueCommand: OpeningCommand {
  static let configuration = describe(
    "issue", "制发三书一函", "issue a letter 三书一函",
    example: "sanxiang letter issue --to 11000000MB0000019X --type procuratorial-suggestion"
      + " --doc-no 示检建〔2026〕1号 --title 关于规范工程招标的检察建议 --industry construction"
      + " --problem 招标代理机构管理缺失 --proposal 建立代理机构名录 --proposal 开展专项检查"
      + " --reply-by 2027-01-23")

  @Option(name: .long, help: ArgumentHelp("函件类型", "the type", Codes.LetterType.self))
  var type: CodeFlag<Codes.LetterType>?
  @Option(name: .long, help: help("文号", "document number")) var docNo: String?
  @Option(name: .long, help: help("标题", "what it is about")) var title: String?
  @Option(name: .long, help: ArgumentHelp("行业领域", "the industry", Codes.Industry.self))
  var industry: CodeFlag<Codes.Industry>?
  @Option(name: .long, help: help("存在问题", "the problems found")) var problem: String?
  @Option(name: .long, help: help("建议，可给多次", "what is proposed; may be repeated"))
  var proposal: [String] = []
  @Flag(name: .long, help: help("情况紧急", "the matter is urgent")) var urgent = false
  @Option(name: .long, help: help("请求答复日期", "the day by which a reply is asked for"))
  var replyBy: DayFlag?
  @Option(name: .long, help: help("相关线索的移送链编号", "id of the lead's thread that gave rise to it"))
  var about: IDFlag?
  @OptionGroup var opening: OpeningOptions

  func form(at now: Timestamp) -> Form<LetterIssue> {
    Form(
      Needed("--type", type), Needed("--doc-no", docNo), Needed("--title", title),
      Needed("--industry", industry), Needed("--problem", problem),
      Several("--proposal", proposal, needed: true), Yes("--urgent", urgent),
      Needed("--reply-by", replyBy), Maybe("--about", about)
    ) { type, docNo, title, industry, problem, proposals, urgent, replyBy, about in
      LetterIssue(
        type: type, docNo: docNo, title: title, industry: industry, problem: problem,
        proposals: proposals, urgent: urgent, replyBy: replyBy, about: about)
    }
  }
}

struct LetterReplyCommand: ActCommand {
  static let configuration = describe(
    "reply", "复函", "reply to a letter 复函",
    example: "sanxiang letter reply ID --adopted adopted --measure 已建立名录"
      + " --doc-no 示住建函〔2026〕1号")

  @Option(name: .long, help: ArgumentHelp("采纳情况", "how far adopted", Codes.Adoption.self))
  var adopted: CodeFlag<Codes.Adoption>?
  @Option(name: .long, help: help("整改措施，可给多次", "what is done; may be repeated"))
  var measure: [String] = []
  @Option(
    name: .long, help: help("未全部采纳的理由", "the reason; needed unless all is adopted"))
  var reason: String?
  @Option(name: .long, help: help("文号", "document number")) var docNo: String?
  @Option(name: .long, help: help("复函日期，默认今天", "day of the reply; default: today"))
  var date: DayFlag?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<LetterReply> {
    Form(
      Needed("--adopted", adopted), Several("--measure", measure, needed: false),
      Maybe("--reason", reason), Needed("--doc-no", docNo), Day("--date", date, now)
    ) {
      LetterReply(adopted: $0, measures: $1, reason: $2, docNo: $3, date: $4)
    }
  }
}
