import RecordSchema

/// Judges one record by the table.
struct ThreadJudge {
  let table: ThreadTable

  func judge(_ header: RecordHeader, epoch: UInt32, entries: [ThreadEntry]) -> [Violation] {
    if KindName.isSystem(header.kind) { return [] }
    let rows = table.rows(header.kind)
    if rows.isEmpty { return [.unknownKind] }
    let candidate = ThreadEntry(header, epoch: epoch, refused: false)
    let history = ThreadHistory(Self.known(entries, to: candidate), table: table)
    // A kind that may do both opens a thread when it names its own.
    if rows.allSatisfy(\.opens) || (header.thread == header.id && rows.contains(where: \.opens)) {
      return judgeOpening(header, history)
    }
    guard let history else { return [.unknownThread(table.openings)] }
    let acts = rows.filter { !$0.opens }
    // What the kind may do in threads of another family is of no help here.
    let own = acts.filter { $0.after.contains(where: history.family.states.contains) }
    return NextJudge(
      header: header, rows: own.isEmpty ? acts : own, history: history,
      answered: header.replyTo.flatMap(history.act)
    ).violations()
  }

  /// What lies at a record's cut: of its own two logs, what stands before it or was seen.
  static func known(_ entries: [ThreadEntry], to candidate: ThreadEntry) -> [ThreadEntry] {
    entries.filter { entry in
      (entry.direction == candidate.direction || entry.direction == candidate.direction.reversed)
        && entry.precedes(candidate)
    }
  }

  private func judgeOpening(_ header: RecordHeader, _ history: ThreadHistory?) -> [Violation] {
    var found: [Violation] = []
    if header.thread != header.id {
      found.append(
        Violation(
          pointer: "/thread", rule: "thread:opening",
          message: "A first record must name its own id as its thread.",
          messageZH: "首份文书的移送链编号须为其自身编号。"))
    }
    if header.replyTo != nil {
      found.append(
        Violation(
          pointer: "/replyTo", rule: "thread:opening",
          message: "A first record answers nothing; leave replyTo out.",
          messageZH: "首份文书不答复任何文书，不得填写 replyTo。"))
    }
    if let history {
      let next = history.nextText()
      found.append(
        Violation(
          pointer: "/thread", rule: "thread:duplicate",
          message: "The thread has been opened already. \(next.english)",
          messageZH: "该移送链已经开启。\(next.chinese)"))
    }
    return found
  }
}

/// Judges a record that is not a thread's first against those before it.
private struct NextJudge {
  let header: RecordHeader
  let rows: [ActRow]
  let history: ThreadHistory
  let answered: ThreadEntry?

  private var byAnswer: [ActRow] {
    rows.filter { row in answered.map { history.fits($0, row) } ?? false }
  }
  private var byState: [ActRow] { rows.filter { $0.after.contains(history.state) } }

  /// Who sends it, what it answers and when it comes are each judged for themselves.
  func violations() -> [Violation] {
    let (byAnswer, byState) = (byAnswer, byState)
    if let row = byState.first(where: byAnswer.contains), let answered {
      return history.hindrance(row, header.direction, answered).map { [violation($0, row)] } ?? []
    }
    let narrowed = byAnswer.isEmpty ? (byState.isEmpty ? rows : byState) : byAnswer
    var found: [Violation] = []
    if !narrowed.contains(where: { history.allows($0, header.direction, answered) }) {
      found.append(violation(.party, narrowed[0]))
    }
    if byAnswer.contains(where: { history.isRepeat($0, header.replyTo) }) {
      return found + [violation(.repeated, narrowed[0])]
    }
    // The kind may come, if it answers another record.
    let hasOther = byAnswer.isEmpty ? !byState.isEmpty : isAllowedNext
    if byAnswer.isEmpty || hasOther { found.append(answers(byState.isEmpty ? rows : byState)) }
    if !hasOther {
      found.append(
        say("/kind", "thread:successor", "Not allowed at this point.", "当前不允许此类文书。"))
    }
    return found
  }

  private var isAllowedNext: Bool {
    history.allowedNext(for: history.party(header.direction)).contains { $0.kind == header.kind }
  }

  private func violation(_ hindrance: Hindrance, _ row: ActRow) -> Violation {
    switch hindrance {
    case .party:
      return say(
        "/from", "thread:party", "Only \(row.party.title) may send this kind.",
        "此类文书只能由\(row.party.titleZH)发出。")
    case .notNewest: return answers([row])
    case .repeated:
      return say("/kind", "thread:duplicate", "This act has been done already.", "该行为已经作出。")
    case .fallen:
      return say(
        "/replyTo", "thread:void", "What replyTo names is void or was withdrawn.",
        "replyTo 所指文书无效或者已被撤回。")
    case .settled:
      return say(
        "/replyTo", "thread:settled", "What replyTo names has been settled.",
        "replyTo 所指文书已有答复。")
    case .full:
      let limit = history.table.asideLimit
      return say(
        "/thread", "thread:full",
        "This end has sent \(limit) records that change no state into the thread, the most it takes.",
        "本方在该移送链中不改变状态的文书已达上限\(limit)份。")
    case .pending(let kind):
      return say(
        "/kind", "thread:pending", "A \(kind) must be answered first.",
        "须先答复\(KindName.titleZH(kind))。")
    }
  }

  private func answers(_ rows: [ActRow]) -> Violation {
    let words = rows.map { $0.answers.words(history.opening.kind) }
    let chinese = rows.map { $0.answers.wordsZH(history.opening.kind) }
    return say(
      "/replyTo", "thread:answers",
      "replyTo must name, in this thread, \(words.unique.joined(separator: " or ")).",
      "replyTo 须为本移送链中以下文书的编号：\(chinese.unique.joined(separator: "、"))。")
  }

  /// A violation that ends by saying what is allowed.
  private func say(
    _ pointer: String, _ rule: String, _ english: String, _ chinese: String
  ) -> Violation {
    let next = history.nextText()
    return Violation(
      pointer: pointer, rule: rule, message: "\(english) \(next.english)",
      messageZH: chinese + next.chinese)
  }
}

// MARK: - Words

extension Violation {
  fileprivate static let unknownKind = Violation(
    pointer: "/kind", rule: "thread:kind", message: "Not a kind that this version knows.",
    messageZH: "未知的文书种类。")

  fileprivate static func unknownThread(_ openings: [String]) -> Violation {
    Violation(
      pointer: "/thread", rule: "thread:unknown",
      message: "The thread has no first record at this record's cut; "
        + "a thread starts with \(openings.joined(separator: ", ")).",
      messageZH: "就本文书封装时已知的记录而言，该移送链没有首份文书；移送链须由以下文书开启："
        + "\(openings.map(KindName.titleZH).joined(separator: "、"))。")
  }
}

extension ActParty {
  var title: String {
    switch self {
    case .opener: "the opener"
    case .receiver: "the receiver"
    case .either: "either end"
    case .author: "the sender of the record that it answers"
    }
  }

  var titleZH: String {
    switch self {
    case .opener: "发起方"
    case .receiver: "接收方"
    case .either: "任何一方"
    case .author: "所答复文书的发出方"
    }
  }
}

extension Answered {
  /// What it names, in words; `opening` stands for the first record where its kind is known.
  func words(_ opening: String? = nil) -> String {
    switch self {
    case .nothing: "nothing"
    case .opening: opening ?? "the first record"
    case .one(let kinds): kinds.joined(separator: ", ")
    case .newest(let kind): "the newest \(kind)"
    case .any(let barred): "any record but \(barred.joined(separator: ", "))"
    }
  }

  func wordsZH(_ opening: String? = nil) -> String {
    switch self {
    case .nothing: "无"
    case .opening: opening.map(KindName.titleZH) ?? "首份文书"
    case .one(let kinds): kinds.map(KindName.titleZH).joined(separator: "、")
    case .newest(let kind): "最新的\(KindName.titleZH(kind))"
    case .any(let barred):
      "\(barred.map(KindName.titleZH).joined(separator: "、"))以外的文书"
    }
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it came first.
  fileprivate var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
