import Cryptography
import RecordModel

/// A small seeded generator (SplitMix64): the same numbers in every run.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }

  mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }
}

/// The three sample agencies, and a few things to say about them.
enum Samples {
  static let federation = "example.org"
  static let procuratorateText = "11000000MB0000019X"
  static let disciplineText = "11000000MB0000027Q"
  static let enforcementText = "11000000MB0000035K"

  static func procuratorate() throws -> AgencyCode { try AgencyCode(procuratorateText) }
  static func discipline() throws -> AgencyCode { try AgencyCode(disciplineText) }
  static func enforcement() throws -> AgencyCode { try AgencyCode(enforcementText) }

  /// 2026-11-23T09:15:00.123+08:00
  static let time = Timestamp(milliseconds: 1_795_396_500_123)

  static func id(_ random: inout SeededRandom, at time: Timestamp = time) -> RecordID {
    RecordID.generate(at: time) { random.bytes($0) }
  }

  static func digest(_ random: inout SeededRandom) throws -> Digest {
    guard let digest = Digest(random.bytes(32)) else { throw SampleError() }
    return digest
  }

  /// Every field drawn at random from all that the format allows.
  static func header(_ random: inout SeededRandom) throws -> RecordHeader {
    var codes = [try procuratorate(), try discipline(), try enforcement()]
    codes.shuffle(using: &random)
    let kinds = KindName.all + ["supplement.request", "a", "a-1.b2"]
    let kind = kinds.randomElement(using: &random) ?? KindName.leadTransfer
    let limit: UInt64 = 1 << 53 - 1
    return RecordHeader(
      id: id(&random), from: codes[0], to: codes[1],
      seq: random.chance(4) ? limit : UInt64.random(in: 0...5000, using: &random),
      prev: random.chance(8) ? .zero : try digest(&random),
      time: Timestamp(
        milliseconds: Int64.random(in: 0...253_402_000_000_000, using: &random)),
      seen: Seen(
        epoch: UInt32.random(in: 1...UInt32.max, using: &random),
        size: UInt64.random(in: 0...limit, using: &random)),
      directory: UInt64.random(in: 1...limit, using: &random), kind: kind,
      schema: "\(kind)/\(Int.random(in: 1...9999, using: &random))", thread: id(&random),
      replyTo: random.chance(2) ? id(&random) : nil,
      urgency: Urgency.allCases.randomElement(using: &random) ?? .normal,
      payload: PayloadReference(
        commitment: try digest(&random),
        size: Int.random(in: 0...RecordHeader.payloadByteLimit, using: &random)))
  }
}

struct SampleError: Error {}

/// The code of what `body` throws; nil when it throws nothing of ours.
func thrownCode(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let error as RecordModelError {
    return error.code.rawValue
  } catch {
    return "other: \(error)"
  }
}
