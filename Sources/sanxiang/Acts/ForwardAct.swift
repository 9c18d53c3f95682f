import ArgumentParser
import NodeClient
import RecordModel
import RecordSchema

/// The node makes both records, the forwarding with its proof of origin and the notice to the first
/// sender: only it holds what they are made of.
struct InboxForward: AsyncParsableCommand, RecordSender {
  static let configuration = describe(
    "forward", "转送：转给另一机关，并告知原移送机关",
    "pass a lead on to another agency and tell its sender 转送",
    example: "sanxiang inbox forward ID --to 11000000MB0000027Q --reason no-jurisdiction"
      + " --text 涉嫌职务犯罪")

  static let kinds = [KindName.leadForward, KindName.leadForwarded]

  @OptionGroup var sending: SendingOptions
  @Argument(help: help("记录编号", "the record's id")) var id: String
  @Option(name: .long, help: help("转送接收机关代码", "code of the onward receiver"))
  var to: AgencyFlag?
  @Option(name: .long, help: ArgumentHelp("理由", "the reason", Codes.ForwardReason.self))
  var reason: CodeFlag<Codes.ForwardReason>?
  @Option(name: .long, help: help("理由说明", "the reason in words")) var text: String?

  /// The notice as it will be, but for the thread that it names, which is not there yet.
  func form() -> Form<LeadForwarded> {
    Form(Needed("--to", to), Needed("--reason", reason), Needed("--text", text)) {
      LeadForwarded(
        receiver: $0, linkedThread: try IDFlag(argument: id).value(of: "ID"), reason: $1,
        text: $2)
    }
  }

  /// What the node is asked for. Throws where it breaks the schema that both records share.
  func order(at now: Timestamp) throws -> APIForwarding {
    let notice = try form().payload(file: nil, takesFile: false)
    try PayloadCheck.beforeSending(
      notice, kind: KindName.leadForwarded, schema: nil, today: now.day)
    guard let notice = LeadForwarded(reading: notice), let text = notice.text else {
      throw FormFailure.missing(["--text"], orFile: false)
    }
    return APIForwarding(
      to: notice.receiver.description, reason: notice.reason.rawValue, text: text,
      urgency: sending.urgency)
  }

  func run() async throws {
    let id = try Check.id(id)
    let order = try order(at: .now)
    let (node, wait) = (sending.node, sending.wait)
    try await node.withNode { client in
      let sent = try await client.forward(id, order, idempotencyKey: sending.idempotencyKey)
      guard wait else {
        node.show(
          json: sent.json,
          text: SendingOptions.lines(sent.value.forward, kind: KindName.leadForward)
            + SendingOptions.lines(sent.value.notice, kind: KindName.leadForwarded))
        return
      }
      let forward = try await sending.outcome(of: sent.value.forward.id, through: client)
      let notice = try await sending.outcome(of: sent.value.notice.id, through: client)
      var json = JSONWriter()
      json.object { json in
        json.key("forward")
        json.raw(forward.json)
        json.key("notice")
        json.raw(notice.json)
      }
      node.show(json: json.bytes, text: forward.lines + notice.lines)
      if let exit = forward.exit ?? notice.exit { throw ExitCode(exit.rawValue) }
    }
  }
}
