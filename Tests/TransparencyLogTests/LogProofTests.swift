import Cryptography
import Testing
import TransparencyLog

@Suite("Proof files")
struct LogProofTests {
  /// A log with its keys, two cosigners and a proof of each of its entries.
  struct World {
    static let origin = "test/sanxiang/A/B/1"
    let logSigner: SigningKey
    let logKeys: [VerifierKey]
    let cosigners: [VerifierKey]
    let source: MemorySource
    let note: SignedNote

    init(size: Int) throws {
      logSigner = try testKey("log")
      let witnesses = [try testKey("w1"), try testKey("w2")]
      source = MemorySource(suite: suite, leaves: leaves(size))
      let root = try Merkle.root(size: source.size, source: source)
      let head = Checkpoint(origin: Self.origin, size: source.size, root: root)
      var note = try head.signed(by: logSigner)
      for (place, witness) in witnesses.enumerated() {
        note.add(
          try Cosignature.cosign(
            checkpointText: note.text, name: "w\(place)", key: witness,
            time: UInt64(2000 - place)))
      }
      self.note = note
      logKeys = [try logKey(Self.origin, logSigner)]
      cosigners = try witnesses.enumerated().map { try cosignerKey("w\($0)", $1) }
    }

    func proof(_ index: Int) throws -> LogProof {
      LogProof(
        extra: entry(index), index: UInt64(index),
        proof: try Merkle.inclusionProof(
          index: UInt64(index), size: source.size, source: source), checkpoint: note)
    }

    func code(
      _ proof: LogProof, entry: [UInt8], origin: String = origin, threshold: Int = 2
    ) -> TransparencyLogError.Code? {
      failureCode {
        try proof.verify(
          entry: entry, origin: origin, logKeys: logKeys, cosigners: cosigners,
          threshold: threshold)
      }
    }
  }

  @Test("The proof of every entry comes back from its bytes and verifies", arguments: [1, 2, 13])
  func roundTrip(size: Int) throws {
    let world = try World(size: size)
    for index in 0..<size {
      for extra in [entry(index), nil] {
        var made = try world.proof(index)
        made.extra = extra
        let proof = try LogProof(parsing: made.encoded)
        #expect(proof == made)
        let shown = try proof.verify(
          entry: entry(index), origin: World.origin, logKeys: world.logKeys,
          cosigners: world.cosigners, threshold: 2)
        #expect(shown.checkpoint.size == UInt64(size))
        #expect(shown.logKey == world.logKeys[0])
        #expect(shown.cosignatures.map(\.key) == world.cosigners)
        #expect(shown.cosignatures.map(\.time) == [2000, 1999])
        #expect((0...3).map(shown.time(ofCosigners:)) == [nil, 1999, 2000, nil])
      }
    }
  }

  @Test("The file has the form that C2SP tlog-proof gives")
  func form() throws {
    let world = try World(size: 3)
    let proof = try world.proof(2)
    let left = Merkle.node(leaves(2)[0], leaves(2)[1], suite: suite)
    let expected =
      "c2sp.org/tlog-proof@v1\nextra \(CanonicalBase64.encode(entry(2)))\nindex 2\n"
      + "\(CanonicalBase64.encode(left))\n\n" + String(decoding: world.note.encoded, as: UTF8.self)
    #expect(String(decoding: proof.encoded, as: UTF8.self) == expected)
    #expect(LogProof(extra: [], index: 0, proof: [], checkpoint: world.note).extra == nil)
  }

  @Test("A proof shows nothing but its own entry at its own place in its own log")
  func wrongStatements() throws {
    let world = try World(size: 13)
    for index in 0..<13 {
      let proof = try world.proof(index)
      #expect(world.code(proof, entry: entry(index)) == nil)
      #expect(world.code(proof, entry: entry(index + 1)) == .proofRoot)
      #expect(world.code(proof, entry: entry(index), origin: "other") == .proofOrigin)
      for other in 0...13 where other != index {
        var moved = proof
        moved.index = UInt64(other)
        #expect(world.code(moved, entry: entry(index)) != nil)
      }
      for place in proof.proof.indices {
        var changed = proof
        changed.proof[place] = try flipped(proof.proof[place], bit: 100)
        #expect(world.code(changed, entry: entry(index)) == .proofRoot)
      }
    }
  }

  @Test("Too few signatures, and signatures by others, are not enough")
  func signatures() throws {
    let world = try World(size: 5)
    var proof = try world.proof(3)
    let all = proof.checkpoint.signatures

    proof.checkpoint.signatures = [all[0], all[1]]
    #expect(world.code(proof, entry: entry(3)) == .proofThreshold)
    #expect(world.code(proof, entry: entry(3), threshold: 1) == nil)
    proof.checkpoint.signatures = [all[0]]
    #expect(world.code(proof, entry: entry(3), threshold: 1) == .proofThreshold)
    #expect(world.code(proof, entry: entry(3), threshold: 0) == nil)
    proof.checkpoint.signatures = [all[1], all[2]]
    #expect(world.code(proof, entry: entry(3), threshold: 0) == .proofUnsigned)
    proof.checkpoint.signatures = []
    #expect(world.code(proof, entry: entry(3), threshold: 0) == .noteUnverified)

    proof.checkpoint.signatures = all
    proof.checkpoint.signatures[2].signature[20] ^= 1
    #expect(world.code(proof, entry: entry(3), threshold: 1) == .cosignatureSignature)
    proof.checkpoint.signatures = all
    proof.checkpoint.signatures[0].signature[20] ^= 1
    #expect(world.code(proof, entry: entry(3), threshold: 0) == .noteSignature)
  }

  @Test("One cosigner under two names counts once")
  func distinctCosigners() throws {
    let world = try World(size: 5)
    let witness = try testKey("w1")
    var proof = try world.proof(0)
    proof.checkpoint.signatures.removeLast()
    proof.checkpoint.add(
      try Cosignature.cosign(
        checkpointText: proof.checkpoint.text, name: "alias", key: witness, time: 3000))
    let cosigners = world.cosigners + [try cosignerKey("alias", witness)]
    func code(_ threshold: Int) -> TransparencyLogError.Code? {
      failureCode {
        try proof.verify(
          entry: entry(0), origin: World.origin, logKeys: world.logKeys, cosigners: cosigners,
          threshold: threshold)
      }
    }
    #expect(code(1) == nil)
    #expect(code(2) == .proofThreshold)
    #expect(code(3) == .proofPolicy)
  }

  @Test("A policy that makes no sense is refused")
  func policy() throws {
    let world = try World(size: 2)
    let proof = try world.proof(0)
    func code(_ log: [VerifierKey], _ cosigners: [VerifierKey], _ threshold: Int)
      -> TransparencyLogError.Code?
    {
      failureCode {
        try proof.verify(
          entry: entry(0), origin: World.origin, logKeys: log, cosigners: cosigners,
          threshold: threshold)
      }
    }
    #expect(code([], world.cosigners, 1) == .proofPolicy)
    #expect(code(world.cosigners, world.cosigners, 1) == .proofPolicy)
    #expect(code(world.logKeys, world.logKeys, 1) == .proofPolicy)
    #expect(code(world.logKeys, world.cosigners, -1) == .proofPolicy)
    #expect(code(world.logKeys, world.cosigners, 3) == .proofPolicy)
    #expect(code(world.logKeys, [], 0) == nil)
  }

  @Test("A proof file that breaks the format is refused and says how")
  func refused() throws {
    let world = try World(size: 3)
    let good = String(decoding: try world.proof(2).encoded, as: UTF8.self)
    let hash = String(repeating: "A", count: 43) + "=\n"
    let cases: [(String, TransparencyLogError.Code)] = [
      ("", .proofMalformed),
      (good.replacing("@v1", with: "@v2"), .proofMalformed),
      ("\n" + good, .proofMalformed),
      (good.replacing("extra ", with: "extra"), .proofMalformed),
      (good.replacing("extra ", with: "extra  "), .proofMalformed),
      (good.replacing("extra ", with: "extra \nextra "), .proofMalformed),
      (good.replacing("extra ", with: "extra AAAA\nextra "), .proofMalformed),
      (good.replacing("index 2", with: "index 02"), .proofMalformed),
      (good.replacing("index 2", with: "index -2"), .proofMalformed),
      (good.replacing("index 2", with: "index 2 "), .proofMalformed),
      (good.replacing("index 2", with: "index 18446744073709551616"), .proofMalformed),
      (good.replacing("index 2\n", with: ""), .proofMalformed),
      (good.replacing("index 2\n", with: "index 2\nindex 2\n"), .proofMalformed),
      (good.replacing("index 2\n", with: "index 2\nAAAA\n"), .proofMalformed),
      (good.replacing("index 2\n", with: "index 2\n\(hash.dropLast(2))\n"), .proofMalformed),
      ("c2sp.org/tlog-proof@v1\nindex 2\n\(hash)", .proofMalformed),
      ("c2sp.org/tlog-proof@v1\nindex 2\n\n", .noteMalformed),
      (
        "c2sp.org/tlog-proof@v1\nindex 2\n\nno checkpoint\n\n\(Published.c2spLine)",
        .checkpointMalformed
      ),
      (good.replacing("\n\n\(World.origin)", with: "\n\n\n\(World.origin)"), .checkpointSize),
      (
        good.replacing("index 2\n", with: "index 2\n" + String(repeating: hash, count: 66)),
        .proofLimit
      ),
      (good + "\n", .noteMalformed),
      (String(good.dropLast()), .noteMalformed),
    ]
    for (place, (text, code)) in cases.enumerated() {
      #expect(
        failureCode { _ = try LogProof(parsing: Array(text.utf8)) } == code, "case \(place)")
    }
  }

  @Test("Limits on a proof file's size hold at their edges")
  func limits() throws {
    let world = try World(size: 1)
    var proof = try world.proof(0)
    proof.extra = [UInt8](repeating: 9, count: LogProof.extraByteLimit)
    #expect(try LogProof(parsing: proof.encoded) == proof)
    proof.extra = [UInt8](repeating: 9, count: LogProof.extraByteLimit + 3)
    #expect(failureCode { _ = try LogProof(parsing: proof.encoded) } == .proofLimit)
    let large = [UInt8](repeating: UInt8(ascii: "a"), count: LogProof.byteLimit + 1)
    #expect(failureCode { _ = try LogProof(parsing: large) } == .proofLimit)
  }

  @Test("No changed byte leaves a proof verifying, but for the unsigned extra line")
  func changedBytes() throws {
    let world = try World(size: 6)
    var proof = try world.proof(4)
    proof.extra = nil
    let good = proof.encoded
    for place in good.indices {
      for change in [0x01, 0x20] as [UInt8] {
        var bytes = good
        bytes[place] ^= change
        guard let parsed = try? LogProof(parsing: bytes) else { continue }
        #expect(parsed.encoded == bytes)
        #expect(world.code(parsed, entry: entry(4)) != nil)
      }
    }
  }
}
