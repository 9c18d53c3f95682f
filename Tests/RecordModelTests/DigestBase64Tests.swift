import Cryptography
import Testing
import TransparencyLog

@testable import RecordModel

@Suite("Digests as base64")
struct DigestBase64Tests {
  /// Digests of every value in every place, among others.
  private static let digests = (0..<256).map { value in
    Digest((0..<32).map { UInt8(truncatingIfNeeded: value &* ($0 + 1) &+ $0 * 7) })
  }

  @Test("are read back, and written as the general encoding writes them")
  func roundTrip() throws {
    for digest in Self.digests {
      let digest = try #require(digest)
      let text = CanonicalBase64.encode(digest)
      var written: [UInt8] = []
      written.append(base64: digest)
      #expect(written == Array(text.utf8))
      #expect(Digest(base64: text) == digest)
      #expect(Digest(base64: (Array("..".utf8) + Array(text.utf8))[2...]) == digest)
    }
  }

  @Test("are read where the general decoding reads them, and nowhere else", arguments: 0..<44)
  func anyByte(place: Int) throws {
    let digest = try #require(Self.digests[201])
    for byte in UInt8.min...UInt8.max {
      var text = Array(CanonicalBase64.encode(digest).utf8)
      text[place] = byte
      guard let string = String(validating: text, as: UTF8.self) else {
        #expect(Digest(base64: text[...]) == nil)
        continue
      }
      let general = CanonicalBase64.decode(string).flatMap { Digest($0) }
      #expect(Digest(base64: text[...]) == general)
      #expect(Digest(base64: string) == general)
    }
  }

  @Test("have 44 characters")
  func lengths() throws {
    let text = CanonicalBase64.encode(try #require(Self.digests[3]))
    for count in 0..<44 { #expect(Digest(base64: String(text.prefix(count))) == nil) }
    #expect(Digest(base64: text + "=") == nil)
    #expect(Digest(base64: text + "AAAA") == nil)
  }
}
