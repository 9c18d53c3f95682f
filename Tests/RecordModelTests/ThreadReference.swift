@testable import RecordModel

/// The crossings and ends of a thread told once more, as directly as they can be said and without
/// the table: acts are taken one by one, in an order of delivery.
struct ThreadReference {
  private let acts: [ThreadEntry]
  private let byID: [RecordID: ThreadEntry]

  /// The acts in an order in which one end might have learned them; the first opens the thread.
  init(_ acts: [ThreadEntry]) {
    self.acts = acts
    byID = Dictionary(uniqueKeysWithValues: acts.map { ($0.id, $0) })
  }

  static let settling = [
    "lead.transfer": ["lead.accept", "lead.refuse", "lead.return", "lead.forwarded"],
    "lead.forward": ["lead.accept", "lead.refuse", "lead.return", "lead.forwarded"],
    "letter.issue": ["letter.reply"], "supplement.request": ["supplement.provide"],
    "review.request": ["review.decide"], "consult.open": ["consult.conclude"],
  ]

  private func descends(_ act: ThreadEntry, from id: RecordID) -> Bool {
    var next = act.replyTo
    while let current = next {
      if current == id { return true }
      next = byID[current]?.replyTo
    }
    return false
  }

  func isVoid(_ act: ThreadEntry) -> Bool {
    guard let target = act.replyTo.flatMap({ byID[$0] }) else { return false }
    if act.kind == "record.withdraw" {
      let kinds = Self.settling[target.kind] ?? []
      return isVoid(target)
        || acts.contains {
          kinds.contains($0.kind) && $0.crosses(act) && descends($0, from: target.id)
        }
    }
    if act.kind == "lead.close",
      acts.contains(where: {
        $0.kind == "review.request" && $0.replyTo == target.id && $0.crosses(act)
      })
    {
      return true
    }
    return isVoid(target) || isWithdrawn(target)
  }

  func isWithdrawn(_ act: ThreadEntry) -> Bool {
    act.replyTo != nil
      && acts.contains { $0.kind == "record.withdraw" && $0.replyTo == act.id && !isVoid($0) }
  }

  func standing(_ act: ThreadEntry) -> ActStanding {
    isVoid(act) ? .void : isWithdrawn(act) ? .withdrawn : .stands
  }

  /// How many acts of one end lead to no other state, whatever came of them.
  func asides(_ direction: Direction) -> Int {
    let steps = [
      "lead.sign", "lead.accept", "lead.refuse", "lead.return", "lead.forwarded", "lead.decide",
      "lead.close", "letter.reply",
    ]
    let others = acts.dropFirst().filter { act in
      act.direction == direction && !steps.contains(act.kind)
    }
    return others.count { act in
      !["consult.conclude", "record.withdraw"].contains(act.kind) || act.replyTo != acts[0].id
    }
  }

  var state: ThreadState? {
    guard let opening = acts.first?.kind else { return nil }
    var state: ThreadState =
      switch opening {
      case "letter.issue": .issued
      case "consult.open": .consulting
      case "notice.remind": .supervising
      default: .transferred
      }
    for act in acts where standing(act) == .stands {
      if !state.isOpen { break }
      switch act.kind {
      case "lead.sign": state = .signed
      case "lead.accept": state = .accepted
      case "lead.refuse": state = .refused
      case "lead.return": state = .returned
      case "lead.forwarded": state = .forwarded
      case "lead.decide": state = .decided
      case "lead.close": state = .closed
      case "letter.reply": state = .replied
      case "consult.conclude" where act.replyTo == acts[0].id: state = .concluded
      case "record.withdraw" where act.replyTo == acts[0].id: state = .withdrawn
      default: break
      }
    }
    return state
  }
}
