import Cryptography
import RecordModel
import Testing
import TransparencyLog

@Suite("Federation directories")
struct DirectoryTests {
  @Test("A signed directory reads back as its draft, and says so under its name line")
  func roundTrip() throws {
    let sample = try SampleAuthority(3, threshold: 2)
    var contents = try sample.contents(version: 4)
    contents.next = try SampleAuthority(1, threshold: 1, label: "next").authority
    var random = SeededRandom(1)
    contents.clocks = try Samples.digest(&random)
    contents.calendars = [2026: try Samples.digest(&random), 2027: try Samples.digest(&random)]
    let key = try Suite.sha256Ed25519.generateSigningKey().verificationKey
    contents.witnesses = [
      WitnessEntry(
        name: "audit.example.org/witness", endpoint: "https://audit.example.org/",
        keys: [DatedKey(key: key, notBefore: contents.notBefore, notAfter: contents.notAfter)])
    ]
    let bytes = try sample.sign(contents, with: [0, 2])
    let directory = try FederationDirectory(verifying: bytes, pinned: sample.authority)
    #expect(directory.contents == contents)
    #expect(directory.bytes == bytes)
    #expect(directory.digest == Suite.sha256Ed25519.digest(Array(directory.note.text.utf8)))
    #expect(directory.note.text.hasPrefix("example.org/sanxiang/directory\n{\"v\":1,"))
    #expect(directory.note.text.utf8.count { $0 == 0x0A } == 2)
    #expect(directory.note.signatures.count == 2)
  }

  @Test("A quorum counts keys, not names or signatures")
  func quorum() throws {
    let sample = try SampleAuthority(3, threshold: 2)
    let contents = try sample.contents()
    let one = try sample.sign(contents, with: [1])
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: one, pinned: sample.authority) }
        == "directory.quorum")
    let two = try DirectoryDraft.addSignature(
      to: one, name: sample.authority.keys[2].name, key: sample.keys[2])
    _ = try FederationDirectory(verifying: two.encoded, pinned: sample.authority)
    // The same key once more, under a name that nobody pinned.
    let again = try DirectoryDraft.addSignature(to: one, name: "other", key: sample.keys[1])
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: again.encoded, pinned: sample.authority) }
        == "directory.quorum")
    let stranger = try SampleAuthority(3, threshold: 2)
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: two.encoded, pinned: stranger.authority) }
        == "directory.quorum")
  }

  @Test("A signature by a pinned key that does not verify refuses the whole")
  func forged() throws {
    let sample = try SampleAuthority(2, threshold: 1)
    var note = try SignedNote(parsing: try sample.sign(try sample.contents()))
    note.signatures[0].signature[20] ^= 1
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: note.encoded, pinned: sample.authority) }
        == "directory.signature")
    let text = note.text.replacing("\"version\":1", with: "\"version\":2")
    let moved = SignedNote(text: text, signatures: note.signatures)
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: moved.encoded, pinned: sample.authority) }
        == "directory.signature")
  }

  @Test("A quorum that cannot be one is refused")
  func impossibleQuorums() throws {
    let keys = try SampleAuthority(2, threshold: 1).authority.keys
    for threshold in [0, -1, 3, .max] {
      #expect(
        thrownCode { _ = try Authority(threshold: threshold, keys: keys) } == "directory.authority")
    }
    let twin = try VerifierKey(name: "twin", key: keys[0].key, type: keys[0].type)
    #expect(
      thrownCode { _ = try Authority(threshold: 2, keys: [keys[0], twin]) } == "directory.authority"
    )
    let cosigner = try VerifierKey(name: "c", key: keys[0].key, type: 4)
    #expect(
      thrownCode { _ = try Authority(threshold: 1, keys: [cosigner]) } == "directory.authority")
    #expect(
      try Authority(threshold: 1, keys: keys) == Authority(threshold: 1, keys: keys.reversed()))
    #expect(try Authority(threshold: 1, keys: keys) != Authority(threshold: 2, keys: keys))
  }

  @Test("A successor may not be older, nor another text under the same version")
  func succession() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    let current = try sample.directory(try sample.contents(version: 5))
    var contents = current.contents
    contents.version = 6
    let newer = try FederationDirectory(
      verifying: try sample.sign(contents), successorOf: current)
    #expect(newer.version == 6)
    // Several versions may have been missed.
    contents.version = 60
    _ = try FederationDirectory(verifying: try sample.sign(contents), successorOf: current)
    // The very same text again, and with one more signature on it.
    _ = try FederationDirectory(verifying: current.bytes, successorOf: current)
    let more = try DirectoryDraft.addSignature(
      to: current.bytes, name: "other", key: try Suite.sha256Ed25519.generateSigningKey())
    #expect(
      try FederationDirectory(verifying: more.encoded, successorOf: current).digest
        == current.digest)
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: current.bytes, successorOf: newer) }
        == "directory.older")
    contents.version = 5
    contents.nodes[try Samples.enforcement()]?.endpoint = "elsewhere.example.org:7443"
    let fork = try sample.sign(contents)
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: fork, successorOf: current) }
        == "directory.fork")
  }

  @Test("A directory of another federation is no successor, though the same keys signed it")
  func otherFederation() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    let current = try sample.directory(try sample.contents())
    var contents = current.contents
    contents.version = 2
    contents.federation = "example.net"
    let other = try sample.sign(contents)
    #expect(
      thrownCode { _ = try FederationDirectory(verifying: other, successorOf: current) }
        == "directory.federation")
  }

  @Test("Validity has a first moment and an end, and warns before it")
  func validity() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    var contents = try sample.contents()
    let directory = try sample.directory(contents)
    let (start, end) = (contents.notBefore, contents.notAfter)
    #expect(!directory.isValid(at: start.advanced(byMilliseconds: -1)))
    #expect(directory.isValid(at: start))
    #expect(directory.isValid(at: end.advanced(byMilliseconds: -1)))
    #expect(!directory.isValid(at: end))
    #expect(directory.warnsAt.description == "2026-12-02T00:00:00.000+08:00")
    #expect(!directory.warns(at: directory.warnsAt.advanced(byMilliseconds: -1)))
    #expect(directory.warns(at: directory.warnsAt))
    #expect(!directory.warns(at: end))
    contents.notAfter = start.advanced(byMilliseconds: 4000)
    #expect(try sample.directory(contents).warnsAt == start.advanced(byMilliseconds: 3000))
  }

  @Test("The policy allows what a rule names, whole words only, and nodes' own kinds always")
  func policy() throws {
    let sample = try SampleAuthority(1, threshold: 1)
    let directory = try sample.directory(try sample.contents())
    let (enforcement, procuratorate) = (try Samples.enforcement(), try Samples.procuratorate())
    func may(_ kind: String, _ from: AgencyCode, _ to: AgencyCode) -> Bool {
      directory.maySend(kind: kind, from: from, to: to)
    }
    #expect(may(KindName.leadTransfer, enforcement, procuratorate))
    #expect(!may(KindName.leadSign, enforcement, procuratorate))
    #expect(may(KindName.leadSign, procuratorate, enforcement))
    #expect(may("lead.a.b", procuratorate, enforcement))
    #expect(!may("lead", procuratorate, enforcement))
    #expect(!may("leads.sign", procuratorate, enforcement))
    #expect(may("letter.issue", procuratorate, enforcement))
    #expect(!may("letter.issue.x", procuratorate, enforcement))
    #expect(may(KindName.systemRefusal, enforcement, procuratorate))
    #expect(!may("systemic.x", enforcement, procuratorate))
    #expect(!may(KindName.systemRefusal, try Samples.discipline(), procuratorate))
    #expect(!may(KindName.systemRefusal, enforcement, enforcement))
    #expect(directory.maySend(kind: KindName.leadTransfer, from: .enforcement, to: .police))
    #expect(!directory.maySend(kind: KindName.leadTransfer, from: .police, to: .enforcement))
  }
}
