import Cryptography
import Testing
import TransparencyLog

@Suite("Verifier keys and base64")
struct VerifierKeyTests {
  @Test(
    "Published verifier keys come back from their text",
    arguments: [
      Published.c2spKey, Published.peterKey, Published.enochKey, Published.sofaWitnessKey,
    ])
  func published(text: String) throws {
    let key = try VerifierKey(parsing: text, suite: suite)
    #expect(key.description == text)
    #expect(
      try VerifierKey(name: key.name, key: key.key, type: key.type) == key)
  }

  @Test("No piece and no changed byte of a verifier key is a verifier key")
  func mangled() {
    let good = Array(Published.peterKey.utf8)
    for start in good.indices {
      for end in start...good.count where start != 0 || end != good.count {
        let piece = String(decoding: good[start..<end], as: UTF8.self)
        #expect((try? VerifierKey(parsing: piece, suite: suite)) == nil)
      }
      for change in [0x01, 0x20] as [UInt8] {
        var bytes = good
        bytes[start] ^= change
        let text = String(decoding: bytes, as: UTF8.self)
        #expect((try? VerifierKey(parsing: text, suite: suite)) == nil)
      }
    }
  }

  @Test(
    "A verifier key that breaks the format says how",
    arguments: [
      // A key of another length and an unknown type, each with the key ID that would fit.
      (
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        TransparencyLogError.Code.noteKey
      ),
      (
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        .noteKeyType
      ),
      ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .noteKeyID),
      ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .noteKey),
      ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n", .noteKey),
      ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .noteName),
      ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .noteName),
      ("PeterNeumann+c74f20a3", .noteKey),
      ("", .noteKey),
    ])
  func refused(text: String, code: TransparencyLogError.Code) {
    #expect(failureCode { _ = try VerifierKey(parsing: text, suite: suite) } == code)
  }

  @Test("The key ID depends on the name, the type and the key")
  func keyIDs() throws {
    let (first, second) = (try testKey("1"), try testKey("2"))
    let keys = [
      try logKey("a", first), try logKey("b", first), try logKey("a", second),
      try cosignerKey("a", first),
    ]
    #expect(Set(keys.map(\.keyID)).count == keys.count)
    #expect(Set(keys).count == keys.count)
    #expect(
      failureCode { _ = try VerifierKey(name: "a", key: first.verificationKey, type: 2) }
        == .noteKeyType)
  }

  @Test("A name may be as long as its limit and no longer")
  func nameLimit() throws {
    let key = try testKey("1")
    let longest = String(repeating: "名", count: 170) + "ab"
    #expect(longest.utf8.count == VerifierKey.nameByteLimit)
    let parsed = try VerifierKey(parsing: try logKey(longest, key).description, suite: suite)
    #expect(parsed.name == longest)
    #expect(failureCode { _ = try logKey(longest + "c", key) } == .noteName)
  }

  @Test("Base64 goes there and back at every length", arguments: 0...70)
  func base64RoundTrip(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let text = CanonicalBase64.encode(bytes)
    #expect(text.utf8.count == (count + 2) / 3 * 4)
    #expect(CanonicalBase64.decode(text) == bytes)
  }

  @Test(
    "Base64 is that of RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("\u{fb}\u{fb}\u{fb}", "w7vDu8O7"),
      ("ûï¾", "w7vDr8K+"), ("???", "Pz8/"),
    ])
  func base64Published(plain: String, text: String) {
    #expect(CanonicalBase64.encode(Array(plain.utf8)) == text)
    #expect(CanonicalBase64.decode(text) == Array(plain.utf8))
  }

  @Test(
    "Base64 in any other than its canonical form is refused",
    arguments: [
      "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Zm9v\n", " Zm9v", "Zm 9v", "Zm-v", "Zm_v",
      "====", "A===", "=", "Zg==Zg==", "Zm8=Zm8=", "Zm9vé", "Zm=v",
    ])
  func base64Refused(text: String) {
    #expect(CanonicalBase64.decode(text) == nil)
  }
}
