import Cryptography
import Exchange
import FoundationEssentials
import RecordModel
import TransparencyLog

// The API's JSON, written down once: names and shapes are those of schemas/openapi.yaml.
// A nil member is left out.

struct RecordSummaryBody: Encodable {
  struct Dead: Encodable {
    var code: String
    var detail: String
    var at: String
  }
  var id: String
  var thread: String
  var kind: String
  var from: String
  var to: String
  var urgency: String
  var time: String
  var epoch: UInt32?
  var seq: UInt64?
  var delivery: String
  var state: String?
  var title: String?
  var docNo: String?
  var receiptedAt: String?
  var number: Int64?
  var dead: Dead?
  var erased: Bool?

  init(_ view: RecordSummary) {
    id = view.id.description
    thread = view.thread.description
    kind = view.kind
    from = view.from.rawValue
    to = view.to.rawValue
    urgency = view.urgency.rawValue
    time = view.time.description
    epoch = view.epoch
    seq = view.seq
    delivery = view.delivery.rawValue
    state = view.state?.rawValue
    title = view.title
    docNo = view.docNo
    receiptedAt = view.receiptTime.map(moment)
    number = view.number
    erased = view.isErased ? true : nil
    dead = view.dead.map {
      Dead(code: $0.code, detail: $0.detail, at: $0.at.description)
    }
  }
}

/// Unix seconds as the API writes times; nothing for 0.
private func moment(_ seconds: UInt64) -> String {
  Timestamp(milliseconds: Int64(clamping: seconds) * 1000).description
}

struct ListBody<Item: Encodable>: Encodable {
  var items: [Item]
  var next: Int64?
}

extension ListBody<RecordSummaryBody> {
  init(_ page: Page<RecordSummary>) {
    self.init(items: page.items.map(RecordSummaryBody.init), next: page.next)
  }
  init(_ items: [RecordSummary]) {
    self.init(items: items.map(RecordSummaryBody.init), next: nil)
  }
}

struct SubmissionBody: Encodable {
  var id: String
  var thread: String
  var repeated: Bool

  init(_ receipt: SubmissionReceipt) {
    id = receipt.id.description
    thread = receipt.thread.description
    repeated = receipt.repeated
  }
}

/// What became of a forwarding.
struct ForwardedBody: Encodable {
  var forward: SubmissionBody
  var notice: SubmissionBody
}

struct RecordBody: Encodable {
  var summary: RecordSummaryBody
  var header: String
  var leaf: String
  var payload: String?
  var salt: String
  var erasure: ErasureBody?

  init(_ view: RecordView) {
    summary = RecordSummaryBody(view.summary)
    header = base64(view.header)
    leaf = base64(view.leaf.bytes)
    payload = view.payload.map(base64)
    salt = base64(view.salt)
    erasure = view.erasure.map(ErasureBody.init)
  }
}

private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

struct InboxEntryBody: Encodable {
  var record: RecordBody
  var thread: ThreadBody
}

struct TakenBody: Encodable {
  struct LeaseBody: Encodable {
    var id: String
    var holder: String
    var until: String
  }
  var record: RecordBody
  var lease: LeaseBody

  init(record: RecordView, lease: Lease) {
    self.record = RecordBody(record)
    self.lease = LeaseBody(
      id: lease.id.description, holder: lease.holder, until: lease.until.description)
  }
}

struct ReceiptBody: Encodable {
  var summary: RecordSummaryBody
  var origin: String
  var checkpointSize: UInt64
  var root: String
  var leaf: String
  var senderKey: String
  var receiptKey: String
  var proof: String

  init(_ view: ReceiptView) {
    summary = RecordSummaryBody(view.summary)
    origin = view.origin.description
    checkpointSize = view.checkpointSize
    root = base64(view.root.bytes)
    leaf = base64(view.leaf.bytes)
    senderKey = view.senderKey
    receiptKey = view.receiptKey
    proof = String(decoding: view.proof, as: UTF8.self)
  }
}

struct ChannelBody: Encodable {
  struct HaltBody: Encodable {
    var code: String
    var detail: String
    var at: String
    var needsNewEpoch: Bool
  }
  struct FlowBody: Encodable {
    var firstPush: UInt64
    var lastReceipt: UInt64
    var receipted: UInt64
    var p50Micros: UInt64
    var p99Micros: UInt64
  }
  var origin: String
  var role: String
  var size: UInt64
  var root: String
  var receiptedSize: UInt64
  var receiptedAt: String?
  var halt: HaltBody?
  var paused: Bool
  var recovering: Bool
  var windowRecords: UInt32
  var windowBytes: UInt64
  var flow: FlowBody?

  init(_ status: ChannelStatus) {
    origin = status.origin.description
    role = status.role.rawValue
    size = status.size
    root = base64(status.root.bytes)
    receiptedSize = status.receiptedSize
    receiptedAt = status.receiptTime == 0 ? nil : moment(status.receiptTime)
    halt = status.halt.map {
      HaltBody(
        code: $0.code, detail: $0.detail, at: $0.at.description, needsNewEpoch: $0.needsNewEpoch)
    }
    paused = status.paused
    recovering = status.recovering
    windowRecords = status.windowRecords
    windowBytes = status.windowBytes
    flow = status.flow.map {
      FlowBody(
        firstPush: $0.firstPush, lastReceipt: $0.lastReceipt, receipted: $0.receipted,
        p50Micros: $0.p50Micros, p99Micros: $0.p99Micros)
    }
  }
}

struct QueueBody: Encodable {
  struct Clocks: Encodable {
    var overdue: Int
    var dueSoon: Int
    var peerOverdue: Int
    var uncomputable: Int
  }
  var peer: String
  var queued: Int
  var dead: Int
  var unreceipted: UInt64
  var unreceiptedBytes: UInt64
  var oldest: String?
  var outbound: ChannelBody?
  var inbound: ChannelBody?
  var connected: Bool
  var clocks: Clocks
  var sealingBlocked: String?

  init(_ status: QueueStatus) {
    peer = status.peer.rawValue
    queued = status.queued
    dead = status.dead
    unreceipted = status.unreceipted
    unreceiptedBytes = status.unreceiptedBytes
    oldest = status.oldest?.description
    outbound = status.outbound.map(ChannelBody.init)
    inbound = status.inbound.map(ChannelBody.init)
    connected = status.connected
    clocks = Clocks(
      overdue: status.clocks.overdue, dueSoon: status.clocks.dueSoon,
      peerOverdue: status.clocks.peerOverdue, uncomputable: status.clocks.uncomputable)
    sealingBlocked = status.sealingBlocked
  }
}

struct EpochStatementBody: Encodable {
  var origin: String
  var size: UInt64
  var root: String
  var text: String

  init(_ statement: EpochStatement) {
    origin = statement.origin.description
    size = statement.size
    root = base64(statement.root.bytes)
    text = statement.text
  }
}

struct EpochOpenedBody: Encodable {
  var origin: String
}

struct PeerBody: Encodable {
  struct LinkBody: Encodable {
    var state: String
    var address: String?
    var lastFault: String?
    var lastFaultAt: String?
    var nextAttempt: String?
  }
  struct MarkBody: Encodable {
    var epoch: UInt32
    var size: UInt64
    var at: String

    init(_ mark: PeerWitnessing.Mark) {
      epoch = mark.epoch
      size = mark.size
      at = mark.time.description
    }
  }
  struct JournalBody: Encodable {
    var epoch: UInt32
    var signed: UInt64
    var witnessed: MarkBody?
    var staleSeconds: Int64?
    var held: MarkBody?

    init(_ journal: PeerWitnessing) {
      epoch = journal.epoch
      signed = journal.signedSize
      witnessed = journal.witnessed.map(MarkBody.init)
      staleSeconds = journal.staleSeconds
      held = journal.held.map(MarkBody.init)
    }
  }
  var code: String
  var name: String
  var role: String
  var connected: Bool
  var software: String?
  var directoryVersion: UInt64?
  var clockDifference: Int64?
  var schemas: [String]
  var journal: JournalBody
  var link: LinkBody?

  init(_ status: PeerExchangeStatus, link: LinkStatus?) {
    code = status.code.rawValue
    name = status.name
    role = status.role.rawValue
    connected = status.connected
    software = status.software
    directoryVersion = status.directoryVersion
    clockDifference = status.clockDifference
    schemas = status.schemas
    journal = JournalBody(status.journal)
    self.link = link.map {
      LinkBody(
        state: $0.state, address: $0.address, lastFault: $0.lastFault,
        lastFaultAt: $0.lastFaultAt?.description, nextAttempt: $0.nextAttempt?.description)
    }
  }
}

struct DirectoryBody: Encodable {
  struct Member: Encodable {
    var code: String
    var name: String
    var role: String
    var endpoint: String?
  }
  var version: UInt64
  var federation: String
  var notBefore: String
  var notAfter: String
  var digest: String
  var nodes: [Member]

  init(_ summary: DirectorySummary) {
    version = summary.version
    federation = summary.federation
    notBefore = summary.notBefore.description
    notAfter = summary.notAfter.description
    digest = summary.digest
    nodes = summary.members.map {
      Member(
        code: $0.code.rawValue, name: $0.name, role: $0.role.rawValue, endpoint: $0.endpoint)
    }
  }
}

struct HealthBody: Encodable {
  var status: String
  var code: String
}
