import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("A new epoch after a fork")
struct EpochTests {
  /// Two nodes whose channel from 0 to 1 is halted at both ends, because both came back from copies,
  /// went on, and one of them then came back from a newer copy.
  struct Forked {
    let world: TestWorld
    /// Sealed at the sender before the fork came to light, and never delivered.
    let tail: [RecordID]
    /// Submitted after it.
    let queued: RecordID

    /// `more` is sealed after the tail, and never delivered either.
    init(more: (_ world: TestWorld, _ tail: [RecordID]) throws -> Void = { _, _ in }) throws {
      let world = try TestWorld()
      self.world = world
      try world.settle()
      try world.submit(1)
      try world.settle()
      let copies = try [0, 1].map { try world.backup(of: $0) }
      try world.submit(2)
      try world.settle()
      let newer = try world.backup(of: 1)
      world.crash(0)
      world.crash(1)
      for number in 0...1 { try world.restart(number, on: copies[number]) }
      try world.settle()
      try world.submit(3)
      try world.settle()
      tail = [try world.submit(4), try world.submit(5)]
      try more(world, tail)
      world.cut()
      world.deliverAll()
      try world.crashAndRestart(1, on: newer)
      try world.settle()
      queued = try world.submit(6)
      world.cut()
      world.deliverAll()
      world.reconnects = false
    }

    /// What the operators of one end would approve.
    func statement(_ number: Int) throws -> EpochStatement {
      let found = world.nodes[number].node.epochStatements(world.nodes[1 - number].code)
      return try #require(found.count == 1 ? found.first : nil)
    }

    func note(_ number: Int, by operators: [Int] = [0, 1]) throws -> [UInt8] {
      try world.federation.approve(
        statement(number).text, at: world.nodes[number].code, by: operators)
    }

    func open(_ number: Int, _ note: [UInt8]) throws {
      let node = world.nodes[number].node
      try world.call { try await node.openEpoch(approved: note, by: "operator") }
    }
  }

  /// The payloads of everything that a node has received from its peer and not refused, of every
  /// epoch, in order.
  static func received(_ world: TestWorld, at number: Int) throws -> [[UInt8]] {
    let snapshot = try world.nodes[number].snapshot()
    return try snapshot.channels.filter { $0.role == .inbound }.flatMap { channel in
      try (snapshot.records[channel.number] ?? []).filter { record in
        let kind = try RecordHeader(parsing: record.header).kind
        return !record.refused && kind != KindName.systemEpoch
      }.compactMap(\.payload)
    }
  }

  @Test("Both ends open it; it begins with the old head, and the tail arrives once, under new ids")
  func opened() throws {
    let forked = try Forked()
    let world = forked.world
    let old = try [0, 1].map { try forked.statement($0) }
    #expect(old.map(\.size) == [4, 2])
    for number in 0...1 { try forked.open(number, forked.note(number)) }
    world.reconnects = true
    try world.settle()
    try expectEqualEnds(world)
    for number in 0...1 {
      let channel = try world.nodes[number].snapshot().channel(world.direction())
      #expect(channel?.origin.epoch == 2)
      #expect(channel?.halt == nil)
    }
    let log = try world.nodes[1].snapshot().log(world.direction())
    let headers = try log.map { try RecordHeader(parsing: $0.header) }
    #expect(
      headers.map(\.kind) == [KindName.systemEpoch] + .init(repeating: "lead.transfer", count: 3))
    let first = String(decoding: log.first?.payload ?? [], as: UTF8.self)
    let root = old[0].text.split(separator: "\n")[3]
    #expect(
      first == #"{"previous":"\#(world.origin())","size":4,"root":"\#(root)"}"#)
    #expect(log.allSatisfy { !$0.refused })
    // 3 had a receipt and stays with the fork that nobody can repair.
    #expect(try Self.received(world, at: 1) == [1, 2, 6, 4, 5].map { SamplePayload.transfer($0) })
    for id in forked.tail {
      #expect(!headers.map(\.id).contains(id))
      #expect(try world.summary(id, at: 0).delivery == .dead)
    }
    #expect(try world.summary(forked.queued, at: 0).delivery == .receipted)
  }

  @Test("Sealing goes on both ways, and what was sent again is worked on like any other lead")
  func goesOn() throws {
    let forked = try Forked()
    let world = forked.world
    for number in 0...1 { try forked.open(number, forked.note(number)) }
    world.reconnects = true
    try world.settle()
    let log = try world.nodes[1].snapshot().log(world.direction())
    let again = try RecordHeader(parsing: try #require(log.last).header).id
    let answer = try world.act(KindName.leadSign, on: again)
    let lead = try world.submit(7)
    try world.settle()
    #expect(try world.summary(answer, at: 1).delivery == .receipted)
    #expect(try world.summary(lead, at: 0).delivery == .receipted)
    #expect(try world.state(again, at: 0) == .signed)
    try world.crashAndRestart(0)
    try world.crashAndRestart(1)
    try world.submit(8)
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.brokenInvariants() == [])
    #expect(try world.nodes[0].snapshot().log(world.direction()).count == 6)
    for node in world.nodes {
      let journal = try node.journal()
      #expect(journal.filter { $0.contains("\"channel.epoch\"") }.count == 1)
      #expect(journal.filter { $0.contains("\"epoch.open\"") }.count == 1)
    }
  }

  @Test("A payload that names what got a new id names it by that")
  func renamed() throws {
    let forked = try Forked { world, tail in
      let withdrawal = Sending(
        kind: KindName.recordWithdraw, payload: SamplePayload.withdrawal(of: "\(tail[0])"),
        replyTo: tail[0])
      #expect(try world.submissionRules(withdrawal) == [])
      _ = try world.open(
        KindName.leadTransfer, SamplePayload.transfer(7, again: "\(tail[0])"))
    }
    let world = forked.world
    for number in 0...1 { try forked.open(number, forked.note(number)) }
    world.reconnects = true
    try world.settle()
    try expectEqualEnds(world)
    let log = try world.nodes[1].snapshot().log(world.direction())
    let headers = try log.map { try RecordHeader(parsing: $0.header) }
    #expect(log.allSatisfy { !$0.refused })
    let place = try #require(headers.firstIndex { $0.kind == KindName.recordWithdraw })
    let withdrawn = try #require(log[place].payload.flatMap(RecordWithdraw.init(reading:)))
    #expect(withdrawn.target == headers[place].replyTo)
    #expect(withdrawn.target != forked.tail[0])
    #expect(try world.state(withdrawn.target, at: 1) == .withdrawn)
    let again = log.compactMap(\.payload).compactMap { LeadTransfer(reading: $0)?.previous }
    #expect(again == [withdrawn.target])
  }

  @Test("Until the other end has opened it too, nothing moves, and it says so")
  func oneEnd() throws {
    let forked = try Forked()
    let world = forked.world
    try forked.open(0, forked.note(0))
    world.clearTranscript()
    world.connect()
    world.deliverAll()
    #expect(world.faults(at: 1, from: 0).map(\.code) == [.notReady])
    let next = try world.nodes[0].snapshot().channel(world.direction())
    #expect(next?.halt == nil)
    #expect(next?.receiptedSize == 0)
    #expect(try world.nodes[1].snapshot().log(world.direction()).count == 2)
    try forked.open(1, forked.note(1))
    world.reconnects = true
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.nodes[1].snapshot().log(world.direction()).count == 4)
  }

  @Test("What was under way of the former epoch halts nothing of the new one")
  func underWay() throws {
    let forked = try Forked()
    let world = forked.world
    let receipt = try #require(world.lastReceipt(at: 0, from: 1))
    let batches = world.received(by: 1, from: 0).compactMap {
      if case .push(let batch) = $0 { batch } else { nil }
    }
    for number in 0...1 { try forked.open(number, forked.note(number)) }
    let late: [(from: Int, message: PeerMessage)] = [
      (1, .receipt(receipt)), (0, .push(try #require(batches.last))),
    ]
    for (from, message) in late {
      let peer = try HandPeer(world, as: from, to: 1 - from)
      peer.say(message)
      #expect(peer.faults.map(\.code) == [.notReady])
      #expect(peer.isClosed)
      peer.hangUp()
    }
    world.reconnects = true
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.nodes[1].snapshot().log(world.direction()).count == 4)
  }

  /// Approvals that open nothing.
  enum Wrong: CaseIterable {
    case oneSignature, sameOperatorTwice, stranger, unsigned, otherSize, otherRoot, otherChannel
    case nextEpoch, otherText

    func note(_ forked: Forked) throws -> [UInt8] {
      var statement = try forked.statement(0)
      var signers = [0, 1]
      var signedAt = forked.world.nodes[0].code
      switch self {
      case .oneSignature: signers = [0]
      case .sameOperatorTwice: signers = [0, 2]
      case .stranger: signedAt = forked.world.nodes[1].code
      case .unsigned: return Array(statement.text.utf8)
      case .otherSize: statement.size -= 1
      case .otherRoot: statement.root = try forked.statement(1).root
      case .otherChannel: statement.origin = forked.world.origin(1, 0)
      case .nextEpoch:
        let origin = statement.origin
        statement.origin = Origin(
          federation: origin.federation, direction: origin.direction, epoch: 2)
      case .otherText:
        return try forked.world.federation.approve(
          statement.text + "0\n", at: signedAt, by: signers)
      }
      return try forked.world.federation.approve(statement.text, at: signedAt, by: signers)
    }

    var code: ExchangeError.Code {
      self == .otherChannel || self == .nextEpoch ? .channelState : .approvals
    }
  }

  @Test("Fewer than two operators, or another head, open nothing", arguments: Wrong.allCases)
  func refused(_ wrong: Wrong) throws {
    let forked = try Forked()
    let before = try forked.world.nodes[0].snapshot()
    let note = try wrong.note(forked)
    let error = #expect(throws: ExchangeError.self) { try forked.open(0, note) }
    #expect(error?.code == wrong.code)
    #expect(try forked.world.nodes[0].snapshot() == before)
  }

  @Test("One approval opens one epoch, and a channel that runs needs none")
  func again() throws {
    let forked = try Forked()
    let note = try forked.note(0)
    try forked.open(0, note)
    let error = #expect(throws: ExchangeError.self) { try forked.open(0, note) }
    #expect(error?.code == .channelState)
    #expect(forked.world.nodes[0].node.epochStatements(forked.world.nodes[1].code).isEmpty)
    let running = try #require(
      try forked.world.nodes[0].snapshot().channel(forked.world.direction(1, 0)))
    let healthy = EpochStatement(
      origin: running.origin, size: running.size, root: running.frontier.root)
    let signed = try forked.world.federation.approve(
      healthy.text, at: forked.world.nodes[0].code, by: [0, 1])
    let second = #expect(throws: ExchangeError.self) { try forked.open(0, signed) }
    #expect(second?.code == .channelState)
  }

  @Test("A statement has one form", arguments: ["", "x", "-1", "01", "+4", "4\n"])
  func form(_ size: String) throws {
    let root = String(repeating: "A", count: 43) + "="
    let origin = "t/sanxiang/11000000MB0000019X/11000000MB0000027Q/1"
    let text = "sanxiang/epoch/v1\n\(origin)\n4\n\(root)\n"
    #expect(try EpochStatement(parsing: text).text == text)
    let other = "sanxiang/epoch/v1\n\(origin)\n\(size)\n\(root)\n"
    #expect(throws: ExchangeError.self) { try EpochStatement(parsing: other) }
  }
}
