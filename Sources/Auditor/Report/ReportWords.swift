import RecordModel

/// What events of a journal are called in a report.
enum ReportWords {
  static func event(_ event: JournalEvent, _ language: AuditLanguage) -> String {
    switch event {
    case .submissionCancelled: language("撤销待发记录", "submission cancelled")
    case .submissionDead: language("待发记录成为死信", "submission became a dead letter")
    case .channelHalted: language("通道停止", "channel halted")
    case .channelResumed: language("通道恢复", "channel resumed")
    case .channelEpoch: language("开启新纪元", "new epoch opened")
    case .directoryLoaded: language("名录生效", "directory came into force")
    case .keyLoaded: language("密钥解锁", "key unlocked")
    case .intakePaused: language("暂停受理提交", "submissions turned away")
    case .intakeResumed: language("恢复受理提交", "submissions taken again")
    case .journalOpened: language("日志簿开启", "journal opened")
    case .administration: language("管理操作", "act of an operator")
    case .accessDenied: language("拒绝访问", "calls denied")
    case .alarm: language("告警", "alarm")
    default: event.rawValue
    }
  }

  static func isAlarm(_ event: JournalEvent) -> Bool {
    event == .alarm || event == .channelHalted || event == .intakePaused
  }

  private static let namesZH = [
    "act": "操作", "target": "对象", "by": "操作人", "reason": "原因", "name": "名称", "key": "公钥",
    "version": "版本", "digest": "摘要", "code": "代码", "count": "次数", "origin": "日志", "size": "条数",
    "root": "树根", "id": "编号", "to": "对方", "previousEpoch": "前一纪元", "epoch": "纪元",
    "detail": "说明", "peer": "对方", "software": "软件", "notAfter": "有效期至",
  ]

  static func fields(_ fields: [JournalField], _ language: AuditLanguage) -> String {
    fields.map { field in
      let value: String =
        switch field.value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .bool(let value): "\(value)"
        case .null: "-"
        }
      return "\(language(namesZH[field.name] ?? field.name, field.name)) \(value)"
    }.joined(separator: language("，", ", "))
  }

  static func clockState(_ state: ClockState, _ language: AuditLanguage) -> String {
    language(state.titleZH, state.rawValue)
  }

  /// To the second.
  static func time(_ time: Timestamp?) -> String {
    guard let time else { return "-" }
    return String("\(time)".prefix(19).map { $0 == "T" ? " " : $0 })
  }
}
