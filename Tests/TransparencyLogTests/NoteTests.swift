import Cryptography
import Testing
import TransparencyLog

@Suite("Signed notes")
struct NoteTests {
  private static func note(_ text: String) throws -> SignedNote {
    try SignedNote(parsing: Array(text.utf8))
  }

  private static func key(_ text: String) throws -> VerifierKey {
    try VerifierKey(parsing: text, suite: suite)
  }

  @Test(
    "Published notes verify with their published keys",
    arguments: [
      (Published.c2spText, Published.c2spLine, Published.c2spKey),
      (Published.goText, Published.peterLine, Published.peterKey),
      (Published.goText, Published.enochLine, Published.enochKey),
      (Published.sofaText, Published.sofaWitnessLine, Published.sofaWitnessKey),
    ])
  func publishedNotes(text: String, line: String, key: String) throws {
    let bytes = Array("\(text)\n\(line)".utf8)
    let note = try SignedNote(parsing: bytes)
    let key = try Self.key(key)
    #expect(note.text == text)
    #expect(note.encoded == bytes)
    #expect(try note.verified(by: [key]) == [key])
  }

  @Test("A blank line within the text belongs to the text")
  func blankLineInText() throws {
    let note = try Self.note(Published.quasimodo)
    #expect(note.text.hasSuffix("\n\ned è subito sera.\n"))
    #expect(note.signatures.map(\.name) == ["quasimodo.example/salvatore"])
    #expect(note.signatures.map(\.keyID) == [0x367b_a04b])
    #expect(note.signatures.map(\.signature.count) == [64])
    #expect(note.encoded == Array(Published.quasimodo.utf8))
  }

  @Test("A signed note comes back from its bytes and verifies, with all its signers")
  func roundTrip() throws {
    let text = "移送\n\n第二段 ü\n"
    let names = ["example.com/甲", "example.com/乙", "c"]
    var note = SignedNote(text: text, signatures: [])
    var keys: [VerifierKey] = []
    for name in names {
      let key = try testKey(name)
      note.add(try SignedNote.sign(text: text, name: name, key: key))
      keys.append(try logKey(name, key))
    }
    let parsed = try SignedNote(parsing: note.encoded)
    #expect(parsed == note)
    #expect(try parsed.verified(by: keys) == keys)
    #expect(try parsed.verified(by: [keys[2], keys[0]]) == [keys[0], keys[2]])
  }

  @Test("Adding a signature by the same key replaces the earlier one in its place")
  func addReplaces() throws {
    var note = try Self.note("\(Published.goText)\n\(Published.peterLine)\(Published.enochLine)")
    let original = note
    var broken = note.signatures[0]
    broken.signature[0] ^= 1
    note.add(broken)
    #expect(note.signatures == [broken, original.signatures[1]])
    note.add(original.signatures[0])
    #expect(note == original)
  }

  @Test("Signatures by unknown keys are ignored, even under a known name or key ID")
  func unknownSignatures() throws {
    let peter = try Self.key(Published.peterKey)
    let note = try Self.note("\(Published.goText)\n\(Published.enochLine)\(Published.peterLine)")
    #expect(try note.verified(by: [peter]) == [peter])
    var strangers = note
    strangers.add(NoteSignature(name: peter.name, keyID: peter.keyID ^ 1, signature: [1]))
    strangers.add(NoteSignature(name: "someone", keyID: peter.keyID, signature: [1]))
    #expect(try strangers.verified(by: [peter]) == [peter])
  }

  @Test("A note without a signature by a known key is refused")
  func unverified() throws {
    let note = try Self.note("\(Published.goText)\n\(Published.enochLine)")
    let peter = try Self.key(Published.peterKey)
    #expect(failureCode { _ = try note.verified(by: [peter]) } == .noteUnverified)
    #expect(failureCode { _ = try note.verified(by: []) } == .noteUnverified)
  }

  @Test("One bad signature by a known key refuses the note, whatever else signed it")
  func badSignature() throws {
    let keys = [try Self.key(Published.peterKey), try Self.key(Published.enochKey)]
    let note = try Self.note("\(Published.goText)\n\(Published.enochLine)\(Published.peterLine)")
    #expect(try note.verified(by: keys).count == 2)
    for place in note.signatures.indices {
      for change in [{ $0 ^ 1 }, { $0 ^ 0x80 }] as [(UInt8) -> UInt8] {
        var broken = note
        let last = broken.signatures[place].signature.count - 1
        broken.signatures[place].signature[last] = change(
          broken.signatures[place].signature[last])
        #expect(failureCode { _ = try broken.verified(by: keys) } == .noteSignature)
      }
    }
    var changedText = note
    changedText.text += "And a line more.\n"
    #expect(failureCode { _ = try changedText.verified(by: keys) } == .noteSignature)
  }

  @Test("Two different keys with one name and key ID are refused; the same key twice is not")
  func ambiguousKeys() throws {
    // Found by trying 50,000 byte strings: key IDs are short, and no protection by themselves.
    let keys = try [2821, 49830].map { number in
      let raw = suite.digest(Array("public \(number)".utf8)).bytes
      return try VerifierKey(
        name: "n", key: suite.verificationKey(raw: raw), type: suite.noteSignatureType)
    }
    #expect(keys.map(\.keyID) == [0xe9da_664f, 0xe9da_664f])
    let peter = try Self.key(Published.peterKey)
    var note = try Self.note("\(Published.goText)\n\(Published.peterLine)")
    #expect(try note.verified(by: [peter, peter]) == [peter])
    #expect(try note.verified(by: [peter] + keys) == [peter])
    note.add(NoteSignature(name: "n", keyID: 0xe9da_664f, signature: [1]))
    #expect(failureCode { _ = try note.verified(by: [peter] + keys) } == .noteAmbiguousKey)
    #expect(failureCode { _ = try note.verified(by: [peter, keys[1]]) } == .noteSignature)
  }

  static let refused: [(String, TransparencyLogError.Code)] = {
    let text = Published.goText
    let line = Published.peterLine
    return [
      ("", .noteMalformed),
      ("\n", .noteMalformed),
      ("\n\n", .noteMalformed),
      (text, .noteMalformed),
      ("\(text)\n", .noteMalformed),
      ("\(text)\(line)", .noteMalformed),
      ("\n\n\(line)", .noteMalformed),
      ("\n\(line)", .noteMalformed),
      ("\(text)\n\n\(line)", .noteMalformed),
      ("\(text)\n\(line.dropLast())", .noteMalformed),
      ("\(text)\n\(line)\n", .noteMalformed),
      ("\(text)\n\(line)Unexpected line.\n", .noteSignatureLine),
      ("\u{1}\(text)\n\(line)", .noteControl),
      ("a\tb\n\n\(line)", .noteControl),
      ("a\r\n\n\(line)", .noteControl),
      ("a\0\n\n\(line)", .noteControl),
      ("\(text)\n\(line)\(line)", .noteDuplicate),
      ("\(text)\n\(line.replacing("—", with: "-"))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("—", with: "–"))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("— ", with: "—"))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("— ", with: "—  "))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("— ", with: " — "))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("Peter", with: "Peter "))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("Peter", with: "Peter+"))", .noteName),
      ("\(text)\n\(line.replacing("Peter", with: "Peter\u{a0}"))", .noteName),
      ("\(text)\n\(line.replacing("Peter", with: "Peter\u{3000}"))", .noteName),
      ("\(text)\n\(line.replacing("nAM=", with: "nAM"))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("nAM=", with: "nAN="))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("nAM=", with: "nA-="))", .noteSignatureLine),
      ("\(text)\n\(line.replacing("nAM=", with: "nAM= "))", .noteSignatureLine),
      ("\(text)\n— a AAAAAA==\n", .noteSignatureLine),
      ("\(text)\n— a \n", .noteSignatureLine),
      ("\(text)\n— a\n", .noteSignatureLine),
      ("\(text)\n— \(String(repeating: "n", count: 513)) AAAAAAA=\n", .noteName),
    ]
  }()

  @Test("A note that breaks the format is refused and says how", arguments: refused.indices)
  func refusedNote(index: Int) {
    let (text, code) = Self.refused[index]
    #expect(failureCode { _ = try Self.note(text) } == code, "case \(index)")
  }

  @Test("A note that is not UTF-8 is refused wherever the bad byte stands")
  func invalidUTF8() {
    let good = Array("\(Published.goText)\n\(Published.peterLine)".utf8)
    for place in 0...good.count - Published.peterLine.utf8.count - 1 {
      var bytes = good
      bytes.insert(0xff, at: place)
      #expect(failureCode { _ = try SignedNote(parsing: bytes) } == .noteUTF8)
    }
    // A surrogate, an overlong slash, and a scalar above U+10FFFF.
    for bad in [[0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf4, 0x90, 0x80, 0x80]] as [[UInt8]] {
      #expect(failureCode { _ = try SignedNote(parsing: bad + good) } == .noteUTF8)
    }
  }

  @Test("Limits on bytes and signatures hold at their edges")
  func limits() throws {
    func note(signatures: Int) -> SignedNote {
      SignedNote(
        text: "t\n",
        signatures: (0..<signatures).map {
          NoteSignature(name: "key\($0)", keyID: 1, signature: [1])
        })
    }
    try note(signatures: SignedNote.signatureLimit).validate()
    #expect(
      failureCode { try note(signatures: SignedNote.signatureLimit + 1).validate() } == .noteLimit)

    func note(signatureBytes: Int) -> SignedNote {
      let bytes = [UInt8](repeating: 7, count: signatureBytes)
      return SignedNote(
        text: "t\n", signatures: [NoteSignature(name: "n", keyID: 1, signature: bytes)])
    }
    try note(signatureBytes: NoteSignature.byteLimit).validate()
    #expect(
      failureCode { try note(signatureBytes: NoteSignature.byteLimit + 1).validate() }
        == .noteLimit)

    let line = Array("\n— n AAAAAQc=\n".utf8)
    let fill = [UInt8](repeating: UInt8(ascii: "t"), count: SignedNote.byteLimit - line.count - 1)
    _ = try SignedNote(parsing: fill + [0x0A] + line)
    #expect(
      failureCode { _ = try SignedNote(parsing: [0x74] + fill + [0x0A] + line) } == .noteLimit)
  }

  @Test(
    "A text that no note can hold is not signed",
    arguments: ["", "\n", "text", "text\n\n", "te\u{1}xt\n", "te\rxt\n"])
  func unsignableText(text: String) throws {
    let key = try testKey("signer")
    let code = failureCode { _ = try SignedNote.sign(text: text, name: "n", key: key) }
    #expect(code == .noteMalformed || code == .noteControl)
  }

  @Test("Texts that look alike but differ in their scalars make different notes")
  func canonicalEquivalence() throws {
    let composed = SignedNote(text: "\u{e9}\n", signatures: [])
    let decomposed = SignedNote(text: "e\u{301}\n", signatures: [])
    #expect(composed.text == decomposed.text)
    #expect(composed != decomposed)
    let key = try testKey("signer")
    let left = try logKey("\u{e9}", key)
    let signature = try SignedNote.sign(text: "t\n", name: "e\u{301}", key: key)
    #expect(left != (try logKey("e\u{301}", key)))
    var forged = signature
    forged.keyID = left.keyID
    let note = SignedNote(text: "t\n", signatures: [forged])
    #expect(failureCode { _ = try note.verified(by: [left]) } == .noteUnverified)
  }

  @Test("One signature line comes back from its bytes, with or without its newline")
  func signatureLine() throws {
    let line = Array(Published.peterLine.utf8)
    let signature = try NoteSignature(parsing: line)
    #expect(signature.keyID == 0xc74f_20a3)
    #expect(signature.signature.count == 64)
    #expect(signature.encoded == line)
    #expect(try NoteSignature(parsing: line.dropLast()) == signature)
    #expect(signature.description == String(decoding: line.dropLast(), as: UTF8.self))
    for bad in [line + line, line + [0x0A], [], [0x0A]] {
      #expect(failureCode { _ = try NoteSignature(parsing: bad) } == .noteSignatureLine)
    }
    let long = [UInt8](repeating: UInt8(ascii: "A"), count: 1 << 20)
    #expect(failureCode { _ = try NoteSignature(parsing: long) } == .noteLimit)
    #expect(failureCode { _ = try NoteSignature(parsing: [0xff]) } == .noteUTF8)
  }
}
