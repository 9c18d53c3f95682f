import Auditor
import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import TransparencyLog

// Histories written anew by somebody who has private keys, alone or together.

extension TamperTable {
  /// Seals the log anew from an entry on, with the sender's stolen key: all heads signed, the receipts
  /// gone, since the receiver's key is not among what was stolen.
  private static func reseal(
    _ export: ExportModel, _ origin: String, from index: Int, record: SigningKey,
    receipt: SigningKey? = nil, _ change: (inout LogModel) throws -> Void
  ) throws {
    try export.change(origin) { log in
      try change(&log)
      try log.chain(from: index)
      try log.sign(above: index, record: record, receipt: receipt)
    }
  }

  /// Makes the node's journal fit its channel again, with the same key.
  private static func rejournal(
    _ scene: TamperScene, _ number: Int = 0, _ export: ExportModel? = nil
  ) throws {
    let export = export ?? scene.own
    let channels = try export.manifest.logs.filter { $0.kind != .journal }
      .reduce(into: [String: LogModel]()) { $0[$1.origin] = try export.load($1.origin) }
    var commitments: [String: Digest] = [:]
    for log in channels.values where log.log.kind == .channelOut {
      for index in log.entries.indices {
        guard let header = try? log.header(index) else { continue }
        commitments["\(header.id)"] = header.payload.commitment
      }
    }
    try export.change(scene.journal(number)) { log in
      for index in log.entries.indices {
        var entry = try JournalEntry(parsing: log.entries[index])
        if entry.event == .channelHead, case .string(let origin) = entry["origin"],
          case .integer(let size) = entry["size"], let channel = channels[origin]
        {
          entry.set("root", .string(CanonicalBase64.encode(channel.root(Int(size)))))
        }
        if entry.event == .submission, case .string(let id) = entry["id"],
          let commitment = commitments[id]
        {
          entry.set("commitment", .string(CanonicalBase64.encode(commitment)))
        }
        log.entries[index] = entry.encoded()
      }
      try log.chain(from: 0)
      try log.sign(above: 0, record: scene.record(number))
      log.heads = [log.heads[log.heads.count - 1]]
    }
  }

  private static let other = SanxiangTesting.SamplePayload.transfer(4711)

  static let stolen: [TamperCase] = [
    TamperCase(
      "change a payload and sign the log anew with a stolen key",
      .finding(.journalSubmission, .out, at: 40, entry: 40)
    ) { scene in
      try reseal(scene.own, scene.out, from: 40, record: scene.record(0)) {
        try $0.replacePayload(40, other)
      }
    },
    TamperCase(
      "sign the log anew with a key that is not in the directory",
      .finding(.checkpointSignature, .out, at: 41, entry: 40)
    ) { scene in
      try reseal(scene.own, scene.out, from: 40, record: scene.stranger()) {
        try $0.replacePayload(40, other)
      }
    },
    TamperCase(
      "sign the log anew and keep the old receipts",
      .finding(.receiptSignature, .out, at: 41, entry: 40)
    ) { scene in
      try scene.own.change(scene.out) { log in
        let held = try log.heads.map { try SignedNote(parsing: $0).signatures }
        try log.replacePayload(40, other)
        try log.chain(from: 40)
        try log.sign(above: 40, record: scene.record(0))
        for index in log.heads.indices where held[index].count > 1 {
          var note = try SignedNote(parsing: log.heads[index])
          note.add(held[index][1])
          log.heads[index] = note.encoded
        }
      }
    },
    TamperCase(
      "back-date a record with a stolen key", .finding(.headerTime, .out, at: 40, entry: 40)
    ) { scene in
      try reseal(scene.own, scene.out, from: 40, record: scene.record(0)) { log in
        try log.edit(40) { $0.time = $0.time.advanced(byMilliseconds: -3_600_000) }
      }
      try rejournal(scene)
    },
    TamperCase(
      "replay a record with a stolen key", .finding(.headerID, .out, at: outSize, entry: outSize)
    ) { scene in
      try reseal(scene.own, scene.out, from: Int(outSize), record: scene.record(0)) { log in
        log.entries.append(log.entries[40])
        log.payloads.append(log.payloads[40])
        let last = try log.header(log.entries.count - 2)
        try log.edit(log.entries.count - 1) { ($0.time, $0.seen) = (last.time, last.seen) }
      }
    },
    TamperCase(
      "break a schema with a stolen key", .finding(.payloadInvalid, .out, at: 40, entry: 40)
    ) { scene in
      try reseal(scene.own, scene.out, from: 40, record: scene.record(0)) {
        try $0.replacePayload(40, Array("{}".utf8))
      }
      try rejournal(scene)
    },
    TamperCase(
      "name a directory that there is not", .finding(.headerDirectory, .out, at: 40, entry: 40)
    ) { scene in
      try reseal(scene.own, scene.out, from: 40, record: scene.record(0)) { log in
        try log.edit(40) { $0.directory = 9 }
      }
      try rejournal(scene)
    },
    TamperCase(
      "let a record have seen less than the one before",
      .finding(.headerSeen, .out, at: 40, entry: 40)
    ) { scene in
      try reseal(scene.own, scene.out, from: 40, record: scene.record(0)) { log in
        try log.edit(40) { $0.seen.size = 0 }
      }
      try rejournal(scene)
    },
    TamperCase(
      "let a record have seen what is not there",
      .finding(.headerSeenBeyond, .out, at: outSize - 1, entry: outSize - 1)
    ) { scene in
      let index = Int(outSize) - 1
      try reseal(scene.own, scene.out, from: index, record: scene.record(0)) { log in
        try log.edit(index) { $0.seen.size = 999 }
      }
      try rejournal(scene)
    },
    TamperCase(
      "answer as the wrong end with a stolen key", .finding(.threadRule, .out, at: 40, entry: 40)
    ) { scene in
      let lead = try scene.own.load(scene.out).header(39)
      try reseal(scene.own, scene.out, from: 40, record: scene.record(0)) { log in
        try log.replacePayload(40, SanxiangTesting.SamplePayload.sign())
        try log.edit(40) { header in
          (header.kind, header.schema) = (KindName.leadSign, KindName.leadSign + "/1")
          (header.thread, header.replyTo) = (lead.id, lead.id)
        }
      }
      try rejournal(scene)
    },
    TamperCase(
      "hide a submission from the journal with a stolen key",
      .finding(.journalSubmission, .out, at: 40, entry: 40)
    ) { scene in
      let id = try scene.own.load(scene.out).header(40).id
      try scene.own.change(scene.journal()) { log in
        let index = try log.entries.firstIndex { bytes in
          let entry = try JournalEntry(parsing: bytes)
          return entry.event == .submission && entry["id"] == .string("\(id)")
        }
        log.entries.remove(at: index ?? 0)
        try log.chain(from: index ?? 0)
        try log.sign(above: 0, record: scene.record(0))
        log.heads = [log.heads[log.heads.count - 1]]
      }
    },
  ]

  static let histories: [TamperCase] = [
    TamperCase(
      "cut the log short behind a head", .finding(.journalHead, .out, at: outSize, entry: 280)
    ) { scene in
      try scene.own.change(scene.out) { try $0.cut(to: 280, heads: true) }
    },
    TamperCase("rewrite log and journal with a stolen key", .difference(at: 40)) { scene in
      try reseal(scene.own, scene.out, from: 40, record: scene.record(0)) {
        try $0.replacePayload(40, other)
      }
      try rejournal(scene)
    },
    TamperCase(
      "fork after a backup: another end, signed, with a journal to go with it", .difference(at: 288)
    ) { scene in
      try reseal(scene.own, scene.out, from: 288, record: scene.record(0)) { log in
        for index in 288..<log.entries.count {
          try log.replacePayload(index, SanxiangTesting.SamplePayload.transfer(5000 + index))
        }
      }
      try rejournal(scene)
    },
  ]

  static let together: [TamperCase] = [
    TamperCase("both ends rewrite log and journals together, with every key", .witness) { scene in
      for (export, number) in [(scene.own, 0), (scene.peer, 1)] {
        try reseal(
          export, scene.out, from: 40, record: scene.record(0), receipt: scene.receipt(1)
        ) { try $0.replacePayload(40, other) }
        try rejournal(scene, number, export)
      }
    }
  ]
}

extension JournalEntry {
  /// Replaces a field's value.
  fileprivate mutating func set(_ name: String, _ value: JournalScalar) {
    for index in fields.indices where fields[index].name == name { fields[index].value = value }
  }
}
