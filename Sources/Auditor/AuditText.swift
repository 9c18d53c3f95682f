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
    if directories.verified == 0, !directories.findings.isEmpty {
      return (lines + lawless(language)).joined(separator: "\n") + "\n"
    }
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
    lines += Self.caution(isAuthorityGiven, language)
    lines.append(
      isClean
        ? language("结论  未发现问题", "result  nothing found")
        : language("结论  发现 \(findingCount) 个问题", "result  findings: \(findingCount)"))
    return lines.joined(separator: "\n") + "\n"
  }

  /// Without any directory there are no keys: what else was found follows from that.
  private func lawless(_ language: AuditLanguage) -> [String] {
    [
      language(
        "  没有一份名录能由所给的统筹机关公钥验证：authority.json 是否为本联邦的？没有名录就没有公钥，"
          + "其余 \(findingCount - directories.findings.count) 个问题均由此而来，不再列出",
        "  no directory is signed by the authority's keys that were given: is authority.json this "
          + "federation's? Without directories there are no keys, and the other "
          + "\(findingCount - directories.findings.count) findings follow from that"),
      language("结论  无法核验", "result  nothing could be verified"),
    ]
  }

  /// What is to be said where nobody else vouches for the authority's keys.
  static func caution(_ isAuthorityGiven: Bool, _ language: AuditLanguage) -> [String] {
    isAuthorityGiven
      ? []
      : [
        language(
          "注意  未用 --authority 给出统筹机关公钥：以数据自带的为准，未经核验人确认",
          "note  without --authority the keys that lie with the data were trusted: its holder's word"
        )
      ]
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
