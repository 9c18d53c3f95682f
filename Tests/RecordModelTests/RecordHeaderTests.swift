import Cryptography
import RecordModel
import Testing

@Suite("Record headers")
struct RecordHeaderTests {
  /// The example of docs/formats.md, in canonical form.
  static let example =
    #"{"v":1,"id":"019ab123-4567-7abc-8def-0123456789ab","from":"11000000MB0000035K","#
    + #""to":"11000000MB0000019X","seq":41,"prev":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","#
    + #""time":"2026-11-23T09:15:00.123+08:00","seen":{"epoch":1,"size":17},"directory":12,"#
    + #""kind":"lead.sign","schema":"lead.sign/1","thread":"019ab122-4567-7abc-8def-0123456789ab","#
    + #""replyTo":"019ab122-4567-7abc-8def-0123456789ab","urgency":"urgent","#
    + #""payload":{"commitment":"//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=","size":2048}}"#

  @Test("The example reads into its fields and is written back byte for byte")
  func exampleHeader() throws {
    let header = try RecordHeader(parsing: Array(Self.example.utf8))
    #expect(header.id.description == "019ab123-4567-7abc-8def-0123456789ab")
    #expect(header.direction == Direction(from: header.from, to: header.to))
    #expect(header.from.rawValue == Samples.enforcementText)
    #expect(header.to.rawValue == Samples.procuratorateText)
    #expect(header.seq == 41)
    #expect(header.prev.bytes == Array(0...31))
    #expect(header.time == Samples.time)
    #expect(header.seen == Seen(epoch: 1, size: 17))
    #expect(header.directory == 12)
    #expect(header.kind == KindName.leadSign)
    #expect(header.schema == "lead.sign/1")
    #expect(header.schemaFitsKind)
    #expect(header.thread == header.replyTo)
    #expect(header.urgency == .urgent)
    #expect(header.payload.commitment.bytes == Array((224...255).reversed()))
    #expect(header.payload.size == 2048)
    #expect(header.encoded() == Array(Self.example.utf8))
  }

  @Test("Any header reads back as it was written")
  func roundTrip() throws {
    var random = SeededRandom(1)
    for _ in 0..<2000 {
      let header = try Samples.header(&random)
      #expect(try RecordHeader(parsing: header.encoded()) == header)
    }
  }

  @Test("Key order, white space and escapes do not change what a header says")
  func otherWritings() throws {
    let header = try RecordHeader(parsing: Array(Self.example.utf8))
    let spaced = Self.example.replacing(",\"", with: " ,\r\n\t\"").replacing(":{", with: " : { ")
    #expect(try RecordHeader(parsing: Array("\n \(spaced) \t".utf8)) == header)
    let escaped = Self.example
      .replacing(#""kind":"lead.sign""#, with: #""\u006bind":"lead\u002Esig\u006E""#)
      .replacing("lead.sign/1", with: #"lead.sign\/1"#)
    #expect(try RecordHeader(parsing: Array(escaped.utf8)) == header)
    let moved =
      "{\"urgency\":\"urgent\","
      + Self.example.dropFirst()
      .replacing(#""urgency":"urgent","#, with: "")
    #expect(try RecordHeader(parsing: Array(moved.utf8)) == header)
  }

  @Test("A header of the largest size is taken, one byte more is refused")
  func sizeLimit() throws {
    let padding = RecordHeader.byteLimit - Self.example.utf8.count
    let largest = Array(Self.example.utf8) + [UInt8](repeating: 0x20, count: padding)
    #expect(largest.count == RecordHeader.byteLimit)
    _ = try RecordHeader(parsing: largest)
    #expect(thrownCode { _ = try RecordHeader(parsing: largest + [0x20]) } == "header.size")
  }

  @Test("No prefix of a header is a header, and no byte changed to another crashes")
  func truncationAndNoise() throws {
    let bytes = Array(Self.example.utf8)
    for length in 0..<bytes.count {
      let code = thrownCode { _ = try RecordHeader(parsing: Array(bytes[..<length])) }
      #expect(code?.hasPrefix("header.") == true, "length \(length)")
    }
    var random = SeededRandom(5)
    for _ in 0..<5000 {
      var noisy = bytes
      for _ in 0...2 {
        noisy[Int.random(in: noisy.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      guard let header = try? RecordHeader(parsing: noisy) else { continue }
      #expect(try RecordHeader(parsing: header.encoded()) == header)
    }
  }

  @Test("A schema fits only its own kind")
  func schemaFit() throws {
    var header = try RecordHeader(parsing: Array(Self.example.utf8))
    for schema in ["lead.accept/1", "lead.sign", "lead.signs/1", "lead.sig/1", "lead"] {
      header.schema = schema
      #expect(!header.schemaFitsKind, "\(schema)")
    }
  }

  @Test("A commitment is the digest of salt and payload, and depends on both")
  func commitment() throws {
    let salt = [UInt8](repeating: 7, count: Commitment.saltBytes)
    let payload = Array("{}".utf8)
    let suite = Suite.sha256Ed25519
    let made = Commitment.make(salt: salt, payload: payload, suite: suite)
    #expect(made == suite.digest(salt + payload))
    #expect(made != Commitment.make(salt: salt, payload: [], suite: suite))
    #expect(
      made.description == "605dcbfd3c387c45b6db7e7b1fb961bdd75d762260c4879b3c3b4f15edacad42")
  }
}
