import Cryptography
import RecordSchema
import Testing

@testable import RecordModel

/// A good rule with some members replaced, and where the fault must be seen.
struct RuleMutation: CustomStringConvertible, Sendable {
  let members: [String: String]
  /// The place, below the rule; empty for the rule itself.
  let place: String

  init(_ members: [String: String], _ place: String) {
    self.members = members
    self.place = place
  }

  var description: String { "\(members.sorted { $0.key < $1.key }) at \(place)" }

  private static let long = String(repeating: "a", count: 201)

  static let all =
    required.map { RuleMutation([$0: ""], "/\($0)") } + simple + parts + combinations

  private static let required = [
    "id", "title", "titleZH", "basis", "verified", "on", "owner", "duty", "start", "limit",
    "lastDay", "stop", "cancel", "pause", "warnHours",
  ]

  private static let simple = [
    RuleMutation(["other": "1"], ""),
    RuleMutation(["id": "\"\""], "/id"), RuleMutation(["id": "\"Sample\""], "/id"),
    RuleMutation(["id": "\"1sample\""], "/id"), RuleMutation(["id": "\"sample_a\""], "/id"),
    RuleMutation(["id": "\"\(long.prefix(65))\""], "/id"), RuleMutation(["id": "7"], "/id"),
    RuleMutation(["title": "\"\""], "/title"), RuleMutation(["title": "\"\(long)\""], "/title"),
    RuleMutation(["titleZH": "null"], "/titleZH"),
    RuleMutation(["basis": "\"law\""], "/basis"),
    RuleMutation(["basis": "{\"law\":\"示例法\"}"], "/basis/article"),
    RuleMutation(["basis": "{\"law\":\"法\",\"article\":\"一\"}"], "/basis/law"),
    RuleMutation(["basis": "{\"law\":\"示例法\",\"article\":\"一\",\"x\":1}"], "/basis"),
    RuleMutation(["verified": "\"true\""], "/verified"), RuleMutation(["on": "1"], "/on"),
    RuleMutation(["owner": "\"sender\""], "/owner"), RuleMutation(["duty": "null"], "/duty"),
    RuleMutation(["family": "\"leads\""], "/family"),
    RuleMutation(["roles": "{}"], "/roles"), RuleMutation(["roles": "[]"], "/roles"),
    RuleMutation(["roles": "{\"sender\":[\"police\"]}"], "/roles"),
    RuleMutation(["roles": "{\"opener\":[]}"], "/roles/opener"),
    RuleMutation(["roles": "{\"opener\":[\"army\"]}"], "/roles/opener/0"),
    RuleMutation(["roles": "{\"receiver\":[\"police\",\"police\"]}"], "/roles/receiver/1"),
    RuleMutation(["lastDay": "\"next\""], "/lastDay"),
    RuleMutation(["warnHours": "24"], "/warnHours"),
    RuleMutation(["warnHours": "[0]"], "/warnHours/0"),
    RuleMutation(["warnHours": "[24,24]"], "/warnHours/1"),
    RuleMutation(["warnHours": "[24,72]"], "/warnHours/1"),
    RuleMutation(["warnHours": "[1.5]"], "/warnHours/0"),
    RuleMutation(["warnHours": "[8785]"], "/warnHours/0"),
    RuleMutation(["remind": "\"urge\"", "days": "3"], "/remind"),
    RuleMutation(["remind": "\"remind\"", "days": "0"], "/days"),
    RuleMutation(["remind": "\"remind\"", "days": "366"], "/days"),
    RuleMutation(["atMost": "0"], "/atMost"), RuleMutation(["hindsight": "\"yes\""], "/hindsight"),
    RuleMutation(["note": "\"\"", "noteZH": "\"注\""], "/note"),
  ]

  private static let parts = [
    RuleMutation(["opening": "{}"], "/opening/"),
    RuleMutation(["opening": "{\"category\":[\"a\"]}"], "/opening/"),
    RuleMutation(["opening": "{\"/\":[\"a\"]}"], "/opening/"),
    RuleMutation(["opening": "{\"/a~2\":[\"a\"]}"], "/opening/"),
    RuleMutation(["opening": "{\"/a\":\"a\"}"], "/opening/~1a"),
    RuleMutation(["opening": "{\"/a\":[]}"], "/opening/~1a"),
    RuleMutation(["opening": "{\"/a\":[1]}"], "/opening/~1a"),
    RuleMutation(["opening": "{\"/a\":[\"b\",\"b\"]}"], "/opening/~1a"),
    RuleMutation(["start": "null"], "/start"), RuleMutation(["start": "{}"], "/start/kind"),
    RuleMutation(["start": "{\"kind\":null,\"time\":\"header\"}"], "/start"),
    RuleMutation(["start": "{\"kind\":\"lead.sign\"}"], "/start/time"),
    RuleMutation(["start": "{\"kind\":\"lead.sing\",\"time\":\"header\"}"], "/start/kind"),
    RuleMutation(["start": "{\"kind\":\"system.refusal\",\"time\":\"header\"}"], "/start/kind"),
    RuleMutation(["start": "{\"kind\":\"lead.sign\",\"time\":\"now\"}"], "/start/time"),
    RuleMutation(["start": "{\"kind\":\"lead.sign\",\"time\":{}}"], "/start/time/payload"),
    RuleMutation(
      ["start": "{\"kind\":\"lead.sign\",\"time\":{\"payload\":\"signedAt\"}}"],
      "/start/time/payload"),
    RuleMutation(
      ["start": "{\"kind\":\"lead.sign\",\"time\":{\"payload\":\"/signedAt\",\"x\":1}}"],
      "/start/time"),
    RuleMutation(
      ["start": "{\"kind\":\"lead.sign\",\"time\":\"header\",\"where\":[]}"], "/start/where"),
    RuleMutation(
      ["start": "{\"kind\":\"lead.sign\",\"time\":\"header\",\"answering\":[\"lead\"]}"],
      "/start/answering/0"),
    RuleMutation(
      [
        "start":
          "{\"kind\":\"lead.sign\",\"time\":\"header\",\"answering\":[\"lead.forward\",\"lead.forward\"]}"
      ], "/start/answering/1"),
    RuleMutation(["limit": "3"], "/limit"), RuleMutation(["limit": "{}"], "/limit/count"),
    RuleMutation(["limit": "{\"count\":0,\"unit\":\"months\"}"], "/limit/count"),
    RuleMutation(["limit": "{\"count\":1001,\"unit\":\"months\"}"], "/limit/count"),
    RuleMutation(["limit": "{\"count\":3,\"unit\":\"days\"}"], "/limit/unit"),
    RuleMutation(["limit": "{\"count\":3,\"unit\":\"months\",\"x\":1}"], "/limit"),
    RuleMutation(["limit": "{\"date\":\"dueBy\"}"], "/limit/date"),
    RuleMutation(["limit": "{\"date\":\"/dueBy\",\"count\":3}"], "/limit"),
    RuleMutation(["stop": "{}"], "/stop"), RuleMutation(["stop": "[1]"], "/stop/0"),
    RuleMutation(
      ["stop": "[{\"kind\":\"lead.decide\",\"answers\":\"none\",\"time\":\"header\"}]"],
      "/stop/0/answers"),
    RuleMutation(["stop": "[{\"kind\":\"lead.decide\",\"answers\":\"any\"}]"], "/stop/0/time"),
    RuleMutation(
      ["stop": "[{\"kind\":\"lead.decide\",\"time\":\"header\"}]"], "/stop/0/answers"),
    RuleMutation(
      ["stop": "[{\"kind\":\"lead.decide\",\"answers\":\"any\",\"time\":\"header\",\"x\":1}]"],
      "/stop/0"),
    RuleMutation(["cancel": "[\"lead.close\"]"], "/cancel/0"),
    RuleMutation(["cancel": "[{\"kind\":\"lead.close\"}]"], "/cancel/0/answers"),
    RuleMutation(
      ["cancel": "[{\"kind\":\"lead.close\",\"answers\":\"any\",\"time\":\"header\"}]"],
      "/cancel/0"),
    RuleMutation(
      ["cancel": "[{\"kind\":\"lead.sign\",\"answers\":\"self\"}]"], "/cancel/0/answers"),
    RuleMutation(["pause": "[{\"from\":\"supplement.request\"}]"], "/pause/0/until"),
    RuleMutation(
      ["pause": "[{\"from\":\"supplement.request\",\"until\":\"supplement.request\"}]"],
      "/pause/0/until"),
    RuleMutation(
      ["pause": "[{\"from\":\"supplement.request\",\"until\":\"supplement.provide\",\"x\":1}]"],
      "/pause/0"),
  ]

  private static let date = "{\"date\":\"/dueBy\"}"
  private static let combinations = [
    RuleMutation(["verified": "false"], "/on"),
    RuleMutation(["duty": "false", "remind": "\"remind\"", "days": "3"], "/remind"),
    RuleMutation(["remind": "\"remind\""], "/days"), RuleMutation(["days": "3"], "/days"),
    RuleMutation(["note": "\"n\""], "/note"), RuleMutation(["noteZH": "\"注\""], "/note"),
    RuleMutation(["limit": "{\"count\":24,\"unit\":\"hours\"}"], "/lastDay"),
    RuleMutation(
      [
        "limit": date,
        "pause": "[{\"from\":\"supplement.request\",\"until\":\"supplement.provide\"}]",
      ], "/pause"),
    RuleMutation(["follows": "/clock"], "/follows"),
    RuleMutation(["follows": "\"/clock\""], "/follows"),
    RuleMutation(["follows": "\"/clock\"", "limit": date], "/follows"),
    RuleMutation(
      ["follows": "\"/clock\"", "limit": date, "stop": "[]", "hindsight": "true"], "/follows"),
    RuleMutation(["hindsight": "true", "warnHours": "[24]"], "/hindsight"),
    RuleMutation(["hindsight": "true", "remind": "\"remind\"", "days": "3"], "/hindsight"),
    RuleMutation(["hindsight": "true", "stop": "[]"], "/hindsight"),
    RuleMutation(["start": "{\"kind\":null}"], "/start"),
    RuleMutation(["start": "{\"kind\":null}", "stop": "[]", "warnHours": "[24]"], "/start"),
    RuleMutation(["start": "{\"kind\":null}", "stop": "[]", "atMost": "2"], "/start"),
    RuleMutation(
      ["stop": "[{\"kind\":\"lead.decide\",\"answers\":\"self\",\"time\":\"header\"}]"],
      "/stop/0/kind"),
  ]
}

@Suite("The clocks file is read strictly")
struct ClockRulesTests {
  @Test("a good rule is read, member by member")
  func good() throws {
    let rules = try ClockSamples.rules(
      ClockSamples.rule([
        "family": "\"lead\"", "roles": "{\"opener\":[\"enforcement\",\"police\"]}",
        "opening": "{\"/b\":[null,false],\"/a\":[\"x\"]}", "remind": "\"supervise\"", "days": "5",
        "atMost": "2", "warnHours": "[72,24]", "note": "\"n\"", "noteZH": "\"注\"",
        "pause": "[{\"from\":\"supplement.request\",\"until\":\"supplement.provide\"}]",
        "cancel": "[{\"kind\":\"lead.close\",\"answers\":\"start\",\"where\":{\"/c\":[true]}}]",
      ]))
    let rule = try rules.known("sample")
    #expect(rule.family == .lead && rule.openerRoles == [.enforcement, .police])
    #expect(rule.receiverRoles == [])
    #expect(
      rule.opening == [
        ClockCondition(pointer: "/a", values: [.text("x")]),
        ClockCondition(pointer: "/b", values: [.absent, .flag(false)]),
      ])
    #expect(rule.remind == "supervise" && rule.reminderDays == 5 && rule.atMost == 2)
    #expect(rule.warnHours == [72, 24] && rule.note == "n" && rule.noteZH == "注")
    #expect(
      rule.pause == [ClockPauseRule(from: "supplement.request", until: "supplement.provide")])
    #expect(rule.cancel.map(\.tie) == [.start] && rule.cancel[0].conditions.count == 1)
    #expect(rule.isMeasured && rule.limitText == "3 calendar days" && rule.limitTextZH == "3日")
    #expect(rules.digest == Suite.sha256Ed25519.digest(rules.bytes))
  }

  @Test("a fault is refused with its code and its place", arguments: RuleMutation.all)
  func faults(mutation: RuleMutation) {
    // Not JSON: only one of the mutations means that.
    let isText = mutation.members["follows"] == "/clock"
    let error = #expect(throws: RecordModelError.self) {
      try ClockSamples.rules(
        ClockSamples.rule(), ClockSamples.rule(["id": "\"b\""].merging(mutation.members) { $1 }))
    }
    #expect(error?.code == .clockRulesInvalid)
    if isText {
      #expect(error?.cause != nil)
    } else {
      #expect(error?.field == "/rules/1\(mutation.place)")
      #expect(error?.message.hasPrefix("/rules/1\(mutation.place) ") == true)
    }
  }

  @Test(
    "a file that is not one closed object of the format is refused",
    arguments: [
      ("", ""), ("[]", ""), ("{}", "/v"), ("{\"v\":2}", "/v"), ("{\"v\":1}", "/title"),
      ("{\"v\":1,\"title\":\"t\"}", "/titleZH"),
      ("{\"v\":1,\"title\":\"t\",\"titleZH\":\"t\"}", "/rules"),
      ("{\"v\":1,\"title\":\"t\",\"titleZH\":\"t\",\"rules\":[]}", "/rules"),
      ("{\"v\":1,\"v\":1,\"title\":\"t\",\"titleZH\":\"t\",\"rules\":[]}", ""),
      ("{\"v\":1,\"title\":\"t\",\"titleZH\":\"t\",\"rules\":[{}],\"x\":1}", ""),
      ("{\"v\":1,\"title\":\"t\",\"titleZH\":\"t\",\"rules\":[7]}", "/rules/0"),
    ])
  func file(text: String, place: String) {
    let error = #expect(throws: RecordModelError.self) {
      try ClockRules(parsing: Array(text.utf8), suite: .sha256Ed25519)
    }
    #expect(error?.code == .clockRulesInvalid)
    #expect((error?.field ?? "") == place)
  }

  @Test("an id cannot stand for two rules; one that is not there is unknown")
  func identifiers() throws {
    let error = #expect(throws: RecordModelError.self) {
      try ClockSamples.rules(ClockSamples.rule(), ClockSamples.rule())
    }
    #expect(error?.code == .clockRulesInvalid && error?.field == "/rules/1/id")
    let unknown = #expect(throws: RecordModelError.self) { try ClockRules.builtIn.known("none") }
    #expect(unknown?.code == .clockRulesUnknown)
    #expect(ClockRules.builtIn.rule("none") == nil)
  }

  @Test("cut anywhere, the file that comes with the program is refused")
  func cut() {
    let bytes = ClockRules.builtIn.bytes
    #expect(bytes.count > 20_000, "too short to be believed")
    for end in stride(from: 0, to: bytes.count - 2, by: 501) {
      #expect(throws: RecordModelError.self) {
        try ClockRules(parsing: Array(bytes[..<end]), suite: .sha256Ed25519)
      }
    }
  }
}

@Suite("The rules that come with the program fit the records")
struct ClockRuleSchemaTests {
  @Test("every place that a rule looks into is there, a time is a time, a code is of its list")
  func places() throws {
    let outline = try SchemaOutline.builtIn()
    var places = 0
    for rule in ClockRules.builtIn.rules {
      for (kind, pointer, use) in Self.uses(of: rule) {
        places += 1
        let record = try #require(outline.newest(of: kind))
        let field = try #require(
          record.payload.fields.first { "/\($0.name)" == pointer }, "\(rule.id): \(pointer)")
        switch (use, field.shape) {
        case (.time, .text(let text)):
          #expect(["date", "instant"].contains(text.definition?.name), "\(rule.id): \(pointer)")
        case (.values(let values), .code(let list)):
          let codes = try #require(outline[codeList: list]).codes.map(\.code)
          for case .text(let code) in values {
            #expect(codes.contains(code), "\(rule.id): \(code)")
          }
        case (.values(let values), .boolean):
          #expect(values.allSatisfy { $0 == .absent || $0 == .flag(true) || $0 == .flag(false) })
        case (.values(let values), .text):
          #expect(values == [.text(rule.id)], "only a reminder's clock is compared as text")
        default: Issue.record("\(rule.id): \(pointer) is of another shape")
        }
      }
    }
    #expect(places > 40, "too few places to be believed")
  }

  private enum Use {
    case time
    case values([ClockValue])
  }

  private static func uses(of rule: ClockRule) -> [(String, String, Use)] {
    var uses: [(String, String, Use)] = []
    func add(_ kind: String, _ conditions: [ClockCondition]) {
      uses += conditions.map { (kind, $0.pointer, .values($0.values)) }
    }
    func add(_ kind: String, _ time: ClockTime) {
      if case .payload(let pointer) = time { uses.append((kind, pointer, .time)) }
    }
    add("lead.transfer", rule.opening)
    guard let start = rule.start else { return uses }
    add(start.kind, start.conditions)
    add(start.kind, start.time)
    if case .date(let pointer) = rule.limit { uses.append((start.kind, pointer, .time)) }
    for stop in rule.stop {
      add(stop.match.kind, stop.match.conditions)
      add(stop.match.kind, stop.time)
    }
    for match in rule.cancel { add(match.kind, match.conditions) }
    return uses
  }

  @Test("ids fit a reminder's clock field")
  func identifiers() {
    for rule in ClockRules.builtIn.rules {
      let payload = "{\"level\":\"remind\",\"dueBy\":\"2026-03-09\",\"clock\":\"\(rule.id)\"}"
      let verdict = SchemaRegistry.builtIn.check(
        schema: "notice.remind/1", payload: Array(payload.utf8), asOf: nil)
      guard case .valid = verdict else {
        Issue.record("\(rule.id): \(verdict)")
        continue
      }
    }
  }
}
