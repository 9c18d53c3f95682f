/// The two ends of a thread.
public enum ThreadParty: String, Hashable, Sendable, CaseIterable {
  /// Who sent the thread's first record.
  case opener
  /// To whom it was sent.
  case receiver

  /// The other end.
  public var other: ThreadParty { self == .opener ? .receiver : .opener }

  var title: String { self == .opener ? "the opener" : "the receiver" }
  var titleZH: String { self == .opener ? "发起方" : "接收方" }
}

/// Where a thread stands.
public enum ThreadState: String, Hashable, Sendable, CaseIterable {
  /// 已移送: sent, not signed for.
  case transferred
  /// 已签收: a named unit signed for it.
  case signed
  /// 已受理
  case accepted
  /// 已决定: to file a case, or not to.
  case decided
  /// 已办结: an end.
  case closed
  /// 不予受理: an end.
  case refused
  /// 已退回: an end.
  case returned
  /// 已转送: an end.
  case forwarded
  /// 已发函: a letter that has no reply yet.
  case issued
  /// 已复函: an end.
  case replied
  /// 会商中
  case consulting
  /// 会商结束: an end.
  case concluded
  /// 督办中: ends by withdrawal alone.
  case supervising
  /// 已撤回: an end of every kind of thread, after which not even a correction follows.
  case withdrawn

  /// The state's Chinese name.
  public var titleZH: String {
    switch self {
    case .transferred: "已移送"
    case .signed: "已签收"
    case .accepted: "已受理"
    case .decided: "已决定"
    case .closed: "已办结"
    case .refused: "不予受理"
    case .returned: "已退回"
    case .forwarded: "已转送"
    case .issued: "已发函"
    case .replied: "已复函"
    case .consulting: "会商中"
    case .concluded: "会商结束"
    case .supervising: "督办中"
    case .withdrawn: "已撤回"
    }
  }

  /// Whether the thread has not come to its end. A state that is an end stays; after it comes no
  /// more than the correction of a record and what winds a consultation up.
  public var isOpen: Bool {
    switch self {
    case .transferred, .signed, .accepted, .decided, .issued, .consulting, .supervising: true
    case .closed, .refused, .returned, .forwarded, .replied, .concluded, .withdrawn: false
    }
  }
}

/// What a thread is for, which its first record decides.
public enum ThreadFamily: String, Hashable, Sendable, CaseIterable {
  /// 线索: opened by a transfer or a forwarding.
  case lead
  /// 三书一函
  case letter
  /// 会商
  case consultation
  /// 督办: opened by an agency that has no part in the thread that it supervises.
  case supervision

  /// The states that such a thread may be in.
  public var states: [ThreadState] {
    switch self {
    case .lead:
      [
        .transferred, .signed, .accepted, .decided, .closed, .refused, .returned, .forwarded,
        .withdrawn,
      ]
    case .letter: [.issued, .replied, .withdrawn]
    case .consultation: [.consulting, .concluded, .withdrawn]
    case .supervision: [.supervising, .withdrawn]
    }
  }
}
