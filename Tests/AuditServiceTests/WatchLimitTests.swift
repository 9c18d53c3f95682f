import Auditor
import Cryptography
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import Synchronization
import Testing
import TransparencyLog

@testable import AuditService

/// What a node, or whoever holds its key, can make a watch read and keep.
@Suite("A watch's limits")
struct WatchLimitTests {
  private func journal(_ watch: WatchWorld, epoch: UInt32, of number: Int = 0) -> String {
    JournalOrigin(
      federation: ThrowawayFederation.name, code: watch.world.nodes[number].code, epoch: epoch
    ).description
  }

  /// Posts a truly signed first head of a log.
  private func post(
    _ watch: WatchWorld, _ origin: String, size: UInt64 = 1, root: Digest = .zero
  ) throws -> Int {
    let note = try watch.forged(origin, size: size, root: root)
    let body = try AddCheckpoint(oldSize: 0, proof: [], note: note)
    return watch.witness.answer(body.encoded).reply.status
  }

  private func evidence(_ watch: WatchWorld) throws -> Int {
    try watch.witness.folder.names(in: "evidence").count
  }

  // MARK: Sizes

  @Test(
    "take no posted head that the state could not say again",
    arguments: [
      (WatchLimits.logSize, 200), (WatchLimits.logSize + 1, 400), (UInt64(Int64.max), 400),
      (1 << 63, 400), (9_999_999_999_999_999_999, 400), (.max, 400),
    ])
  func postedSizes(_ size: UInt64, _ status: Int) async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let origin = journal(watch, epoch: 2)
      #expect(try post(watch, origin, size: size) == status)
      try watch.reopen()
      #expect(watch.witness.log(origin).size == (status == 200 ? size : 0))
      #expect(try watch.round() == [true, true])
      #expect(watch.kinds == [])
    }
  }

  @Test(
    "take no such head that a node serves either",
    arguments: [WatchLimits.logSize + 1, UInt64(Int64.max), 1 << 63, .max])
  func servedSizes(_ size: UInt64) async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let origin = try watch.journal().origin
      let held = watch.witness.log(origin)
      let path = watch.logFolder(origin) + "/checkpoint"
      let bytes = try watch.read(path)
      try watch.write(watch.forged(origin, size: size, root: .zero).encoded, to: path)
      #expect(try watch.round(exporting: false) == [true, true])
      #expect(watch.kinds == [.limit])
      #expect(watch.witness.log(origin) == held)
      try watch.reopen()
      try watch.write(bytes, to: path)
      #expect(try watch.round(exporting: false) == [true, true])
      #expect(watch.kinds == [])
    }
  }

  // MARK: A round

  @Test(
    "let a node show so many heads and logs, and nothing of it is cosigned where there are more",
    arguments: [true, false])
  func shown(_ areHeads: Bool) async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      if !areHeads { watch.limits.logs = 3 }
      try watch.reopen()
      try watch.export()
      let path = "\(folder)/node0/export.json"
      let bytes = try watch.read(path)
      let second = journal(watch, epoch: 2)
      try watch.editManifest { manifest in
        guard let place = manifest.logs.firstIndex(where: { $0.kind == .journal }) else { return }
        if areHeads {
          manifest.logs[place].checkpoints = UInt64(Int64.max)
        } else {
          var log = manifest.logs[place]
          log.origin = second
          manifest.logs.append(log)
        }
      }
      #expect(try watch.round(exporting: false) == [false, true])
      #expect(watch.kinds == [.limit])
      #expect(watch.witness.log(journal(watch, epoch: 1)).size == 0)
      #expect(watch.witness.answer(try watch.request(old: 0).encoded).reply.status == 503)
      try watch.write(bytes, to: path)
      #expect(try watch.round(exporting: false) == [true, true])
      #expect(watch.kinds == [])
    }
  }

  @Test("look at a bundle of heads before the next one is read")
  func bundles() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let (origin, size, _) = try watch.journal()
      var note = try watch.forged(origin, size: size + 5, root: .zero)
      note.add(
        try Cosignature.cosign(
          checkpointText: note.text, name: WatchWorld.name, key: watch.key,
          time: UInt64(watch.clock.now.milliseconds / 1000)))
      var bundle: [UInt8] = []
      for _ in 0..<CheckpointBundle.fullWidth {
        try CheckpointBundle.append(note.encoded, to: &bundle)
      }
      try watch.write(bundle, to: watch.logFolder(origin) + "/checkpoints/000")
      // Of the second bundle there is no file.
      try watch.editManifest { manifest in
        for place in manifest.logs.indices where manifest.logs[place].origin == origin {
          manifest.logs[place].checkpoints = 257
        }
      }
      #expect(try watch.round(exporting: false) == [false, true])
      #expect(watch.kinds == [.state])
    }
  }

  @Test("end a round that would read too much, and the next one begins anew")
  func bytes() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      watch.limits.roundBytes = 4000
      try watch.reopen()
      #expect(try watch.round() == [false, false])
      #expect(watch.kinds == [.limit, .limit])
      watch.limits = WatchLimits()
      try watch.reopen()
      #expect(try watch.round() == [true, true])
      #expect(watch.kinds == [])
    }
  }

  @Test("leave entries beyond a round's share to the rounds after it")
  func entries() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      watch.limits.roundBundles = 1
      try watch.reopen()
      for count in [2, 4, 4] {
        #expect(try watch.round() == [true, true])
        let logs = watch.witness.state.withLock { Array($0.logs.values) }
        #expect(logs.count == 4)
        #expect(logs.count { $0.hashed.size == $0.size } == count)
      }
      #expect(watch.kinds == [])
    }
  }

  // MARK: What is kept

  @Test(
    "keep so many epochs of a log, and so many logs of a signer; those that are kept go on",
    arguments: [true, false])
  func epochs(_ areEpochs: Bool) async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      // The journal and the channel of the first node are two of its logs.
      if areEpochs { watch.limits.epochs = 2 } else { watch.limits.logs = 3 }
      try watch.reopen()
      try watch.round()
      #expect(try post(watch, journal(watch, epoch: 2)) == 200)
      #expect(watch.kinds == [])
      for _ in 0..<2 {
        for epoch: UInt32 in [3, 4, .max] {
          #expect(try post(watch, journal(watch, epoch: epoch)) == 503)
        }
        #expect(watch.kinds == [.limit])
        #expect(watch.witness.alarms.first?.node == watch.world.nodes[0].code)
        #expect(try watch.witness.folder.names(in: "logs").count == 5)
        try watch.reopen()
        try watch.exchange(1)
        #expect(try watch.round() == [true, true])
        let size = try watch.journal().size
        #expect(watch.witness.answer(try watch.request(old: size).encoded).reply.status == 200)
      }
    }
  }

  @Test("keep so much evidence of a log, and so much of a node; the alarms stand all the same")
  func evidenceKept() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      watch.limits.evidence = 2
      watch.limits.nodeEvidence = 3
      try watch.reopen()
      try watch.round()
      let suite = watch.key.suite
      let channel = try #require(
        watch.witness.state.withLock { state in
          state.logs.keys.first { origin in
            (try? Origin(parsing: origin))?.direction.from == watch.world.nodes[0].code
          }
        })
      for (origin, most) in [(journal(watch, epoch: 1), 2), (channel, 3)] {
        let size = watch.witness.log(origin).size
        for number: UInt8 in 0..<4 {
          #expect(try post(watch, origin, size: size, root: suite.digest([number])) == 409)
          #expect(try evidence(watch) <= most)
        }
        #expect(try evidence(watch) == most)
      }
      #expect(Set(watch.kinds) == [.fork, .limit])
      try watch.reopen()
      #expect(watch.kinds == [.fork, .fork])
      let size = watch.witness.log(channel).size
      #expect(try post(watch, channel, size: size, root: suite.digest([9])) == 409)
      #expect(try evidence(watch) == 3)
    }
  }

  @Test("let so many alarms of a node stand that pass, and every one that stays")
  func alarms() throws {
    var book = AlarmBook()
    func raise(_ kind: WatchAlarm.Kind, _ node: Int, _ origin: String?) -> Bool {
      book.raise(
        WatchAlarm(
          kind: kind, node: SampleAgency.code(node), origin: origin, detail: "",
          since: Timestamp(milliseconds: 0)), limit: 3)
    }
    for number in 0..<5 {
      #expect(raise(.signature, 1, "\(number)") == (number < 3))
      #expect(raise(.fork, 1, "\(number)"))
    }
    #expect(!raise(.signature, 1, "0"), "it stands")
    #expect(raise(.limit, 1, nil) && raise(.signature, 2, "0"))
    #expect(book.all.count == 10)
    let isCleared = book.clear(.signature, node: SampleAgency.code(1), origin: "0")
    #expect(isCleared)
    #expect(raise(.tiles, 1, "9") && !raise(.tiles, 1, "8"))
    book.clearOthers(of: SampleAgency.code(1), than: ["1"])
    #expect(book.all.count { $0.kind == .fork } == 5)
    #expect(book.stands(.signature, node: SampleAgency.code(1), origin: "1"))
    #expect(!book.stands(.tiles, node: SampleAgency.code(1), origin: "9"))
    #expect(raise(.tiles, 1, "8") && raise(.tiles, 1, "7") && !raise(.tiles, 1, "6"))
  }

  @Test("do not let an alarm stand about a log that was never held and is no longer shown")
  func unshown() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.export()
      let path = "\(folder)/node0/export.json"
      let bytes = try watch.read(path)
      let origin = journal(watch, epoch: 2)
      try watch.editManifest { manifest in
        guard var log = manifest.logs.first(where: { $0.kind == .journal }) else { return }
        log.origin = origin
        log.checkpoints = 0
        manifest.logs.append(log)
      }
      try FileManager.default.createDirectory(
        atPath: watch.logFolder(origin), withIntermediateDirectories: true)
      let stranger = try watch.forged(origin, size: 1, root: .zero, by: 1)
      try watch.write(stranger.encoded, to: watch.logFolder(origin) + "/checkpoint")
      try watch.round(exporting: false)
      #expect(watch.kinds == [.signature])
      try watch.write(bytes, to: path)
      try watch.round(exporting: false)
      #expect(watch.kinds == [])
    }
  }
}
