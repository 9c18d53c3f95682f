import Auditor
import RecordModel
import Testing

/// What can be wrong with payloads that are gone, or that should be.
enum ErasureCases {
  private static let erased = History { try .erased() }

  static let all: [AuditCase] = [
    AuditCase(
      name: "a payload is gone, and no erasure says so", kind: .payloadMissing, place: .out,
      index: 1
    ) { source, _ in
      source.held[0].entries[1].payload = nil
      source.held[0].entries[1].salt = []
    },
    AuditCase(
      name: "a payload is gone, and the erasure names another record", kind: .payloadMissing,
      place: .out, index: 1, world: erased
    ) { source, _ in
      source.held[0].entries[1].payload = nil
      source.held[0].entries[1].salt = []
    },
    AuditCase(
      name: "a payload is held that the node sealed to be erased", kind: .payloadUnerased,
      place: .out, index: 1, also: [.payloadInvalid, .erasureApprovals],
      world: History {
        var world = try SampleWorld.usual()
        let target = world.id(4)
        world.seal(
          .out, KindName.systemErasure, #"{"target":"\#(target)","seq":1}"#, thread: target,
          replyTo: target)
        try world.sign(.out)
        return world
      }),
    AuditCase(
      name: "a record of an erasure says nothing of who approved it", kind: .erasureApprovals,
      place: .out, index: 4, also: [.payloadInvalid],
      world: History {
        var world = try SampleWorld.usual()
        let target = world.id(4)
        world.seal(
          .out, KindName.systemErasure, #"{"target":"\#(target)","seq":1}"#, thread: target,
          replyTo: target)
        try world.sign(.out)
        world.erase(.out, 1)
        return world
      }),
    AuditCase(
      name: "a refused record's payload is gone, and no erasure says so", kind: .payloadMissing,
      place: .out, index: 2
    ) { source, _ in
      source.held[0].entries[2].payload = nil
      source.held[0].entries[2].salt = []
    },
  ]
}

@Suite("An audit of what was erased")
struct ErasureTests {
  @Test("a payload that is gone is counted under the entry that erased it, from either side")
  func covered() throws {
    var world = try SampleWorld.erased()
    try world.seal(erasureOf: world.id(2), .back)
    world.erase(.back, 0)
    try world.seal(erasureOf: world.id(4), .back)
    world.erase(.out, 1)
    let report = try StoreAudit(pinned: world.authority).verify(try world.source())
    #expect(report.all == [])
    let (sent, received) = (
      try #require(report.channels.first { $0.isOutbound }),
      try #require(report.channels.first { !$0.isOutbound })
    )
    let (out, back) = (world.logs[0].origin, world.logs[1].origin)
    #expect(sent.erased == 2)
    #expect(
      Set(sent.erasures.map { "\($0.seq) \($0.origin) \($0.under)" })
        == ["1 \(back) 4", "3 \(out) 4"])
    #expect(received.erasures.map(\.under) == [3])
    #expect(report.text(.en).contains("@3  erased under entry 4 of \(out)"))
    #expect(report.text(.zh).contains("内容已依 \(out) 第 4 条清除"))
  }

  @Test("a payload that was left out is neither erased nor missing")
  func leftOut() throws {
    var world = try SampleWorld.usual()
    var source = try world.source()
    for entry in source.held[0].entries.indices {
      source.held[0].entries[entry].payload = nil
      source.held[0].entries[entry].salt = []
      source.held[0].entries[entry].isLeftOut = true
    }
    let report = try StoreAudit(pinned: world.authority).verify(source)
    #expect(report.all == [])
    #expect(report.channels.first { $0.isOutbound }?.leftOut == 4)
  }

  @Test("an erased refusal still answers its record")
  func erasedRefusal() throws {
    var world = try SampleWorld.usual()
    try world.seal(erasureOf: world.id(6), .back)
    world.erase(.back, 2)
    let report = try StoreAudit(pinned: world.authority).verify(try world.source())
    #expect(report.all == [])
  }

  @Test("what the node sealed that it erased must be gone; what its peer erased need not be")
  func undone() throws {
    var world = try SampleWorld.usual()
    func audit() throws -> AuditReport {
      try StoreAudit(pinned: world.authority).verify(try world.source())
    }
    try world.seal(SampleErasure(world, of: .out, 1, by: .back), .back)
    #expect(try audit().all == [])
    try world.seal(SampleErasure(world, of: .out, 1, by: .out), .out)
    let report = try audit()
    #expect(report.all.map(\.kind) == [.payloadUnerased])
    #expect(report.channels.first { $0.isOutbound }?.findings.firstBadEntry == 1)
    world.erase(.out, 1)
    #expect(try audit().all == [])
  }

  @Test("an erasure that names another place or channel covers nothing", arguments: 0...2)
  func elsewhere(which: Int) throws {
    var world = try SampleWorld.usual()
    var erasure = try SampleErasure(world, of: .out, 1, by: .out)
    if which == 1 { erasure.seq = 2 }
    if which == 2 { erasure.channel = world.logs[1].origin }
    try world.seal(erasure, .out)
    world.erase(.out, 1)
    let report = try StoreAudit(pinned: world.authority).verify(try world.source())
    #expect(report.all.map(\.kind) == (which == 0 ? [] : [.payloadMissing]))
  }
}
