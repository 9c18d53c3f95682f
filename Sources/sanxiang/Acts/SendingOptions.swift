import ArgumentParser
import NodeClient
import RecordModel

/// How anything is sent.
struct SendingOptions: ParsableArguments {
  @OptionGroup var node: NodeOptions
  @Option(name: .long, help: help("缓急 normal/urgent/critical", "normal, urgent or critical"))
  var urgency: String?
  @Option(name: .long, help: help("幂等键：重试不重发", "repeating under the same key sends once"))
  var idempotencyKey: String?
  @Flag(name: .long, help: help("等到送达回执", "wait for the receipt")) var wait = false
  @Option(name: .long, help: help("最多等几秒", "how many seconds to wait at most"))
  var waitSeconds = 60

  func validate() throws {
    guard (1...600).contains(waitSeconds) else {
      throw ValidationError(say("wait-seconds 须在 1 到 600 之间", "wait-seconds must be 1 to 600"))
    }
    guard urgency.map({ Urgency(rawValue: $0) != nil }) ?? true else {
      throw ValidationError(
        say("urgency 须为 normal、urgent 或 critical", "urgency is normal, urgent or critical"))
    }
  }

  /// Waits for a record's receipt, or for what else becomes of it.
  func outcome(
    of id: String, through client: NodeClient
  ) async throws -> (json: [UInt8], lines: [String], exit: ExitStatus?) {
    let state = try await client.wait(id, seconds: waitSeconds)
    let exit: ExitStatus? =
      switch state.value.delivery {
      case "receipted": nil
      case "refused", "dead": .invalidRecord
      default: .failed
      }
    return (state.json, [id] + Lines.delivery(state.value), exit)
  }

  static func lines(_ sent: APISubmission, kind: String) -> [String] {
    let what = Lines.kindName(kind)
    return [
      sent.id,
      sent.repeated
        ? what + say("：此前已收下（幂等）", ": taken in before (same idempotency key)")
        : what + say("：已收下，待发送", ": taken in; on its way"),
    ]
  }
}

/// How a record is sent whose payload is written here, whatever its kind.
struct DeliveryOptions: ParsableArguments {
  @OptionGroup var sending: SendingOptions
  @Option(
    name: .long,
    help: help(
      "模式及版本，如 lead.sign/1；默认双方都能读的最高版本",
      "schema and version, such as lead.sign/1; default: the highest that both nodes read"))
  var schema: String?

  var node: NodeOptions { sending.node }

  /// Judges the payload by the schemas that this program carries.
  func check(_ draft: Draft, at now: Timestamp) throws {
    try PayloadCheck.beforeSending(
      draft.payload, kind: draft.kind, schema: schema, today: now.day)
  }

  /// Hands it to the node and says what came of it.
  func send(_ draft: Draft, through client: NodeClient) async throws {
    let sent =
      switch draft.destination {
      case .answer(let id):
        try await client.act(
          draft.kind, on: id, payload: draft.payload, schema: schema, urgency: sending.urgency,
          idempotencyKey: sending.idempotencyKey)
      case .open(let agency):
        try await client.submit(
          draft.payload, to: agency, kind: draft.kind, schema: schema, urgency: sending.urgency,
          idempotencyKey: sending.idempotencyKey)
      }
    guard sending.wait else {
      node.show(json: sent.json, text: SendingOptions.lines(sent.value, kind: draft.kind))
      return
    }
    let outcome = try await sending.outcome(of: sent.value.id, through: client)
    node.show(json: outcome.json, text: outcome.lines)
    if let exit = outcome.exit { throw ExitCode(exit.rawValue) }
  }
}
