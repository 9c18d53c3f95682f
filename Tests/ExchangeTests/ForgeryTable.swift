import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

/// Something that a malicious peer may push, and what must come of it.
struct Forgery: CustomTestStringConvertible, Sendable {
  enum Outcome: Sendable, Equatable {
    /// The channel halts; the offending bytes are kept and sent back.
    case halt(FaultCode)
    /// A fault, the connection closes, and nothing else.
    case fault(FaultCode)
    /// Appended, refused by these rules, receipted.
    case refused([String])
  }

  var name: String
  var outcome: Outcome
  var build: @Sendable (inout Forger) throws -> Batch

  init(
    _ name: String, _ outcome: Outcome, _ build: @escaping @Sendable (inout Forger) throws -> Batch
  ) {
    self.name = name
    self.outcome = outcome
    self.build = build
  }

  var testDescription: String { name }

  /// A forgery of one record that is true but for some change.
  init(
    _ name: String, _ outcome: Outcome, payload: [UInt8] = SamplePayload.transfer(5),
    header: @escaping @Sendable (inout RecordHeader) -> Void = { _ in },
    bytes: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 },
    wire: @escaping @Sendable (inout WireRecord) -> Void = { _ in }
  ) {
    self.init(name, outcome) { forger in
      forger.add(payload: payload, change: header, bytes: bytes, wire: wire)
      return try forger.batch()
    }
  }

  static let other = SampleAgency.code(77)

  static let headers: [Forgery] = [
    Forgery("another prev", .halt(.badPrevious), header: { $0.prev = .zero }),
    Forgery("another prev inside the batch", .halt(.badPrevious)) { forger in
      forger.add()
      forger.add(change: { $0.prev = .zero })
      return try forger.batch()
    },
    Forgery("another seq", .halt(.badSequence), header: { $0.seq += 1 }),
    Forgery("another sender in the header", .halt(.badOrigin), header: { $0.from = other }),
    Forgery("another receiver in the header", .halt(.badOrigin), header: { $0.to = other }),
    Forgery(
      "a duplicate key", .halt(.badHeader),
      bytes: { $0.replacing(text: #"{"v":1,"#, with: #"{"v":1,"v":1,"#) }),
    Forgery(
      "an unknown key", .halt(.badHeader),
      bytes: { $0.replacing(text: #"{"v":1,"#, with: #"{"v":1,"w":1,"#) }),
    Forgery(
      "invalid UTF-8", .halt(.badHeader),
      bytes: { Array($0.dropLast()) + Array(#","x":""#.utf8) + [0xC3, 0x28] + Array("\"}".utf8) }),
    Forgery(
      "an oversized header", .halt(.badHeader),
      bytes: { $0 + Array(repeating: 0x20, count: RecordHeader.byteLimit) }),
    Forgery("an empty header", .halt(.badHeader), bytes: { _ in [] }),
    Forgery(
      "another payload than committed to", .halt(.badCommitment),
      wire: { $0.payload = SamplePayload.transfer(6) }),
    Forgery("another salt", .halt(.badCommitment), wire: { $0.salt[0] ^= 1 }),
    Forgery("a salt that is too short", .halt(.badCommitment), wire: { $0.salt.removeLast() }),
    Forgery("no salt", .halt(.badCommitment), wire: { $0.salt = [] }),
    Forgery(
      "another payload size", .halt(.badCommitment), header: { $0.payload.size += 1 }),
    Forgery(
      "seen beyond our log", .fault(.notReady), header: { $0.seen.size += 1 }),
    Forgery("seen of an epoch that is not", .fault(.notReady), header: { $0.seen.epoch = 2 }),
    Forgery("an unknown directory", .fault(.unknownDirectory), header: { $0.directory = 2 }),
  ]

  static let heads: [Forgery] = [
    Forgery("other bytes at a held index", .halt(.otherBytes)) { forger in
      forger.rewind(to: 1)
      forger.add()
      return try forger.batch()
    },
    Forgery("other bytes at a held index, and more", .halt(.otherBytes)) { forger in
      forger.rewind(to: 1)
      forger.add()
      forger.add()
      return try forger.batch()
    },
    Forgery("another root", .halt(.badRoot)) { forger in
      forger.add()
      return try forger.batch(change: { $0.root = .zero })
    },
    Forgery("another root over all that is held", .halt(.badRoot)) { forger in
      forger.rewind(to: 0)
      for seq in 0..<3 { forger.repeatHeld(seq) }
      return try forger.batch(change: { $0.root = .zero })
    },
    Forgery("another root over some of what is held", .halt(.badRoot)) { forger in
      forger.rewind(to: 0)
      forger.repeatHeld(0)
      return try forger.batch(change: { $0.root = .zero })
    },
    Forgery("a batch of another channel", .halt(.badOrigin)) { forger in
      forger.add()
      var batch = try forger.batch()
      batch.origin = Origin(
        federation: batch.origin.federation, direction: batch.origin.direction, epoch: 2)
      return batch
    },
    Forgery("a head of another origin", .halt(.badOrigin)) { forger in
      forger.add()
      return try forger.batch(change: { $0.origin += "0" })
    },
    Forgery("a head that is not at the end", .halt(.badCheckpoint)) { forger in
      forger.add()
      return try forger.batch(change: { $0.size += 1 })
    },
    Forgery("no records", .halt(.badCheckpoint)) { try $0.batch() },
    Forgery("a note that is none", .halt(.badCheckpoint)) { forger in
      forger.add()
      var batch = try forger.batch()
      batch.checkpoint = Array("nonsense".utf8)
      return batch
    },
    Forgery("a wrong signature", .halt(.badSignature)) { forger in
      forger.add()
      return try forger.batch(note: { $0.signatures[0].signature[3] ^= 1 })
    },
    Forgery("a key unknown here", .fault(.unknownKey)) { forger in
      forger.add()
      return try forger.batch(key: Suite.sha256Ed25519.generateSigningKey())
    },
    Forgery("a start at the end of numbers", .halt(.badCheckpoint)) { forger in
      forger.add()
      var batch = try forger.batch()
      batch.start = UInt64.max
      return batch
    },
  ]

  static let records: [Forgery] = [
    Forgery(
      "a time in the future", .refused(["header:future"]),
      header: { $0.time = $0.time.advanced(byMilliseconds: 301_000) }),
    Forgery(
      "a time that goes back", .refused(["header:time"]),
      header: { $0.time = $0.time.advanced(byMilliseconds: -3_600_000) }),
    Forgery(
      "a time after the directory's end", .refused(["header:future", "policy:expired"]),
      header: { $0.time = $0.time.advanced(byMilliseconds: 366 * 86_400_000) }),
    Forgery(
      "seen that goes back", .refused(["header:seen"]), header: { $0.seen.size -= 1 }),
    Forgery("a repeated id", .refused(["header:id"])) { forger in
      let former = try RecordHeader(parsing: forger.held[0].header).id
      forger.add(change: {
        $0.id = former
        $0.thread = former
      })
      return try forger.batch()
    },
    Forgery("one id twice in a batch", .refused(["header:id"])) { forger in
      forger.add()
      let former = forger.headers[0].id
      forger.add(change: {
        $0.id = former
        $0.thread = former
      })
      return try forger.batch()
    },
    Forgery(
      "a payload with duplicate keys", .refused(["json.duplicateKey"]),
      payload: SamplePayload.transfer(5).replacing(
        text: #""place":"000000","#, with: #""place":"000000","place":"000000","#)),
    Forgery(
      "a bad credit code", .refused(["format:uscc"]),
      payload: SamplePayload.transfer(5).replacing(
        text: "91000000MA00000157", with: "91000000MA00000158")),
    Forgery("a payload that is no JSON", .refused(["json.syntax"]), payload: Array("]".utf8)),
    Forgery("an erased payload", .refused(["payload:erased"]), wire: { $0.payload = nil }),
    Forgery(
      "a schema of another kind", .refused(["header:schema"]), payload: SamplePayload.sign(),
      header: { $0.schema = "lead.sign/1" }),
    Forgery(
      "a schema unknown here", .refused(["schema:unknown"]),
      header: { $0.schema = "lead.transfer/9" }),
    Forgery(
      "a kind that no policy allows", .refused(["policy:kind", "schema:unknown", "thread:kind"]),
      header: {
        $0.kind = "dream.burn"
        $0.schema = "dream.burn/1"
      }),
    Forgery(
      "an erasure of a record of other agencies", .refused(["erasure:target"]),
      payload: SamplePayload.erasure,
      header: {
        $0.kind = "system.erasure"
        $0.schema = "system.erasure/1"
      }),
    Forgery(
      "an act before its thread", .refused(["thread:unknown"]), payload: SamplePayload.sign(),
      header: {
        $0.kind = KindName.leadSign
        $0.schema = "lead.sign/1"
        $0.replyTo = $0.id
      }),
    Forgery("an act by the wrong end", .refused(["thread:party"])) { forger in
      let opening = try RecordHeader(parsing: forger.held[0].header).id
      forger.add(
        payload: SamplePayload.sign(),
        change: {
          $0.kind = KindName.leadSign
          $0.schema = "lead.sign/1"
          $0.thread = opening
          $0.replyTo = opening
        })
      return try forger.batch()
    },
  ]
}
