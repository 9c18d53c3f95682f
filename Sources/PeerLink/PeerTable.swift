import Exchange
import RecordModel

/// One moment on both clocks.
struct Moment: Hashable, Sendable {
  var wall: Timestamp
  /// Nanoseconds of a clock that never goes back.
  var monotonic: UInt64
}

/// Which connection each peer has and when it is dialled: events in, actions out, under the service's
/// lock. The actions are performed after the lock is released.
///
/// Of two connections between a pair the one dialled by the lower code stays; of two by the same
/// dialler, the newest. Both ends decide alike, each when both Hellos are in at it. A connection that
/// takes another's place is admitted when the other's session has been told that it is over.
struct PeerTable: Sendable {
  enum Action: Equatable {
    case dial(AgencyCode, PeerEndpoint, connection: UInt64)
    case schedule(AgencyCode, afterMillis: Int64, token: UInt64)
    case admit(connection: UInt64)
    case dismiss(connection: UInt64, Fault)
  }

  private enum Place: Equatable {
    case vacant
    case taken(Candidate, since: UInt64)
    /// `old` has been told to go; `next` waits for that.
    case changing(old: Candidate, next: Candidate?)
  }

  private enum Dialling: Equatable {
    case resting
    case waiting(token: UInt64, until: Timestamp)
    case underway(connection: UInt64)
  }

  private struct Candidate: Equatable {
    var connection: UInt64
    var dialler: AgencyCode

    func beats(_ other: Candidate) -> Bool {
      dialler == other.dialler
        ? connection > other.connection : dialler < other.dialler
    }
  }

  private struct Link {
    var endpoint: PeerEndpoint?
    var isListed = false
    var place = Place.vacant
    var dialling = Dialling.resting
    /// Since the last connection that held.
    var failures = 0
    var since: Timestamp?
    var trouble: PeerTrouble?
  }

  private let own: AgencyCode
  private let backoff: BackoffPolicy
  /// Nanoseconds.
  private let stableAfter: UInt64
  private let random: @Sendable () -> UInt64
  private var links: [AgencyCode: Link] = [:]
  private var lastNumber: UInt64 = 0
  private var isRunning = true

  init(
    own: AgencyCode, backoff: BackoffPolicy, stableAfter: UInt64,
    random: @escaping @Sendable () -> UInt64
  ) {
    self.own = own
    self.backoff = backoff
    self.stableAfter = stableAfter
    self.random = random
  }

  /// A number for a connection or a timer, greater than all before.
  mutating func nextNumber() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  // MARK: Events

  /// The peers in the directory, each with where to dial it, if it is to be dialled.
  mutating func listed(_ peers: [AgencyCode: PeerEndpoint?]) -> [Action] {
    for code in links.keys where peers[code] == nil {
      links[code]?.isListed = false
      links[code]?.endpoint = nil
      if case .waiting? = links[code]?.dialling { links[code]?.dialling = .resting }
    }
    var actions: [Action] = []
    // In order, so that numbers do not depend on how a dictionary is laid out.
    for (code, endpoint) in peers.sorted(by: { $0.key < $1.key }) {
      var link = links[code] ?? Link()
      let isOther = link.endpoint != endpoint
      link.isListed = true
      link.endpoint = endpoint
      if isOther, case .waiting = link.dialling { link.dialling = .resting }
      links[code] = link
      if isOther { actions += dial(code) }
    }
    return actions
  }

  /// An operator asks for an attempt now.
  mutating func retryNow(_ code: AgencyCode) -> [Action] {
    if case .waiting? = links[code]?.dialling { links[code]?.dialling = .resting }
    return dial(code)
  }

  mutating func timerFired(_ code: AgencyCode, token: UInt64) -> [Action] {
    guard case .waiting(token, _)? = links[code]?.dialling else { return [] }
    links[code]?.dialling = .resting
    return dial(code)
  }

  /// Both Hellos of a connection are in.
  mutating func introduced(
    _ connection: UInt64, peer: AgencyCode, isDialled: Bool, now: Moment
  ) -> [Action] {
    guard isRunning else {
      return [.dismiss(connection: connection, Fault(.stopping, "The node is stopping."))]
    }
    let new = Candidate(connection: connection, dialler: isDialled ? own : peer)
    var link = links[peer] ?? Link()
    defer { links[peer] = link }
    switch link.place {
    case .vacant: return [take(new, &link, now)]
    case .taken(let old, _):
      guard new.beats(old) else { return [dismissal(of: new)] }
      link.place = .changing(old: old, next: new)
      return [dismissal(of: old)]
    case .changing(let old, nil):
      link.place = .changing(old: old, next: new)
      return []
    case .changing(let old, let next?):
      guard new.beats(next) else { return [dismissal(of: new)] }
      link.place = .changing(old: old, next: new)
      return [dismissal(of: next)]
    }
  }

  /// A connection, or an attempt to make one, is over, and its session has been told.
  mutating func ended(
    _ connection: UInt64, peer: AgencyCode, trouble: PeerTrouble?, now: Moment
  ) -> [Action] {
    var link = links[peer] ?? Link()
    defer { links[peer] = link }
    // The loser of two connections is no trouble.
    if let trouble, trouble.code != .duplicateConnection { link.trouble = trouble }
    var actions: [Action] = []
    switch link.place {
    case .taken(let holder, let since) where holder.connection == connection:
      if now.monotonic >= since, now.monotonic - since >= stableAfter { link.failures = 0 }
      link.failures += 1
      link.place = .vacant
      link.since = now.wall
    case .changing(let old, let next) where old.connection == connection:
      link.place = .vacant
      link.since = now.wall
      if let next { actions.append(take(next, &link, now)) }
    case .changing(let old, let next) where next?.connection == connection:
      link.place = .changing(old: old, next: nil)
    case .vacant, .taken, .changing: break
    }
    if link.dialling == .underway(connection: connection) {
      link.dialling = .resting
      if link.place == .vacant { link.failures += 1 }
    }
    if let action = wait(peer, &link, now) { actions.append(action) }
    return actions
  }

  mutating func noticed(_ trouble: PeerTrouble, of peer: AgencyCode) {
    links[peer, default: Link()].trouble = trouble
  }

  /// Nothing is dialled or admitted from here on.
  mutating func stop() {
    isRunning = false
    for code in links.keys {
      if case .waiting? = links[code]?.dialling { links[code]?.dialling = .resting }
    }
  }

  // MARK: Decisions

  private mutating func dial(_ code: AgencyCode) -> [Action] {
    guard isRunning, var link = links[code], let endpoint = link.endpoint,
      link.place == .vacant, link.dialling == .resting
    else { return [] }
    let number = nextNumber()
    link.dialling = .underway(connection: number)
    links[code] = link
    return [.dial(code, endpoint, connection: number)]
  }

  private mutating func wait(_ code: AgencyCode, _ link: inout Link, _ now: Moment) -> Action? {
    guard isRunning, link.endpoint != nil, link.place == .vacant, link.dialling == .resting
    else { return nil }
    let millis = backoff.delayMillis(afterFailures: link.failures, random: random())
    let token = nextNumber()
    link.dialling = .waiting(token: token, until: now.wall.advanced(byMilliseconds: millis))
    return .schedule(code, afterMillis: millis, token: token)
  }

  private func take(_ candidate: Candidate, _ link: inout Link, _ now: Moment) -> Action {
    link.place = .taken(candidate, since: now.monotonic)
    link.since = now.wall
    switch link.dialling {
    case .waiting, .underway(candidate.connection): link.dialling = .resting
    // Another attempt goes on, and is compared with this connection when its Hello is in.
    case .resting, .underway: break
    }
    return .admit(connection: candidate.connection)
  }

  private func dismissal(of candidate: Candidate) -> Action {
    .dismiss(
      connection: candidate.connection,
      Fault(.duplicateConnection, "Another connection between the two nodes stays."))
  }

  // MARK: Status

  /// What the table knows of each peer, and the connection that holds its place.
  func overview() -> [AgencyCode: (status: PeerLinkStatus, connection: UInt64?)] {
    links.filter { $0.value.isListed || $0.value.place != .vacant }.mapValues { link in
      var status = PeerLinkStatus()
      status.since = link.since
      status.endpoint = link.endpoint?.description
      status.lastTrouble = link.trouble
      if case .taken(let holder, _) = link.place {
        status.isConnected = true
        return (status, holder.connection)
      }
      status.attempts = link.failures
      if case .waiting(_, let until) = link.dialling { status.nextAttempt = until }
      return (status, nil)
    }
  }
}
