import Cryptography
import Exchange
import Foundation
import NodeClient
import RecordModel
import SanxiangTesting
import Synchronization
import Testing
import TransparencyLog

@testable import AuditService

/// What a watch remembers, and what it does when that is not all it should be.
@Suite("A watch's state")
struct WatchStateTests {
  @Test(
    "is on disk before a cosignature leaves, wherever writing it stops",
    arguments: WatchFolder.Step.allCases)
  func crash(_ step: WatchFolder.Step) async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let size = try watch.journal().size
      try watch.exchange(1)
      let request = try watch.request(old: size)
      watch.clock.fails.withLock { $0 = (step, 0) }
      let answer = watch.witness.answer(request.encoded)
      #expect(answer.reply.status == 503, "nothing is signed that is not on disk")
      #expect(watch.kinds == [.storage])
      #expect(watch.witness.answer(request.encoded).reply.status == 503, "not until it was reread")
      try watch.reopen()
      let kept = watch.witness.log(request.checkpoint.origin).size
      #expect([size, request.checkpoint.size].contains(kept))
      #expect((kept == size) == (step != .settle))
      try watch.round()
      let again = try watch.request(old: request.checkpoint.size)
      #expect(watch.witness.answer(again.encoded).reply.status == 200)
      #expect(watch.kinds == [])
    }
  }

  @Test("gives every cosignature again after a restart, and none on a smaller head")
  func restart() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let size = try watch.journal().size
      try watch.exchange(1)
      let request = try watch.request(old: size)
      let answer = watch.witness.answer(request.encoded)
      #expect(answer.reply.status == 200)
      try watch.reopen()
      try watch.round()
      let newest = request.checkpoint.size
      #expect(watch.witness.answer(request.encoded) == .conflict(newest))
      #expect(watch.witness.answer(try watch.request(old: newest).encoded) == answer)
    }
  }

  @Test(
    "that was copied back is noticed by what nodes hold; nothing is cosigned until it is said so")
  func rolledBack() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      try FileManager.default.copyItem(atPath: folder + "/state", toPath: folder + "/copy")
      let old = try watch.journal().size
      try watch.exchange(1)
      let request = try watch.request(old: old)
      guard case .cosigned(let signatures) = watch.witness.answer(request.encoded) else {
        Issue.record("not cosigned")
        return
      }
      try keep(signatures[0], on: request, at: watch)
      try FileManager.default.removeItem(atPath: folder + "/state")
      try FileManager.default.moveItem(atPath: folder + "/copy", toPath: folder + "/state")
      try watch.reopen()
      try watch.round()
      #expect(watch.kinds == [.state])
      try watch.exchange(1)
      let next = try watch.request(old: old)
      #expect(watch.witness.answer(next.encoded).reply.status == 503)
      try watch.reopen()
      #expect(watch.witness.answer(next.encoded).reply.status == 503, "across restarts")
      #expect(watch.kinds == [.state])
      try watch.reopen(resumes: true)
      try watch.round()
      #expect(watch.kinds == [])
      let size = try watch.journal().size
      #expect(watch.witness.log(next.checkpoint.origin).size == size)
      #expect(watch.witness.answer(try watch.request(old: size).encoded).reply.status == 200)
    }
  }

  private func keep(
    _ signature: NoteSignature, on request: AddCheckpoint, at watch: WatchWorld
  ) throws {
    var note = request.note
    note.add(signature)
    let head = WitnessedHead(
      origin: request.checkpoint.origin, witness: WatchWorld.name,
      size: request.checkpoint.size, root: request.checkpoint.root, note: note.encoded,
      time: try Cosignature.time(of: signature))
    try watch.world.nodes[0].store.write { try $0.put(head) }
  }

  @Test("is not signed on while this machine's clock is behind it")
  func clock() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let size = try watch.journal().size
      try watch.exchange(1)
      watch.clock.time.withLock { $0 = $0.advanced(byMilliseconds: -400_000) }
      #expect(watch.witness.answer(try watch.request(old: size).encoded).reply.status == 503)
    }
  }

  @Test("belongs to one process, one key, and is whole or refused")
  func owned() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let state = folder + "/state"
      #expect(throws: WatchError.self) { _ = try WatchFolder(path: state) }
      let name = try #require(try watch.witness.folder.names(in: "logs").first)
      let path = "\(state)/logs/\(name)"
      let bytes = try watch.read(path)
      for changed in [bytes.dropLast(20), bytes.dropFirst(), Array("{}\n".utf8)[...]] {
        try watch.write(Array(changed), to: path)
        #expect(throws: WatchError.self) { try watch.reopen() }
      }
      var text = String(decoding: bytes, as: UTF8.self)
      text = text.replacingOccurrences(of: "\"cosignedAt\":", with: "\"cosignedAt\":1")
      try watch.write(Array(text.utf8), to: path)
      #expect(throws: WatchError.self) { try watch.reopen() }
      try watch.write(bytes, to: path)
      try watch.reopen()
    }
  }

  @Test(
    "is configured by a file that says nothing else",
    arguments: [
      ("", false), ("{}", false), (sampleConfiguration, true),
      (sampleConfiguration.replacingOccurrences(of: "\"v\":1", with: "\"v\":2"), false),
      (sampleConfiguration.replacingOccurrences(of: "http://", with: "https://"), false),
      (sampleConfiguration.replacingOccurrences(of: "\"v\":1", with: "\"v\":1,\"x\":1"), false),
      (sampleConfiguration.replacingOccurrences(of: "127.0.0.1\"", with: "0.0.0.0\""), false),
      (
        sampleConfiguration.replacingOccurrences(
          of: "127.0.0.1\"", with: "0.0.0.0\",\"plain\":true"), true
      ),
      (sampleConfiguration.replacingOccurrences(of: "/a.json", with: "a.json"), false),
      (sampleConfiguration.replacingOccurrences(of: "7480", with: "70000"), false),
      (sampleConfiguration.replacingOccurrences(of: "9X", with: "99"), false),
    ])
  func configuration(_ text: String, isGood: Bool) {
    let read = try? WatchConfiguration(parsing: Array(text.utf8))
    #expect((read != nil) == isGood, "\(text)")
  }

  @Test(
    "URLs are http, a host, a port and a path",
    arguments: [
      ("http://a", "http://a:80"), ("http://a:81/", "http://a:81"),
      ("HTTP://127.0.0.1:1/x/y/", "http://127.0.0.1:1/x/y"), ("http://[::1]:8", "http://[::1]:8"),
      ("https://a", nil), ("ftp://a", nil), ("http://", nil), ("http://a:0", nil),
      ("http://a:x", nil), ("http://u@a", nil), ("http://a?b", nil), ("http://a b", nil),
      ("http://[::1", nil), ("http://a:65536", nil),
    ] as [(String, String?)])
  func addresses(_ text: String, _ expected: String?) {
    #expect((try? WebAddress(text))?.description == expected)
  }
}

private let sampleConfiguration = """
  {"v":1,"name":"audit.example/w1","authority":"/a.json",
  "listen":{"host":"127.0.0.1","port":7480},
  "nodes":[{"code":"11000000MB0000019X","url":"http://127.0.0.1:7444/x"}]}
  """
