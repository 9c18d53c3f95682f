import Auditor
import Cryptography
import RecordModel
import SanxiangTesting

/// Histories in which the sender itself sealed, signed and journalled what must not be.
enum SealingCases {
  static let all: [AuditCase] = headers + acts

  /// The usual history, and then one more lead whose header `edit` has changed.
  private static func lead(
    _ payload: String = SamplePayload.transfer,
    _ edit: @escaping @Sendable (inout RecordHeader) throws -> Void
  ) -> History {
    History {
      var world = try SampleWorld.usual()
      var failure: (any Error)?
      world.seal(.out, KindName.leadTransfer, payload) { header in
        do { try edit(&header) } catch { failure = error }
      }
      if let failure { throw failure }
      try world.sign(.out)
      return world
    }
  }

  private static let headers: [AuditCase] = [
    AuditCase(
      name: "prev is not the entry before", kind: .headerPrevious, place: .out, index: 4,
      world: lead { $0.prev = .zero }),
    AuditCase(
      name: "seq is another", kind: .headerSequence, place: .out, index: 4,
      world: lead { $0.seq = 7 }),
    AuditCase(
      name: "the agencies are others", kind: .headerDirection, place: .out, index: 4,
      world: lead { swap(&$0.from, &$0.to) }),
    AuditCase(
      name: "time goes back", kind: .headerTime, place: .out, index: 4,
      world: lead { $0.time = SampleWorld.start }),
    AuditCase(
      name: "seen goes back", kind: .headerSeen, place: .out, index: 4,
      world: lead { $0.seen.size = 1 }),
    AuditCase(
      name: "seen is more than there is", kind: .headerSeenBeyond, place: .out, index: 4,
      world: lead { $0.seen.size = 9 }),
    AuditCase(
      name: "the directory's version is unknown", kind: .headerDirectory, place: .out, index: 4,
      world: lead { $0.directory = 3 }),
    AuditCase(
      name: "the directory had expired", kind: .policyDenied, place: .out, index: 4,
      world: History {
        var world = try SampleWorld.usual()
        world.now = world.contents.notAfter.advanced(byMilliseconds: 1000)
        world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
        try world.sign(.out)
        return world
      }),
    AuditCase(
      name: "the schema is another kind's", kind: .headerSchema, place: .out, index: 4,
      world: lead(SamplePayload.sign) { $0.schema = "lead.sign/1" }),
    AuditCase(
      name: "the schema is unknown", kind: .payloadInvalid, place: .out, index: 4,
      world: lead { $0.schema = "lead.transfer/9" }),
    AuditCase(
      name: "the payload breaks its schema", kind: .payloadInvalid, place: .out, index: 4,
      world: lead("{\"title\":\"示例\"}") { _ in }),
    AuditCase(
      name: "a new epoch begins in the middle of one", kind: .headerEpoch, place: .out, index: 4,
      world: History {
        var world = try SampleWorld.usual()
        let root = String(repeating: "A", count: 43) + "="
        world.seal(
          .out, KindName.systemEpoch,
          #"{"previous":"\#(world.logs[0].origin)","size":4,"root":"\#(root)"}"#)
        try world.sign(.out)
        return world
      }),
    AuditCase(
      name: "an id is used twice", kind: .headerID, place: .out, index: 4,
      also: [.journalSubmission],
      world: History {
        var world = try SampleWorld.usual()
        let first = world.id(1)
        world.seal(.out, KindName.leadTransfer, SamplePayload.transfer, isJournalled: false) {
          $0.id = first
          $0.thread = first
        }
        try world.sign(.out)
        return world
      }),
  ]

  private static let acts: [AuditCase] = [
    AuditCase(
      name: "the policy forbids the kind", kind: .policyDenied, place: .out, index: 0,
      world: History {
        var world = try SampleWorld()
        world.contents.policy = DirectoryPolicy(allow: [])
        world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
        try world.sign(.out)
        return world
      }),
    AuditCase(
      name: "a lead is accepted before it is signed for", kind: .threadRule, place: .back, index: 3,
      world: History {
        var world = try SampleWorld.usual()
        world.seal(
          .back, KindName.leadAccept, SamplePayload.accept, thread: world.id(4),
          replyTo: world.id(4))
        try world.sign(.back)
        return world
      }),
    AuditCase(
      name: "a lead is accepted twice", kind: .threadRule, place: .back, index: 3,
      world: History {
        var world = try SampleWorld.usual()
        world.seal(
          .back, KindName.leadAccept, SamplePayload.accept, thread: world.id(1),
          replyTo: world.id(2))
        try world.sign(.back)
        return world
      }),
    AuditCase(
      name: "an act answers a lead that its cut does not hold", kind: .threadRule, place: .back,
      index: 3,
      world: History {
        var world = try SampleWorld.usual()
        let lead = world.id(7)
        world.seal(.back, KindName.leadSign, SamplePayload.sign, thread: lead, replyTo: lead) {
          $0.seen.size = 3
        }
        try world.sign(.back)
        return world
      }),
    AuditCase(
      name: "a withdrawal names another lead than it answers", kind: .threadRule, place: .out,
      index: 4,
      world: History {
        var world = try SampleWorld.usual()
        let (lead, other) = (world.id(4), world.id(7))
        world.seal(
          .out, KindName.recordWithdraw, #"{"target":"\#(other)","reason":"误发。"}"#, thread: lead,
          replyTo: lead)
        try world.sign(.out)
        return world
      }),
    AuditCase(
      name: "a lead is corrected to a letter", kind: .threadRule, place: .out, index: 4,
      world: History {
        var world = try SampleWorld.usual()
        let (lead, letter) = (world.id(4), SanxiangTesting.SamplePayload.letter)
        let payload = SanxiangTesting.SamplePayload.correction(
          of: "\(lead)", "letter.issue/1", letter)
        world.seal(
          .out, KindName.recordCorrect, String(decoding: payload, as: UTF8.self), thread: lead,
          replyTo: lead)
        try world.sign(.out)
        return world
      }),
    AuditCase(
      name: "a lead is sent again that was accepted", kind: .threadRule, place: .out, index: 4,
      world: History {
        var world = try SampleWorld.usual()
        let payload = SamplePayload.transfer.dropLast() + #","previous":"\#(world.id(1))"}"#
        world.seal(.out, KindName.leadTransfer, String(payload))
        try world.sign(.out)
        return world
      }),
    AuditCase(
      name: "a supervision is about a thread of the same two", kind: .threadRule, place: .back,
      index: 3,
      world: History {
        var world = try SampleWorld.usual()
        let about = #""dueBy":"2026-12-30","clock":"decide","about":"\#(world.id(1))""#
        world.seal(.back, KindName.noticeRemind, #"{"level":"supervise",\#(about)}"#)
        try world.sign(.back)
        return world
      }),
    AuditCase(
      name: "a forwarding proves nothing", kind: .threadRule, place: .back, index: 3,
      world: History {
        var world = try SampleWorld.usual()
        let lead = world.logs[0].entries[0]
        let forged = LeadForward(
          header: lead.header, payload: lead.payload ?? [], salt: lead.salt, proof: "none",
          reason: .designated, text: "指定管辖。")
        world.seal(.back, KindName.leadForward, String(decoding: forged.json, as: UTF8.self))
        try world.sign(.back)
        return world
      }),
    AuditCase(
      name: "a refusal names no record", kind: .refusalUnknownTarget, place: .back, index: 3,
      world: History {
        var world = try SampleWorld.usual()
        let nobody = world.id(99)
        world.seal(
          .back, KindName.systemRefusal, SamplePayload.refusal(of: nobody, seq: 1),
          thread: nobody, replyTo: nobody)
        try world.sign(.back)
        return world
      }),
  ]
}
