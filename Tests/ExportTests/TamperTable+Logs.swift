import Auditor
import Exchange
import RecordModel
import TransparencyLog

// Entries, payloads and tiles, changed by somebody without a key.

extension TamperTable {
  private static func bundle(_ scene: TamperScene) throws -> String {
    "\(try scene.own.load(scene.out).log.path)/tile/entries/000"
  }

  static let entries: [TamperCase] = [
    TamperCase("flip a byte of an entry", .finding(.entryLeaf, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out, [.entries]) { log in
        let place = log.entries[40].count - 4
        log.entries[40][place] ^= 1
      }
    },
    TamperCase("change an entry's urgency", .finding(.entryLeaf, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out, [.entries]) { log in try log.edit(40) { $0.urgency = .urgent } }
    },
    TamperCase(
      "change an entry's urgency, everything that hangs on it, and no signature",
      .finding(.checkpointRoot, .out, at: 41, entry: 40)
    ) {
      try $0.own.change($0.out) { log in
        try log.edit(40) { $0.urgency = .urgent }
        try log.chain(from: 41)
      }
    },
    TamperCase("delete an entry", .finding(.headerSequence, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out) { log in
        log.entries.remove(at: 40)
        log.payloads.remove(at: 40)
      }
    },
    TamperCase(
      "delete an entry and chain the rest anew", .finding(.checkpointRoot, .out, at: 41, entry: 40)
    ) {
      try $0.own.change($0.out) { log in
        log.entries.remove(at: 40)
        log.payloads.remove(at: 40)
        try log.chain(from: 40)
      }
    },
    TamperCase("insert an entry", .finding(.headerSequence, .out, at: 41, entry: 41)) {
      try $0.own.change($0.out) { log in
        log.entries.insert(log.entries[40], at: 41)
        log.payloads.insert(log.payloads[40], at: 41)
      }
    },
    TamperCase("swap two entries", .finding(.headerSequence, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out) { log in
        log.entries.swapAt(40, 41)
        log.payloads.swapAt(40, 41)
      }
    },
    TamperCase(
      "put an entry in the place of another", .finding(.headerSequence, .out, at: 41, entry: 41)
    ) {
      try $0.own.change($0.out, [.entries]) { log in log.entries[41] = log.entries[40] }
    },
    TamperCase(
      "put an entry of another channel there", .finding(.headerDirection, .out, at: 3, entry: 3)
    ) {
      let other = try $0.own.load($0.channel(0, 2)).entries[3]
      try $0.own.change($0.out, [.entries]) { log in log.entries[3] = other }
    },
    TamperCase("make an entry longer than any", .finding(.headerMalformed, .out, at: 40, entry: 40))
    {
      try $0.own.change($0.out, [.entries]) { log in
        log.entries[40] = [UInt8](repeating: 0x20, count: 65_535)
      }
    },
    TamperCase("remove a bundle of entries", .finding(.entryMissing, .out, at: 0, entry: 0)) {
      try $0.own.remove(bundle($0))
    },
    TamperCase("cut a bundle of entries off", .finding(.entryMissing, .out, at: 255, entry: 255)) {
      try $0.own.edit(bundle($0)) { $0.removeLast(10) }
    },
    TamperCase("add bytes to a bundle of entries", .finding(.exportFile, .out, at: 0, entry: nil)) {
      try $0.own.edit(bundle($0)) { $0 += [0, 0] }
    },
    TamperCase(
      "replace a bundle of entries by noise", .finding(.headerMalformed, .out, at: 0, entry: 0)
    ) {
      try $0.own.edit(bundle($0)) { bytes in
        bytes = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
      }
    },
  ]

  static let payloads: [TamperCase] = [
    TamperCase("flip a byte of a payload", .finding(.payloadCommitment, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out, [.payloads]) { log in
        guard case .held(let salt, var payload) = log.payloads[40] else { return }
        payload[payload.count / 2] ^= 1
        log.payloads[40] = .held(salt: salt, payload: payload)
      }
    },
    TamperCase("flip a bit of a salt", .finding(.payloadCommitment, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out, [.payloads]) { log in
        guard case .held(var salt, let payload) = log.payloads[40] else { return }
        salt[31] ^= 0x80
        log.payloads[40] = .held(salt: salt, payload: payload)
      }
    },
    TamperCase("swap two payloads", .finding(.payloadCommitment, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out, [.payloads]) { log in log.payloads.swapAt(40, 41) }
    },
    TamperCase("add a byte to a payload", .finding(.payloadCommitment, .out, at: 260, entry: 260)) {
      try $0.own.change($0.out, [.payloads]) { log in
        guard case .held(let salt, let payload) = log.payloads[260] else { return }
        log.payloads[260] = .held(salt: salt, payload: payload + [0x20])
      }
    },
    TamperCase("call a payload erased", .finding(.payloadMissing, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out, [.payloads]) { log in log.payloads[40] = .erased }
    },
    TamperCase("leave one payload out", .finding(.payloadMissing, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out, [.payloads]) { log in log.payloads[40] = .leftOut }
    },
    TamperCase("remove a bundle of payloads", .finding(.payloadMissing, .out, at: 0, entry: 0)) {
      try $0.own.remove("\($0.own.load($0.out).log.path)/payload/000")
    },
    TamperCase("cut a bundle of payloads off", .finding(.payloadMissing, .out, at: 255, entry: 255))
    {
      try $0.own.edit("\($0.own.load($0.out).log.path)/payload/000") { $0.removeLast(10) }
    },
    TamperCase(
      "give a payload a length beyond all bounds", .finding(.payloadMissing, .out, at: 0, entry: 0)
    ) {
      try $0.own.edit("\($0.own.load($0.out).log.path)/payload/000") { bytes in
        for place in 33..<37 { bytes[place] = 0xFF }
      }
    },
  ]

  static let tiles: [TamperCase] = [
    TamperCase("flip a bit of a complete tile", .finding(.tileMismatch, .out, at: 0, entry: nil)) {
      try $0.own.edit("\($0.own.load($0.out).log.path)/tile/0/000") { $0[1000] ^= 4 }
    },
    TamperCase("flip a bit of the last tile", .finding(.tileMismatch, .out, at: 256, entry: nil)) {
      let width = try $0.own.load($0.out).log.size - 256
      try $0.own.edit("\($0.own.load($0.out).log.path)/tile/0/001.p/\(width)") { $0[0] ^= 1 }
    },
    TamperCase("flip a bit of a tile above", .finding(.tileMismatch, .out, at: 0, entry: nil)) {
      try $0.own.edit("\($0.own.load($0.out).log.path)/tile/1/000.p/1") { $0[31] ^= 1 }
    },
    TamperCase("remove a tile", .finding(.tileMismatch, .out, at: 0, entry: nil)) {
      try $0.own.remove("\($0.own.load($0.out).log.path)/tile/0/000")
    },
    TamperCase("cut a tile off", .finding(.tileMismatch, .out, at: 0, entry: nil)) {
      try $0.own.edit("\($0.own.load($0.out).log.path)/tile/0/000") { $0.removeLast(32) }
    },
    TamperCase(
      "flip a bit of a journal's tile", .finding(.tileMismatch, .journal, at: 0, entry: nil)
    ) {
      try $0.own.edit("\($0.own.load($0.journal()).log.path)/tile/0/000") { $0[64] ^= 1 }
    },
  ]
}
