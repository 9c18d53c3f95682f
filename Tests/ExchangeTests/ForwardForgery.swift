import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

/// A forwarding from node 1 to node 2 that is not what it seems. Node 0 has sent node 1 two leads, of
/// which node 1 has signed for the first.
struct ForwardForgery: CustomTestStringConvertible, Sendable {
  var name: String
  /// The rules that it breaks at both ends; none where it is legal.
  var rules: [String]
  var make: @Sendable (TestWorld, _ first: RecordID, _ second: RecordID) throws -> LeadForward

  init(
    _ name: String, _ rules: [String],
    _ make: @escaping @Sendable (TestWorld, RecordID, RecordID) throws -> LeadForward
  ) {
    self.name = name
    self.rules = rules
    self.make = make
  }

  var testDescription: String { name }

  private static func receiptName(_ world: TestWorld, _ number: Int) -> String {
    KeyName.receipt(federation: ThrowawayFederation.name, code: world.nodes[number].code)
  }

  /// The first lead with the head signed and receipted by these, the receipt so much later than now.
  private static func signed(
    _ world: TestWorld, _ id: RecordID, by sender: SigningKey?, receipt: SigningKey?, of other: Int,
    later: Int64 = 0
  ) throws -> LeadForward {
    try world.carried(id, at: 1).resigned(
      by: sender, receipt: receipt.map { (receiptName(world, other), $0) },
      at: world.nodes[1].clock.now.advanced(byMilliseconds: later))
  }

  private static let minute: Int64 = 60_000

  /// The first lead under a key of the sender's that the directory lists for this time.
  private static func underRecordKey(
    _ world: TestWorld, _ id: RecordID, since: Int64, until: Int64? = nil, receiptLater: Int64 = 0
  ) throws -> LeadForward {
    let key = try world.listKey(of: 0, \.recordKeys, since: since, until: until)
    let receipt = world.nodes[1].member.identity.receiptKey
    return try signed(world, id, by: key, receipt: receipt, of: 1, later: receiptLater)
  }

  /// The first lead under a receipt by a key of the forwarder's that the directory lists for this
  /// time.
  private static func underReceiptKey(
    _ world: TestWorld, _ id: RecordID, since: Int64, until: Int64? = nil, receiptLater: Int64 = 0
  ) throws -> LeadForward {
    let key = try world.listKey(of: 1, \.receiptKeys, since: since, until: until)
    let sender = world.nodes[0].member.identity.recordKey
    return try signed(world, id, by: sender, receipt: key, of: 1, later: receiptLater)
  }

  static let contents: [ForwardForgery] = [
    ForwardForgery("nothing is wrong", []) { world, id, _ in try world.carried(id, at: 1) },
    ForwardForgery("another salt", ["forward:commitment"]) { world, id, _ in
      let carried = try world.carried(id, at: 1)
      return carried.with(salt: [carried.salt[0] ^ 1] + carried.salt.dropFirst())
    },
    ForwardForgery("another payload", ["forward:commitment"]) { world, id, _ in
      try world.carried(id, at: 1).with(payload: SamplePayload.transfer(7))
    },
    ForwardForgery("the other lead's payload and salt", ["forward:commitment"]) {
      world, id, other in
      let second = try world.carried(other, at: 1)
      return try world.carried(id, at: 1).with(payload: second.payload, salt: second.salt)
    },
    ForwardForgery("a header that commits to another payload", ["forward:proof"]) { world, id, _ in
      let carried = try world.carried(id, at: 1)
      let payload = SamplePayload.transfer(7)
      var header = try RecordHeader(parsing: carried.header)
      header.payload = PayloadReference(
        commitment: Commitment.make(salt: carried.salt, payload: payload, suite: .sha256Ed25519),
        size: payload.count)
      return carried.with(header: header.encoded(), payload: payload)
    },
    ForwardForgery("a header with another time", ["forward:proof"]) { world, id, _ in
      let carried = try world.carried(id, at: 1)
      var header = try RecordHeader(parsing: carried.header)
      header.time = header.time.advanced(byMilliseconds: -1000)
      return carried.with(header: header.encoded())
    },
    ForwardForgery("a header that is none", ["forward:header"]) { world, id, _ in
      try world.carried(id, at: 1).with(header: Array("{}".utf8))
    },
    ForwardForgery("the header of an act", ["forward:header"]) { world, id, _ in
      let sign = try world.act(KindName.supplementRequest, on: id)
      try world.settle()
      try world.act(KindName.supplementProvide, on: sign, by: 0)
      try world.settle()
      let last = try world.nodes[1].snapshot().log(world.direction()).last
      let provided = try last.map { try RecordHeader(parsing: $0.header).id }
      return try world.carried(provided ?? id, at: 1)
    },
    ForwardForgery("a letter", ["forward:header"]) { world, _, _ in
      let letter = try world.open(KindName.letterIssue, SamplePayload.letter)
      try world.settle()
      return try world.carried(letter, at: 1)
    },
    ForwardForgery("a lead that another agency received", ["forward:header"]) { world, _, _ in
      try world.carried(try world.lead([KindName.leadSign], 5, to: 2), at: 2)
    },
    ForwardForgery("a lead that the forwarder itself sent", ["forward:header"]) { world, _, _ in
      try world.carried(try world.lead([KindName.leadSign], 5, from: 1, to: 0), at: 0)
    },
    ForwardForgery("a lead of the onward receiver's own", ["forward:header"]) { world, _, _ in
      try world.carried(try world.lead([KindName.leadSign], 5, from: 2, to: 1), at: 1)
    },
  ]

  static let proofs: [ForwardForgery] = [
    ForwardForgery("the proof of another record", ["forward:proof"]) { world, id, other in
      try world.carried(id, at: 1).with(proof: try world.carried(other, at: 1).proof)
    },
    ForwardForgery("a proof that is none", ["forward:proof"]) { world, id, _ in
      try world.carried(id, at: 1).with(proof: "nonsense")
    },
    ForwardForgery("a proof with another's header in it", ["forward:proof"]) { world, id, other in
      let carried = try world.carried(id, at: 1)
      var proof = try LogProof(parsing: Array(carried.proof.utf8))
      proof.extra = try world.carried(other, at: 1).header
      return carried.with(proof: String(decoding: proof.encoded, as: UTF8.self))
    },
    ForwardForgery("a proof of another place", ["forward:proof"]) { world, id, _ in
      let carried = try world.carried(id, at: 1)
      var proof = try LogProof(parsing: Array(carried.proof.utf8))
      proof.index += 1
      return carried.with(proof: String(decoding: proof.encoded, as: UTF8.self))
    },
    ForwardForgery("signed by nobody that is known", ["forward:proof"]) { world, id, _ in
      try signed(
        world, id, by: Suite.sha256Ed25519.generateSigningKey(),
        receipt: Suite.sha256Ed25519.generateSigningKey(), of: 1)
    },
    ForwardForgery("not signed by its sender", ["forward:proof"]) { world, id, _ in
      try signed(
        world, id, by: nil, receipt: world.nodes[1].member.identity.receiptKey, of: 1)
    },
    ForwardForgery("signed by the forwarder as if it were the sender", ["forward:proof"]) {
      world, id, _ in
      let forwarder = world.nodes[1].member.identity
      return try signed(world, id, by: forwarder.recordKey, receipt: forwarder.receiptKey, of: 1)
    },
    ForwardForgery("without the forwarder's receipt", ["forward:proof"]) { world, id, _ in
      try signed(
        world, id, by: world.nodes[0].member.identity.recordKey, receipt: nil, of: 1)
    },
    ForwardForgery("with another agency's receipt", ["forward:proof"]) { world, id, _ in
      try signed(
        world, id, by: world.nodes[0].member.identity.recordKey,
        receipt: world.nodes[2].member.identity.receiptKey, of: 2)
    },
    ForwardForgery("signed and receipted once more by the right keys", []) { world, id, _ in
      try signed(
        world, id, by: world.nodes[0].member.identity.recordKey,
        receipt: world.nodes[1].member.identity.receiptKey, of: 1)
    },
    ForwardForgery(
      "everything at once", ["forward:commitment", "forward:proof"]
    ) { world, id, other in
      try world.carried(id, at: 1).with(
        payload: SamplePayload.transfer(7), proof: try world.carried(other, at: 1).proof)
    },
  ]
}

extension ForwardForgery {
  /// Keys that the directory lists, but not for the time at which they would have signed.
  static let keys: [ForwardForgery] = [
    ForwardForgery("a record key that had ended before the lead", ["forward:proof"]) {
      world, id, _ in
      try underRecordKey(world, id, since: -600 * minute, until: -minute)
    },
    ForwardForgery("a record key from after the receipt", ["forward:proof"]) { world, id, _ in
      try underRecordKey(world, id, since: 60 * minute)
    },
    ForwardForgery("a record key of the lead's own time that ends later", []) { world, id, _ in
      try underRecordKey(world, id, since: -600 * minute, until: minute)
    },
    ForwardForgery("a record key that followed between the lead and its receipt", []) {
      world, id, _ in
      try underRecordKey(world, id, since: 2 * minute, receiptLater: 3 * minute)
    },
    ForwardForgery("a receipt key that had ended before the receipt", ["forward:proof"]) {
      world, id, _ in
      try underReceiptKey(world, id, since: -600 * minute, until: -minute)
    },
    ForwardForgery("a receipt key that had ended, with a receipt of its time", ["forward:proof"]) {
      world, id, _ in
      try underReceiptKey(
        world, id, since: -600 * minute, until: -30 * minute, receiptLater: -60 * minute)
    },
    ForwardForgery("a receipt key from after the receipt", ["forward:proof"]) { world, id, _ in
      try underReceiptKey(world, id, since: 60 * minute)
    },
    ForwardForgery("a receipt key of the receipt's own time", []) { world, id, _ in
      try underReceiptKey(world, id, since: -600 * minute, until: minute)
    },
    ForwardForgery("a receipt from long before the lead", ["forward:proof"]) { world, id, _ in
      let receipt = world.nodes[1].member.identity.receiptKey
      return try signed(
        world, id, by: world.nodes[0].member.identity.recordKey, receipt: receipt, of: 1,
        later: -60 * minute)
    },
  ]

  /// Some of each sort, one forwarding deeper.
  static let nested: [ForwardForgery] = [
    contents[0], contents[2], contents[4], contents[7], proofs[1], proofs[4], keys[0], keys[3],
    keys[4],
  ]
}
