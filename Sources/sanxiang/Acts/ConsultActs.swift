import ArgumentParser
import RecordModel

/// Consultation.
struct ConsultCommand: ParsableCommand {
  static let configuration = describe(
    "consult", "会商：提起、意见、结论", "consultation: open, note, conclude",
    subcommands: [
      ConsultOpenCommand.self, ConsultNoteCommand.self, ConsultConcludeCommand.self,
    ])
}

struct ConsultOpenCommand: EitherCommand {
  static let configuration = describe(
    "open", "提起会商：在一条链中，或者另开一链", "ask for consultation, in a thread or in one of its own 提起会商",
    example: "sanxiang consult open ID --question 涉案物品如何移交"
      + " --participant 11000000MB0000019X --participant 11000000MB0000027Q")

  @Option(name: .long, help: help("会商问题", "the question")) var question: String?
  @Option(
    name: .long, help: help("参加机关代码，可给多次", "code of an agency that takes part; may be repeated"))
  var participant: [AgencyFlag] = []
  @Option(name: .long, help: help("相关移送链编号", "id of the thread that it is about"))
  var about: IDFlag?
  @Option(name: .long, help: help("请求答复日期", "the day by which an answer is asked for"))
  var replyBy: DayFlag?
  @OptionGroup var either: EitherOptions

  func form(at now: Timestamp) -> Form<ConsultOpen> {
    Form(
      Needed("--question", question), Several("--participant", participant, needed: true),
      Maybe("--about", about), Maybe("--reply-by", replyBy)
    ) {
      ConsultOpen(question: $0, participants: $1, about: $2, replyBy: $3)
    }
  }
}

struct ConsultNoteCommand: ActCommand {
  static let configuration = describe(
    "note", "会商意见（链中有多次会商时，ID 须为所答复的提起会商记录）",
    "say what one thinks 会商意见; where a thread has several consultations, ID is the one meant",
    example: "sanxiang consult note ID --note 同意由市监局先行保管")

  @Option(name: .long, help: help("意见", "what the agency thinks")) var note: String?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<ConsultNote> {
    Form(Needed("--note", note)) { ConsultNote(note: $0) }
  }
}

struct ConsultConcludeCommand: ActCommand {
  static let configuration = describe(
    "conclude", "会商结论，由提起机关记录", "record what it came to 会商结论; the agency that asked does",
    example: "sanxiang consult conclude ID --conclusion 涉案物品由市监局保管至立案")

  @Option(name: .long, help: help("结论", "what it came to")) var conclusion: String?
  @Option(name: .long, help: help("结论日期，默认今天", "day of the conclusion; default: today"))
  var date: DayFlag?
  @OptionGroup var act: ActOptions

  func form(at now: Timestamp) -> Form<ConsultConclude> {
    Form(Needed("--conclusion", conclusion), Day("--date", date, now)) {
      ConsultConclude(conclusion: $0, date: $1)
    }
  }
}

/// Reminders and supervision.
struct NoticeCommand: ParsableCommand {
  static let configuration = describe(
    "notice", "催办、督办", "reminders and supervision", subcommands: [NoticeRemindCommand.self])
}

struct NoticeRemindCommand: EitherCommand {
  static let configuration = describe(
    "remind", "催办；不在链中的机关督办时另开一链", "remind the other end, or supervise another's thread 催办、督办",
    example: "sanxiang notice remind ID --clock filing-decide --due-by 2026-12-01\n"
      + "sanxiang notice remind --to 11000000MB0000019X --about THREAD --level supervise"
      + " --clock filing-decide --due-by 2026-12-01")

  @Option(
    name: .long,
    help: ArgumentHelp("级别，默认 remind", "the level, remind by default", Codes.RemindLevel.self))
  var level: CodeFlag<Codes.RemindLevel>?
  @Option(name: .long, help: help("办理期限", "the day by which it is to be done"))
  var dueBy: DayFlag?
  @Option(
    name: .long,
    help: help(
      "依据的时限规则，见 sanxiang deadline rules",
      "the time-limit rule on which it rests: sanxiang deadline rules"))
  var clock: String?
  @Option(
    name: .long,
    help: help("被督办的移送链编号，与 --to 同用", "id of the thread that is supervised; goes with --to"))
  var about: IDFlag?
  @Option(name: .long, help: help("说明", "in words")) var text: String?
  @OptionGroup var either: EitherOptions

  func destination() throws -> Draft.Destination {
    let destination = try either.destination()
    switch destination {
    case .answer where about != nil:
      throw FormFailure.conflict(
        "--about 只与 --to 同用：在链中催办的就是该链", "--about goes with --to: in a thread it is that thread's")
    case .open where about == nil && either.file == nil:
      throw FormFailure.missing(["--about"], orFile: true)
    default: return destination
    }
  }

  func form(at now: Timestamp) -> Form<NoticeRemind> {
    Form(
      Maybe("--level", level), Needed("--due-by", dueBy), Needed("--clock", clock),
      Maybe("--about", about), Maybe("--text", text)
    ) {
      NoticeRemind(level: $0 ?? .remind, dueBy: $1, clock: $2, about: $3, text: $4)
    }
  }
}
