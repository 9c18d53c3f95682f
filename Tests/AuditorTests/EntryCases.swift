import Auditor
import Cryptography
import RecordModel

/// What can be done to a log's entries after they were sealed.
enum EntryCases {
  static let all: [AuditCase] = [
    AuditCase(
      name: "a header's byte is changed", kind: .entryLeaf, place: .out, index: 1,
      also: [.headerPrevious, .checkpointRoot, .journalHead, .stateHead]
    ) { source, _ in
      let text = String(decoding: source.held[0].entries[1].header, as: UTF8.self)
      let changed = text.replacing("\"urgency\":\"normal\"", with: "\"urgency\":\"urgent\"")
      source.held[0].entries[1].header = Array(changed.utf8)
    },
    AuditCase(
      name: "a header is cut short", kind: .headerMalformed, place: .out, index: 1,
      also: [
        .entryLeaf, .headerPrevious, .checkpointRoot, .journalHead, .stateHead, .journalDropped,
      ]
    ) { source, _ in source.held[0].entries[1].header.removeLast() },
    AuditCase(
      name: "an entry is taken out of the middle", kind: .entryMissing, place: .out, index: 1,
      also: [.headerPrevious, .journalDropped]
    ) { source, _ in source.held[0].entries.remove(at: 1) },
    AuditCase(
      name: "two entries are exchanged", kind: .headerSequence, place: .out, index: 0,
      also: [
        .headerPrevious, .headerTime, .checkpointRoot, .journalHead, .stateHead, .headerSeen,
        .threadRule, .headerSeenBeyond,
      ]
    ) { source, _ in
      source.held[0].entries.swapAt(0, 1)
      for seq in 0...1 { source.held[0].entries[seq].seq = UInt64(seq) }
    },
    AuditCase(
      name: "the last entry is cut off", kind: .checkpointBeyond, place: .out, index: 4,
      also: [.journalHead, .stateHead, .journalDropped]
    ) { source, _ in source.held[0].entries.removeLast() },
    AuditCase(
      name: "the log is cut short with its heads and checkpoints", kind: .journalHead,
      place: .out, index: 4, also: [.journalDropped, .stateHead]
    ) { source, _ in
      source.held[0].entries.removeLast()
      source.held[0].checkpoints.removeLast()
      source.held[0].channel.claimedSize = 3
    },
    AuditCase(
      name: "a payload is changed", kind: .payloadCommitment, place: .out, index: 0
    ) { source, _ in
      source.held[0].entries[0].payload = Array(SamplePayload.transfer.utf8.dropLast()) + [0x20]
    },
    AuditCase(
      name: "a payload gets longer", kind: .payloadCommitment, place: .back, index: 0
    ) { source, _ in source.held[1].entries[0].payload?.append(0x20) },
    AuditCase(
      name: "a salt is changed", kind: .payloadCommitment, place: .out, index: 1
    ) { source, _ in source.held[0].entries[1].salt[0] ^= 1 },
    AuditCase(
      name: "a salt is gone while its payload is there", kind: .payloadCommitment, place: .out,
      index: 1
    ) { source, _ in source.held[0].entries[1].salt = [] },
    AuditCase(
      name: "a stored leaf hash is changed", kind: .entryLeaf, place: .out, index: 0
    ) { source, _ in source.held[0].entries[0].claimedLeaf = .zero },
    AuditCase(
      name: "a refused record is shown as a lead", kind: .refusalUnheeded, place: .out, index: 2,
      also: [.payloadInvalid]
    ) { source, _ in source.held[0].entries[2].isRefused = false },
    AuditCase(
      name: "a lead is marked as refused", kind: .refusalMissing, place: .out, index: 0,
      also: [.threadRule]
    ) { source, _ in source.held[0].entries[0].isRefused = true },
    AuditCase(
      name: "a received record is marked as refused, and nothing waits to say so",
      kind: .refusalMissing, place: .back, index: 1
    ) { source, _ in source.held[1].entries[1].isRefused = true },
    AuditCase(
      name: "a refusal is marked as refused", kind: .refusalRefused, place: .back, index: 2
    ) { source, _ in source.held[1].entries[2].isRefused = true },
    AuditCase(
      name: "a refusal is thrown away with all after it", kind: .refusalMissing, place: .out,
      index: 2, also: [.checkpointBeyond, .journalHead, .stateHead, .headerSeenBeyond]
    ) { source, _ in source.held[1].entries.removeLast() },
    AuditCase(
      name: "a whole channel is gone", kind: .journalHead, place: .journal, index: 6,
      also: [.refusalMissing, .headerSeenBeyond]
    ) { source, _ in source.held.removeLast() },
    AuditCase(
      name: "the stored head is another", kind: .stateHead, place: .out, index: 4
    ) { source, _ in source.held[0].channel.claimedRoot = .zero },
    AuditCase(
      name: "a tile is changed", kind: .tileMismatch, place: .out, index: 0,
      world: History { try .long() }
    ) { source, _ in
      for address in source.tiles.keys { source.tiles[address]?[70] ^= 1 }
    },
    AuditCase(
      name: "a tile is gone", kind: .tileMismatch, place: .out, index: 0,
      world: History { try .long() }
    ) { source, _ in source.tiles = [:] },
  ]
}
