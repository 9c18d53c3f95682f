import Auditor
import Cryptography
import RecordModel
import Testing
import TransparencyLog

/// What can be wrong with heads of journals that others have seen.
enum WitnessCases {
  /// The root of the journal's first `size` entries.
  private static func root(_ source: SampleSource, _ size: Int) -> Digest {
    var frontier = Frontier(suite: SampleWorld.suite)
    for entry in source.journalEntries.prefix(size) {
      frontier.append(leaf: Merkle.leaf(entry.bytes, suite: SampleWorld.suite))
    }
    return frontier.root
  }

  /// Heads of 2 and 4 entries that the other node has witnessed, and one of its journal's heads that
  /// the audited node has.
  static func add(to source: inout SampleSource, _ world: SampleWorld) throws {
    source.journalHeads = try [2, 4].map {
      try world.journalHead(
        of: 0, size: UInt64($0), root: root(source, $0), witness: world.witness(1))
    }
    source.witnessed = (
      JournalOrigin(federation: SampleWorld.federation, code: world.parties[1].code, epoch: 1),
      [try world.journalHead(of: 1, size: 5, root: .zero, witness: world.witness(0))]
    )
  }

  static let all: [AuditCase] = [
    AuditCase(
      name: "a witnessed head is of another history", kind: .journalCheckpoint, place: .journal,
      index: 4
    ) { source, world in
      try add(to: &source, world)
      source.journalHeads[1] = try world.journalHead(
        of: 0, size: 4, root: .zero, witness: world.witness(1))
    },
    AuditCase(
      name: "a witness saw more of the journal than there is", kind: .journalCheckpoint,
      place: .journal, index: 9
    ) { source, world in
      try add(to: &source, world)
      source.journalHeads.append(
        try world.journalHead(of: 0, size: 9, root: .zero, witness: world.witness(1)))
    },
    AuditCase(
      name: "a witness's cosignature is a stranger's", kind: .journalWitness, place: .journal,
      index: 2
    ) { source, world in
      try add(to: &source, world)
      source.journalHeads[0] = try world.journalHead(
        of: 0, size: 2, root: root(source, 2),
        witness: (world.witness(1).name, SampleWorld.suite.generateSigningKey()))
    },
    AuditCase(
      name: "a witness cosigned before its key was valid", kind: .journalWitness, place: .journal,
      index: 2
    ) { source, world in
      try add(to: &source, world)
      source.journalHeads[0] = try world.journalHead(
        of: 0, size: 2, root: root(source, 2), witness: world.witness(1), time: 1)
    },
    AuditCase(
      name: "a head of another node's journal is a stranger's", kind: .witnessHead,
      place: .witnessed, index: 5
    ) { source, world in
      try add(to: &source, world)
      source.witnessed?.heads[0] = try world.journalHead(
        of: 1, size: 5, root: .zero, signedBy: SampleWorld.suite.generateSigningKey(),
        witness: world.witness(0))
    },
    AuditCase(
      name: "a head of another node's journal is another journal's", kind: .witnessHead,
      place: .witnessed, index: 5
    ) { source, world in
      try add(to: &source, world)
      source.witnessed?.heads[0] = try world.journalHead(of: 0, size: 5, root: .zero)
    },
    AuditCase(
      name: "the node's cosignature of another's journal is damaged", kind: .witnessCosignature,
      place: .witnessed, index: 5
    ) { source, world in
      try add(to: &source, world)
      var note = try SignedNote(parsing: source.witnessed?.heads[0].note ?? [])
      note.signatures[1].signature[40] ^= 1
      source.witnessed?.heads[0].note = note.encoded
    },
    AuditCase(
      name: "another node has signed two heads of one size", kind: .witnessFork,
      place: .witnessed, index: 5
    ) { source, world in
      try add(to: &source, world)
      let other = SampleWorld.suite.digest([1])
      source.witnessed?.heads.append(try world.journalHead(of: 1, size: 5, root: other))
    },
  ]
}

@Suite("An audit of witnessed journals")
struct WitnessTests {
  @Test("says up to where others have witnessed the journal, and of which journals heads are held")
  func witnessed() throws {
    var world = try SampleWorld.usual()
    var source = try world.source()
    try WitnessCases.add(to: &source, world)
    let report = try StoreAudit(pinned: world.authority).verify(source)
    #expect(report.all == [])
    let journal = try #require(report.journals.first)
    #expect((journal.heads, journal.signed, journal.witnessed) == (3, 7, 4))
    #expect(journal.witnesses == [world.witness(1).name])
    #expect(report.witnessed.map(\.newest) == [5])
    #expect(report.text(.en).contains("7 entries, 7 signed, 4 witnessed by others"))
  }

  @Test("the node's own cosignature is no other's, and a stranger's line is passed over")
  func own() throws {
    var world = try SampleWorld.usual()
    var source = try world.source()
    try WitnessCases.add(to: &source, world)
    let root = source.journalHeads[0].root
    source.journalHeads = [
      try world.journalHead(of: 0, size: 2, root: root, witness: world.witness(0)),
      try world.journalHead(
        of: 0, size: 2, root: root,
        witness: ("example.net/someone", SampleWorld.suite.generateSigningKey())),
    ]
    let report = try StoreAudit(pinned: world.authority).verify(source)
    #expect(report.all == [])
    #expect(report.journals.first?.witnessed == 0)
    #expect(report.journals.first?.witnesses == [])
  }
}
