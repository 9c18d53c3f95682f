import Cryptography
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@testable import AuditService

/// C2SP tlog-witness, every answer.
@Suite("A witness's answers")
struct WitnessProtocolTests {
  private func add(_ watch: WatchWorld, _ request: AddCheckpoint) -> WitnessAnswer {
    watch.witness.answer(request.encoded)
  }

  private static func isCosigned(_ answer: WitnessAnswer) -> Bool {
    if case .cosigned = answer { true } else { false }
  }

  @Test("cosigns a first head, a next one and a repeat, and tells its size to whom it is news")
  func flow() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let first = try watch.journal()
      #expect(add(watch, try watch.request(old: 0)) == .conflict(first.size))
      #expect(Self.isCosigned(add(watch, try watch.request(old: first.size))))
      try watch.exchange(1)
      let next = try watch.request(old: first.size)
      let answer = add(watch, next)
      guard case .cosigned(let signatures) = answer else {
        Issue.record("\(answer)")
        return
      }
      let time = try Cosignature.verify(
        signatures[0], checkpointText: next.note.text, by: watch.witness.verifier)
      #expect(time == UInt64(watch.clock.now.milliseconds / 1000))
      #expect(add(watch, try watch.request(old: next.checkpoint.size)) == answer, "byte for byte")
      #expect(add(watch, next) == .conflict(next.checkpoint.size))
      #expect(answer.reply.status == 200)
      let conflict = WitnessAnswer.conflict(7).reply
      #expect(conflict.status == 409)
      #expect(conflict.headers.contains { $0 == ("content-type", "text/x.tlog.size") })
      #expect(try await conflict.whole() == Array("7\n".utf8))
    }
  }

  @Test("refuses what is not proven, not signed, not known or not of one piece")
  func refusals() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let size = try watch.journal().size
      let origin = try watch.journal().origin
      try watch.exchange(1)
      let good = try watch.request(old: size)
      var bad = good
      bad.proof[0] = .zero
      #expect(add(watch, bad) == .badProof)
      bad = good
      bad.proof.removeLast()
      #expect(add(watch, bad) == .badProof)
      let newest = good.checkpoint.size
      let stranger = try Checkpoint(origin: origin, size: newest, root: good.checkpoint.root)
        .signed(by: Suite.sha256Ed25519.generateSigningKey())
      let unknown = try AddCheckpoint(oldSize: size, proof: good.proof, note: stranger)
      #expect(add(watch, unknown) == .unknownKey)
      for name in ["elsewhere/log", "test.example/sanxiang/11000000MB0000060E/journal/1"] {
        let note = try watch.forged(name, size: 1, root: .zero)
        #expect(
          add(watch, try AddCheckpoint(oldSize: 0, proof: [], note: note)) == .unknownOrigin)
      }
      let smaller = try watch.forged(origin, size: 2, root: .zero)
      #expect(
        add(watch, try AddCheckpoint(oldSize: size, proof: [], note: smaller)) == .malformed)
      let forked = try watch.forged(origin, size: newest, root: .zero)
      #expect(
        add(watch, try AddCheckpoint(oldSize: size, proof: good.proof, note: forked)) == .badProof)
      #expect(watch.kinds == [])
      #expect(Self.isCosigned(add(watch, good)))
      #expect(
        add(watch, try AddCheckpoint(oldSize: newest, proof: [], note: forked))
          == .conflict(newest))
      #expect(watch.kinds == [.fork], "two signed roots of one size")
    }
  }

  @Test("cosigns nothing of a node whose holdings it has not compared since it began")
  func uncompared() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let size = try watch.journal().size
      try watch.reopen()
      let answer = add(watch, try watch.request(old: size))
      #expect(answer.reply.status == 503)
      try watch.round()
      #expect(Self.isCosigned(add(watch, try watch.request(old: size))))
    }
  }

  @Test(
    "takes nothing for a body that is none",
    arguments: [
      "", "\n", "old 0", "old 0\n", "old 0\n\n", "old -1\n\n", "old 00\n\n", "old 1\nAAAA\n\n",
      "old  1\n\n", "Old 1\n\n", "old 99999999999999999999\n\n", "old 0\n\nx\n1\n",
      "old 1\n\u{0}\n\n", "old 0\n\na\n1\nAAAA\n\n— a AAAA\n",
    ])
  func hostile(_ body: String) {
    #expect(AddCheckpoint(parsing: Array(body.utf8)) == nil)
  }

  @Test("takes a body apart and puts it together again, and not one with a line too many")
  func body() throws {
    let suite = Suite.sha256Ed25519
    let key = try suite.generateSigningKey()
    let note = try Checkpoint(origin: "a/b", size: 9, root: suite.digest([1])).signed(by: key)
    for count in [0, 1, 63] {
      let hashes = (0..<count).map { suite.digest([UInt8($0)]) }
      let request = try AddCheckpoint(oldSize: 4, proof: hashes, note: note)
      #expect(AddCheckpoint(parsing: request.encoded) == request)
      for end in 0..<request.encoded.count {
        #expect(AddCheckpoint(parsing: Array(request.encoded[..<end])) == nil, "cut at \(end)")
      }
    }
    let long = try AddCheckpoint(
      oldSize: 4, proof: [Digest](repeating: .zero, count: 64), note: note)
    #expect(AddCheckpoint(parsing: long.encoded) == nil)
    #expect(
      AddCheckpoint(parsing: [UInt8](repeating: 0x41, count: AddCheckpoint.byteLimit + 1)) == nil)
  }

  @Test("is understood by who asks")
  func answers() async throws {
    let suite = Suite.sha256Ed25519
    let text = Checkpoint(origin: "a/b", size: 9, root: suite.digest([1])).text
    let signature = try Cosignature.cosign(
      checkpointText: text, name: "w/1", key: suite.generateSigningKey(), time: 1)
    for answer: WitnessAnswer in [
      .cosigned([signature]), .conflict(0), .conflict(77), .malformed, .unknownKey,
      .unknownOrigin, .badProof,
    ] {
      let reply = answer.reply
      #expect(WitnessAnswer(status: reply.status, body: try await reply.whole()) == answer)
    }
    for (status, body) in [(200, ""), (200, "hello\n"), (409, "7"), (409, "07\n"), (302, "")] {
      #expect(WitnessAnswer(status: status, body: Array(body.utf8)) == nil, "\(status) \(body)")
    }
  }
}
