import Cryptography
import RecordModel
import Testing
import TransparencyLog

@Suite("Keys in a directory, and changes of the authority's keys")
struct DirectoryKeyTests {
  @Test("Keys are given for a moment, under the names by which they sign")
  func verifierKeys() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    var contents = try sample.contents()
    let code = try Samples.enforcement()
    let change = try Timestamp(parsing: "2026-06-01T00:00:00.000+08:00")
    let old = try #require(contents.nodes[code]?.recordKeys.first)
    let new = try Suite.sha256Ed25519.generateSigningKey().verificationKey
    contents.nodes[code]?.recordKeys = [
      DatedKey(key: old.key, notBefore: old.notBefore, notAfter: change),
      DatedKey(key: new, notBefore: change, notAfter: nil),
    ]
    let directory = try sample.directory(contents)
    let origin = Origin(
      federation: Samples.federation,
      direction: Direction(from: code, to: try Samples.procuratorate()), epoch: 1)
    let before = change.advanced(byMilliseconds: -1)
    #expect(directory.recordVerifiers(origin: origin, at: before).map(\.key) == [old.key])
    #expect(directory.recordVerifiers(origin: origin, at: change).map(\.key) == [new])
    #expect(directory.recordVerifiers(origin: origin).map(\.key) == [old.key, new])
    let early = old.notBefore.advanced(byMilliseconds: -1)
    #expect(directory.recordKeys(of: code, at: early).isEmpty)
    #expect(directory.recordVerifiers(origin: origin).allSatisfy { $0.name == "\(origin)" })
    let foreign = Origin(federation: "example.net", direction: origin.direction, epoch: 1)
    #expect(directory.recordVerifiers(origin: foreign).isEmpty)
    let journal = JournalOrigin(federation: Samples.federation, code: code, epoch: 3)
    let signer = try #require(directory.journalVerifiers(origin: journal, at: change).first)
    #expect(signer.name == journal.description)
    #expect(signer.type == 1)
    let receipt = try #require(directory.receiptVerifiers(of: code, at: change).first)
    #expect(receipt.name == "example.org/sanxiang/\(code)/receipt")
    #expect(receipt.type == 4)
    let witness = try #require(directory.witnessVerifiers(of: code, at: change).first)
    #expect(witness.name == "example.org/sanxiang/\(code)/witness")
    #expect(directory.receiptVerifiers(of: try Samples.discipline()).isEmpty)
    #expect(directory.independentWitnessVerifiers().isEmpty)
  }

  @Test("A checkpoint verifies by the key that the directory gives for its origin")
  func checkpoint() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    var contents = try sample.contents()
    let code = try Samples.enforcement()
    let key = try Suite.sha256Ed25519.generateSigningKey()
    contents.nodes[code]?.recordKeys[0].key = key.verificationKey
    let directory = try sample.directory(contents)
    let origin = Origin(
      federation: Samples.federation,
      direction: Direction(from: code, to: try Samples.procuratorate()), epoch: 1)
    let text = Checkpoint(origin: "\(origin)", size: 1, root: .zero).text
    let note = SignedNote(
      text: text,
      signatures: [try SignedNote.sign(text: text, name: "\(origin)", key: key)])
    let verified = try note.verified(by: directory.recordVerifiers(origin: origin))
    #expect(verified.map(\.key) == [key.verificationKey])
  }

  @Test("Keys change in two steps: the old quorum names the next, the next signs")
  func rotation() throws {
    let old = try SampleAuthority(2, threshold: 2, label: "old")
    let new = try SampleAuthority(2, threshold: 1, label: "new")
    var naming = try old.contents(version: 1)
    naming.next = new.authority
    let current = try old.directory(naming)
    let draft = DirectoryDraft(after: current)
    #expect(draft.contents.version == 2)
    #expect(draft.contents.authority == new.authority)
    #expect(draft.contents.next == nil)
    let note = try draft.sign(with: [new.keys[1]])
    let next = try FederationDirectory(verifying: note.encoded, successorOf: current)
    #expect(next.authority == new.authority)
    // From here on the old keys are nothing.
    var back = naming
    back.version = 3
    let late = try old.sign(back)
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: late, successorOf: next) }
        == "directory.quorum")
    // The old quorum may also go on by itself, as long as the next has not taken over.
    _ = try FederationDirectory(verifying: late, successorOf: current)
  }

  @Test("Keys that nobody named come in only when both quorums sign")
  func unannounced() throws {
    let old = try SampleAuthority(1, threshold: 1, label: "old")
    let new = try SampleAuthority(1, threshold: 1, label: "new")
    let current = try old.directory(try old.contents())
    var contents = try new.contents(version: 2)
    contents.nodes = current.nodes
    let byNew = try new.sign(contents)
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: byNew, successorOf: current) }
        == "directory.quorum")
    let byOld = SignedNote(
      text: try DirectoryDraft(contents).text(),
      signatures: [
        try SignedNote.sign(
          text: try DirectoryDraft(contents).text(), name: old.authority.keys[0].name,
          key: old.keys[0])
      ])
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: byOld.encoded, successorOf: current) }
        == "directory.quorum")
    let both = try DirectoryDraft.addSignature(
      to: byOld.encoded, name: new.authority.keys[0].name, key: new.keys[0])
    let next = try FederationDirectory(verifying: both.encoded, successorOf: current)
    #expect(next.authority == new.authority)
  }

  @Test("A draft is signed only by keys of its authority, the current or the next")
  func strangers() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    let draft = DirectoryDraft(try sample.contents())
    let stranger = try Suite.sha256Ed25519.generateSigningKey()
    #expect(thrownCode { _ = try draft.sign(with: [stranger]) } == "directory.authority")
    #expect(
      thrownCode {
        _ = try DirectoryDraft.addSignature(to: [1, 2], name: "x", key: stranger)
      } == "directory.note")
    var changed = draft
    changed.raiseVersion()
    changed.add(try SampleAuthority.node(try Samples.discipline(), "示例市纪委监委", .discipline))
    #expect(changed.contents.version == 2)
    #expect(changed.contents.nodes.count == 3)
  }
}
