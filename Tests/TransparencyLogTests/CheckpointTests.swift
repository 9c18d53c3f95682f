import Cryptography
import Testing
import TransparencyLog

@Suite("Checkpoints and cosignatures")
struct CheckpointTests {
  private static let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

  @Test("The example checkpoint of C2SP is read and written alike")
  func published() throws {
    let bytes = Array("\(Published.sofaText)\n\(Published.sofaLines)".utf8)
    let note = try SignedNote(parsing: bytes)
    #expect(note.encoded == bytes)
    let checkpoint = try Checkpoint(parsing: note.text)
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.size == 20_852_163)
    #expect(checkpoint.text == Published.sofaText)
    #expect(try Cosignature.time(of: note.signatures[1]) == Published.sofaTime)
  }

  @Test(
    "A checkpoint's text comes back as it was",
    arguments: [
      "o\n0\n\(root)\n", "o\n1\n\(root)\n", "o\n18446744073709551615\n\(root)\n",
      "an origin with spaces + plus\n10\n\(root)\n", "源/日志\n7\n\(root)\nextension one\n二\n",
    ])
  func roundTrip(text: String) throws {
    let checkpoint = try Checkpoint(parsing: text)
    #expect(checkpoint.text == text)
    let again = Checkpoint(
      origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root,
      extensions: checkpoint.extensions)
    #expect(again == checkpoint)
  }

  @Test(
    "A checkpoint that breaks the format is refused and says how",
    arguments: [
      ("", TransparencyLogError.Code.checkpointMalformed),
      ("o\n1\n", .checkpointMalformed),
      ("o\n1\n\(root)", .checkpointMalformed),
      ("o\n1\n\(root)\nextension", .checkpointMalformed),
      ("\n1\n\(root)\n", .checkpointOrigin),
      ("o\r\n1\n\(root)\n", .checkpointOrigin),
      ("o\n01\n\(root)\n", .checkpointSize),
      ("o\n00\n\(root)\n", .checkpointSize),
      ("o\n\n\(root)\n", .checkpointSize),
      ("o\n+1\n\(root)\n", .checkpointSize),
      ("o\n-1\n\(root)\n", .checkpointSize),
      ("o\n 1\n\(root)\n", .checkpointSize),
      ("o\n0x1\n\(root)\n", .checkpointSize),
      ("o\n１\n\(root)\n", .checkpointSize),
      ("o\n18446744073709551616\n\(root)\n", .checkpointSize),
      ("o\n99999999999999999999\n\(root)\n", .checkpointSize),
      ("o\n100000000000000000000\n\(root)\n", .checkpointSize),
      ("o\n1\n\(root.dropLast(1))\n", .checkpointRoot),
      ("o\n1\n\(root.dropLast(2))V=\n", .checkpointRoot),
      ("o\n1\n\(root.dropLast(4))\n", .checkpointRoot),
      ("o\n1\nAAAA\(root)\n", .checkpointRoot),
      ("o\n1\n\n", .checkpointRoot),
      ("o\n1\n\(root)\n\n", .checkpointExtension),
      ("o\n1\n\(root)\na\n\nb\n", .checkpointExtension),
      ("o\n1\n\(root)\na\tb\n", .checkpointExtension),
    ])
  func refused(text: String, code: TransparencyLogError.Code) {
    #expect(failureCode { _ = try Checkpoint(parsing: text) } == code)
  }

  @Test("A checkpoint's limits hold at their edges")
  func limits() throws {
    func checkpoint(_ origin: Int = 1, extensions: [Int] = []) -> Checkpoint {
      Checkpoint(
        origin: String(repeating: "o", count: origin), size: .max, root: .zero,
        extensions: extensions.map { String(repeating: "e", count: $0) })
    }
    let most = Checkpoint.textByteLimit - Checkpoint.originByteLimit - 67
    let good = [
      checkpoint(Checkpoint.originByteLimit, extensions: [most - 1]),
      checkpoint(extensions: Array(repeating: 1, count: Checkpoint.extensionLimit)),
    ]
    for one in good {
      try one.validate()
      #expect(try Checkpoint(parsing: one.text) == one)
    }
    let bad = [
      (checkpoint(0), TransparencyLogError.Code.checkpointOrigin),
      (checkpoint(Checkpoint.originByteLimit + 1), .checkpointOrigin),
      (checkpoint(extensions: [most]), .checkpointExtension),
      (
        checkpoint(extensions: Array(repeating: 1, count: Checkpoint.extensionLimit + 1)),
        .checkpointExtension
      ),
    ]
    for (one, code) in bad {
      #expect(failureCode { try one.validate() } == code)
      #expect(failureCode { _ = try Checkpoint(parsing: one.text) } == code)
    }
    let endless =
      Checkpoint(origin: "o", size: 1, root: .zero).text
      + String(repeating: "e", count: Checkpoint.textByteLimit)
    #expect(failureCode { _ = try Checkpoint(parsing: endless) } == .checkpointMalformed)
  }

  @Test("A log's signed checkpoint verifies under its origin and no injected line is signed")
  func signedCheckpoint() throws {
    let key = try testKey("log")
    var frontier = Frontier(suite: suite)
    for leaf in leaves(11) { frontier.append(leaf: leaf) }
    let checkpoint = Checkpoint(origin: "example.com/log", frontier: frontier)
    let note = try SignedNote(parsing: try checkpoint.signed(by: key).encoded)
    let verifier = try logKey("example.com/log", key)
    #expect(try note.verified(by: [verifier]) == [verifier])
    #expect(try Checkpoint(parsing: note.text) == checkpoint)
    for origin in ["", "a\n5", "a\r"] {
      let bad = Checkpoint(origin: origin, size: 1, root: .zero)
      #expect(failureCode { _ = try bad.signed(by: key) } == .checkpointOrigin)
    }
  }

  @Test("A cosignature made elsewhere verifies and gives its time")
  func publishedCosignature() throws {
    let key = try VerifierKey(parsing: Published.sofaWitnessKey, suite: suite)
    let line = try NoteSignature(parsing: Array(Published.sofaWitnessLine.utf8))
    #expect(
      try Cosignature.verify(line, checkpointText: Published.sofaText, by: key)
        == Published.sofaTime)
  }

  @Test(
    "A cosignature holds for its checkpoint, time and key only",
    arguments: [0, 1, 1_679_315_147, UInt64(Int64.max)])
  func cosign(time: UInt64) throws {
    let text = Published.sofaText
    let signer = try testKey("witness")
    let key = try cosignerKey("w", signer)
    let signature = try Cosignature.cosign(
      checkpointText: text, name: "w", key: signer, time: time)
    #expect(signature.signature.count == 72)
    #expect(signature.keyID == key.keyID)
    #expect(try Cosignature.time(of: signature) == time)
    #expect(try Cosignature.verify(signature, checkpointText: text, by: key) == time)
    func code(_ signature: NoteSignature, _ text: String, _ key: VerifierKey)
      -> TransparencyLogError.Code?
    {
      failureCode { _ = try Cosignature.verify(signature, checkpointText: text, by: key) }
    }
    for place in signature.signature.indices {
      var changed = signature
      changed.signature[place] ^= place == 0 ? 0x40 : 1
      #expect(code(changed, text, key) == .cosignatureSignature)
    }
    #expect(
      code(signature, text.replacing("20852163", with: "20852164"), key) == .cosignatureSignature)
    #expect(code(signature, text + "extension\n", key) == .cosignatureSignature)
    #expect(code(signature, "no checkpoint\n", key) == .checkpointMalformed)
    #expect(code(signature, text, try logKey("w", signer)) == .cosignatureKey)
    #expect(code(signature, text, try cosignerKey("v", signer)) == .cosignatureKey)
    #expect(code(signature, text, try cosignerKey("w", try testKey("x"))) == .cosignatureKey)
  }

  @Test("A cosignature is cut short, from after the year 2^63, or of no checkpoint: refused")
  func refusedCosignatures() throws {
    let signer = try testKey("witness")
    let key = try cosignerKey("w", signer)
    for count in 0...8 {
      let short = NoteSignature(
        name: "w", keyID: key.keyID, signature: [UInt8](repeating: 0, count: count))
      #expect(failureCode { _ = try Cosignature.time(of: short) } == .cosignatureMalformed)
      #expect(
        failureCode {
          _ = try Cosignature.verify(short, checkpointText: Published.sofaText, by: key)
        } == .cosignatureMalformed)
    }
    let late = NoteSignature(
      name: "w", keyID: key.keyID, signature: [UInt8](repeating: 0x80, count: 72))
    #expect(failureCode { _ = try Cosignature.time(of: late) } == .cosignatureTime)
    #expect(
      failureCode {
        _ = try Cosignature.cosign(
          checkpointText: Published.sofaText, name: "w", key: signer, time: 1 << 63)
      } == .cosignatureTime)
    #expect(
      failureCode {
        _ = try Cosignature.cosign(checkpointText: "x\n", name: "w", key: signer, time: 1)
      } == .checkpointMalformed)
  }

  @Test("An ordinary signature is not taken for a cosignature, nor the other way round")
  func domainsAreSeparate() throws {
    let signer = try testKey("both")
    let text = Published.sofaText
    let plain = try SignedNote.sign(text: text, name: "n", key: signer)
    let cosigned = try Cosignature.cosign(
      checkpointText: text, name: "n", key: signer, time: 5)
    let note = SignedNote(text: text, signatures: [plain, cosigned])
    let keys = [try logKey("n", signer), try cosignerKey("n", signer)]
    #expect(try SignedNote(parsing: note.encoded).verified(by: keys) == keys)
    let swapped = SignedNote(
      text: text,
      signatures: [
        NoteSignature(name: "n", keyID: cosigned.keyID, signature: plain.signature),
        NoteSignature(name: "n", keyID: plain.keyID, signature: cosigned.signature),
      ])
    for key in keys { #expect(failureCode { _ = try swapped.verified(by: [key]) } != nil) }
  }
}
