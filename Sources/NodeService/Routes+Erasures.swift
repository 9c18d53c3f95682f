import Exchange
import HTTPTypes
import Hummingbird
import RecordModel
import TransparencyLog

/// Erasing payloads as the law requires, on the approval of two operators.
struct ErasureRoutes: Sendable {
  let node: any NodeOperations

  var routes: [Route] {
    [
      Route(.get, "/v1/erasures", query: ["cursor", "limit"], handler: list),
      Route(
        .get, "/v1/records/{id}/erasure", query: ["law", "article", "seq"], handler: statement),
      Route(.post, "/v1/records/{id}/erasure", handler: erase),
    ]
  }

  @Sendable private func list(_ request: APIRequest) async throws -> Response {
    let limit = try request.limit()
    let found = try await node.erasures(
      after: request.cursor().map(ErasureCursor.position), limit: limit)
    let next = found.count == limit ? found.last.map { ErasureCursor.number($0.position) } : nil
    return JSONAnswer.make(ListBody(items: found.map(ErasureBody.init), next: next))
  }

  @Sendable private func statement(_ request: APIRequest) async throws -> Response {
    guard let law = request.query["law"], let article = request.query["article"] else {
      throw APIProblem.request(
        "parameter", "The query must give the legal basis as law=... and article=....")
    }
    let seq = try request.number("seq", in: 0...Int64.max).map { UInt64($0) }
    return JSONAnswer.make(
      ErasureProposalBody(
        try await node.erasureStatement(request.recordID(), seq: seq, law: law, article: article)))
  }

  /// The payload goes when the record that says so is sealed, which may be later: 202.
  @Sendable private func erase(_ request: APIRequest) async throws -> Response {
    let id = try request.recordID()
    let note = try await request.body(limit: APILimits.approvalBytes)
    guard let text = try? SignedNote(parsing: note).text else {
      throw APIProblem.request("body", "The body must be a signed note.")
    }
    // The path says what the caller means, the note what was approved: they must agree.
    guard let statement = ErasureStatement(parsing: text), statement.target == id else {
      throw ExchangeError(.erasureApprovals, "what was approved is not the erasure of this record")
    }
    let receipt = try await node.erase(approved: note, by: request.caller())
    return JSONAnswer.make(
      ErasureReceiptBody(receipt), status: .accepted, location: "/v1/records/\(receipt.id)")
  }
}

/// A place in the list of erasures as one number.
enum ErasureCursor {
  static func number(_ position: RecordPosition) -> Int64 {
    position.channel.rawValue << 40 | Int64(truncatingIfNeeded: position.seq)
  }

  static func position(_ number: Int64) -> RecordPosition {
    RecordPosition(
      channel: ChannelNumber(rawValue: number >> 40), seq: UInt64(number & (1 << 40 - 1)))
  }
}

struct ErasureCarrierBody: Encodable {
  var id: String
  var kind: String
  var from: String
  var to: String
  var place: String

  init(_ carrier: ErasureCarrier) {
    id = carrier.id.description
    kind = carrier.kind
    from = carrier.from.rawValue
    to = carrier.to.rawValue
    place = carrier.place.rawValue
  }
}

struct ErasureProposalBody: Encodable {
  var channel: String
  var seq: UInt64
  var target: String
  var text: String
  var carriers: [ErasureCarrierBody]

  init(_ proposal: ErasureProposal) {
    channel = proposal.statement.channel.description
    seq = proposal.statement.seq
    target = proposal.statement.target.description
    text = proposal.statement.text
    carriers = proposal.carriers.map(ErasureCarrierBody.init)
  }
}

struct ErasureReceiptBody: Encodable {
  var id: String
  var target: String
  var peer: String
  var carriers: [ErasureCarrierBody]

  init(_ receipt: ErasureReceipt) {
    id = receipt.id.description
    target = receipt.target.description
    peer = receipt.peer.rawValue
    carriers = receipt.carriers.map(ErasureCarrierBody.init)
  }
}

struct ErasureBody: Encodable {
  struct Record: Encodable {
    var id: String
    var from: String
    var seq: UInt64
    var time: String
    var law: String
    var article: String

    init(_ record: ErasureView.Record) {
      id = record.id.description
      from = record.from.rawValue
      seq = record.seq
      time = record.time.description
      law = record.law
      article = record.article
    }
  }
  var channel: String
  var seq: UInt64
  var id: String
  var state: String
  var own: Record?
  var peer: Record?

  init(_ view: ErasureView) {
    channel = view.channel.description
    seq = view.seq
    id = view.id.description
    state = view.state.rawValue
    own = view.own.map(Record.init)
    peer = view.peers.map(Record.init)
  }
}
