import Auditor
import Cryptography
import RecordModel
import RecordSchema
import Testing
import TransparencyLog

@Suite("An evidence file")
struct EvidenceTests {
  @Test("says who sent what to whom, when, and when it was received")
  func record() throws {
    var world = try SampleWorld.usual()
    let file = try world.evidence(of: 1, from: world.source())
    let report = EvidenceCheck(authority: world.authorityFile)(file.encoded)
    #expect(report.faults == [])
    #expect(report.isProven && report.isAuthorityGiven)
    #expect(report.subject == .record(world.id(1)))
    let record = try #require(report.records.first)
    #expect(report.records.count == 1)
    #expect(record.header.from == world.parties[0].code)
    #expect(record.header.to == world.parties[1].code)
    #expect(record.size == 1)
    #expect(record.root == world.logs[0].checkpoints[0].root)
    #expect(record.receipt?.time.seconds == record.header.time.seconds)
    #expect(record.receipt?.key.key == world.parties[1].receipt.verificationKey)
    #expect(record.senderKey.key == world.parties[0].record.verificationKey)
    #expect(record.content == .proven(Array(SamplePayload.transfer.utf8), keepsSchema: true))
    #expect(record.docNo == "示市监移〔2026〕18号")
    #expect(record.refusedBy == nil)
    #expect(file.certificates.count == 2)
  }

  @Test("tells both in Chinese and in English, for people and for programs")
  func told() throws {
    var world = try SampleWorld.usual()
    let file = try world.evidence(of: 1, from: world.source())
    let report = EvidenceCheck(authority: world.authorityFile)(file.encoded)
    for (language, words) in [
      (AuditLanguage.zh, ["证据成立", "送达", "移送", "示市监移〔2026〕18号", "与承诺值一致", "不证明"]),
      (.en, ["PROVEN", "received", "lead.transfer", "the one committed to", "Not proven"]),
    ] {
      let text = report.text(language)
      for word in words { #expect(text.contains(word), "\(word)") }
      #expect(!text.contains(language == .zh ? "取自本文件" : "taken from this file"))
    }
    let json = try JSONDocument(parsing: report.json).root
    #expect(json["proven"]?.bool == true)
    #expect(json["records"]?[0]?["id"]?.string == "\(world.id(1))")
    #expect(json["records"]?[0]?["receivedAt"]?.string != nil)
    let alone = EvidenceCheck()(file.encoded)
    #expect(alone.isProven && !alone.isAuthorityGiven)
    #expect(alone.text(.en).contains("taken from this file"))
  }

  @Test("is read back to the same bytes, and names no payload that was not asked for")
  func roundTrip() throws {
    var world = try SampleWorld.usual()
    let source = try world.source()
    let file = try world.evidence(of: 1, payload: false, from: source)
    let bytes = file.encoded
    #expect(try EvidenceFile(parsing: bytes) == file)
    #expect(try EvidenceFile(parsing: bytes).encoded == bytes)
    #expect(file.records[0].payload == nil)
    let report = EvidenceCheck(authority: world.authorityFile)(bytes)
    #expect(report.isProven)
    #expect(report.records[0].content == .absent)
    #expect(report.text(.en).contains("whose payload is not in the file"))
  }

  @Test("of a refused record carries the refusal")
  func refused() throws {
    var world = try SampleWorld.usual()
    let source = try world.source()
    let file = try world.evidence(of: 5, from: source)
    let report = EvidenceCheck(authority: world.authorityFile)(file.encoded)
    #expect(report.faults == [])
    #expect(report.records.map(\.header.id) == [world.id(5), world.id(6)])
    #expect(report.records[0].refusedBy == world.id(6))
    #expect(report.records[0].content == .proven(Array("{}".utf8), keepsSchema: false))
    #expect(report.text(.zh).contains("拒收"))
    // The refusal has a payload, which is read even where it does not go into the file.
    let without = try world.evidence(of: 5, payload: false, from: source)
    #expect(EvidenceCheck()(without.encoded).records[0].refusedBy == world.id(6))
  }

  @Test("without a receipt proves that it was sent, and says that no more is proven")
  func unreceipted() throws {
    var world = try SampleWorld()
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try world.sign(.out, isReceipted: false)
    let file = try world.evidence(of: 1, from: world.source())
    let report = EvidenceCheck()(file.encoded)
    #expect(report.isProven)
    #expect(report.records[0].receipt == nil)
    #expect(report.text(.en).contains("without a receipt were received"))
    // A later receipt is better than an earlier head without one.
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try world.sign(.out)
    let later = EvidenceCheck()(try world.evidence(of: 1, from: world.source()).encoded)
    #expect(later.records[0].size == 2)
    #expect(later.records[0].receipt != nil)
  }

  @Test("of a case holds the records of its thread in order of time")
  func thread() throws {
    var world = try SampleWorld.erased()
    let source = try world.source()
    let maker = EvidenceMaker(authority: world.authorityFile, hasPayloads: true)
    let file = try maker.thread(world.id(1), from: [source])
    let report = EvidenceCheck()(file.encoded)
    #expect(report.faults == [])
    #expect(report.records.map(\.header.kind) == ["lead.transfer", "lead.sign", "lead.accept"])
    #expect(report.records.map(\.isOfSubject) == [true, true, true])
  }

  @Test("of a record whose payload was erased holds no payload, and the record that erased it")
  func erased() throws {
    var world = try SampleWorld.erased()
    let file = try world.evidence(of: 7, from: world.source())
    let report = EvidenceCheck()(file.encoded)
    #expect(report.faults == [])
    #expect(report.records.map(\.header.id) == [world.id(7), world.id(8)])
    #expect(report.records[0].content == .absent)
    #expect(report.records[0].erasedBy == world.id(8))
    #expect(report.text(.en).contains("ERASED"))
  }

  @Test(
    "calls nothing erased that is there, or that two operators did not approve", arguments: [0, 1])
  func notErased(which: Int) throws {
    var world = try SampleWorld.usual()
    var erasure = try SampleErasure(world, of: .out, 1, by: .out)
    erasure.repeatsApproval = which == 0
    try world.seal(erasure, .out)
    if which == 0 { world.erase(.out, 1) }
    let file = try world.evidence(of: 4, from: world.source())
    let report = EvidenceCheck()(file.encoded)
    #expect(report.faults == [])
    #expect(report.records.map(\.erasedBy) == [nil, nil])
  }

  @Test("cannot be made of what nobody received and no directory of its time allows")
  func impossibleTime() throws {
    var world = try SampleWorld.usual()
    let end = world.contents.notAfter
    let id = world.seal(.out, KindName.leadTransfer, SamplePayload.transfer) {
      $0.time = end.advanced(byMilliseconds: 1000)
    }
    try world.sign(.out, isReceipted: false)
    let maker = EvidenceMaker(authority: world.authorityFile, hasPayloads: true)
    let source = try world.source()
    #expect(code { try maker.record(id, from: [source]) } == .directory)
  }

  @Test("is made of headers where a tile is wrong, and not at all where an entry is missing")
  func damagedSource() throws {
    var world = try SampleWorld.long()
    let source = try world.source()
    let id = try RecordHeader(parsing: source.held[0].entries[3].header).id
    let maker = EvidenceMaker(authority: world.authorityFile, hasPayloads: false)
    let good = try maker.record(id, from: [source])
    var wrong = source
    let tile = try #require(wrong.tiles.keys.first)
    wrong.tiles[tile]?[40] ^= 1
    #expect(try maker.record(id, from: [wrong]) == good)
    var without = source
    without.tiles = [:]
    #expect(try maker.record(id, from: [without]) == good)
    without.held[0].entries.remove(at: 50)
    #expect(throws: EvidenceError.self) { try maker.record(id, from: [without]) }
    // What one source lacks another has.
    #expect(try maker.record(id, from: [without, source]) == good)
  }

  @Test("cannot be made of what is nowhere, or under no signed head")
  func nothing() throws {
    var world = try SampleWorld.usual()
    let source = try world.source()
    let maker = EvidenceMaker(authority: world.authorityFile, hasPayloads: true)
    #expect(code { try maker.record(world.id(99), from: [source]) } == .notFound)
    #expect(code { try maker.thread(world.id(99), from: [source]) } == .notFound)
    var unsigned = source
    unsigned.held[0].checkpoints.removeAll()
    #expect(code { try maker.record(world.id(1), from: [unsigned]) } == .unprovable)
    var rewritten = source
    rewritten.held[0].entries[0].payload = Array("{}".utf8)
    #expect(code { try maker.record(world.id(1), from: [rewritten]) } == .payload)
    // The other copy has it as it was, and a damaged head before a good one harms nothing.
    #expect(try maker.record(world.id(1), from: [rewritten, source]).records.count == 1)
    var forged = source
    forged.held[0].checkpoints[0].note[forged.held[0].checkpoints[0].note.count - 20] ^= 1
    #expect(try maker.record(world.id(1), from: [forged]).records.count == 1)
    let headersOnly = EvidenceMaker(authority: world.authorityFile, hasPayloads: false)
    #expect(try headersOnly.record(world.id(1), from: [rewritten]).records.count == 1)
    var lawless = source
    lawless.notes[0][lawless.notes[0].count - 10] ^= 1
    #expect(code { try maker.record(world.id(1), from: [lawless]) } == .directory)
  }

  private func code(_ body: () throws -> EvidenceFile) -> EvidenceError.Code? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? EvidenceError)?.code
    }
  }
}
