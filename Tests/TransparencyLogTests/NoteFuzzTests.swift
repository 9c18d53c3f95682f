import Cryptography
import Testing
import TransparencyLog

/// Mutated notes, checkpoints and proofs: nothing crashes, nothing that changed verifies, and
/// whatever is parsed is written back byte for byte.
@Suite("Mutated input")
struct NoteFuzzTests {
  @Test(
    "No changed byte of a published note leaves it verifying",
    arguments: [
      (Published.c2spText, Published.c2spLine, Published.c2spKey),
      (Published.goText, Published.peterLine, Published.peterKey),
      (Published.sofaText, Published.sofaWitnessLine, Published.sofaWitnessKey),
    ])
  func singleBytes(text: String, line: String, key: String) throws {
    let good = Array("\(text)\n\(line)".utf8)
    let keys = [try VerifierKey(parsing: key, suite: suite)]
    #expect(try SignedNote(parsing: good).verified(by: keys) == keys)
    for place in good.indices {
      for change in [0x01, 0x20, 0x80] as [UInt8] {
        var bytes = good
        bytes[place] ^= change
        expectRefused(bytes, keys)
      }
      var bytes = good
      bytes.remove(at: place)
      expectRefused(bytes, keys)
      bytes.insert(contentsOf: [good[place], good[place]], at: place)
      expectRefused(bytes, keys)
      expectRefused(Array(good[..<place]), keys)
    }
  }

  @Test("Hundreds of notes with many seeded mutations never verify", arguments: 0..<8)
  func manyMutations(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let good = Array("\(Published.goText)\n\(Published.peterLine)\(Published.enochLine)".utf8)
    let keys = [
      try VerifierKey(parsing: Published.peterKey, suite: suite),
      try VerifierKey(parsing: Published.enochKey, suite: suite),
    ]
    var parsedCount = 0
    for _ in 0..<120 {
      let bytes = mutated(good, using: &generator)
      guard bytes != good, let note = try? SignedNote(parsing: bytes) else { continue }
      parsedCount += 1
      #expect(note.encoded == bytes)
      // A change may have hit one of the two lines and made its key unknown; the other then
      // still vouches for a text that is unchanged.
      guard let valid = try? note.verified(by: keys) else { continue }
      #expect(note.text == Published.goText)
      #expect(valid.count == 1)
    }
    #expect(parsedCount > 0, "the mutations are too wild to reach past the parser")
  }

  @Test("Random bytes and random lines never crash a parser", arguments: 0..<8)
  func noise(seed: UInt64) {
    var generator = SeededGenerator(seed: seed &+ 77)
    let pieces = [
      "\n", "\n\n", "— ", "—", " ", "a", "a+b", "0", "01", "18446744073709551616", "index ",
      "extra ", LogProof.header, "AAAA", "AAA=", "=",
      "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      "tile/", "x001/", "/", ".p/", "999", "\u{0}", "é",
    ]
    for _ in 0..<300 {
      let count = Int.random(in: 0...24, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      if let note = try? SignedNote(parsing: Array(text.utf8)) {
        #expect(note.encoded == Array(text.utf8))
      }
      if let checkpoint = try? Checkpoint(parsing: text) { #expect(checkpoint.text == text) }
      if let tile = try? Tile(parsing: text) { #expect(tile.path == text) }
      if let key = try? VerifierKey(parsing: text, suite: suite) {
        #expect(key.description == text)
      }
      if let proof = try? LogProof(parsing: Array(text.utf8)) {
        #expect(proof.encoded == Array(text.utf8))
      }
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect((try? SignedNote(parsing: bytes)) == nil)
      #expect((try? LogProof(parsing: bytes)) == nil)
    }
  }

  private func expectRefused(_ bytes: [UInt8], _ keys: [VerifierKey]) {
    let verified = (try? SignedNote(parsing: bytes).verified(by: keys)) != nil
    #expect(!verified, "\(String(decoding: bytes, as: UTF8.self))")
  }

  private func mutated(
    _ bytes: [UInt8], using generator: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(bytes[place], at: place)
      case 3: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &generator))
      default: bytes[place] = UInt8.random(in: 0x20...0x7e, using: &generator)
      }
    }
    return bytes
  }
}
