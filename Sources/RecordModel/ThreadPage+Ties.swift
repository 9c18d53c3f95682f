extension ThreadPage {
  /// What payloads may name, which headers do not show.
  func ties() -> [String] {
    [
      say("## What a payload names", "## 内容所指的文书"),
      say(Self.tying, Self.tyingZH),
      tableText(
        say(["kind", "must be so", "rule"], ["种类", "要求", "规则"]),
        Self.tieRows.map { row in
          [
            row.kinds.map(kind).joined(separator: "<br>"), say(row.english, row.chinese),
            row.rules.map { "`\($0)`" }.joined(separator: " "),
          ]
        }),
      say(Self.onlySender, Self.onlySenderZH),
      say(Self.forwarding, Self.forwardingZH),
    ]
  }

  private static let tying = """
    Of payloads only what they say of other records is judged, at the same cut and alike at both \
    ends. An erased payload is not judged.
    """

  private static let tyingZH = """
    内容中只判断其所指的其他文书，封装时点相同，双方结论一致。内容已清除的不作判断。
    """

  private struct TieRow {
    var kinds: [String]
    var english: String
    var chinese: String
    var rules: [String]
  }

  private static let tieRows = [
    TieRow(
      kinds: [KindName.recordWithdraw, KindName.recordCorrect],
      english: "`target` is the record that `replyTo` names",
      chinese: "`target` 与 `replyTo` 一致", rules: ["thread:target"]),
    TieRow(
      kinds: [KindName.recordCorrect],
      english: "the new payload is of the kind of the record that it corrects; that of a "
        + "`lead.forward` proves its origin as a `lead.forward` does",
      chinese: "更正后的内容与被更正的文书属同一种类；更正 `lead.forward` 的，同样须证明其来源",
      rules: ["thread:corrected"]),
    TieRow(
      kinds: [KindName.leadTransfer],
      english: "`previous`, where it names a thread between the two agencies, names one of the "
        + "sender's own whose lead was returned, refused or withdrawn",
      chinese: "`previous` 指向双方之间的移送链的，须为发出方自己的、已被退回、不予受理或者已撤回的移送链",
      rules: ["thread:previous"]),
    TieRow(
      kinds: [KindName.noticeRemind],
      english: "as a first record it names in `about` a thread that is none between the two "
        + "agencies, as far as its sender knew; within a thread it has no `about`",
      chinese: "作为首份文书的，`about` 须指明一条移送链，且就发出方所知不在双方之间；在移送链内的不得填写 `about`",
      rules: ["thread:about"]),
    TieRow(
      kinds: [KindName.leadForward],
      english: "it carries the header, payload and salt of a lead's first record that was sent to "
        + "the forwarder, not by the onward receiver, with the proof that its sender signed and "
        + "the forwarder receipted it, by keys that the directory of the forwarding's own header "
        + "lists for that time: the receipt's for the time that it states, the sender's for some "
        + "moment from the original's `time` to the receipt. Where the original is a forwarding "
        + "itself, that one is judged in the same way, down to the first agency's lead",
      chinese: "所附记录头、内容和随机盐值属于发给转送机关的线索首份文书，其发出方不是转送的接收机关，"
        + "并附有以该转送记录头所注明名录中当时有效的密钥作出的发出方签名和转送机关回执的证明："
        + "回执密钥须在回执所载时间有效，发出方密钥须在原移送的 `time` 至回执之间有效。"
        + "所转送的本身是转送的，逐层同样判断，直至首个机关的移送",
      rules: [
        "forward:header", "forward:commitment", "forward:payload", "forward:proof",
        "forward:nested",
      ]),
  ]

  private static let onlySender = """
    The sender's own node judges what only it can know, when the record is submitted and when it \
    is sealed: that a `previous` of threads with other agencies is one of its own that came back \
    (`thread:previous`), that a lead which it forwards was signed for and not settled otherwise \
    (`forward:state`), and that a `lead.forwarded` names its own forwarding of this lead, which \
    is sealed and was not given up with an epoch (`thread:forwarded`).
    """

  private static let forwarding = """
    A node makes `lead.forward` and `lead.forwarded` together, and nobody submits either alone. A \
    lead is forwarded once. The notice is sealed after the forwarding, and dies with it. What is \
    forwarded is the original, as it was signed for: corrections that its sender has made since \
    do not go with it, and the onward receiver is not told of them. A forwarder that knows of one \
    says so in `text`, or lets the lead go back to its sender.
    """

  private static let forwardingZH = """
    `lead.forward` 和 `lead.forwarded` 由节点一并生成，不得单独提交。一条线索只转送一次。转送告知在转送之后\
    封装，转送作废的一并作废。所转送的是签收时的原移送：原移送机关其后作出的更正不随之转送，转送接收机关\
    不知有更正。转送机关知有更正的，应当在 `text` 中说明，或者将线索退回原移送机关。
    """

  private static let onlySenderZH = """
    仅发出方知晓的事项，由其节点在提交时和封装时判断：`previous` 指向与其他机关之间的移送链的，须为本机关\
    发出且已被退回、不予受理或者已撤回的（`thread:previous`）；所转送的线索须已签收且未作其他处理\
    （`forward:state`）；`lead.forwarded` 须指明本机关对该线索的转送，该转送已封装且未随纪元作废\
    （`thread:forwarded`）。
    """
}
