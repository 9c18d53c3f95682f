import RecordSchema
import Testing

@testable import RecordModel

/// A thread told in a line, such as
/// `O lead.transfer, R lead.sign lead.transfer ~ O record.withdraw lead.transfer`.
///
/// Each act is an end (`O` opener, `R` receiver), a kind and the kind that it answers, of which the
/// newest is meant. After a comma the sender has seen all before; acts between which there is a
/// tilde crossed, while one end's own follow each other.
struct ThreadScenario {
  var world: ThreadWorld
  /// What each act is called in what a test expects: its kind, with a number from the second on.
  private(set) var names: [RecordID: String] = [:]

  /// Tells a story of which every act must be allowed.
  init(_ text: String, isSwapped: Bool = false) throws {
    world = try ThreadWorld(isSwapped: isSwapped)
    for segment in text.split(separator: ", ") {
      let seen = world.counts
      for act in segment.split(separator: " ~ ") {
        let words = act.split(separator: " ").map(String.init)
        let side: ThreadWorld.Side = words[0] == "O" ? .opener : .receiver
        let answered = words.count > 2 ? newest(words[2]) : nil
        let header = world.header(
          words[1], by: side, replyTo: answered,
          seen: side == .opener ? seen.receiver : seen.opener)
        #expect(world.rules(header) == [], "\(act) in: \(text)")
        append(header)
      }
    }
  }

  mutating func append(_ header: RecordHeader) {
    let count = world.headers.count { $0.kind == header.kind } + 1
    names[header.id] = count == 1 ? header.kind : "\(header.kind)#\(count)"
    world.append(header)
  }

  /// The newest record of a kind, or with `#1` the first.
  func newest(_ kind: String) -> RecordID? {
    kind.hasSuffix("#1")
      ? world.headers.first { $0.kind == kind.dropLast(2) }?.id
      : world.headers.last { $0.kind == kind }?.id
  }

  /// The rules that an act in the story's words would break now, its sender having seen everything.
  mutating func rules(_ act: String) -> String {
    let words = act.split(separator: " ").map(String.init)
    let header = world.header(
      words[1], by: words[0] == "O" ? .opener : .receiver,
      replyTo: words.count > 2 ? newest(words[2]) : nil)
    return world.rules(header).map { String($0.dropFirst("thread:".count)) }
      .joined(separator: "+")
  }

  var standing: ThreadStanding? { ThreadRules.standing(world.entries) }

  /// What one end may do next: each kind with what it may answer.
  func next(_ party: ThreadParty) -> String {
    (standing?.allowedNext(for: party) ?? []).map { act in
      "\(act.kind)(\(act.answers.map { names[$0] ?? "?" }.joined(separator: " ")))"
    }.joined(separator: " ")
  }

  /// The names of the acts that came to this.
  func acts(_ standing: ActStanding) -> String {
    world.headers.filter { self.standing?.standings[$0.id] == standing }
      .compactMap { names[$0.id] }.joined(separator: " ")
  }
}

/// How the threads of the tables begin.
enum Story {
  static let transferred = "O lead.transfer"
  static let forward = "O lead.forward"
  static let signed = "\(transferred), R lead.sign lead.transfer"
  static let accepted = "\(signed), R lead.accept lead.sign"
  static let decided = "\(accepted), R lead.decide lead.accept"
  static let closed = "\(decided), R lead.close lead.decide"
  static let refused = "\(signed), R lead.refuse lead.sign"
  static let returned = "\(signed), R lead.return lead.sign"
  static let forwarded = "\(signed), R lead.forwarded lead.sign"
  static let withdrawn = "\(signed), O record.withdraw lead.transfer"
  static let asked = "\(signed), R supplement.request lead.sign"
  static let provided = "\(asked), O supplement.provide supplement.request"
  static let contested = "\(decided), O review.request lead.decide"
  static let reviewed = "\(contested), R review.decide review.request"
  static let decidedAgain = "\(reviewed), R lead.decide review.decide"
  static let issued = "O letter.issue"
  static let replied = "\(issued), R letter.reply letter.issue"
  static let letterWithdrawn = "\(issued), O record.withdraw letter.issue"
  static let consulting = "O consult.open"
  static let concluded = "\(consulting), O consult.conclude consult.open"
  static let consultWithdrawn = "\(consulting), O record.withdraw consult.open"
  static let supervising = "O notice.remind"
  static let supervisionWithdrawn = "\(supervising), O record.withdraw notice.remind"

  /// A thread in each state of each family.
  static let states: [(ThreadFamily, ThreadState, String)] = [
    (.lead, .transferred, transferred), (.lead, .signed, signed), (.lead, .accepted, accepted),
    (.lead, .decided, decided), (.lead, .closed, closed), (.lead, .refused, refused),
    (.lead, .returned, returned), (.lead, .forwarded, forwarded), (.lead, .withdrawn, withdrawn),
    (.letter, .issued, issued), (.letter, .replied, replied),
    (.letter, .withdrawn, letterWithdrawn), (.consultation, .consulting, consulting),
    (.consultation, .concluded, concluded), (.consultation, .withdrawn, consultWithdrawn),
    (.supervision, .supervising, supervising), (.supervision, .withdrawn, supervisionWithdrawn),
  ]
}
