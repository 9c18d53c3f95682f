import Auditor
import Cryptography
import RecordModel
import TransparencyLog

/// What can be done to heads, receipts, the journal and the directories.
enum HeadCases {
  static let all: [AuditCase] = checkpoints + receipts + journal

  /// Puts another signature on one of the checkpoints of the log `way`.
  private static func resign(
    _ source: inout SampleSource, _ world: SampleWorld, _ way: SampleWorld.Way, at index: Int,
    record: SigningKey? = nil, receipt: SigningKey? = nil, time: UInt64? = nil,
    _ edit: (inout Checkpoint) -> Void = { _ in }
  ) throws {
    let stored = source.held[way.rawValue].checkpoints[index]
    var checkpoint = try Checkpoint(parsing: SignedNote(parsing: stored.note).text)
    edit(&checkpoint)
    source.held[way.rawValue].checkpoints[index] = try world.signed(
      checkpoint, way, record: record ?? world.parties[way.rawValue].record,
      receipt: receipt ?? world.parties[1 - way.rawValue].receipt,
      time: time ?? stored.receiptTime ?? 0)
  }

  private static func stranger() throws -> SigningKey {
    try SampleWorld.suite.generateSigningKey()
  }

  private static let checkpoints: [AuditCase] = [
    AuditCase(
      name: "the last head is gone, and the node says that it is being restored",
      kind: .checkpointMissing, place: .out, index: 4
    ) { source, _ in
      source.held[0].checkpoints.removeLast()
      source.held[0].channel.isRestoring = true
    },
    AuditCase(
      name: "a head has extension lines", kind: .checkpointMalformed, place: .out, index: 1
    ) { source, world in
      try resign(&source, world, .out, at: 0) { $0.extensions = ["more"] }
    },
    AuditCase(
      name: "another head of the last size is signed", kind: .checkpointRoot, place: .out, index: 4
    ) { source, world in
      let other = Checkpoint(
        origin: world.logs[0].origin.description, size: 4, root: .zero)
      source.held[0].checkpoints.append(
        try world.signed(
          other, .out, record: world.parties[0].record, receipt: nil, time: 0))
    },
    AuditCase(
      name: "the last head is gone", kind: .checkpointMissing, place: .out, index: 4
    ) { source, _ in source.held[0].checkpoints.removeLast() },
    AuditCase(
      name: "a head is signed by a stranger", kind: .checkpointSignature, place: .out, index: 1
    ) { source, world in
      try resign(&source, world, .out, at: 0, record: stranger())
    },
    AuditCase(
      name: "a head is signed with the sender's key for receipts", kind: .checkpointSignature,
      place: .out, index: 3
    ) { source, world in
      try resign(&source, world, .out, at: 1, record: world.parties[0].receipt)
    },
    AuditCase(
      name: "the sender signs another root", kind: .checkpointRoot, place: .out, index: 3
    ) { source, world in try resign(&source, world, .out, at: 1) { $0.root = .zero } },
    AuditCase(
      name: "a head names another log", kind: .checkpointMalformed, place: .out, index: 3
    ) { source, world in
      let stored = source.held[0].checkpoints[1]
      let other = Checkpoint(
        origin: world.logs[1].origin.description, size: stored.size, root: stored.root)
      source.held[0].checkpoints[1] = try world.signed(
        other, .out, record: world.parties[0].record, receipt: nil, time: 0)
    },
    AuditCase(
      name: "a head is kept under another root", kind: .checkpointMalformed, place: .out, index: 1
    ) { source, _ in source.held[0].checkpoints[0].root = .zero },
    AuditCase(
      name: "a head's note is damaged", kind: .checkpointMalformed, place: .out, index: 1
    ) { source, _ in source.held[0].checkpoints[0].note.removeLast() },
    AuditCase(
      name: "the sender's key was not valid yet", kind: .checkpointSignature, place: .out, index: 1,
      world: History {
        var world = try SampleWorld.usual()
        let code = world.parties[0].code
        world.contents.nodes[code]?.recordKeys[0].notBefore = SampleWorld.start.advanced(
          byMilliseconds: 1500)
        return world
      }),
  ]

  private static let receipts: [AuditCase] = [
    AuditCase(
      name: "a second receipt on a head is a stranger's", kind: .receiptSignature, place: .out,
      index: 1
    ) { source, world in
      var note = try SignedNote(parsing: source.held[0].checkpoints[0].note)
      note.add(
        try Cosignature.cosign(
          checkpointText: note.text, name: note.signatures[1].name, key: stranger(), time: 1))
      source.held[0].checkpoints[0].note = note.encoded
    },
    AuditCase(
      name: "the last receipts are gone, and the node says that it is being restored",
      kind: .receiptMissing, place: .back, index: 3
    ) { source, _ in
      var note = try SignedNote(parsing: source.held[1].checkpoints[2].note)
      note.signatures.removeLast()
      source.held[1].checkpoints[2].note = note.encoded
      source.held[1].checkpoints[2].receiptTime = nil
      source.held[1].channel.isRestoring = true
    },
    AuditCase(
      name: "a receipt is taken off its head", kind: .receiptMissing, place: .out, index: 1
    ) { source, _ in
      var note = try SignedNote(parsing: source.held[0].checkpoints[0].note)
      note.signatures.removeLast()
      source.held[0].checkpoints[0].note = note.encoded
    },
    AuditCase(
      name: "a receiver's last head has no receipt", kind: .receiptMissing, place: .back, index: 3
    ) { source, _ in
      var note = try SignedNote(parsing: source.held[1].checkpoints[2].note)
      note.signatures.removeLast()
      source.held[1].checkpoints[2].note = note.encoded
      source.held[1].checkpoints[2].receiptTime = nil
    },
    AuditCase(
      name: "a receipt is a stranger's", kind: .receiptSignature, place: .out, index: 1
    ) { source, world in
      try resign(&source, world, .out, at: 0, receipt: stranger())
    },
    AuditCase(
      name: "a receipt's signature is damaged", kind: .receiptSignature, place: .out, index: 1
    ) { source, _ in
      var note = try SignedNote(parsing: source.held[0].checkpoints[0].note)
      note.signatures[1].signature[40] ^= 1
      source.held[0].checkpoints[0].note = note.encoded
    },
    AuditCase(
      name: "another time is stored than was signed", kind: .receiptTime, place: .out, index: 1
    ) { source, _ in source.held[0].checkpoints[0].receiptTime? -= 1 },
    AuditCase(
      name: "receipt times go back", kind: .receiptTime, place: .out, index: 3
    ) { source, world in
      try resign(&source, world, .out, at: 1, time: UInt64(SampleWorld.start.seconds))
    },
    AuditCase(
      name: "the receiver's key was not valid any more", kind: .receiptSignature, place: .out,
      index: 4,
      world: History {
        var world = try SampleWorld.usual()
        let code = world.parties[1].code
        world.contents.nodes[code]?.receiptKeys[0].notAfter = SampleWorld.start.advanced(
          byMilliseconds: 6500)
        return world
      }),
  ]

  private static let journal: [AuditCase] = [
    AuditCase(
      name: "a directory that the journal names is not held", kind: .directoryMissing,
      place: .directories, index: nil,
      world: History {
        var world = try SampleWorld.usual()
        world.journal(.directoryLoaded, [.number("version", 3), .digest("digest", .zero)])
        return world
      }),
    AuditCase(
      name: "no head of the journal is signed", kind: .journalUnsigned, place: .journal, index: 0,
      world: History { try .later() }
    ) { source, _ in source.journal.checkpoint = nil },
    AuditCase(
      name: "the journal names no head of a channel", kind: .journalHead, place: .out, index: 5,
      world: History {
        var world = try SampleWorld.usual()
        world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
        try world.sign(.out)
        world.now = world.now.advanced(byMilliseconds: 3_600_000)
        world.namesHeads = false
        world.journalHead(.back)
        return world
      }),
    AuditCase(
      name: "a journal entry is changed", kind: .journalChain, place: .journal, index: 1,
      also: [.journalCheckpoint]
    ) { source, _ in
      let text = String(decoding: source.journalEntries[0].bytes, as: UTF8.self)
      source.journalEntries[0].bytes = Array(text.replacing("first", with: "forst").utf8)
    },
    AuditCase(
      name: "a journal entry is damaged", kind: .journalMalformed, place: .journal, index: 0,
      also: [.journalCheckpoint, .journalChain]
    ) { source, _ in source.journalEntries[0].bytes.removeLast() },
    AuditCase(
      name: "a journal entry is taken out", kind: .journalMissing, place: .journal, index: 0,
      also: [.journalCheckpoint, .journalChain]
    ) { source, _ in source.journalEntries.removeFirst() },
    AuditCase(
      name: "the journal is cut short", kind: .journalCheckpoint, place: .journal, index: 7,
      also: [.journalMissing]
    ) { source, _ in source.journalEntries.removeLast() },
    AuditCase(
      name: "the journal's head is a stranger's", kind: .journalCheckpoint, place: .journal,
      index: 7
    ) { source, world in
      let head = Checkpoint(
        origin: source.journal.origin.description, frontier: world.journalFrontier)
      source.journal.checkpoint?.note = try head.signed(by: stranger()).encoded
    },
    AuditCase(
      name: "the journal's clock goes back", kind: .journalTime, place: .journal, index: 5,
      world: History {
        var world = try SampleWorld.usual()
        world.now = SampleWorld.start
        return world
      }),
    AuditCase(
      name: "the journal saw another root", kind: .journalHead, place: .out, index: 4,
      world: History {
        var world = try SampleWorld.usual()
        world.journal(
          .channelHead,
          [
            .text("origin", world.logs[0].origin.description), .number("size", 4),
            .digest("root", .zero),
          ])
        return world
      }),
    AuditCase(
      name: "a submission was journalled and is gone", kind: .journalDropped, place: .journal,
      index: 5,
      world: History {
        var world = try SampleWorld.usual()
        world.journal(
          .submission,
          [
            .id("id", world.id(99)), .agency("to", world.parties[1].code),
            .digest("commitment", .zero),
          ])
        return world
      }),
    AuditCase(
      name: "a record was sealed without being journalled", kind: .journalSubmission, place: .out,
      index: 4,
      world: History {
        var world = try SampleWorld.usual()
        world.seal(.out, KindName.leadTransfer, SamplePayload.transfer, isJournalled: false)
        try world.sign(.out)
        return world
      }),
    AuditCase(
      name: "another payload was sealed than was journalled", kind: .journalSubmission,
      place: .out, index: 4,
      world: History {
        var world = try SampleWorld.usual()
        world.journal(
          .submission,
          [
            .id("id", world.id(8)), .agency("to", world.parties[1].code),
            .digest("commitment", .zero),
          ])
        world.seal(.out, KindName.leadTransfer, SamplePayload.transfer, isJournalled: false)
        try world.sign(.out)
        return world
      }),
  ]
}
