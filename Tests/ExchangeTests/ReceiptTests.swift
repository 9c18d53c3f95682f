import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("A malicious receiver")
struct ReceiptTests {
  struct Forged: CustomTestStringConvertible, Sendable {
    var name: String
    var code: FaultCode
    var halts = true
    var spoil: @Sendable (inout Checkpoint, inout Parts) throws -> Void
    var testDescription: String { name }
  }

  /// What a receipt is made of besides the checkpoint.
  struct Parts {
    var origin: Origin
    var time: UInt64
    var key: SigningKey
    var signature: ([UInt8]) -> [UInt8] = { $0 }
    var keepsOurs = true
  }

  static let forged: [Forged] = [
    Forged(name: "another root", code: .fork) { checkpoint, _ in checkpoint.root = .zero },
    Forged(name: "another root, ours left off", code: .badReceipt) { checkpoint, parts in
      checkpoint.root = .zero
      parts.keepsOurs = false
    },
    Forged(name: "without our signature", code: .badReceipt) { $1.keepsOurs = false },
    Forged(name: "a wrong cosignature", code: .badReceipt) { _, parts in
      parts.signature = { $0.dropLast() + [($0.last ?? 0) ^ 1] }
    },
    Forged(name: "an unknown key", code: .unknownKey, halts: false) { _, parts in
      parts.key = try Suite.sha256Ed25519.generateSigningKey()
    },
    Forged(name: "more than was sent", code: .notReady, halts: false) { checkpoint, _ in
      checkpoint.size += 5
    },
    Forged(name: "size 0", code: .badOrigin) { checkpoint, _ in checkpoint.size = 0 },
    Forged(name: "another channel", code: .badOrigin) { _, parts in
      parts.origin = Origin(
        federation: parts.origin.federation, direction: parts.origin.direction, epoch: 2)
    },
    Forged(name: "another origin in the text", code: .badOrigin) { checkpoint, _ in
      checkpoint.origin += "0"
    },
  ]

  /// Node 0 has sealed one record, of which node 1 knows nothing; the test answers for node 1.
  static func world() throws -> (TestWorld, RecordID, HandPeer) {
    let world = try TestWorld()
    try world.settle()
    let id = try world.submit()
    let peer = try HandPeer(world, as: 1, to: 0)
    return (world, id, peer)
  }

  static func receipt(
    _ world: TestWorld, spoil: (inout Checkpoint, inout Parts) throws -> Void = { _, _ in }
  ) throws -> Receipt {
    let snapshot = try world.nodes[0].snapshot()
    let state = try #require(snapshot.channel(world.direction()))
    var checkpoint = Checkpoint(origin: state.origin.description, frontier: state.frontier)
    var parts = Parts(
      origin: state.origin, time: UInt64(world.nodes[1].clock.now.seconds),
      key: world.nodes[1].member.identity.receiptKey)
    try spoil(&checkpoint, &parts)
    var note = SignedNote(text: checkpoint.text, signatures: [])
    if parts.keepsOurs {
      note.add(
        try SignedNote.sign(
          text: note.text, name: state.origin.description,
          key: world.nodes[0].member.identity.recordKey))
    }
    var cosignature = try Cosignature.cosign(
      checkpointText: note.text,
      name: KeyName.receipt(
        federation: ThrowawayFederation.name, code: world.nodes[1].code),
      key: parts.key, time: parts.time)
    cosignature.signature = parts.signature(cosignature.signature)
    note.add(cosignature)
    return Receipt(origin: parts.origin, note: note.encoded)
  }

  @Test("A forged receipt counts for nothing, and halts what it contradicts", arguments: forged)
  func forgery(_ forged: Forged) throws {
    let (world, id, peer) = try Self.world()
    let before = try world.nodes[0].snapshot()
    peer.say(.receipt(try Self.receipt(world, spoil: forged.spoil)))
    let after = try world.nodes[0].snapshot()
    #expect(after.withoutHalts == before)
    #expect(try world.summary(id, at: 0).delivery == .sealed)
    #expect(peer.faults.map(\.code) == [forged.code])
    #expect((after.channel(world.direction())?.halt?.code == forged.code.name) == forged.halts)
    #expect(peer.isClosed != forged.halts)
  }

  @Test("A true receipt counts", arguments: [0, -100, 100])
  func accepted(_ seconds: Int64) throws {
    let (world, id, peer) = try Self.world()
    peer.say(.receipt(try Self.receipt(world) { $1.time = UInt64(Int64($1.time) + seconds) }))
    #expect(try world.summary(id, at: 0).delivery == .receipted)
    #expect(try !world.nodes[0].journal().contains { $0.contains("\"event\":\"alarm\"") })
  }

  @Test("A receipt by a wrong clock counts, and raises an alarm", arguments: [-600, 600])
  func wrongClock(_ seconds: Int64) throws {
    let (world, id, peer) = try Self.world()
    peer.say(.receipt(try Self.receipt(world) { $1.time = UInt64(Int64($1.time) + seconds) }))
    #expect(try world.summary(id, at: 0).delivery == .receipted)
    #expect(try world.nodes[0].journal().contains { $0.contains("receipt.timeOff") })
  }

  @Test("A receipt time that goes back counts, and raises an alarm")
  func timeBack() throws {
    let (world, _, peer) = try Self.world()
    peer.say(.receipt(try Self.receipt(world)))
    let second = try world.submit(2)
    peer.say(.receipt(try Self.receipt(world) { $1.time -= 10 }))
    #expect(try world.summary(second, at: 0).delivery == .receipted)
    #expect(try world.nodes[0].journal().contains { $0.contains("receipt.timeWentBack") })
  }
}
