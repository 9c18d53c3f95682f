import Auditor
import Cryptography
import Exchange
import RecordModel
import RecordSchema
import SanxiangTesting
import Testing
import TransparencyLog

@testable import sanxiang

@Suite("A report for people")
struct ReportTests {
  private static let hostile = #"<script>alert(1)</script>&"'"# + "\u{202e}"

  private func report(
    _ world: SampleWorld, _ sources: [(name: String, source: any AuditSource)]
  ) throws -> ReportDocument {
    try ReportMaker(authority: world.authorityFile, isAuthorityGiven: true)
      .make(sources, now: world.now, software: "test 1.0")
  }

  private func page(_ document: ReportDocument, _ language: AuditLanguage) -> String {
    String(decoding: document.html(language), as: UTF8.self)
  }

  /// A history in which a lead is overdue, one has no receipt, an operator acted and an alarm went
  /// off, kept for forty days.
  private func busy() throws -> SampleWorld {
    var world = try SampleWorld.usual()
    let police = world.parties[1].code
    world.contents.nodes[police]?.role = .police
    world.contents.clocks = ClockRules.builtIn.digest
    world.contents.calendars = WorkingCalendar.builtIn.mapValues(\.digest)
    world.seal(
      .out, KindName.leadTransfer, SamplePayload.transfer.replacing("18号", with: "21号"))
    try world.sign(.out, isReceipted: false)
    world.journal(
      .administration, [.text("act", "channel.resume"), .text("by", "operator-1")])
    world.now = world.now.advanced(byMilliseconds: 40 * 86_400_000)
    world.journal(.alarm, [.text("code", "peer.rollback")])
    return world
  }

  @Test("says that nothing was found where nothing is wrong", arguments: AuditLanguage.allCases)
  func clean(language: AuditLanguage) throws {
    var world = try SampleWorld.usual()
    let document = try report(world, [("A", world.source())])
    #expect(document.isClean)
    let page = page(document, language)
    #expect(page.contains(language == .zh ? "完整、一致" : "are whole and agree"))
    #expect(page.contains(language == .zh ? "未发现问题。" : "Nothing was found."))
    #expect(page.contains("test 1.0"))
    #expect(page.contains(world.authority.keys[0].description))
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    let json = try JSONDocument(parsing: document.json).root
    #expect(json["clean"]?.bool == true)
    #expect(json["holdings"]?[0]?["audit"]?["channels"]?.count == 2)
  }

  @Test("names every finding, and the first bad entry's place")
  func faults() throws {
    var world = try SampleWorld.usual()
    var source = try world.source()
    source.held[0].entries[1].payload?[3] ^= 1
    let document = try report(world, [("A", source)])
    #expect(!document.isClean)
    #expect(page(document, .en).contains("payload.commitment"))
    #expect(page(document, .zh).contains("内容与承诺值不符"))
    #expect(page(document, .zh).contains("发现问题"))
    let json = try JSONDocument(parsing: document.json).root
    #expect(json["clean"]?.bool == false)
  }

  @Test("tells what is late, what was done, and what has no receipt")
  func late() throws {
    var world = try busy()
    let document = try report(world, [("A", world.source())])
    let holding = try #require(document.holdings.first)
    #expect(holding.owner == world.parties[0].code)
    #expect(holding.pending.items.map(\.seq) == [4])
    #expect(holding.pending.items.map(\.isLate) == [true])
    #expect(holding.acts.items.map(\.event) == [.journalOpened, .administration, .alarm])
    #expect(holding.activity.values.flatMap(\.values).reduce(0, +) == 8)
    #expect(!holding.clockStates.isEmpty)
    #expect(holding.overdue.count == holding.clockStates[.overdue] ?? 0)
    #expect(holding.overdue.count > 0)
    #expect(holding.overdue.items.contains { $0.docNo == "示市监移〔2026〕18号" })
    #expect(!document.isClean, "a receipt is overdue")
    let page = page(document, .zh)
    for words in ["operator-1", "告警", "peer.rollback", "示市监移〔2026〕18号", "<svg", "class=\"alarm\""] {
      #expect(page.contains(words), "\(words)")
    }
    let json = try JSONDocument(parsing: document.json).root
    #expect(json["holdings"]?[0]?["pendingCount"]?.integer == 1)
    #expect(json["holdings"]?[0]?["overdueCount"]?.integer == Int64(holding.overdue.count))
    #expect(json["holdings"]?[0]?["acts"]?[2]?["field.code"]?.string == "peer.rollback")
  }

  @Test("lets nothing of what it shows act on its reader", arguments: AuditLanguage.allCases)
  func hostile(language: AuditLanguage) throws {
    var world = try busy()
    let code = world.parties[1].code
    var node = try #require(world.contents.nodes[code])
    node.name = #"<script>alert(2)</script>&"'"#
    world.contents.nodes[code] = node
    world.journal(.administration, [.text("act", Self.hostile)])
    let document = try report(world, [(Self.hostile, world.source())])
    let page = page(document, language)
    for forbidden in [
      "<script", "alert(1)</", "src=", "href", "url(", "http:", "\u{202e}", "@import",
    ] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;\u{fffd}"))
    #expect(page.contains("&lt;script&gt;alert(2)&lt;/script&gt;"))
    #expect(page.contains("default-src 'none'"))
    #expect(Self.isBalanced(page))
  }

  @Test("of two agencies compares them, and shows each overdue lead once")
  func both() throws {
    var world = try busy()
    let left = try world.source()
    var right = left
    for index in right.held.indices { right.held[index].channel.isOutbound.toggle() }
    let document = try report(world, [("A", left), ("B", right)])
    #expect(document.holdings.count == 2)
    #expect(document.reconciliation.comparisons.map(\.verdict) == [.equal, .equal])
    let page = page(document, .zh)
    let overdue = try #require(document.holdings[0].overdue.items.first)
    #expect(document.holdings[1].overdue.items.contains(overdue))
    let rows = page.components("<td class=\"c\">\(overdue.thread)</td>")
    let inOne = document.holdings[0].overdue.items.filter { $0.thread == overdue.thread }.count
    #expect(rows == inOne)
    #expect(page.contains("一致"))
  }

  @Test("is made of what real nodes hold")
  func real() throws {
    let world = try TestWorld()
    for number in 0..<5 {
      try world.submit(number)
      try world.settle()
    }
    for number in world.nodes.indices { try world.tick(number) }
    let authority = AuthorityFile(
      federation: world.federation.directory.federation,
      suite: world.federation.directory.suite, authority: world.federation.pinned)
    let document = try world.nodes[0].store.base.read { left in
      try world.nodes[1].store.base.read { right in
        try ReportMaker(authority: authority, isAuthorityGiven: false).make(
          [
            ("A", StoreAuditSource(reader: left)), ("B", StoreAuditSource(reader: right)),
          ], now: SampleWorld.start, software: "test")
      }
    }
    #expect(document.isClean)
    #expect(document.holdings.map(\.owner) == world.nodes.map(\.code))
    #expect(page(document, .en).contains("to be compared"))
  }

  /// Whether every element that is opened is closed, in order.
  private static func isBalanced(_ page: String) -> Bool {
    var open: [Substring] = []
    for part in page.split(separator: "<").dropFirst() {
      let name = part.prefix { !" />".contains($0) && $0 != "\n" }
      if part.hasPrefix("!") || name == "meta" { continue }
      if part.hasPrefix("/") {
        guard let last = open.popLast(), part.dropFirst().hasPrefix(last) else { return false }
      } else if !part.prefix(while: { $0 != ">" }).hasSuffix("/") {
        open.append(name)
      }
    }
    return open.isEmpty
  }
}

extension String {
  /// How often `part` stands in it.
  fileprivate func components(_ part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let found = rest.firstRange(of: part) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
