import Auditor
import Cryptography
import Exchange
import Foundation
import RecordModel
import TransparencyLog

// Signed heads and receipts.

extension TamperTable {
  /// The newest head of a log of the export.
  private static func newest(_ scene: TamperScene, _ origin: String) throws -> String {
    "\(try scene.own.load(origin).log.path)/checkpoint"
  }

  /// Changes the note of the newest head.
  private static func edit(
    _ scene: TamperScene, _ origin: String, _ change: (inout SignedNote) throws -> Void
  ) throws {
    try scene.own.edit(newest(scene, origin)) { bytes in
      var note = try SignedNote(parsing: bytes)
      try change(&note)
      bytes = note.encoded
    }
  }

  /// How many entries the logs have that are tampered with.
  static let outSize: UInt64 = 293
  static let backSize: UInt64 = 7
  static let journalSize: UInt64 = 342

  static let heads: [TamperCase] = [
    TamperCase(
      "change the root of the newest head",
      .finding(.checkpointSignature, .out, at: outSize, entry: nil)
    ) {
      try edit($0, $0.out) { note in
        var head = try Checkpoint(parsing: note.text)
        head.root = .zero
        note.text = head.text
      }
    },
    TamperCase(
      "flip a bit of a head's signature",
      .finding(.checkpointSignature, .out, at: outSize, entry: nil)
    ) {
      try edit($0, $0.out) { note in
        var bytes = note.signatures[0].signature
        bytes[bytes.count - 1] ^= 1
        note.signatures[0] = NoteSignature(
          name: note.signatures[0].name, keyID: note.signatures[0].keyID, signature: bytes)
      }
    },
    TamperCase(
      "sign a head with a key of one's own",
      .finding(.checkpointSignature, .out, at: outSize, entry: nil)
    ) { scene in
      let model = try scene.own.load(scene.out)
      try scene.own.write(
        model.head(model.entries.count, record: scene.stranger()), newest(scene, scene.out))
    },
    TamperCase(
      "replace a head by noise", .finding(.checkpointMalformed, .out, at: outSize, entry: nil)
    ) {
      try $0.own.write(Array("no head".utf8), newest($0, $0.out))
    },
    TamperCase(
      "put the head of another channel there",
      .finding(.checkpointMalformed, .out, at: backSize, entry: nil)
    ) {
      try $0.own.write($0.own.read(newest($0, $0.back)), newest($0, $0.out))
    },
    TamperCase(
      "remove the newest head", .finding(.checkpointMissing, .out, at: outSize, entry: nil)
    ) {
      try $0.own.remove(newest($0, $0.out))
    },
    TamperCase(
      "show an older head as the newest",
      .finding(.checkpointMissing, .out, at: outSize, entry: nil)
    ) {
      let older = try $0.own.load($0.out).heads[100]
      try $0.own.write(older, newest($0, $0.out))
    },
    TamperCase(
      "remove the newest head and say that there is none",
      .finding(.checkpointMissing, .out, at: outSize, entry: nil)
    ) {
      try $0.own.change($0.out, [.heads, .manifest, .tiles]) { $0.heads.removeLast() }
    },
    TamperCase(
      "remove the newest head and say that the log is being restored",
      .finding(.checkpointMissing, .out, at: outSize, entry: nil)
    ) {
      try $0.own.change($0.out, [.heads, .manifest, .tiles, .claims]) {
        $0.heads.removeLast()
        $0.claims.isRestoring = true
      }
    },
    TamperCase(
      "invent an entry from the peer and say that the log is being restored",
      .finding(.checkpointMissing, .back, at: backSize + 1, entry: backSize)
    ) {
      try $0.own.change($0.back) { log in
        log.entries.append(log.entries[log.entries.count - 1])
        log.payloads.append(log.payloads[log.payloads.count - 1])
        try log.chain(from: log.entries.count - 1)
        log.claims.isRestoring = true
      }
    },
    TamperCase(
      "show a head of the largest size there is, and another behind it",
      .finding(.checkpointBeyond, .out, at: .max, entry: outSize)
    ) {
      let key = $0.record(0)
      try $0.own.change($0.out, [.heads, .manifest]) { log in
        let head = Checkpoint(origin: log.log.origin, size: .max, root: .zero)
        log.heads.append(try head.signed(by: key).encoded)
        log.heads.append(try head.signed(by: key).encoded)
      }
    },
    TamperCase("remove a bundle of heads", .finding(.exportFile, .out, at: nil, entry: nil)) {
      try $0.own.remove("\($0.own.load($0.out).log.path)/checkpoints/000")
    },
    TamperCase("cut a bundle of heads off", .finding(.exportFile, .out, at: nil, entry: nil)) {
      try $0.own.edit("\($0.own.load($0.out).log.path)/checkpoints/000") { $0.removeLast(3) }
    },
    TamperCase("swap two heads", .finding(.checkpointMalformed, .out, at: 101, entry: nil)) {
      try $0.own.edit("\($0.own.load($0.out).log.path)/checkpoints/000") { bytes in
        var notes = CheckpointBundle.readable(bytes, count: 256)
        notes.swapAt(100, 101)
        bytes = []
        for note in notes { try CheckpointBundle.append(note, to: &bytes) }
      }
    },
    TamperCase(
      "show a second head of one size with another root",
      .finding(.checkpointRoot, .out, at: 200, entry: nil)
    ) {
      let key = $0.record(0)
      try $0.own.change($0.out, [.heads, .manifest]) { log in
        var other = log
        try other.edit(199) { $0.urgency = .urgent }
        let place = try log.heads.firstIndex { note in
          try Checkpoint.signed(parsing: note).checkpoint.size > 200
        }
        log.heads.insert(try other.head(200, record: key), at: place ?? 0)
      }
    },
    TamperCase(
      "show a head over more than there is",
      .finding(.checkpointBeyond, .out, at: outSize + 1, entry: outSize)
    ) {
      let key = $0.record(0)
      try $0.own.change($0.out, [.heads, .manifest]) { log in
        var longer = log
        longer.entries.append(log.entries[0])
        log.heads.append(try longer.head(longer.entries.count, record: key))
      }
    },
  ]

  static let receipts: [TamperCase] = [
    TamperCase(
      "drop the receiver's own newest receipt",
      .finding(.receiptMissing, .back, at: backSize, entry: nil)
    ) { scene in
      try edit(scene, scene.back) { note in note.signatures.removeAll { $0.name != scene.back } }
    },
    TamperCase(
      "flip a bit of a receipt", .finding(.receiptSignature, .out, at: outSize, entry: nil)
    ) {
      try edit($0, $0.out) { note in
        var bytes = note.signatures[1].signature
        bytes[bytes.count - 1] ^= 1
        note.signatures[1] = NoteSignature(
          name: note.signatures[1].name, keyID: note.signatures[1].keyID, signature: bytes)
      }
    },
    TamperCase(
      "back-date a receipt without its key",
      .finding(.receiptSignature, .out, at: outSize, entry: nil)
    ) {
      try edit($0, $0.out) { note in
        var bytes = note.signatures[1].signature
        bytes[7] &-= 1
        note.signatures[1] = NoteSignature(
          name: note.signatures[1].name, keyID: note.signatures[1].keyID, signature: bytes)
      }
    },
    TamperCase(
      "put the receipt of one head on another",
      .finding(.receiptSignature, .out, at: outSize, entry: nil)
    ) {
      let other = try SignedNote(parsing: $0.own.load($0.out).heads[10]).signatures[1]
      try edit($0, $0.out) { $0.signatures[1] = other }
    },
    TamperCase(
      "make a receipt with a key of one's own",
      .finding(.receiptSignature, .out, at: outSize, entry: nil)
    ) { scene in
      let stranger = try scene.stranger()
      try edit(scene, scene.out) { note in
        let held = note.signatures[1]
        note.signatures[1] = try Cosignature.cosign(
          checkpointText: note.text, name: held.name, key: stranger,
          time: try Cosignature.time(of: held))
      }
    },
    TamperCase(
      "back-date a receipt with a stolen key", .finding(.receiptTime, .out, at: outSize, entry: nil)
    ) { scene in
      try edit(scene, scene.out) { note in
        let held = note.signatures[1]
        note.add(
          try Cosignature.cosign(
            checkpointText: note.text, name: held.name, key: scene.receipt(1),
            time: try Cosignature.time(of: held) - 3600))
      }
    },
    TamperCase("post-date the newest receipt with a stolen key", .nothing) { scene in
      try edit(scene, scene.out) { note in
        let held = note.signatures[1]
        note.add(
          try Cosignature.cosign(
            checkpointText: note.text, name: held.name, key: scene.receipt(1),
            time: try Cosignature.time(of: held) + 1))
      }
    },
    TamperCase("drop a receipt that was got", .nothing) { scene in
      try edit(scene, scene.out) { note in note.signatures.removeAll { $0.name != scene.out } }
    },
    TamperCase("drop a head that newer ones cover", .nothing) {
      try $0.own.change($0.out, [.heads, .manifest]) { log in log.heads.remove(at: 50) }
    },
  ]
}
