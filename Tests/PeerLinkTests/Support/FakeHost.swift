import Exchange
import RecordModel
import Synchronization

@testable import PeerLink

/// An exchange that only notes what reaches it.
final class FakeHost: PeerHost {
  enum Event: Sendable {
    case opened(AgencyCode, any PeerOutlet)
    case message(AgencyCode, PeerMessage)
    case clock(AgencyCode, Int64)
    case disconnected(AgencyCode)
  }

  let code: AgencyCode
  let events = Mailbox<Event>()
  private let current: Mutex<FederationDirectory>

  init(code: AgencyCode, directory: FederationDirectory) {
    self.code = code
    current = Mutex(directory)
  }

  func directory() -> FederationDirectory { current.withLock { $0 } }
  func replace(directory: FederationDirectory) { current.withLock { $0 = directory } }

  func hello(to peer: AgencyCode) -> Hello { PeerFederation.hello(code, to: peer) }

  func openSession(with peer: AgencyCode, outlet: any PeerOutlet) -> any PeerInlet {
    events.post(.opened(peer, outlet))
    return FakeInlet(peer: peer, events: events)
  }

  // MARK: Waiting

  func opened(_ peer: AgencyCode) async throws -> any PeerOutlet {
    let event = try await events.first {
      if case .opened(peer, _) = $0 { true } else { false }
    }
    guard case .opened(_, let outlet) = event else { throw PeerFederation.Missing() }
    return outlet
  }

  func disconnected(_ peer: AgencyCode) async throws {
    try await events.first { if case .disconnected(peer) = $0 { true } else { false } }
  }

  /// The next message from `peer`.
  func message(_ peer: AgencyCode) async throws -> PeerMessage {
    let event = try await events.first { if case .message(peer, _) = $0 { true } else { false } }
    guard case .message(_, let message) = event else { throw PeerFederation.Missing() }
    return message
  }

  /// The next fault from `peer`.
  func fault(_ peer: AgencyCode) async throws -> Fault {
    let event = try await events.first {
      if case .message(peer, .fault) = $0 { true } else { false }
    }
    guard case .message(_, .fault(let fault)) = event else { throw PeerFederation.Missing() }
    return fault
  }
}

struct FakeInlet: PeerInlet {
  let peer: AgencyCode
  let events: Mailbox<FakeHost.Event>

  func receive(_ message: PeerMessage) { events.post(.message(peer, message)) }
  func clockDifference(_ difference: Int64) { events.post(.clock(peer, difference)) }
  func disconnected() { events.post(.disconnected(peer)) }
}
