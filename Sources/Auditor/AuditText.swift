import Cryptography
import TransparencyLog

/// The language of a text.
public enum AuditLanguage: String, Sendable, CaseIterable {
  case zh
  case en

  func callAsFunction(_ zh: String, _ en: String) -> String { self == .zh ? zh : en }
}

extension AuditReport {
  /// The report for people: a line for each log, then its findings.
  public func text(_ language: AuditLanguage) -> String {
    var lines: [String] = []
    let count = directories.verified
    let version = directories.version.map { "\($0)" } ?? "-"
    lines.append(
      language(
        "联邦名录  已验证 \(count) 份，最新版本 \(version)",
        "directories  \(count) verified, newest version \(version)"))
    lines += directories.findings.lines(language)
    for channel in channels {
      lines.append(channel.line(language))
      lines += channel.erasures.map { erased in
        "  · @\(erased.seq)  "
          + language(
            "内容已依 \(erased.origin) 第 \(erased.under) 条清除",
            "erased under entry \(erased.under) of \(erased.origin)")
      }
      lines += channel.findings.lines(language)
    }
    for journal in journals {
      lines.append(
        language("日志簿", "journal") + "  \(journal.origin)"
          + language(
            "  条目 \(journal.entries)，已签名 \(journal.signed)，他方见证 \(journal.witnessed)",
            "  \(journal.entries) entries, \(journal.signed) signed, "
              + "\(journal.witnessed) witnessed by others")
          + "  \(CanonicalBase64.encode(journal.root))")
      lines += journal.findings.lines(language)
    }
    for held in witnessed {
      lines.append(
        language("所见证的日志簿", "journal witnessed") + "  \(held.origin)"
          + language(
            "  签名头 \(held.heads)，至 \(held.newest)", "  \(held.heads) heads, up to \(held.newest)"))
      lines += held.findings.lines(language)
    }
    lines.append(
      isClean
        ? language("结论  未发现问题", "result  nothing found")
        : language("结论  发现 \(findingCount) 个问题", "result  \(findingCount) findings"))
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ChannelReport {
  fileprivate func line(_ language: AuditLanguage) -> String {
    let side = isOutbound ? language("发", "out") : language("收", "in")
    return language("通道", "channel") + " \(side)  \(origin)"
      + language(
        "  记录 \(entries)，已回执 \(receipted)，拒收 \(refused)，已清除 \(erased)",
        "  \(entries) entries, \(receipted) receipted, \(refused) refused, \(erased) erased")
      + (leftOut == 0 ? "" : language("，未导出内容 \(leftOut)", ", \(leftOut) left out"))
      + "  \(CanonicalBase64.encode(root))"
  }
}

extension FindingList {
  fileprivate func lines(_ language: AuditLanguage) -> [String] {
    var lines: [String] = []
    if let firstBadEntry {
      lines.append(
        "  "
          + language("首个有问题的记录：\(firstBadEntry)", "first bad entry: \(firstBadEntry)"))
    }
    for finding in kept {
      let place = finding.index.map { " @\($0)" } ?? ""
      let title = language(finding.kind.titleZH, finding.kind.title)
      let detail =
        finding.detail.en.isEmpty
        ? ""
        : language("（\(finding.detail.zh)）", " (\(finding.detail.en))")
      lines.append("  ✗ \(finding.kind)\(place)  \(title)\(detail)")
    }
    if omitted > 0 {
      lines.append("  " + language("另有 \(omitted) 个问题未列出", "and \(omitted) more"))
    }
    return lines
  }
}
