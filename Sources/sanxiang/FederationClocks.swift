import ArgumentParser
import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// Which time-limit rules and calendars are in force: files that the directory names by digest.
struct FederationClocks: ParsableCommand {
  static let configuration = describe(
    "clocks", "设定名录所用的时限规则和工作日历", "set the time-limit rules and calendars of the directory",
    example: """
      sanxiang federation clocks --calendar 2027.json
      sanxiang federation clocks --built-in
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: FolderOption
  @Option(name: .long, help: help("时限规则文件", "a clocks file"))
  var clocks: String?
  @Option(name: .long, help: help("某一年的工作日历，可重复", "the calendar of a year; may be repeated"))
  var calendar: [String] = []
  @Flag(name: .long, help: help("改用本程序自带的规则和日历", "those that come with this program"))
  var builtIn = false

  func validate() throws {
    guard builtIn || clocks != nil || !calendar.isEmpty else {
      throw ValidationError(
        say(
          "须给出 --clocks、--calendar 或 --built-in", "give --clocks, --calendar or --built-in"))
    }
    guard !builtIn || clocks == nil else {
      throw ValidationError(
        say("--built-in 与 --clocks 不能并用", "--built-in and --clocks exclude each other"))
    }
  }

  func run() throws {
    let folder = place.folderPaths
    var draft = try folder.readDraft()
    let suite = draft.contents.suite
    // Everything is read and judged before anything is written.
    var rules: ClockRules? = builtIn ? .builtIn : nil
    var calendars = builtIn ? Array(WorkingCalendar.builtIn.values) : []
    if let clocks {
      rules = try ClockRules(parsing: Files.read(clocks), suite: suite)
    }
    calendars += try calendar.map { try WorkingCalendar(parsing: Files.read($0), suite: suite) }
    if Files.exists(folder.note) {
      let signed = try SignedNote(parsing: Files.read(folder.note))
      if signed.text == (try draft.text()) { draft.raiseVersion() }
    }
    if let rules { draft.contents.clocks = rules.digest }
    for calendar in calendars { draft.contents.calendars[calendar.year] = calendar.digest }
    let target = folder.path + "/clocks"
    try Files.makeFolder(target)
    for (name, bytes) in (rules.map { [("clocks-\($0.digest)", $0.bytes)] } ?? [])
      + calendars.map({ ("\($0.year)-\($0.digest)", $0.bytes) })
    {
      try Files.write(bytes, to: "\(target)/\(name).json", replacing: true)
    }
    try Files.write(Array(draft.text().utf8), to: folder.draft, replacing: true)
    show(draft.contents, target)
  }

  private func show(_ contents: DirectoryContents, _ target: String) {
    let years = contents.calendars.keys.sorted()
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("version", contents.version)
      if let digest = contents.clocks { writer.member("clocks", "\(digest)") }
      writer.array("calendars") { writer in
        for year in years { writer.integer(Int64(year)) }
      }
    }
    common.show(
      json: writer.bytes,
      text: [
        say("草稿版本 \(contents.version)", "draft version \(contents.version)"),
        say("时限规则 ", "time-limit rules ") + (contents.clocks.map { "\($0)" } ?? "-"),
        say("工作日历 ", "calendars ") + years.map(String.init).joined(separator: ", "),
        say("文件在 \(target)", "the files are in \(target)"),
        say("下一步：sanxiang federation sign --key …", "next: sanxiang federation sign --key …"),
      ])
  }
}
