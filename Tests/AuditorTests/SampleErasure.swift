import Auditor
import Cryptography
import RecordModel
import TransparencyLog

/// What two operators of an agency approve, and the parts of it that a test may change.
struct SampleErasure {
  var agency: AgencyCode
  var channel: Origin
  var seq: UInt64
  var target: RecordID
  var header: [UInt8]
  /// What the record says; the operators approved `article`.
  var statedArticle: String
  /// Whether the second operator's approval is the first one's again.
  var repeatsApproval = false

  static let article = "第四十七条"

  /// The erasure of an entry of the log `way` by the sender of the log `sealer`.
  init(_ world: SampleWorld, of way: SampleWorld.Way, _ index: Int, by sealer: SampleWorld.Way)
    throws
  {
    let log = world.logs[way.rawValue]
    header = log.entries[index].header
    agency = world.logs[sealer.rawValue].origin.direction.from
    channel = log.origin
    seq = UInt64(index)
    target = try RecordHeader(parsing: header).id
    statedArticle = Self.article
  }

  /// The payload of the record that tells of it, approved by two new operators.
  func payload() throws -> String {
    let suite = SampleWorld.suite
    let law = "中华人民共和国个人信息保护法"
    let statement = ErasureStatement(
      agency: agency, channel: channel, seq: seq, target: target,
      leaf: Merkle.leaf(header, suite: suite),
      legalBasis: Common.LegalBasis(law: law, article: Self.article))
    var note = SignedNote(text: statement.text, signatures: [])
    let operators = try ["one", "two"].map { name in
      let key = try suite.generateSigningKey()
      note.add(try SignedNote.sign(text: note.text, name: name, key: key))
      return try VerifierKey(name: name, key: key.verificationKey, type: suite.noteSignatureType)
    }
    guard let made = statement.payload(approved: note, by: operators) else {
      throw EvidenceError(.payload, "not approved")
    }
    let approvals = made.approvals
    let erasure = SystemErasure(
      channel: made.channel, target: made.target, seq: made.seq,
      legalBasis: Common.LegalBasis(law: law, article: statedArticle),
      approvals: repeatsApproval ? [approvals[0], approvals[0]] : approvals)
    return String(decoding: erasure.json, as: UTF8.self)
  }
}

extension SampleWorld {
  /// Seals and signs a record of an erasure as it should be.
  mutating func seal(_ erasure: SampleErasure, _ way: Way) throws {
    seal(
      way, KindName.systemErasure, try erasure.payload(), thread: erasure.target,
      replyTo: erasure.target)
    try sign(way)
  }
}
