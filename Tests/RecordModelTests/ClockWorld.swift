import Cryptography
import Testing

@testable import RecordModel

/// A thread between two agencies with times, payloads and receipts, written act by act.
struct ClockWorld {
  enum Side { case opener, receiver }

  private var entries: [ThreadEntry] = []
  private var random = SeededRandom(99)
  private var sizes: [Direction: UInt64] = [:]
  private let outbound: Direction
  private(set) var ids: [RecordID] = []
  var payloads: [RecordID: [UInt8]] = [:]
  var receiptTimes: [RecordID: UInt64] = [:]
  var openerRole: AgencyRole
  var receiverRole: AgencyRole

  init(_ openerRole: AgencyRole, _ receiverRole: AgencyRole) throws {
    outbound = Direction(from: try Samples.enforcement(), to: try Samples.procuratorate())
    self.openerRole = openerRole
    self.receiverRole = receiverRole
  }

  /// Appends a record; its receipt comes two seconds after its time. `answering` is the number of an
  /// act before it, from 0; the first act answers nothing. `seen` is all of the other log unless
  /// told otherwise.
  @discardableResult
  mutating func act(
    _ kind: String, _ side: Side, at time: String, _ payload: String = "{}", answering: Int? = nil,
    seen: UInt64? = nil
  ) throws -> RecordID {
    let direction = side == .opener ? outbound : outbound.reversed
    let moment = try Timestamp(clock: time)
    let id = Samples.id(&random, at: moment)
    entries.append(
      ThreadEntry(
        id: id, direction: direction, epoch: 1, seq: sizes[direction, default: 0], kind: kind,
        replyTo: answering.map { ids[$0] }, time: moment, refused: false,
        seen: Seen(epoch: 1, size: seen ?? sizes[direction.reversed, default: 0])))
    sizes[direction, default: 0] += 1
    ids.append(id)
    payloads[id] = Array(payload.utf8)
    receiptTimes[id] = UInt64(moment.seconds + 2)
    return id
  }

  /// What the engine takes; entries in the order of `order`, a permutation, if one is given.
  func thread(order: [Int]? = nil) throws -> ClockedThread {
    let entries = order.map { $0.map { self.entries[$0] } } ?? self.entries
    return ClockedThread(
      standing: try #require(ThreadRules.standing(entries)), openerRole: openerRole,
      receiverRole: receiverRole, payloads: payloads, receiptTimes: receiptTimes)
  }

  /// The clocks under the built-in rules, those that are off switched on.
  func clocks(
    _ rules: ClockRules? = nil, calendars: [Int: WorkingCalendar] = WorkingCalendar.builtIn
  ) throws -> [ThreadClock] {
    let book = ClockBook(rules: try rules ?? ClockSamples.allOn(), calendars: calendars)
    return ClockEngine.clocks(of: try thread(), under: book)
  }

  /// The clocks of one rule.
  func clocks(of rule: String) throws -> [ThreadClock] {
    try clocks().filter { $0.rule == rule }
  }
}

enum ClockSamples {
  /// The built-in file with every rule on, as if all had been verified.
  static func allOn() throws -> ClockRules { try everything.get() }

  private static let everything = Result {
    let text = String(decoding: ClockRules.builtIn.bytes, as: UTF8.self)
      .replacing("\"verified\": false", with: "\"verified\": true")
      .replacing("\"on\": false", with: "\"on\": true")
    return try ClockRules(parsing: Array(text.utf8), suite: .sha256Ed25519)
  }

  /// A file of rules that are given as JSON objects.
  static func rules(_ rules: String...) throws -> ClockRules {
    let text =
      "{\"v\":1,\"title\":\"t\",\"titleZH\":\"t\",\"rules\":[\(rules.joined(separator: ","))]}"
    return try ClockRules(parsing: Array(text.utf8), suite: .sha256Ed25519)
  }

  /// A rule that starts with a signing and stops with a decision, with other members in place of
  /// those of the same name or beside them.
  static func rule(_ members: [String: String] = [:]) -> String {
    var all = [
      "id": "\"sample\"", "title": "\"Sample\"", "titleZH": "\"示例\"",
      "basis": "{\"law\":\"示例法\",\"article\":\"第一条\"}", "verified": "true", "on": "true",
      "owner": "\"receiver\"", "duty": "true",
      "start": "{\"kind\":\"lead.sign\",\"time\":\"header\"}",
      "limit": "{\"count\":3,\"unit\":\"calendarDays\"}", "lastDay": "\"nextWorkingDay\"",
      "stop": "[{\"kind\":\"lead.decide\",\"answers\":\"any\",\"time\":\"header\"}]",
      "cancel": "[]", "pause": "[]", "warnHours": "[]",
    ]
    for (name, value) in members { all[name] = value.isEmpty ? nil : value }
    let body = all.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
    return "{\(body.joined(separator: ","))}"
  }
}

extension Timestamp {
  /// `2026-03-02 09:15`, `2026-03-02 09:15:30.500`, or `2026-03-02 24:00` for the moment after it.
  init(clock text: String) throws {
    let parts = text.split(separator: " ").map(String.init)
    try #require(parts.count == 2, "not a day and a time: \(text)")
    if parts[1] == "24:00" {
      self = try Timestamp(parsing: "\(parts[0])T00:00:00.000+08:00")
        .advanced(byMilliseconds: 86_400_000)
    } else {
      let filled = parts[1] + "00:00:00.000".dropFirst(parts[1].utf8.count)
      self = try Timestamp(parsing: "\(parts[0])T\(filled)+08:00")
    }
  }
}
