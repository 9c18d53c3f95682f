import Exchange
import RecordModel
import RecordSchema

// The JSON of threads, their clocks and their ties, as in schemas/openapi.yaml.

struct ThreadBody: Encodable {
  var id: String
  var state: String?
  var family: String?
  var opener: String
  var receiver: String
  var asOf: String
  var records: [ThreadRecordBody]
  var clocks: [ClockBody]
  var lineage: [LineageBody]
  var next: [NextBody]
  var allowedNext: [String]

  init(_ view: ThreadView) {
    id = view.id.description
    state = view.state?.rawValue
    family = view.family?.rawValue
    opener = view.opener.rawValue
    receiver = view.receiver.rawValue
    asOf = view.asOf.description
    records = view.records.map(ThreadRecordBody.init)
    clocks = view.clocks.map(ClockBody.init)
    lineage = view.lineage.map(LineageBody.init)
    next = view.next.map(NextBody.init)
    allowedNext = view.allowedNext
  }
}

/// A record's row, with what a thread says of it beside.
struct ThreadRecordBody: Encodable {
  private enum Key: String, CodingKey { case replyTo, standing, points }

  var summary: RecordSummaryBody
  var replyTo: String?
  var standing: String?
  var points: [PointBody]

  init(_ record: ThreadRecord) {
    summary = RecordSummaryBody(record.summary)
    replyTo = record.replyTo?.description
    standing = record.standing?.rawValue
    points = record.points.map(PointBody.init)
  }

  func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var members = encoder.container(keyedBy: Key.self)
    try members.encodeIfPresent(replyTo, forKey: .replyTo)
    try members.encodeIfPresent(standing, forKey: .standing)
    try members.encode(points, forKey: .points)
  }
}

struct PointBody: Encodable {
  var field: String
  var title: String
  var titleZH: String
  var text: String
  var textZH: String

  init(_ point: PayloadPoint) {
    field = point.field
    title = point.title.english
    titleZH = point.title.chinese
    text = point.text.english
    textZH = point.text.chinese
  }
}

struct ClockBody: Encodable {
  var rule: String
  var title: String
  var titleZH: String
  var basis: String?
  var owner: String
  var duty: Bool
  var start: String
  var startedAt: String
  var due: String?
  var lastDay: String?
  var state: String
  var stop: String?
  var stoppedAt: String?
  var reminded: String?
  var flags: [String]
  var problem: String?

  init(_ view: ClockView) {
    let clock = view.clock
    rule = clock.rule
    title = view.rule?.title ?? clock.rule
    titleZH = view.rule?.titleZH ?? clock.rule
    basis = view.rule?.basis.description
    owner = view.owner.rawValue
    duty = clock.isDuty
    start = clock.start.description
    startedAt = clock.startedAt.description
    due = clock.due?.description
    lastDay = clock.lastDay?.description
    state = view.state.rawValue
    stop = clock.stop?.description
    stoppedAt = clock.stoppedAt?.description
    reminded = clock.reminded?.description
    flags = clock.flags.map(\.rawValue)
    problem = clock.problem?.rawValue
  }
}

struct LineageBody: Encodable {
  var relation: String
  var thread: String
  var state: String?

  init(_ view: LineageView) {
    relation = view.isStatedByOther ? view.relation.rawValue + "Of" : view.relation.rawValue
    thread = view.thread.description
    state = view.state?.rawValue
  }
}

struct NextBody: Encodable {
  var party: String
  var agency: String
  var kinds: [String]

  init(_ view: NextView) {
    party = view.party.rawValue
    agency = view.agency.rawValue
    kinds = view.kinds
  }
}

/// A clock in a list over all threads.
struct DeadlineBody: Encodable {
  private enum Key: String, CodingKey { case thread, peer, leadTitle, docNo }

  var thread: String
  var peer: String
  var leadTitle: String?
  var docNo: String?
  var clock: ClockBody

  init(_ view: DeadlineView) {
    thread = view.thread.description
    peer = view.peer.rawValue
    leadTitle = view.title
    docNo = view.docNo
    clock = ClockBody(view.clock)
  }

  func encode(to encoder: any Encoder) throws {
    try clock.encode(to: encoder)
    var members = encoder.container(keyedBy: Key.self)
    try members.encode(thread, forKey: .thread)
    try members.encode(peer, forKey: .peer)
    try members.encodeIfPresent(leadTitle, forKey: .leadTitle)
    try members.encodeIfPresent(docNo, forKey: .docNo)
  }
}

struct ClockRuleBody: Encodable {
  var id: String
  var title: String
  var titleZH: String
  var basis: String
  var verified: Bool
  var on: Bool
  var measured: Bool
  var duty: Bool
  var owner: String
  var limit: String
  var limitZH: String

  init(_ rule: ClockRule) {
    id = rule.id
    title = rule.title
    titleZH = rule.titleZH
    basis = rule.basis.description
    verified = rule.verified
    on = rule.isOn
    measured = rule.isMeasured
    duty = rule.isDuty
    owner = rule.owner.rawValue
    limit = rule.limitText
    limitZH = rule.limitTextZH
  }
}

struct ClockRulesBody: Encodable {
  var digest: String?
  var rules: [ClockRuleBody]
  var calendars: [Int]

  init(_ view: ClockRulesView) {
    digest = view.rules.map { "\($0.digest)" }
    rules = view.rules?.rules.map(ClockRuleBody.init) ?? []
    calendars = view.calendars
  }
}
