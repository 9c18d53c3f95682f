extension ThreadPage {
  static let introduction = [
    """
    A thread 移送链 is a first record and all records that name it; every record but the first \
    answers one of them (`replyTo`). It lies in two logs, so each record is judged at its cut: by \
    what stands before it in its own log and by what its sender had seen of the other (`seen`). \
    Only headers count, and what payloads say of other records, below; what a decision says is \
    shown, never judged. A record that may not come there is refused, and the refusal says what may.
    """,
    """
    The opener is the agency that sent the first record, the receiver the one that it was sent to. \
    What a record answers must stand: neither void nor withdrawn. What is void or was withdrawn \
    does not count towards how often an act may come.
    """,
    """
    At most \(ThreadRules.asideLimit) records of one end that change no state go into one thread, \
    whatever became of them; more are refused (`thread:full`). What leads to another state is not \
    counted and may still come.
    """,
  ]

  static let introductionZH = [
    """
    移送链由首份文书和指明该链的全部文书组成；首份以外的每份文书都答复其中一份（`replyTo`）。移送链\
    分布在两份日志中，因此每份文书都按其封装时点判断：本方日志中在其之前的文书，以及发出方当时已\
    收到的对方文书（`seen`）。判断只看记录头以及内容所指的其他文书（见下文）；决定的内容只显示、\
    不判断。不得出现的文书予以拒收，并说明当时可以发送的文书。
    """,
    """
    发起方是发出首份文书的机关，接收方是收到首份文书的机关。所答复的文书必须有效：既非无效，也未\
    被撤回。无效或者被撤回的文书不计入次数。
    """,
    """
    一条移送链中，任何一方不改变状态的文书至多\(ThreadRules.asideLimit)份，无效和被撤回的也计算在内；\
    超出的予以拒收（`thread:full`）。改变状态的文书不计入此数，仍可发送。
    """,
  ]

  /// What becomes of acts that crossed.
  func crossings() -> [String] {
    let settlements = table.settlements.map { row in
      [
        row.requests.map(kind).joined(separator: "<br>"),
        row.by.map(kind).joined(separator: "<br>"),
      ]
    }
    let voids = table.crossings.map { [kind($0.void), kind($0.by)] }
    return [
      say("## Acts that crossed", "## 相互交错的文书"),
      say(Self.crossing, Self.crossingZH),
      say("### What settles a request", "### 请求的答复"),
      say(Self.settling, Self.settlingZH),
      tableText(say(["request", "settled by"], ["请求", "答复"]), settlements),
      say("### What else is void", "### 其他无效情形"),
      say(Self.voiding, Self.voidingZH),
      tableText(
        say(
          ["void", "when this crossed it, answering the same record"],
          ["无效的文书", "与其交错且答复同一文书的文书"]), voids),
      say(Self.effects, Self.effectsZH),
    ]
  }

  private static let crossing = """
    Two acts crossed when the sender of neither had seen the other. That alone refuses neither. A \
    state that is an end stays: what crossed the act that led there is allowed and changes \
    nothing, such as the signing for a lead that is being withdrawn. Only these acts give way:
    """

  private static let crossingZH = """
    两份文书的发出方在封装时都未收到对方那份的，为相互交错。仅因交错不拒收任何一份。终结状态不再\
    改变：与导致终结的文书交错的文书有效，但不改变状态，例如对正被撤回的线索签收。只有以下文书让位：
    """

  private static let settling = """
    A withdrawal is void when what settles the record that it withdraws crossed it. A first \
    record is settled by any such act of its thread, another by what answers it.
    """

  private static let settlingZH = """
    撤回与所撤回文书的答复交错的，撤回无效。首份文书因移送链中任何一份此类文书而得到答复，其他文书\
    因答复它的文书而得到答复。
    """

  private static let voiding = """
    A closing gives way to a review that was asked for before it was known, also when the request \
    is withdrawn later.
    """

  private static let voidingZH = """
    办结让位于在得知办结之前提出的复议请求，该请求后来被撤回的亦同。
    """

  private static let effects = """
    A void act voids whatever answers it. A request for supplements or for review, or a question \
    for consultation, that is withdrawn counts no more, nor does what answers it; the withdrawal \
    of a first record ends the thread. Void acts stay in the log and are shown as void.
    """

  private static let effectsZH = """
    答复无效文书的文书也无效。补正通知、复议请求、会商提起被撤回的，不再计入，答复它的文书亦同；\
    撤回首份文书的，移送链终结。无效文书留在日志中，并显示为无效。
    """
}
