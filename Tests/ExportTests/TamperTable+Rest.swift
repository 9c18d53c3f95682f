import Auditor
import Cryptography
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import TransparencyLog

// The journal, directories, claims and the manifest.

extension TamperTable {
  static let journal: [TamperCase] = [
    TamperCase(
      "flip a byte of a journal entry", .finding(.journalMalformed, .journal, at: 12, entry: 12)
    ) {
      try $0.own.change($0.journal(), [.entries]) { log in log.entries[12][5] ^= 1 }
    },
    TamperCase(
      "change a journal entry's time", .finding(.journalChain, .journal, at: 13, entry: 12)
    ) {
      try $0.own.change($0.journal(), [.entries]) { log in
        var entry = try JournalEntry(parsing: log.entries[12])
        entry.time = entry.time.advanced(byMilliseconds: 1)
        log.entries[12] = entry.encoded()
      }
    },
    TamperCase("delete a journal entry", .finding(.journalChain, .journal, at: 12, entry: 12)) {
      try $0.own.change($0.journal()) { log in log.entries.remove(at: 12) }
    },
    TamperCase(
      "delete a journal entry and chain the rest anew",
      .finding(.journalCheckpoint, .journal, at: 308, entry: nil)
    ) {
      try $0.own.change($0.journal()) { log in
        log.entries.remove(at: 12)
        try log.chain(from: 12)
      }
    },
    TamperCase("swap two journal entries", .finding(.journalChain, .journal, at: 12, entry: 12)) {
      try $0.own.change($0.journal(), [.entries]) { log in log.entries.swapAt(12, 13) }
    },
    TamperCase(
      "remove a bundle of journal entries", .finding(.journalMissing, .journal, at: 0, entry: 0)
    ) {
      try $0.own.remove("\($0.own.load($0.journal()).log.path)/tile/entries/000")
    },
    TamperCase("remove the journal's head", .finding(.exportFile, .journal, at: nil, entry: nil)) {
      try $0.own.remove("\($0.own.load($0.journal()).log.path)/checkpoint")
    },
    TamperCase(
      "remove the journal's heads and say that there are none",
      .finding(.journalUnsigned, .journal, at: 0, entry: nil)
    ) {
      try $0.own.change($0.journal(), [.heads, .manifest, .tiles]) { $0.heads = [] }
    },
    TamperCase(
      "forget a submission that waits", .finding(.journalDropped, .journal, at: 337, entry: nil)
    ) {
      try $0.own.write([], "outbox.txt")
    },
    TamperCase("leave the journal out", .finding(.exportFile, .directories, at: nil, entry: nil)) {
      scene in
      try scene.own.editManifest { $0.logs.removeAll { $0.kind == .journal } }
    },
  ]

  static let directories: [TamperCase] = [
    TamperCase("change a directory", .finding(.directoryChain, .directories, at: 0, entry: nil)) {
      try $0.own.replace("示例机关", with: "示列机关", in: "directories/000001.note")
    },
    TamperCase("change a trust anchor", .finding(.exportFile, .directories, at: nil, entry: nil)) {
      let folder = "\($0.own.path)/certificates"
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        try $0.own.edit("certificates/\(name)") { $0[30] ^= 1 }
      }
    },
    TamperCase("remove a directory", .finding(.exportFile, .directories, at: nil, entry: nil)) {
      try $0.own.remove("directories/000002.note")
    },
    TamperCase(
      "remove a directory and say that there is none",
      .finding(.headerDirectory, .out, at: 3, entry: 3)
    ) {
      try $0.own.editManifest { $0.directories.removeLast() }
    },
    TamperCase("show a directory twice", .finding(.headerDirectory, .out, at: 3, entry: 3)) {
      try $0.own.write($0.own.read("directories/000001.note"), "directories/000002.note")
    },
    TamperCase(
      "show a directory that somebody else signed",
      .finding(.directoryChain, .directories, at: 1, entry: nil)
    ) { scene in
      let other = try ThrowawayNote.directory(version: 2)
      try scene.own.write(other, "directories/000002.note")
    },
  ]

  static let claims: [TamperCase] = [
    TamperCase("call a record refused", .finding(.refusalMissing, .out, at: 40, entry: 40)) {
      try $0.own.change($0.out, [.claims]) { log in
        log.claims.refused = (log.claims.refused + [40]).sorted()
      }
    },
    TamperCase(
      "call a received record refused, and say that its refusal waits",
      .finding(.refusalMissing, .back, at: 3, entry: 3)
    ) { scene in
      let header = try scene.own.load(scene.back).header(3)
      try scene.own.change(scene.back, [.claims]) { log in
        log.claims.refused = (log.claims.refused + [3]).sorted()
      }
      try scene.own.edit("outbox.txt") {
        $0 += Array("\(scene.stage.waiting) \(header.id) \(header.thread)\n".utf8)
      }
    },
    TamperCase(
      "remove the journal's claims", .finding(.exportFile, .journal, at: nil, entry: nil)
    ) {
      try $0.own.remove("\($0.own.load($0.journal()).log.path)/claims.json")
    },
    TamperCase("hide that a record was refused", .finding(.refusalUnheeded, .out, at: 0, entry: 0))
    {
      try $0.own.change($0.out, [.claims]) { log in log.claims.refused = [] }
    },
    TamperCase("claim another size", .finding(.exportFile, .out, at: nil, entry: nil)) { scene in
      let name = "\(try scene.own.load(scene.out).log.path)/claims.json"
      try scene.own.replace("\"size\":\(outSize)", with: "\"size\":\(outSize + 1)", in: name)
    },
    TamperCase("remove the claims", .finding(.exportFile, .out, at: nil, entry: 0)) {
      try $0.own.remove("\($0.own.load($0.out).log.path)/claims.json")
    },
    TamperCase("make the claims malformed", .finding(.exportFile, .out, at: nil, entry: 0)) {
      try $0.own.edit("\($0.own.load($0.out).log.path)/claims.json") { $0.removeLast(5) }
    },
    TamperCase(
      "make the outbox malformed", .finding(.exportFile, .directories, at: nil, entry: nil)
    ) {
      try $0.own.edit("outbox.txt") { $0 += Array("x\n".utf8) }
    },
  ]

  static let manifest: [TamperCase] = [
    TamperCase("leave every log out", .finding(.exportFile, .directories, at: nil, entry: nil)) {
      try $0.own.editManifest { ($0.logs, $0.witnessed) = ([], []) }
    },
    TamperCase("remove the manifest", .refused("export.unfinished")) {
      try $0.own.write($0.own.read("export.json"), "unfinished.json")
      try $0.own.remove("export.json")
    },
    TamperCase("make the manifest malformed", .refused("export.malformed")) {
      try $0.own.edit("export.json") { $0.removeLast(9) }
    },
    TamperCase("let the manifest lead out of the export", .refused("export.malformed")) {
      try $0.own.replace("logs/test.example", with: "../test.example", in: "export.json")
    },
    TamperCase("give a log another direction", .refused("export.malformed")) {
      try $0.own.replace("channel-in", with: "channel-out", in: "export.json")
    },
    TamperCase(
      "say that there are fewer entries",
      .finding(.checkpointBeyond, .out, at: outSize, entry: outSize - 1)
    ) { scene in
      try scene.own.change(scene.out, [.entries, .payloads, .claims, .manifest]) { log in
        try log.cut(to: Int(outSize) - 1, heads: false)
      }
    },
    TamperCase(
      "say that there are more entries", .finding(.stateHead, .out, at: outSize + 5, entry: 256)
    ) { scene in
      try scene.own.editManifest { manifest in
        for place in manifest.logs.indices where manifest.logs[place].origin == scene.out {
          manifest.logs[place].size += 5
        }
      }
    },
    TamperCase(
      "say that there are entries without end", .finding(.exportFile, .out, at: nil, entry: 256)
    ) { scene in
      try scene.own.editManifest { manifest in
        for place in manifest.logs.indices where manifest.logs[place].origin == scene.out {
          manifest.logs[place].size = 1 << 52
          manifest.logs[place].checkpoints = 1 << 52
        }
      }
    },
    TamperCase("claim another root", .finding(.stateHead, .out, at: outSize, entry: nil)) { scene in
      try scene.own.editManifest { manifest in
        for place in manifest.logs.indices where manifest.logs[place].origin == scene.out {
          manifest.logs[place].root = .zero
        }
      }
    },
    TamperCase("leave a channel out", .finding(.headerSeenBeyond, .back, at: 0, entry: 0)) {
      scene in
      try scene.own.editManifest { $0.logs.removeAll { $0.origin == scene.out } }
    },
    TamperCase(
      "swap the folders of two channels", .finding(.stateHead, .out, at: outSize, entry: 0)
    ) { scene in
      let one = try scene.own.load(scene.out).log.path
      let other = try scene.own.load(scene.channel(0, 2)).log.path
      let manager = FileManager.default
      let root = scene.own.path
      try manager.moveItem(atPath: "\(root)/\(one)", toPath: "\(root)/aside")
      try manager.moveItem(atPath: "\(root)/\(other)", toPath: "\(root)/\(one)")
      try manager.moveItem(atPath: "\(root)/aside", toPath: "\(root)/\(other)")
    },
    TamperCase(
      "put a link in the place of a bundle", .finding(.entryMissing, .out, at: 0, entry: 0)
    ) { scene in
      let name = "\(try scene.own.load(scene.out).log.path)/tile/entries/000"
      try FileManager.default.moveItem(
        atPath: "\(scene.own.path)/\(name)", toPath: "\(scene.copies.path)/bundle")
      try FileManager.default.createSymbolicLink(
        atPath: "\(scene.own.path)/\(name)", withDestinationPath: "\(scene.copies.path)/bundle")
    },
  ]
}

/// A directory that no authority of ours has signed.
enum ThrowawayNote {
  static func directory(version: UInt64) throws -> [UInt8] {
    var federation = try ThrowawayFederation()
    for _ in 1..<version { try federation.publish() }
    return federation.note
  }
}
