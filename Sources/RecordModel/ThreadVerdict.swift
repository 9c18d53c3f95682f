import RecordSchema

// MARK: - Judging one record

extension ThreadRuleBook {
  func judge(_ header: RecordHeader, epoch: UInt32, entries: [ThreadEntry]) -> [Violation] {
    if KindName.isSystem(header.kind) { return [] }
    guard let act = rule(header.kind) else {
      return [
        Violation(
          pointer: "/kind", rule: "thread:kind", message: "Not a kind that this version knows.",
          messageZH: "未知的文书种类。")
      ]
    }
    let candidate = ThreadEntry(header, epoch: epoch, refused: false)
    let held = entries.filter { entry in
      (entry.direction == candidate.direction || entry.direction == candidate.direction.reversed)
        && entry.precedes(candidate)
    }
    let history = history(held)
    if act.opens { return judgeOpening(header, history) }
    guard let history else {
      return [
        Violation(
          pointer: "/thread", rule: "thread:unknown",
          message: "The thread has no first record at this record's cut; "
            + "a thread starts with \(list(opening)).",
          messageZH: "就本文书封装时已知的记录而言，该移送链没有首份文书；移送链须由以下文书开启："
            + "\(listZH(opening))。")
      ]
    }
    return judgeNext(header, act, history)
  }

  private func judgeOpening(_ header: RecordHeader, _ history: History?) -> [Violation] {
    var violations: [Violation] = []
    if header.thread != header.id {
      violations.append(
        Violation(
          pointer: "/thread", rule: "thread:opening",
          message: "A first record must name its own id as its thread.",
          messageZH: "首份文书的移送链编号须为其自身编号。"))
    }
    if header.replyTo != nil {
      violations.append(
        Violation(
          pointer: "/replyTo", rule: "thread:opening",
          message: "A first record answers nothing; leave replyTo out.",
          messageZH: "首份文书不答复任何文书，不得填写 replyTo。"))
    }
    if let history {
      let next = nextText(history.state)
      violations.append(
        Violation(
          pointer: "/thread", rule: "thread:duplicate",
          message: "The thread has been opened already. \(next.english)",
          messageZH: "该移送链已经开启。\(next.chinese)"))
    }
    return violations
  }

  private func judgeNext(
    _ header: RecordHeader, _ act: ActRule, _ history: History
  ) -> [Violation] {
    var violations: [Violation] = []
    let next = nextText(history.state)
    let sender: ThreadParty =
      header.from == history.opening.direction.from ? .opener : .receiver
    if sender != act.party {
      violations.append(
        Violation(
          pointer: "/from", rule: "thread:party",
          message: "Only \(act.party.title) may send this kind. \(next.english)",
          messageZH: "此类文书只能由\(act.party.titleZH)发出。\(next.chinese)"))
    }
    let answered = history.acts.first { $0.id == header.replyTo }
    if answered.map({ act.answers.contains($0.kind) }) != true {
      violations.append(
        Violation(
          pointer: "/replyTo", rule: "thread:answers",
          message: "replyTo must be the id of this thread's \(list(act.answers.sorted())).",
          messageZH: "replyTo 须为本移送链中以下文书的编号：\(listZH(act.answers.sorted()))。"))
    }
    if !act.after.contains(history.state) {
      let isRepeat = history.acts.contains { $0.kind == header.kind }
      violations.append(
        Violation(
          pointer: "/kind", rule: isRepeat ? "thread:duplicate" : "thread:successor",
          message: (isRepeat ? "This act has been done already. " : "Not allowed at this point. ")
            + next.english,
          messageZH: (isRepeat ? "该行为已经作出。" : "当前不允许此类文书。") + next.chinese))
    }
    return violations
  }
}

// MARK: - Saying what is allowed

extension ThreadRuleBook {
  private var opening: [String] { allowedNext(state: nil, for: .opener) }

  private func list(_ kinds: [String]) -> String { kinds.joined(separator: ", ") }

  private func listZH(_ kinds: [String]) -> String {
    kinds.map(titleZH).joined(separator: "、")
  }

  private func nextText(_ state: ThreadState) -> (english: String, chinese: String) {
    var english: [String] = []
    var chinese: [String] = []
    for party in ThreadParty.allCases {
      let kinds = allowedNext(state: state, for: party)
      guard !kinds.isEmpty else { continue }
      english.append("\(party.title) may send \(list(kinds))")
      chinese.append("\(party.titleZH)可发送\(listZH(kinds))")
    }
    guard !english.isEmpty else {
      return (
        "The thread is \(state.rawValue); nothing may follow.",
        "该移送链\(state.titleZH)，不得再有后续文书。"
      )
    }
    return (
      "The thread is \(state.rawValue); next, \(english.joined(separator: "; ")).",
      "该移送链\(state.titleZH)，接下来\(chinese.joined(separator: "；"))。"
    )
  }
}
