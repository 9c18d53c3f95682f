import Auditor
import Cryptography
import RecordModel
import Testing
import TransparencyLog

@Suite("A changed evidence file proves nothing")
struct EvidenceFaultTests {
  private struct Sample {
    let world: SampleWorld
    let file: EvidenceFile
  }

  private func sample() throws -> Sample {
    var world = try SampleWorld.usual()
    let source = try world.source()
    return Sample(world: world, file: try world.evidence(of: 4, from: source))
  }

  @Test("whichever byte of it is changed", arguments: [UInt8(0x01), 0x20, 0x80])
  func everyByte(mask: UInt8) throws {
    let bytes = try sample().file.encoded
    let check = EvidenceCheck()
    // The digest makes all bytes alike here: a part of them is enough.
    for place in stride(from: 0, to: bytes.count, by: mask == 0x01 ? 7 : 41) {
      var changed = bytes
      changed[place] ^= mask
      let report = check(changed)
      #expect(!report.isProven, "byte \(place)")
      #expect(report.records.isEmpty)
    }
  }

  @Test("wherever it is cut off, and whatever is put in or taken out")
  func lengths() throws {
    let bytes = try sample().file.encoded
    let check = EvidenceCheck()
    for length in stride(from: 0, to: bytes.count, by: 29) {
      #expect(!check(Array(bytes[..<length])).isProven)
    }
    for place in stride(from: 0, to: bytes.count, by: 37) {
      var longer = bytes
      longer.insert(0x20, at: place)
      #expect(!check(longer).isProven)
      var shorter = bytes
      shorter.remove(at: place)
      #expect(!check(shorter).isProven)
    }
    #expect(check(bytes).isProven)
  }

  @Test(
    "even by one who makes its digest anew: every byte of what is signed, proven or committed to")
  func sealedAgain() throws {
    let file = try sample().file
    let check = EvidenceCheck()
    let good = check(file.encoded)
    var parts: [WritableKeyPath<EvidenceFile, [UInt8]>] = [
      \.records[0].proof, \.directories[0], \.directories[1],
    ]
    parts += [\.records[0].payload.orEmpty.bytes, \.records[0].payload.orEmpty.salt]
    for part in parts {
      // Not a multiple of the four characters of a base64 group.
      let step = part == \.records[0].proof ? 3 : 29
      for place in stride(from: 0, to: file[keyPath: part].count, by: step) {
        let report = check(file.changed { $0[keyPath: part][place] ^= 0x01 })
        #expect(!report.isProven || report.records == good.records, "\(part) byte \(place)")
        #expect(!report.isProven, "\(part) byte \(place)")
      }
    }
  }

  @Test("whichever part is exchanged for another")
  func parts() throws {
    let sample = try sample()
    let (world, file) = (sample.world, sample.file)
    let other = try SampleWorld()
    let proof = try LogProof(parsing: file.records[0].proof)
    let changes: [(EvidenceError.Code, [UInt8])] = [
      (.directory, file.changed { $0.federation = "example.net" }),
      (.directory, file.changed { $0.authority = other.authority }),
      (.directory, file.changed { $0.directories.removeAll() }),
      (.directory, file.changed { $0.directories.removeFirst() }),
      (.directory, file.changed { $0.directories.swapAt(0, 1) }),
      (.directory, file.changed { $0.directories.append($0.directories[1]) }),
      (.certificate, file.changed { $0.certificates[0].pem += "x" }),
      (.certificate, file.changed { $0.certificates.append($0.certificates[0]) }),
      (.subject, file.changed { $0.subject = .record(world.id(2)) }),
      (.subject, file.changed { $0.subject = .thread(world.id(2)) }),
      (.subject, file.changed { $0.subject = .log(world.logs[0].origin.description) }),
      (.subject, file.changed { $0.records.removeAll() }),
      (.subject, file.changed { $0.records.append($0.records[0]) }),
      (.payload, file.changed { $0.records[0].payload?.bytes.append(0x20) }),
      (.payload, file.changed { $0.records[0].payload?.salt.removeLast() }),
      (.header, try file.proofChanged { $0.extra = nil }),
      (.header, try file.proofChanged { $0.index += 1 }),
      (.proof, try file.proofChanged { $0.proof.removeLast() }),
      (.proof, try file.proofChanged { $0.proof.append(.zero) }),
      (.signature, try file.proofChanged { $0.checkpoint.signatures.removeFirst() }),
      (
        .signature,
        try file.proofChanged {
          $0.checkpoint.add(
            try SignedNote.sign(
              text: proof.checkpoint.text, name: "stranger", key: other.parties[0].record))
        }
      ),
    ]
    for (index, change) in changes.enumerated() {
      let report = EvidenceCheck()(change.1)
      #expect(report.codes.first == change.0, "change \(index): \(report.faults)")
      #expect(!report.isProven)
      #expect(report.text(.en).contains("NOT PROVEN"))
      #expect(report.text(.zh).contains("证据不成立"))
    }
  }

  @Test("where its header was rewritten, its root, or its head signed by another's key")
  func rewritten() throws {
    let sample = try sample()
    let (world, file) = (sample.world, sample.file)
    let proof = try LogProof(parsing: file.records[0].proof)
    var header = try RecordHeader(parsing: proof.extra ?? [])
    header.time = header.time.advanced(byMilliseconds: -1000)
    let backdated = try file.proofChanged { $0.extra = header.encoded() }
    #expect(EvidenceCheck()(backdated).codes == [.proof])
    header.to = world.parties[0].code
    let turned = try file.proofChanged { $0.extra = header.encoded() }
    #expect(EvidenceCheck()(turned).codes == [.header])
    let head = try Checkpoint(parsing: proof.checkpoint.text)
    let forged = try head.signed(by: world.parties[1].record)
    let foreign = try file.proofChanged { $0.checkpoint = forged }
    #expect(EvidenceCheck()(foreign).codes == [.signature])
  }

  @Test("for a reader who trusts other keys of the authority")
  func otherAuthority() throws {
    let sample = try sample()
    let other = try SampleWorld()
    let report = EvidenceCheck(authority: other.authorityFile)(sample.file.encoded)
    #expect(report.codes == [.directory])
    #expect(EvidenceCheck(authority: sample.world.authorityFile)(sample.file.encoded).isProven)
  }

  @Test("where a key was not valid when it signed", arguments: [true, false])
  func expired(isSender: Bool) throws {
    var world = try SampleWorld.usual()
    let end = SampleWorld.start.advanced(byMilliseconds: 1500)
    let code = world.parties[isSender ? 0 : 1].code
    let keys: WritableKeyPath<NodeEntry, [DatedKey]> = isSender ? \.recordKeys : \.receiptKeys
    var node = try #require(world.contents.nodes[code])
    node[keyPath: keys][0].notAfter = end
    world.contents.nodes[code] = node
    let maker = EvidenceMaker(authority: world.authorityFile, hasPayloads: true)
    let source = try world.source()
    #expect(try maker.record(world.id(1), from: [source]).records.count == 1)
    #expect(throws: EvidenceError.self) { try maker.record(world.id(4), from: [source]) }
  }

  @Test("where its receipt is older than the record")
  func oldReceipt() throws {
    var world = try SampleWorld()
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    let head = Checkpoint(
      origin: world.logs[0].origin.description, frontier: world.logs[0].frontier)
    world.logs[0].checkpoints = [
      try world.signed(
        head, .out, record: world.parties[0].record, receipt: world.parties[1].receipt,
        time: UInt64(world.now.seconds) - 301)
    ]
    let maker = EvidenceMaker(authority: world.authorityFile, hasPayloads: true)
    let source = try world.source()
    let error = #expect(throws: EvidenceError.self) {
      try maker.record(world.id(1), from: [source])
    }
    #expect(error?.code == .receipt)
  }

  @Test("where two heads in it exclude each other")
  func contradiction() throws {
    var world = try SampleWorld()
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    var other = world
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try world.sign(.out)
    other.seal(.out, KindName.leadTransfer, SamplePayload.transfer) { $0.urgency = .urgent }
    try other.sign(.out)
    var file = try world.evidence(of: 1, from: world.source())
    file.records += try other.evidence(of: 2, from: other.source()).records
    #expect(EvidenceCheck()(file.encoded).codes == [.contradiction])
  }

  @Test("when it is not one at all, however large or deep", arguments: 0..<6)
  func hostile(number: Int) throws {
    let bytes: [UInt8] =
      switch number {
      case 0: []
      case 1: Array(repeating: UInt8(ascii: "["), count: 100_000)
      case 2: Array(repeating: 0xFF, count: 1000)
      case 3: Array("{}".utf8)
      case 4: Array(#"{"format":"sanxiang-evidence","v":2}"#.utf8)
      default: [UInt8](repeating: 0x20, count: EvidenceFile.byteLimit + 1)
      }
    let report = EvidenceCheck()(bytes)
    #expect(!report.isProven)
    #expect(report.codes == [number == 5 ? .size : .form])
  }
}

extension Optional<EvidenceRecord.Payload> {
  /// The payload, which must be there.
  fileprivate var orEmpty: EvidenceRecord.Payload {
    get { self ?? EvidenceRecord.Payload(bytes: [], salt: []) }
    set { self = newValue }
  }
}
