/// Who sends an act.
enum ActParty: Hashable, Sendable {
  case opener, receiver, either
  /// Who sent the record that it answers.
  case author
}

/// What an act's `replyTo` names. Always a record of the thread that stands.
enum Answered: Hashable, Sendable {
  /// Nothing: the act opens a thread.
  case nothing
  /// The thread's first record.
  case opening
  /// A record of one of these kinds.
  case one(of: [String])
  /// The newest record of this kind.
  case newest(String)
  /// A record of any but these kinds.
  case any(but: [String])
}

/// How often an act may come. What is void or was withdrawn does not count.
enum Frequency: Hashable, Sendable {
  case unlimited
  /// Once for each record that it answers.
  case once
}

/// One row of the table: what one kind of act may do. A kind may have several rows.
struct ActRow: Hashable, Sendable {
  var kind: String
  var party: ActParty
  var answers: Answered
  /// The states after which it may come; empty for an act that opens a thread.
  var after: [ThreadState]
  /// The state that it leads to; nil where it changes none.
  var next: ThreadState?
  var frequency: Frequency
  /// Whether the record that it answers must not have been settled.
  var isForUnsettled = false
  /// A kind of which none may await its answer.
  var waitsFor: String?

  var opens: Bool { answers == .nothing }

  static func opening(_ kind: String, to next: ThreadState) -> ActRow {
    ActRow(
      kind: kind, party: .opener, answers: .nothing, after: [], next: next, frequency: .once)
  }

  /// An act that leads to another state.
  static func step(
    _ kind: String, by party: ActParty, on answers: Answered, after: [ThreadState],
    to next: ThreadState, waitsFor: String? = nil
  ) -> ActRow {
    ActRow(
      kind: kind, party: party, answers: answers, after: after, next: next, frequency: .once,
      waitsFor: waitsFor)
  }

  /// An act that leaves the state as it is.
  static func aside(
    _ kind: String, by party: ActParty, on answers: Answered, after: [ThreadState],
    _ frequency: Frequency, isForUnsettled: Bool = false, waitsFor: String? = nil
  ) -> ActRow {
    ActRow(
      kind: kind, party: party, answers: answers, after: after, next: nil, frequency: frequency,
      isForUnsettled: isForUnsettled, waitsFor: waitsFor)
  }
}

/// What settles a record that asks for something. A request that was not settled may be withdrawn;
/// a withdrawal that crosses what settles its target is void. The acts of a thread all descend from
/// its first record, which any of them that is named here settles; another record is settled by
/// what answers it.
struct SettlementRow: Hashable, Sendable {
  var requests: [String]
  var by: [String]
}

/// An act that is void when one of kind `by` that answers the same record crossed it.
struct CrossingRow: Hashable, Sendable {
  var void: String
  var by: String
}

/// The rules of threads, as data. docs/threads.md is made from it.
struct ThreadTable: Sendable {
  let acts: [ActRow]
  let settlements: [SettlementRow]
  let crossings: [CrossingRow]
  /// The most acts of one end in one thread that change no state.
  let asideLimit: Int

  private let byKind: [String: [ActRow]]
  private let settling: [String: Set<String>]

  init(
    acts: [ActRow], settlements: [SettlementRow], crossings: [CrossingRow],
    asideLimit: Int = ThreadRules.asideLimit
  ) {
    self.acts = acts
    self.settlements = settlements
    self.crossings = crossings
    self.asideLimit = asideLimit
    byKind = Dictionary(grouping: acts, by: \.kind)
    var settling: [String: Set<String>] = [:]
    for row in settlements {
      for request in row.requests { settling[request, default: []].formUnion(row.by) }
    }
    self.settling = settling
  }

  /// The rows of one kind; empty where this version does not know it.
  func rows(_ kind: String) -> [ActRow] { byKind[kind] ?? [] }

  func knows(_ kind: String) -> Bool { byKind[kind] != nil }

  /// The row by which a kind opens a thread.
  func opening(_ kind: String) -> ActRow? { rows(kind).first(where: \.opens) }

  /// The kinds that may open a thread, sorted.
  var openings: [String] { acts.filter(\.opens).map(\.kind).sorted() }

  /// The kinds that settle a request.
  func settling(_ request: String) -> Set<String> { settling[request] ?? [] }
}

// MARK: - The rules of this version

extension ThreadTable {
  private typealias Kind = KindName

  private static let open = ThreadState.allCases.filter(\.isOpen)
  private static let openElsewhere = open.filter { $0 != .consulting }
  private static let notWithdrawn = ThreadState.allCases.filter { $0 != .withdrawn }
  private static let elsewhere = notWithdrawn.filter { $0 != .consulting && $0 != .concluded }

  static let builtIn = ThreadTable(
    acts: openings + leads + reviews + asides + consultations + withdrawals,
    settlements: [
      SettlementRow(
        requests: [Kind.leadTransfer, Kind.leadForward],
        by: [Kind.leadAccept, Kind.leadRefuse, Kind.leadReturn, Kind.leadForwarded]),
      SettlementRow(requests: [Kind.letterIssue], by: [Kind.letterReply]),
      SettlementRow(requests: [Kind.supplementRequest], by: [Kind.supplementProvide]),
      SettlementRow(requests: [Kind.reviewRequest], by: [Kind.reviewDecide]),
      SettlementRow(requests: [Kind.consultOpen], by: [Kind.consultConclude]),
    ],
    crossings: [CrossingRow(void: Kind.leadClose, by: Kind.reviewRequest)])

  private static let openings: [ActRow] = [
    .opening(Kind.leadTransfer, to: .transferred),
    .opening(Kind.leadForward, to: .transferred),
    .opening(Kind.letterIssue, to: .issued),
    .opening(Kind.consultOpen, to: .consulting),
    .opening(Kind.noticeRemind, to: .supervising),
  ]

  private static let leads: [ActRow] = [
    .step(
      Kind.leadSign, by: .receiver, on: .one(of: [Kind.leadTransfer, Kind.leadForward]),
      after: [.transferred], to: .signed),
    .step(
      Kind.leadAccept, by: .receiver, on: .one(of: [Kind.leadSign]), after: [.signed],
      to: .accepted),
    .step(
      Kind.leadRefuse, by: .receiver, on: .one(of: [Kind.leadSign]), after: [.signed],
      to: .refused),
    .step(
      Kind.leadReturn, by: .receiver, on: .one(of: [Kind.leadSign]), after: [.signed],
      to: .returned),
    .step(
      Kind.leadForwarded, by: .receiver, on: .one(of: [Kind.leadSign]), after: [.signed],
      to: .forwarded),
    .aside(
      Kind.supplementRequest, by: .receiver, on: .one(of: [Kind.leadSign]), after: [.signed],
      .unlimited, waitsFor: Kind.supplementRequest),
    .aside(
      Kind.supplementRequest, by: .receiver, on: .one(of: [Kind.leadAccept]), after: [.accepted],
      .unlimited, waitsFor: Kind.supplementRequest),
    .aside(
      Kind.supplementProvide, by: .opener, on: .one(of: [Kind.supplementRequest]),
      after: [.signed, .accepted, .decided], .once),
    .step(
      Kind.leadDecide, by: .receiver, on: .one(of: [Kind.leadAccept]), after: [.accepted],
      to: .decided),
    .step(
      Kind.leadDecide, by: .receiver, on: .one(of: [Kind.reviewDecide]), after: [.decided],
      to: .decided),
    .aside(
      Kind.leadFeedback, by: .receiver, on: .one(of: [Kind.leadAccept]), after: [.accepted],
      .unlimited),
    .aside(
      Kind.leadFeedback, by: .receiver, on: .one(of: [Kind.leadDecide]), after: [.decided],
      .unlimited),
    .step(
      Kind.leadClose, by: .receiver, on: .newest(Kind.leadDecide), after: [.decided],
      to: .closed, waitsFor: Kind.reviewRequest),
  ]

  private static let reviews: [ActRow] = [
    .aside(
      Kind.reviewRequest, by: .opener, on: .one(of: [Kind.leadDecide]), after: [.decided],
      .once, waitsFor: Kind.reviewRequest),
    .aside(
      Kind.reviewDecide, by: .receiver, on: .one(of: [Kind.reviewRequest]), after: [.decided],
      .once),
  ]

  private static let asides: [ActRow] = [
    .step(
      Kind.letterReply, by: .receiver, on: .one(of: [Kind.letterIssue]), after: [.issued],
      to: .replied),
    .aside(Kind.noticeRemind, by: .either, on: .opening, after: open, .unlimited),
    // How a supervised agency reports to the one that supervises it.
    .aside(Kind.leadFeedback, by: .receiver, on: .opening, after: [.supervising], .unlimited),
  ]

  private static let consultations: [ActRow] = [
    .aside(Kind.consultOpen, by: .either, on: .opening, after: openElsewhere, .unlimited),
    .aside(
      Kind.consultNote, by: .either, on: .one(of: [Kind.consultOpen]),
      after: [.consulting] + elsewhere, .unlimited, isForUnsettled: true),
    .step(
      Kind.consultConclude, by: .author, on: .one(of: [Kind.consultOpen]), after: [.consulting],
      to: .concluded),
    .aside(
      Kind.consultConclude, by: .author, on: .one(of: [Kind.consultOpen]), after: elsewhere,
      .once),
  ]

  private static let withdrawals: [ActRow] = [
    .step(
      Kind.recordWithdraw, by: .author, on: .opening,
      after: [.transferred, .signed, .issued, .consulting, .supervising], to: .withdrawn),
    .aside(
      Kind.recordWithdraw, by: .author, on: .one(of: [Kind.supplementRequest]),
      after: [.signed, .accepted, .decided], .once, isForUnsettled: true),
    .aside(
      Kind.recordWithdraw, by: .author, on: .one(of: [Kind.reviewRequest]), after: [.decided],
      .once, isForUnsettled: true),
    .aside(
      Kind.recordWithdraw, by: .author, on: .one(of: [Kind.consultOpen]), after: elsewhere,
      .once, isForUnsettled: true),
    .aside(
      Kind.recordCorrect, by: .author,
      on: .any(but: [Kind.recordWithdraw, Kind.recordCorrect]), after: notWithdrawn, .unlimited),
  ]
}
