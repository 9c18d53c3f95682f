extension ThreadRules {
  /// The languages in which the rules are shown.
  public enum PageLanguage: String, Sendable, CaseIterable {
    /// docs/threads.md
    case english = "en"
    /// docs/threads.zh-CN.md
    case chinese = "zh-CN"
  }

  /// The rules as a page of Markdown, made from the table that judges: docs/threads.md.
  public static func page(_ language: PageLanguage) -> String {
    ThreadPage(table: .builtIn, language: language).text
  }
}

/// Writes the table out for people.
struct ThreadPage {
  let table: ThreadTable
  let language: ThreadRules.PageLanguage

  var text: String {
    var blocks = [
      say(
        "*Generated from the table in `Sources/RecordModel/ThreadTable.swift`; do not edit. "
          + "[中文](threads.zh-CN.md)*",
        "*由 `Sources/RecordModel/ThreadTable.swift` 中的规则表生成，请勿修改。[English](threads.md)*"),
      say("# Threads: what may follow what", "# 移送链：文书的先后"),
    ]
    blocks += say(Self.introduction, Self.introductionZH)
    for family in ThreadFamily.allCases { blocks += section(family) }
    blocks += crossings()
    blocks += ties()
    return blocks.joined(separator: "\n\n") + "\n"
  }

  func say<Value>(_ english: Value, _ chinese: Value) -> Value {
    language == .english ? english : chinese
  }

  // MARK: One kind of thread

  private func section(_ family: ThreadFamily) -> [String] {
    let states = family.states
    let rows = table.acts.filter { row in
      row.opens
        ? row.next.map(states.contains) ?? false : row.after.contains(where: states.contains)
    }
    return [
      "## \(title(family))",
      diagram(rows, states),
      tableText(
        say(
          ["kind", "sent by", "answers", "after", "leads to", "how often"],
          ["种类", "发出方", "答复", "此前状态", "此后状态", "次数"]),
        rows.filter { isPossible($0, in: family) }.map { cells($0, states) }),
    ]
  }

  /// Whether there can be in such a thread what the row answers.
  private func isPossible(_ row: ActRow, in family: ThreadFamily) -> Bool {
    guard case .one(let kinds) = row.answers else { return true }
    return kinds.contains { kind in
      table.rows(kind).contains { other in
        other.opens
          ? other.next.map(family.states.contains) ?? false
          : other.after.contains(where: family.states.contains)
      }
    }
  }

  private func cells(_ row: ActRow, _ states: [ThreadState]) -> [String] {
    let after = states.filter(row.after.contains)
    return [
      kind(row.kind), say(row.party.title, row.party.titleZH), answers(row.answers),
      row.opens ? say("opens a thread", "开启移送链") : names(after, of: states),
      row.next.map(state) ?? say("unchanged", "不变"), frequency(row),
    ]
  }

  private func names(_ after: [ThreadState], of states: [ThreadState]) -> String {
    if after == states.filter(\.isOpen), after.count > 1 {
      return say("every state that is not an end", "未终结的各种状态")
    }
    if after == states.filter({ $0 != .withdrawn }), after.count > 1 {
      return say("every state but \(state(.withdrawn))", "\(state(.withdrawn))以外的各种状态")
    }
    return after.map(state).joined(separator: say(", ", "、"))
  }

  private func answers(_ answers: Answered) -> String {
    switch answers {
    case .nothing: say("nothing", "无")
    case .opening: say("the first record", "首份文书")
    case .one(let kinds): kinds.map(code).joined(separator: say(" or ", "或者"))
    case .newest(let kind): say("the newest \(code(kind))", "最新的 \(code(kind))")
    case .any(let barred):
      say(
        "any record but \(barred.map(code).joined(separator: ", "))",
        "\(barred.map(code).joined(separator: "、"))以外的文书")
    }
  }

  private func frequency(_ row: ActRow) -> String {
    if row.opens { return say("once", "一次") }
    var parts = [
      row.frequency == .once
        ? say("once for each record that it answers", "对所答复的每份文书一次")
        : say("any number", "不限")
    ]
    if row.isForUnsettled {
      parts.append(say("while that is not settled", "在其得到答复之前"))
    }
    if let kind = row.waitsFor {
      parts.append(say("not while a \(code(kind)) awaits its answer", "有 \(code(kind)) 待答复时不得"))
    }
    return parts.joined(separator: say("; ", "；"))
  }

  // MARK: Drawing

  private func diagram(_ rows: [ActRow], _ states: [ThreadState]) -> String {
    var lines = ["```mermaid", "stateDiagram-v2"]
    lines += states.map { "    \($0.rawValue): \(state($0))" }
    // All acts that lead from one state to another share an arrow.
    var arrows: [(from: String, to: ThreadState, kinds: [String])] = []
    for row in rows {
      guard let next = row.next, states.contains(next) else { continue }
      let sources = row.opens ? ["[*]"] : row.after.filter(states.contains).map(\.rawValue)
      for source in sources {
        if let index = arrows.firstIndex(where: { $0.from == source && $0.to == next }) {
          arrows[index].kinds.append(row.kind)
        } else {
          arrows.append((source, next, [row.kind]))
        }
      }
    }
    lines += arrows.map { arrow in
      let kinds = arrow.kinds.map { say($0, KindName.titleZH($0)) }.joined(
        separator: say(", ", "、"))
      return "    \(arrow.from) --> \(arrow.to.rawValue): \(kinds)"
    }
    lines += states.filter { !$0.isOpen }.map { "    \($0.rawValue) --> [*]" }
    return (lines + ["```"]).joined(separator: "\n")
  }

  func tableText(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }
      .joined(separator: "\n")
  }

  // MARK: Names

  func code(_ kind: String) -> String { "`\(kind)`" }

  func kind(_ kind: String) -> String { "\(code(kind)) \(KindName.titleZH(kind))" }

  func state(_ state: ThreadState) -> String { say(state.rawValue, state.titleZH) }

  private func title(_ family: ThreadFamily) -> String {
    switch family {
    case .lead: say("Leads 线索", "线索")
    case .letter: say("Letters 三书一函", "三书一函")
    case .consultation: say("Consultations 会商", "会商")
    case .supervision: say("Supervision 督办", "督办")
    }
  }
}
