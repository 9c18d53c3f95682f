import Exchange
import RecordModel
import SanxiangTesting
import Testing

@testable import PeerLink

@Suite struct PeerTableTests {
  private static let own = PeerFederation.middle
  private static let lower = PeerFederation.low
  private static let higher = PeerFederation.high

  /// The table between two moments.
  private struct World {
    var table: PeerTable
    var now = Moment(wall: Timestamp(milliseconds: 1_000_000), monotonic: 0)
    let endpoint: PeerEndpoint

    init(random: @escaping @Sendable () -> UInt64 = { 0 }) throws {
      endpoint = try #require(PeerEndpoint(parsing: "peer.example:7443"))
      table = PeerTable(
        own: own, backoff: BackoffPolicy(baseMillis: 1000, capMillis: 8000),
        stableAfter: 10_000_000_000, random: random)
    }

    mutating func pass(millis: Int64) {
      now.wall = now.wall.advanced(byMilliseconds: millis)
      now.monotonic += UInt64(millis) * 1_000_000
    }

    mutating func list(_ codes: AgencyCode...) -> [PeerTable.Action] {
      var peers: [AgencyCode: PeerEndpoint?] = [:]
      for code in codes { peers[code] = .some(endpoint) }
      return table.listed(peers)
    }

    mutating func introduce(
      _ connection: UInt64, _ peer: AgencyCode, isDialled: Bool
    ) -> [PeerTable.Action] {
      table.introduced(connection, peer: peer, isDialled: isDialled, now: now)
    }

    mutating func end(
      _ connection: UInt64, _ peer: AgencyCode, _ code: FaultCode? = nil
    ) -> [PeerTable.Action] {
      let trouble = PeerTrouble(side: .network, code: code, text: "", time: now.wall)
      return table.ended(connection, peer: peer, trouble: trouble, now: now)
    }

    /// The one action, a timer, fires; the attempt that it starts.
    mutating func fire(_ actions: [PeerTable.Action]) throws -> (Int64, UInt64) {
      guard case .schedule(let code, let millis, let token)? = actions.first, actions.count == 1
      else { throw Unexpected() }
      pass(millis: millis)
      let dial = table.timerFired(code, token: token)
      guard case .dial(_, _, let connection)? = dial.first else { throw Unexpected() }
      return (millis, connection)
    }
  }

  private struct Unexpected: Error {}

  private static func dismissed(_ actions: [PeerTable.Action]) -> [UInt64] {
    actions.compactMap { action in
      guard case .dismiss(let connection, let fault) = action,
        fault.code == .duplicateConnection
      else { return nil }
      return connection
    }
  }

  @Test func `Every listed peer with an endpoint is dialled, the others are not`() throws {
    var world = try World()
    let peers: [AgencyCode: PeerEndpoint?] = [
      Self.lower: world.endpoint, Self.higher: PeerEndpoint?.none,
    ]
    let actions = world.table.listed(peers)
    #expect(actions == [.dial(Self.lower, world.endpoint, connection: 1)])
    #expect(world.table.overview().keys.sorted() == [Self.lower, Self.higher].sorted())
  }

  @Test func `Waits follow the back-off, and start again after a connection that held`() throws {
    var world = try World()
    _ = world.list(Self.lower)
    var connection: UInt64 = 1
    var waits: [Int64] = []
    for _ in 0..<6 {
      let (wait, next) = try world.fire(world.end(connection, Self.lower))
      waits.append(wait)
      connection = next
    }
    #expect(waits == [500, 1000, 2000, 4000, 4000, 4000])
    #expect(world.table.overview()[Self.lower]?.status.attempts == 6)

    #expect(
      world.introduce(connection, Self.lower, isDialled: true) == [
        .admit(connection: connection)
      ])
    #expect(world.table.overview()[Self.lower]?.status.attempts == 0)
    world.pass(millis: 9_999)
    let (short, next) = try world.fire(world.end(connection, Self.lower))
    #expect(short == 4000)
    _ = world.introduce(next, Self.lower, isDialled: true)
    world.pass(millis: 10_000)
    let (afterHold, _) = try world.fire(world.end(next, Self.lower))
    #expect(afterHold == 500)
  }

  @Test func `The same seed gives the same waits`() throws {
    func waits(seed: UInt64) throws -> [Int64] {
      let random = SeededRandom(seed: seed)
      var world = try World(random: { random.next() })
      _ = world.list(Self.lower)
      var connection: UInt64 = 1
      return try (0..<8).map { _ in
        let (wait, next) = try world.fire(world.end(connection, Self.lower))
        connection = next
        return wait
      }
    }
    let first = try waits(seed: 1)
    #expect(try waits(seed: 1) == first)
    #expect(try waits(seed: 2) != first)
    #expect(zip(first, [500, 1000, 2000, 4000, 4000]).allSatisfy { $0 >= $1 && $0 < 2 * $1 })
  }

  @Test func `A failed attempt says when the next one is`() throws {
    var world = try World()
    _ = world.list(Self.lower)
    _ = world.end(1, Self.lower)
    let status = world.table.overview()[Self.lower]?.status
    #expect(status?.nextAttempt == world.now.wall.advanced(byMilliseconds: 500))
    #expect(status?.attempts == 1)
    #expect(status?.lastTrouble != nil)
  }

  private struct Duplicate: Sendable {
    var peer: AgencyCode
    var firstIsOurs: Bool
    var secondIsOurs: Bool
    var secondWins: Bool
  }

  private static let duplicates = [
    // The peer has the lower code: what it dialled stays.
    Duplicate(peer: lower, firstIsOurs: true, secondIsOurs: false, secondWins: true),
    Duplicate(peer: lower, firstIsOurs: false, secondIsOurs: true, secondWins: false),
    // We have the lower code: what we dialled stays.
    Duplicate(peer: higher, firstIsOurs: true, secondIsOurs: false, secondWins: false),
    Duplicate(peer: higher, firstIsOurs: false, secondIsOurs: true, secondWins: true),
    // The same dialler twice: the newest stays.
    Duplicate(peer: lower, firstIsOurs: false, secondIsOurs: false, secondWins: true),
    Duplicate(peer: higher, firstIsOurs: false, secondIsOurs: false, secondWins: true),
    Duplicate(peer: higher, firstIsOurs: true, secondIsOurs: true, secondWins: true),
  ]

  @Test(arguments: duplicates.indices)
  func `Of two connections between a pair one stays`(index: Int) throws {
    let duplicate = Self.duplicates[index]
    var world = try World()
    let first = world.introduce(11, duplicate.peer, isDialled: duplicate.firstIsOurs)
    #expect(first == [.admit(connection: 11)])
    let second = world.introduce(12, duplicate.peer, isDialled: duplicate.secondIsOurs)
    #expect(Self.dismissed(second) == [duplicate.secondWins ? 11 : 12])
    #expect(second.count == 1, "the winner waits until the loser's session has been told")
    let end = world.end(duplicate.secondWins ? 11 : 12, duplicate.peer, .duplicateConnection)
    #expect(end == (duplicate.secondWins ? [.admit(connection: 12)] : []))
    let entry = world.table.overview()[duplicate.peer]
    #expect(entry?.connection == (duplicate.secondWins ? 12 : 11))
    #expect(entry?.status.lastTrouble == nil)
  }

  @Test func `Both ends keep the same connection, in whatever order the Hellos come in`() throws {
    // Connection 1 was dialled by `lower`, connection 2 by `own`.
    for firstAtLower in [UInt64(1), 2] {
      for firstAtOwn in [UInt64(1), 2] {
        func survivor(at own: AgencyCode, peer: AgencyCode, first: UInt64) -> UInt64? {
          var table = PeerTable(
            own: own, backoff: BackoffPolicy(), stableAfter: 0, random: { 0 })
          let now = Moment(wall: Timestamp(milliseconds: 0), monotonic: 0)
          for connection in [first, 3 - first] {
            let isDialled = (connection == 1) == (own == Self.lower)
            for action in table.introduced(connection, peer: peer, isDialled: isDialled, now: now) {
              guard case .dismiss(let loser, _) = action else { continue }
              _ = table.ended(loser, peer: peer, trouble: nil, now: now)
            }
          }
          return table.overview()[peer]?.connection
        }
        #expect(survivor(at: Self.lower, peer: Self.own, first: firstAtLower) == 1)
        #expect(survivor(at: Self.own, peer: Self.lower, first: firstAtOwn) == 1)
      }
    }
  }

  @Test func `A third connection competes with the one that waits for its place`() throws {
    var world = try World()
    _ = world.introduce(11, Self.lower, isDialled: false)
    #expect(Self.dismissed(world.introduce(12, Self.lower, isDialled: false)) == [11])
    #expect(Self.dismissed(world.introduce(13, Self.lower, isDialled: false)) == [12])
    #expect(Self.dismissed(world.introduce(14, Self.lower, isDialled: true)) == [14])
    #expect(world.end(12, Self.lower) == [])
    #expect(world.end(11, Self.lower) == [.admit(connection: 13)])
  }

  @Test func `A successor that goes before it is admitted leaves the place free`() throws {
    var world = try World()
    _ = world.list(Self.lower)
    _ = world.introduce(11, Self.lower, isDialled: false)
    _ = world.introduce(12, Self.lower, isDialled: false)
    _ = world.end(12, Self.lower)
    let actions = world.introduce(13, Self.lower, isDialled: false)
    #expect(actions == [])
    #expect(world.end(11, Self.lower) == [.admit(connection: 13)])
  }

  @Test func `While a peer is connected it is not dialled`() throws {
    var world = try World()
    _ = world.list(Self.lower)
    _ = world.introduce(11, Self.lower, isDialled: false)
    #expect(world.end(1, Self.lower) == [], "our own attempt fails meanwhile")
    #expect(world.table.retryNow(Self.lower) == [])
    let (wait, _) = try world.fire(world.end(11, Self.lower))
    #expect(wait >= 500)
  }

  @Test func `An accepted connection puts off the next attempt`() throws {
    var world = try World()
    _ = world.list(Self.lower)
    guard case .schedule(_, _, let token)? = world.end(1, Self.lower).first else {
      throw Unexpected()
    }
    _ = world.introduce(11, Self.lower, isDialled: false)
    #expect(world.table.timerFired(Self.lower, token: token) == [])
  }

  @Test func `Retrying now dials at once, and the timer that waited does nothing`() throws {
    var world = try World()
    _ = world.list(Self.lower)
    guard case .schedule(_, _, let token)? = world.end(1, Self.lower).first else {
      throw Unexpected()
    }
    guard case .dial? = world.table.retryNow(Self.lower).first else { throw Unexpected() }
    #expect(world.table.timerFired(Self.lower, token: token) == [])
    #expect(world.table.retryNow(Self.lower) == [], "an attempt is under way")
    #expect(world.table.retryNow(Self.higher) == [], "not in the directory")
  }

  @Test func `A new endpoint is dialled at once; a removed peer no more`() throws {
    var world = try World()
    _ = world.list(Self.lower)
    _ = world.end(1, Self.lower)
    let other = try #require(PeerEndpoint(parsing: "other.example:7443"))
    guard case .dial(_, other, let connection)? = world.table.listed([Self.lower: other]).first
    else { throw Unexpected() }
    #expect(world.table.listed([Self.lower: other]) == [], "nothing has changed")
    _ = world.end(connection, Self.lower)
    #expect(world.table.listed([:]) == [])
    #expect(world.table.overview().isEmpty)
    #expect(world.table.retryNow(Self.lower) == [])
  }

  @Test func `After stop nothing is dialled or admitted`() throws {
    var world = try World()
    _ = world.list(Self.lower, Self.higher)
    guard case .schedule(_, _, let token)? = world.end(1, Self.lower).first else {
      throw Unexpected()
    }
    world.table.stop()
    #expect(world.table.timerFired(Self.lower, token: token) == [])
    #expect(world.end(2, Self.higher) == [])
    #expect(world.table.retryNow(Self.lower) == [])
    guard case .dismiss(9, let fault)? = world.introduce(9, Self.lower, isDialled: true).first
    else { throw Unexpected() }
    #expect(fault.code == .stopping)
  }
}
