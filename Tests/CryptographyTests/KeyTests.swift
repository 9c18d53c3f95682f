import Cryptography
import Testing

@Suite("Keys and signatures")
struct KeyTests {
  static let suite = SignatureSuite.sha256Ed25519

  struct Vector: Sendable, CustomTestStringConvertible {
    var seed, key, message, signature: String
    var testDescription: String { "message \(message.debugDescription)" }
  }

  /// RFC 8032 section 7.1, tests 1 to 3.
  static let vectors = [
    Vector(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    Vector(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    Vector(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
  ]

  @Test("A signature is that of RFC 8032", arguments: vectors)
  func published(vector: Vector) throws {
    let key = try SigningKey(rawPrivateKey: bytes(hex: vector.seed), suite: Self.suite)
    let message = bytes(hex: vector.message)
    let signature = try key.sign(message)
    #expect(hex(key.verificationKey.raw) == vector.key)
    #expect(hex(signature) == vector.signature)
    let verifier = try Self.suite.verificationKey(raw: bytes(hex: vector.key))
    #expect(verifier == key.verificationKey)
    #expect(verifier.isValid(signature: signature, for: message))
  }

  @Test("Nothing but the signed message with its signature and key is valid")
  func tampered() throws {
    let key = try Self.suite.generateSigningKey()
    let message = Array("市监移〔2026〕12号".utf8)
    let signature = try key.sign(message)
    let verifier = key.verificationKey
    #expect(verifier.isValid(signature: signature, for: message))
    #expect(!verifier.isValid(signature: signature, for: message + [0]))
    #expect(!verifier.isValid(signature: Array(signature.dropLast()), for: message))
    #expect(!verifier.isValid(signature: signature + [0], for: message))
    #expect(!verifier.isValid(signature: [], for: message))
    let other = try Self.suite.generateSigningKey().verificationKey
    #expect(!other.isValid(signature: signature, for: message))
    for index in signature.indices {
      var changed = signature
      changed[index] ^= 1
      #expect(!verifier.isValid(signature: changed, for: message), "byte \(index)")
    }
  }

  @Test("A verification key has 32 bytes", arguments: [0, 31, 33])
  func wrongCount(count: Int) {
    let raw = [UInt8](repeating: 7, count: count)
    #expect(code { _ = try Self.suite.verificationKey(raw: raw) } == "crypto.key.malformed")
    #expect(
      code { _ = try SigningKey(rawPrivateKey: raw, suite: Self.suite) } == "crypto.key.malformed")
  }

  @Test("An encrypted key opens with its passphrase only")
  func roundTrip() throws {
    let key = try Self.suite.generateSigningKey()
    let pem = try key.encryptedPEM(passphrase: Array("口令 one".utf8))
    #expect(
      String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
    let opened = try SigningKey(
      encryptedPEM: pem, passphrase: Array("口令 one".utf8), suite: Self.suite)
    #expect(opened.verificationKey == key.verificationKey)
    let message: [UInt8] = [1, 2, 3]
    #expect(key.verificationKey.isValid(signature: try opened.sign(message), for: message))
    for wrong in ["口令 two", ""] {
      #expect(
        code {
          _ = try SigningKey(encryptedPEM: pem, passphrase: Array(wrong.utf8), suite: Self.suite)
        } == "crypto.key.passphrase")
    }
  }

  @Test("The same key is never written twice alike, and not under an empty passphrase")
  func salted() throws {
    let key = try Self.suite.generateSigningKey()
    #expect(try key.encryptedPEM(passphrase: [1]) != key.encryptedPEM(passphrase: [1]))
    #expect(code { _ = try key.encryptedPEM(passphrase: []) } == "crypto.key.passphrase")
  }

  @Test("A text that is no encrypted key is refused as what it is")
  func malformed() throws {
    // RFC 8410 section 10.3's example key.
    let plain = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----

      """
    #expect(refusal(plain) == "crypto.key.unencrypted")
    #expect(refusal("") == "crypto.key.malformed")
    #expect(refusal("not a key") == "crypto.key.malformed")
    #expect(refusal(plain.replacing("PRIVATE", with: "EC PRIVATE")) == "crypto.key.malformed")
    #expect(
      refusal(plain.replacing("PRIVATE", with: "ENCRYPTED PRIVATE")) == "crypto.key.malformed")
    let pem = try Self.suite.generateSigningKey().encryptedPEM(passphrase: [1])
    let text = String(decoding: pem, as: UTF8.self)
    #expect(refusal(String(text.prefix(120))) == "crypto.key.malformed")
    #expect(try PrivateKey(pem: Array(plain.utf8)).kind == .ed25519)
  }

  private func refusal(_ pem: String) -> String? {
    code { _ = try SigningKey(encryptedPEM: Array(pem.utf8), passphrase: [1], suite: Self.suite) }
  }

  @Test("A TLS key of either kind survives encryption", arguments: PrivateKey.Kind.allCases)
  func privateKey(kind: PrivateKey.Kind) throws {
    let pem = try PrivateKey.generate(kind).encryptedPEM(passphrase: [9, 9])
    #expect(try PrivateKey(pem: pem, passphrase: [9, 9]).kind == kind)
    #expect(code { _ = try PrivateKey(pem: pem, passphrase: [9]) } == "crypto.key.passphrase")
    #expect(code { _ = try PrivateKey(pem: pem) } == "crypto.key.locked")
  }

  @Test("A TLS key cannot pass for a signature key")
  func wrongType() throws {
    let pem = try PrivateKey.generate(.p256).encryptedPEM(passphrase: [1])
    #expect(
      code { _ = try SigningKey(encryptedPEM: pem, passphrase: [1], suite: Self.suite) }
        == "crypto.key.type")
  }
}
