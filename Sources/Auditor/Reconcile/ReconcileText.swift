import Cryptography
import RecordModel
import TransparencyLog

extension ReconciliationReport {
  /// The comparison for people: a line for each channel and pair of holders, then what was found.
  public func text(_ language: AuditLanguage) -> String {
    var lines = comparisons.map { $0.line(language) }
    lines += findings.map { $0.line(language) }
    lines += AuditReport.caution(isAuthorityGiven, language)
    let notices = findings.count { $0.kind.isNotice }
    let besides =
      notices == 0
      ? "" : language("；另有提示 \(notices) 项（标 !）", "; notices, marked !: \(notices)")
    lines.append(
      (isClean
        ? language("结论  未发现不一致", "result  nothing differs")
        : language("结论  存在问题（标 ✗）", "result  they differ, or something is missing (marked ✗)"))
        + besides)
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ReconcileFinding {
  /// One line for people.
  public func line(_ language: AuditLanguage) -> String {
    let mark = kind.isNotice ? "!" : "✗"
    let place = index.map { " @\($0)" } ?? ""
    let parts = details(language)
    let more =
      parts.isEmpty
      ? "" : language("（", " (") + parts.joined(separator: language("；", "; ")) + language("）", ")")
    return "  \(mark) \(kind.rawValue)  \(subject)\(place)  "
      + language(kind.titleZH, kind.title) + more.onOneLine
  }

  /// What there is to say beside kind and place.
  func details(_ language: AuditLanguage) -> [String] {
    var parts: [String] = []
    if !holders.isEmpty, kind != .directory { parts.append(holders.joined(separator: " / ")) }
    switch kind {
    case .overdue:
      parts.append(language("共 \(count) 条", "\(count) entries"))
      if let time { parts.append(language("最早 \(time)", "the oldest of \(time)")) }
    case .denied:
      parts.append(language("共 \(count) 份", "\(count) receipts"))
      if let time { parts.append(language("首份出具于 \(time)", "the first given at \(time)")) }
    case .shortened:
      parts.append(language("至少 \(count) 条", "at least \(count) entries"))
      if let time { parts.append(language("首条封装于 \(time)", "the first sealed at \(time)")) }
    case .different, .forked, .journalForked, .journalShortened, .journalBehind, .directory,
      .numberGap, .numberRepeated:
      break
    }
    let detail = language(detail.zh, detail.en)
    if !detail.isEmpty { parts.append(detail) }
    return parts
  }
}

extension ChannelComparison {
  fileprivate func line(_ language: AuditLanguage) -> String {
    let sides = "\(names[0]) \(sizes[0]) / \(names[1]) \(sizes[1])"
    return "\(origin)  \(sides)  \(verdictText(language))  "
      + "@\(comparedSize) \(CanonicalBase64.encode(roots[0]))"
  }

  /// The verdict in words.
  func verdictText(_ language: AuditLanguage) -> String {
    switch verdict {
    case .equal: language("一致", "equal")
    case .behind(let side):
      language(
        "一致（\(names[side]) 落后 \(behindBy)）", "equal so far (\(names[side]) is \(behindBy) behind)"
      )
    case .different(let index):
      language("不一致：首个不同的记录 \(index)", "DIFFERENT: the first entry that differs is \(index)")
    case .onlyIn(let side): language("仅 \(names[side]) 持有", "only in \(names[side])")
    }
  }

  private var behindBy: UInt64 { max(sizes[0], sizes[1]) - min(sizes[0], sizes[1]) }
}
