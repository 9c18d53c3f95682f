import RecordSchema
import Testing

@testable import RecordModel

@Suite("What a payload says of other records")
struct ThreadTiesTests {
  private static let other = "019e1b0e-9100-7cb4-9b38-387d6fca0127"

  private func ties(_ header: RecordHeader, _ payload: String) -> ThreadTies {
    ThreadTies(header, payload: Array(payload.utf8), directory: nil, registry: .builtIn)
  }

  @Test(
    "A withdrawal and a correction name the record that they answer",
    arguments: [
      (KindName.recordWithdraw, #"{"target":"ID","reason":"误发。"}"#),
      (
        KindName.recordCorrect,
        #"{"target":"ID","schema":"lead.sign/1","payload":"e30=","reason":"误发。"}"#
      ),
    ])
  func targets(kind: String, payload: String) throws {
    var world = try ThreadWorld()
    let opening = world.append(world.header(KindName.leadTransfer, by: .opener))
    let header = world.header(kind, by: .opener, replyTo: opening)
    #expect(ties(header, payload.replacing("ID", with: "\(opening)")).violations == [])
    #expect(
      ties(header, payload.replacing("ID", with: Self.other)).violations.map(\.rule)
        == ["thread:target"])
    let aimless = world.header(kind, by: .opener)
    #expect(
      ties(aimless, payload.replacing("ID", with: "\(opening)")).violations.map(\.pointer)
        == ["/target"])
  }

  @Test("A reminder names another thread when it opens one, and only then")
  func reminders() throws {
    var world = try ThreadWorld()
    let first = world.header(KindName.noticeRemind, by: .opener)
    let plain = #"{"level":"remind","dueBy":"2026-12-30","clock":"decide"}"#
    let about =
      #"{"level":"remind","dueBy":"2026-12-30","clock":"decide","about":"\#(Self.other)"}"#
    #expect(ties(first, plain).violations.map(\.rule) == ["thread:about"])
    #expect(ties(first, about).violations == [])
    #expect(ties(first, about).about?.description == Self.other)
    #expect(ties(first, about).clock == "decide")
    let opening = world.append(world.header(KindName.leadTransfer, by: .opener))
    let inside = world.header(KindName.noticeRemind, by: .receiver, replyTo: opening)
    #expect(ties(inside, plain).violations == [])
    #expect(ties(inside, about).violations.map(\.rule) == ["thread:about"])
    #expect(ties(inside, about).about == nil)
  }

  @Test("A reminder is not about a thread of its own two agencies that its sender knew")
  func ownThread() throws {
    var world = try ThreadWorld()
    world.append(world.header(KindName.leadTransfer, by: .opener))
    let thread = world.thread
    let payload = #"{"level":"remind","dueBy":"2026-12-30","clock":"d","about":"\#(thread)"}"#
    for (side, seen, rules) in [
      (ThreadWorld.Side.opener, UInt64(0), ["thread:about"]), (.receiver, 1, ["thread:about"]),
      (.receiver, 0, []),
    ] {
      var header = world.header(KindName.noticeRemind, by: side, seen: seen)
      header.id = try RecordID(parsing: Self.other)
      header.thread = header.id
      let found = ties(header, payload).violations(of: header, epoch: 1) { _ in world.entries }
      #expect(found.map(\.rule) == rules)
    }
  }

  @Test(
    "What is sent again came back, as far as its sender knew",
    arguments: [
      (Story.transferred, false), (Story.signed, false), (Story.accepted, false),
      (Story.decided, false), (Story.closed, false), (Story.forwarded, false),
      (Story.refused, true), (Story.returned, true), (Story.withdrawn, true),
      (Story.letterWithdrawn, false), (Story.replied, false),
    ])
  func previous(story: String, isLegal: Bool) throws {
    var scenario = try ThreadScenario(story)
    let header = try again(&scenario, by: .opener)
    let ties = ties(header, transfer(again: scenario.world.thread))
    #expect(ties.previous == scenario.world.thread)
    let found = ties.violations(of: header, epoch: 1) { _ in scenario.world.entries }
    #expect(found.map(\.rule) == (isLegal ? [] : ["thread:previous"]))
    // The other end did not send it; of what is not known nothing is said.
    let byOther = try again(&scenario, by: .receiver)
    #expect(ties.violations(of: byOther, epoch: 1) { _ in scenario.world.entries }.count == 1)
    #expect(ties.violations(of: header, epoch: 1) { _ in [] } == [])
    var blind = header
    blind.seen.size = 0
    let unseen = ties.violations(of: blind, epoch: 1) { _ in scenario.world.entries }
    let isOwnDoing = story == Story.withdrawn
    #expect(unseen.isEmpty == isOwnDoing)
  }

  private func again(
    _ story: inout ThreadScenario, by side: ThreadWorld.Side
  ) throws -> RecordHeader {
    var header = story.world.header(KindName.leadTransfer, by: side)
    header.id = try RecordID(parsing: Self.other)
    header.thread = header.id
    return header
  }

  private func transfer(again id: RecordID, name: String = "previous") -> String {
    """
    {"docNo":"示市监移〔2026〕2号","title":"示例线索第1号","category":"duty-violation",\
    "source":"enforcement-inspection",\
    "legalBasis":[{"law":"中华人民共和国监察法","article":"第三十七条第一款"}],\
    "period":{"from":"2025-03-04"},"place":"000000",\
    "subjects":[{"name":"示例建设工程有限公司","uscc":"91000000MA00000157","role":"principal"}],\
    "facts":"检查中发现。","handler":{"unit":"示例市市场监督管理局"},"classification":"非密",\
    "\(name)":"\(id)"}
    """
  }

  @Test(
    "The name of a member is found however it is written",
    arguments: [
      "previous", #"\u0070revious"#, #"previou\u0073"#,
      #"\u0070\u0072\u0065\u0076\u0069\u006F\u0075\u0073"#, #"pre\u0076ious"#,
    ])
  func escapes(name: String) throws {
    var world = try ThreadWorld()
    let id = try RecordID(parsing: Self.other)
    let header = world.header(KindName.leadTransfer, by: .opener)
    #expect(ties(header, transfer(again: id, name: name)).previous == id)
  }

  @Test("A payload is parsed once more only where it may have that member")
  func prefilter() {
    for text in ["", "p", #""previou"#, #"\"#, #"{"facts":"\n\"previo\/us\""}"#, "ppreviou"] {
      #expect(!ThreadTies.mayName(Array(text.utf8)), "\(text)")
    }
    for text in ["previous", "pprevious", #"\u"#, #"\\u0070"#, "xprevious", "vprevious"] {
      #expect(ThreadTies.mayName(Array(text.utf8)), "\(text)")
    }
    // Wherever it lies among the words of eight bytes.
    for before in 0..<20 {
      for after in 0..<10 {
        let filler = (String(repeating: "v", count: before), String(repeating: "-", count: after))
        #expect(ThreadTies.mayName(Array((filler.0 + "previous" + filler.1).utf8)))
        #expect(ThreadTies.mayName(Array((filler.0 + #"\u"# + filler.1).utf8)))
        #expect(!ThreadTies.mayName(Array((filler.0 + "previour" + filler.1).utf8)))
      }
    }
  }

  @Test("A lead does not send itself again")
  func itself() throws {
    var world = try ThreadWorld()
    let header = world.header(KindName.leadTransfer, by: .opener)
    #expect(
      ties(header, transfer(again: header.id)).violations.map(\.rule) == ["thread:previous"])
  }

  @Test("A payload under another kind's schema is not read")
  func otherSchema() throws {
    var world = try ThreadWorld()
    var header = world.header(KindName.recordWithdraw, by: .opener)
    header.schema = "lead.sign/1"
    #expect(ties(header, "{}") == .none)
  }

  @Test("What names a record that got another id names it by that")
  func renamed() throws {
    let (old, new) = (try RecordID(parsing: Self.other), try RecordID(parsing: MalformedHeader.id))
    func renamed(_ kind: String, _ text: String) -> String {
      String(
        decoding: ThreadTies.renamed(Array(text.utf8), of: kind, by: [old: new]), as: UTF8.self)
    }
    let withdrawal = #"{"target" : "\#(old)", "reason":"见\"\#(old)\"。"}"#
    #expect(
      renamed(KindName.recordWithdraw, withdrawal)
        == #"{"target" : "\#(new)", "reason":"见\"\#(old)\"。"}"#)
    #expect(
      renamed(KindName.leadTransfer, transfer(again: old)) == transfer(again: new))
    let other = #"{"target":"\#(new)","reason":"误发。"}"#
    #expect(renamed(KindName.recordWithdraw, other) == other)
    #expect(renamed(KindName.leadSign, withdrawal) == withdrawal)
  }
}
