import Cryptography
import RecordModel
import TransparencyLog

extension EvidenceReport {
  /// The report for people: what is proven, record by record, what is not, and what is wrong.
  public func text(_ language: AuditLanguage) -> String {
    var lines: [String] = []
    if let fingerprint {
      lines.append(language("证据文件指纹  ", "fingerprint of the file  ") + "\(fingerprint)")
    }
    guard isProven else {
      lines += faults.map { "✗ " + $0.description }
      lines.append(
        language("结论  证据不成立：此文件不证明任何事项", "result  NOT PROVEN: this file proves nothing"))
      return lines.joined(separator: "\n") + "\n"
    }
    lines += subjectLines(language)
    for record in records { lines += [""] + record.lines(language) }
    for fork in forks { lines += [""] + fork.lines(language) }
    lines += ["", language("本文件不证明：", "Not proven by this file:")]
    lines += limits(language).map { "  - " + $0 }
    lines += ["", language("结论  证据成立", "result  PROVEN")]
    return lines.joined(separator: "\n") + "\n"
  }

  private func subjectLines(_ language: AuditLanguage) -> [String] {
    var lines: [String] = []
    switch subject {
    case .record(let id): lines.append(language("证明对象  记录 ", "about  record ") + "\(id)")
    case .thread(let id):
      lines.append(
        language(
          "证明对象  案件 \(id)，共 \(records.count) 份记录",
          "about  case \(id), \(records.count) records"))
    case .log(let origin):
      lines.append(language("证明对象  日志分叉 ", "about  a fork of the log ") + origin)
    case nil: break
    }
    if let directory {
      lines.append(
        language(
          "联邦名录  \(directory.federation) 第 \(directory.version) 版，有效期 \(directory.notBefore) 至 \(directory.notAfter)",
          "directory  \(directory.federation), version \(directory.version), valid from "
            + "\(directory.notBefore) to \(directory.notAfter)"))
    }
    if let authority {
      lines.append(
        language(
          "信任起点  统筹机关公钥，\(authority.keys.count) 把中须 \(authority.threshold) 把签名",
          "trust  \(authority.threshold) of these \(authority.keys.count) keys of the authority")
          + (isAuthorityGiven
            ? language("（由核验人提供）", " (brought by the reader)")
            : language("（取自本文件，未经核验人确认）", " (taken from this file, not confirmed)")))
      lines += authority.keys.map { "  \($0)" }
    }
    return lines
  }

  /// What a reader must not take from it.
  func limits(_ language: AuditLanguage) -> [String] {
    var limits: [String] = []
    if !isAuthorityGiven {
      limits.append(
        language(
          "统筹机关公钥的真实性：请与另行取得的 authority.json 核对，或用 --authority 重新核验",
          "that the authority's keys are the authority's: compare them with an authority.json from "
            + "elsewhere, or check again with --authority"))
    }
    if let directory {
      limits.append(
        language(
          "第 \(directory.version) 版名录之后是否有密钥被撤销",
          "that no key was withdrawn by a directory after version \(directory.version)"))
    }
    guard !records.isEmpty else {
      limits.append(
        language(
          "分叉的原因，以及两个历史中哪一个为真", "why there are two histories, and which of them is true"))
      return limits
    }
    if records.contains(where: { $0.receipt == nil }) {
      limits.append(
        language("没有回执的记录是否已送达", "that the records without a receipt were received"))
    }
    if records.contains(where: { $0.content == .absent }) {
      limits.append(
        language("未附内容的记录写了什么", "what the records say whose payload is not in the file"))
    }
    limits += [
      language("内容是否属实；签名只证明由谁发出", "that what a record says is true: only who sent it"),
      language(
        "接收机关是否受理：送达回执只表示已完整收存",
        "that the receiver accepted anything: a receipt says that it is held whole"),
      language(
        "封装时间的准确性：以发送方时钟为准，只能确定不晚于送达时间",
        "the exact time of sealing: it is by the sender's clock; that of the receipt is by the "
          + "receiver's"),
      language(
        "此外没有其他记录（如撤回、更正）：完整性须用 audit verify 和 reconcile 核验",
        "that there are no other records, such as a withdrawal or correction: for completeness, "
          + "verify and reconcile whole logs"),
    ]
    if records.contains(where: { !$0.isOfSubject }) {
      limits.append(
        language(
          "标有“关联未证明”的记录与本案的关系", "that records marked as not shown to belong to the case do"))
    }
    return limits
  }
}

extension ProvenRecord {
  fileprivate func lines(_ language: AuditLanguage) -> [String] {
    let kind = language(KindName.titleZH(header.kind), header.kind)
    var lines = [
      "✓ \(kind)  \(header.id)" + (isOfSubject ? "" : language("（关联未证明）", " (tie not shown)")),
      language("  发送  ", "  sent      ") + "\(senderName) \(header.from)  \(header.time)",
    ]
    let to = "\(receiverName) \(header.to)  "
    if let receipt {
      lines.append(
        language("  送达  ", "  received  ") + to + receipt.time.toTheSecond
          + language("（以秒计）", " (to the second)"))
    } else {
      lines.append(language("  送达  ", "  received  ") + to + language("无回执", "no receipt"))
    }
    lines.append(
      language("  日志  ", "  log       ") + "\(origin)"
        + language(
          "  第 \(header.seq) 条，含于 \(size) 条的签名头",
          "  entry \(header.seq), under the signed head of \(size)"))
    lines.append(language("  根    ", "  root      ") + CanonicalBase64.encode(root))
    lines.append(language("  公钥  ", "  key       ") + "\(senderKey)")
    if let receipt { lines.append(language("  回执钥 ", "  receipt   ") + "\(receipt.key)") }
    lines.append(language("  内容  ", "  payload   ") + contentLine(language))
    if docNo != nil || title != nil {
      lines.append(
        language("  文书  ", "  document  ")
          + [docNo, title].compactMap { $0?.onOneLine }.joined(separator: "  "))
    }
    if let erasedBy {
      lines.append(
        language("  清除  ", "  ERASED    ")
          + language("内容依记录清除 ", "its payload, under record ") + "\(erasedBy)")
    }
    if let refusedBy {
      lines.append(
        language("  拒收  ", "  REFUSED   ")
          + language("接收机关校验拒收，见记录 ", "by the receiver, with record ") + "\(refusedBy)")
    }
    return lines
  }

  private func contentLine(_ language: AuditLanguage) -> String {
    switch content {
    case .absent: return language("未附", "not in the file")
    case .proven(let bytes, let keepsSchema):
      let size = language("与承诺值一致，\(bytes.count) 字节", "the one committed to, \(bytes.count) bytes")
      switch keepsSchema {
      case true: return size + language("，符合 ", ", keeps ") + header.schema
      case false: return size + language("，不符合 ", ", breaks ") + header.schema
      case nil: return size + language("，本程序无模式 ", ", not known here: ") + header.schema
      }
    }
  }
}

extension String {
  /// The text without anything that would begin a line of its own: payloads come from other agencies.
  var onOneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map {
          switch $0.properties.generalCategory {
          case .control, .lineSeparator, .paragraphSeparator: "\u{fffd}"
          default: $0
          }
        }))
  }
}

extension ProvenFork {
  fileprivate func lines(_ language: AuditLanguage) -> [String] {
    var lines = [
      language(
        "✓ 机关 \(signer) 为同一日志签署了两个互相矛盾的历史",
        "✓ agency \(signer) signed two histories of one log that exclude each other"),
      language("  日志  ", "  log  ") + origin,
    ]
    for head in heads {
      lines.append(
        language("  签名头  \(head.size) 条  ", "  head of \(head.size)  ")
          + CanonicalBase64.encode(head.root))
      lines.append(language("    公钥  ", "    key  ") + "\(head.key)")
      if let time = head.receiptTime {
        lines.append(language("    他方联署  ", "    cosigned  ") + time.toTheSecond)
      }
    }
    if let prefixRoot {
      lines.append(
        language(
          "  较大的历史在 \(heads[0].size) 条处的根为 ",
          "  the larger history has at \(heads[0].size) the root ")
          + CanonicalBase64.encode(prefixRoot))
    }
    return lines
  }
}

extension Timestamp {
  /// Without the milliseconds, which a cosignature does not have.
  fileprivate var toTheSecond: String {
    let text = description
    return String(text.prefix(19) + text.suffix(6))
  }
}
