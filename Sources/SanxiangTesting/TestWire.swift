import Exchange
import Synchronization

/// One connection between two nodes of a world: in each direction a queue of messages that arrive in
/// their order, when the test delivers them.
final class TestWire: Sendable {
  enum Event: Sendable {
    case message(PeerMessage)
    /// The connection is over for the side that takes this.
    case end
  }

  struct Side {
    /// What is on its way to this side.
    var arriving: [Event] = []
    var inlet: (any PeerInlet)?
    /// This side has closed or lost the connection: what it sends goes nowhere.
    var shut = false
    /// It has been told so.
    var over = false
  }

  let sides = Mutex<[Side]>([Side(), Side()])
  /// Every message that a side has sent, in order of sending.
  private let sent = Mutex<[(from: Int, message: PeerMessage)]>([])

  var transcript: [(from: Int, message: PeerMessage)] { sent.withLock { $0 } }

  /// How much is on its way to a side.
  func waiting(for side: Int) -> Int { sides.withLock { $0[side].arriving.count } }

  /// Both sides know that it is over.
  var isOver: Bool { sides.withLock { $0.allSatisfy(\.over) } }

  func outlet(_ side: Int) -> any PeerOutlet { Outlet(wire: self, side: side) }

  func send(_ message: PeerMessage, from side: Int) {
    let left = sides.withLock { sides -> Bool in
      guard !sides[side].shut else { return false }
      if !sides[1 - side].shut { sides[1 - side].arriving.append(.message(message)) }
      return true
    }
    if left { sent.withLock { $0.append((side, message)) } }
  }

  /// One side closes: the other gets what was sent before and then the end, this one only the end.
  func close(from side: Int, _ fault: Fault?) {
    if let fault { send(.fault(fault), from: side) }
    sides.withLock { sides in
      guard !sides[side].shut else { return }
      sides[side].shut = true
      sides[side].arriving = [.end]
      if !sides[1 - side].shut { sides[1 - side].arriving.append(.end) }
    }
  }

  /// The connection breaks: what is on its way is lost.
  func cut() {
    sides.withLock { sides in
      for index in sides.indices where !sides[index].over {
        sides[index].shut = true
        sides[index].arriving = [.end]
      }
    }
  }

  /// A node has crashed: its end takes nothing any more.
  func abandon(_ side: Int) {
    cut()
    sides.withLock { sides in
      sides[side].arriving = []
      sides[side].inlet = nil
      sides[side].over = true
    }
  }

  func next(for side: Int) -> Event? {
    sides.withLock { $0[side].arriving.isEmpty ? nil : $0[side].arriving.removeFirst() }
  }

  private struct Outlet: PeerOutlet {
    let wire: TestWire
    let side: Int
    func send(_ message: PeerMessage) { wire.send(message, from: side) }
    func close(_ fault: Fault?) { wire.close(from: side, fault) }
  }
}
