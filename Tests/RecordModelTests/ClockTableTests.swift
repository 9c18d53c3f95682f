import Testing

@testable import RecordModel

@Suite("Clocks of threads are what they are by hand")
struct ClockTableTests {
  @Test("a rule makes of a thread what it does by hand", arguments: ThreadCase.all)
  func worked(example: ThreadCase) throws {
    let world = try Self.world(example)
    let clocks = try world.clocks(of: example.rule)
    let clock = try #require(clocks.first { $0.start == world.ids[example.start] })
    #expect(clocks.count == 1)
    #expect(clock.due == (try example.due.map { try Timestamp(clock: $0) }), "\(example.working)")
    #expect(clock.outcome == example.outcome)
    #expect(clock.stop == example.stop.map { world.ids[$0] })
    #expect(clock.stoppedAt == (try example.stoppedAt.map { try Timestamp(clock: $0) }))
    #expect(clock.problem == nil)
    #expect(clock.flags == [])
    let rule = try ClockRules.builtIn.known(example.rule)
    #expect(clock.isDuty == rule.isDuty)
    #expect(clock.remind == rule.remind)
    #expect(clock.warnings == clock.warnings.sorted())
    #expect(clock.warnings.allSatisfy { $0 < clock.due ?? clock.startedAt })
  }

  @Test("every rule that is measured has a case; every other makes no clock of any thread")
  func coverage() throws {
    let (measured, others) = (
      ClockRules.builtIn.rules.filter(\.isMeasured).map(\.id),
      ClockRules.builtIn.rules.filter { !$0.isMeasured }.map(\.id)
    )
    #expect(Set(measured) == Set(ThreadCase.all.map(\.rule)))
    #expect(others.count == 7, "approve, send, hand over, at once, internal, review, serve")
    for example in ThreadCase.all {
      var world = try Self.world(example)
      let pairs = AgencyRole.allCases.flatMap { opener in
        AgencyRole.allCases.map { (opener, $0) }
      }
      for (opener, receiver) in pairs {
        (world.openerRole, world.receiverRole) = (opener, receiver)
        #expect(try world.clocks().allSatisfy { !others.contains($0.rule) })
      }
    }
  }

  @Test("rules that nobody has verified are off, and off means that they make no clock")
  func off() throws {
    let off = ClockRules.builtIn.rules.filter { !$0.verified }
    #expect(off.count == 8, "three of two second-hand rules, two and three from memory")
    #expect(off.allSatisfy { !$0.isOn })
    #expect(ClockRules.builtIn.rules.filter { $0.verified && !$0.isOn }.isEmpty)
    for example in ThreadCase.all {
      let clocks = try Self.world(example).clocks(ClockRules.builtIn)
      #expect(clocks.allSatisfy { clock in !off.contains { $0.id == clock.rule } })
      let isOff = off.contains { $0.id == example.rule }
      #expect(clocks.contains { $0.rule == example.rule } == !isOff)
    }
  }

  @Test("a rule between certain roles makes nothing of threads between others")
  func roles() throws {
    for example in ThreadCase.all {
      let rule = try ClockRules.builtIn.known(example.rule)
      var world = try Self.world(example)
      for role in AgencyRole.allCases where !rule.openerRoles.isEmpty {
        world.openerRole = role
        #expect(try world.clocks(of: rule.id).isEmpty == !rule.openerRoles.contains(role))
      }
      world.openerRole = example.roles.opener
      for role in AgencyRole.allCases where !rule.receiverRoles.isEmpty {
        world.receiverRole = role
        #expect(try world.clocks(of: rule.id).isEmpty == !rule.receiverRoles.contains(role))
      }
    }
  }

  static func world(_ example: ThreadCase) throws -> ClockWorld {
    var world = try ClockWorld(example.roles.opener, example.roles.receiver)
    for act in example.acts {
      try world.act(act.kind, act.side, at: act.at, act.payload, answering: act.answering)
    }
    return world
  }
}
