import Foundation
import RecordModel
import Testing

/// docs/threads.md and docs/threads.zh-CN.md show the table that judges. To write them again:
/// `WRITE_THREAD_PAGES=1 swift test --filter ThreadPageTests`.
@Suite("docs/threads.md")
struct ThreadPageTests {
  private static let isWriting = ProcessInfo.processInfo.environment["WRITE_THREAD_PAGES"] == "1"

  private static func url(_ language: ThreadRules.PageLanguage) -> URL {
    URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(
        path: language == .english ? "../../docs/threads.md" : "../../docs/threads.zh-CN.md")
  }

  @Test("The committed page is the table's", arguments: ThreadRules.PageLanguage.allCases)
  func current(language: ThreadRules.PageLanguage) throws {
    let (page, url) = (ThreadRules.page(language), Self.url(language))
    if Self.isWriting { try page.write(to: url, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOf: url, encoding: .utf8) == page)
  }

  @Test("It shows every kind, every state and every rule of the table")
  func whole() {
    let page = ThreadRules.page(.english)
    for kind in KindName.all where !KindName.isSystem(kind) {
      #expect(page.contains("| `\(kind)` "), "\(kind)")
    }
    for state in ThreadState.allCases { #expect(page.contains("    \(state.rawValue): ")) }
    let arrow = "    signed --> withdrawn: record.withdraw\n"
    #expect(page.contains(arrow))
  }
}
