import Foundation
import RecordModel
import Testing

/// docs/clocks.md and docs/clocks.zh-CN.md show the rules that come with the program. To write them
/// again: `WRITE_CLOCK_PAGES=1 swift test --filter ClockPageTests`.
@Suite("docs/clocks.md")
struct ClockPageTests {
  private static let isWriting = ProcessInfo.processInfo.environment["WRITE_CLOCK_PAGES"] == "1"

  private static func url(_ language: ThreadRules.PageLanguage) -> URL {
    URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: language == .english ? "../../docs/clocks.md" : "../../docs/clocks.zh-CN.md")
  }

  @Test("The committed page is made from the rules", arguments: ThreadRules.PageLanguage.allCases)
  func current(language: ThreadRules.PageLanguage) throws {
    let (page, url) = (try ClockRules.builtIn.page(language), Self.url(language))
    if Self.isWriting { try page.write(to: url, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOf: url, encoding: .utf8) == page)
  }

  @Test(
    "It shows every rule once, says of each whether its law was read, and every code",
    arguments: ThreadRules.PageLanguage.allCases)
  func whole(language: ThreadRules.PageLanguage) throws {
    let page = try ClockRules.builtIn.page(language)
    let lines = page.split(separator: "\n")
    for rule in ClockRules.builtIn.rules {
      let rows = lines.filter { $0.hasPrefix("| `\(rule.id)` |") }
      #expect(rows.count == 1, "\(rule.id)")
      let row = rows.first ?? ""
      let (verified, off) =
        language == .english
        ? ("not verified", "**off**") : ("未核对", "未启用")
      #expect(row.contains(verified) == !rule.verified)
      #expect(row.contains(off) == !rule.isOn)
      #expect(row.contains(rule.basis.description))
    }
    for code in [
      RecordModelError.Code.clockRulesInvalid, .clockRulesUnknown, .clockCalendarInvalid,
      .clockCalendarMissing, .clockPayloadMissing,
    ] {
      #expect(page.contains("| `\(code)` |"))
    }
  }
}
