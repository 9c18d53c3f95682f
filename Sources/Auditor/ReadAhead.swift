import Synchronization

/// Items of a log in order, each checked on its own before it is handed out: read here, checked by
/// workers, a bounded number of pieces ahead. What comes out depends on what was read alone, never on
/// how many workers there are or which is done first.
struct ReadAhead<Item: Sendable, Checked: Sendable> {
  /// What has been read ahead takes no more memory than this and one piece more.
  static var byteLimit: Int { 8 << 20 }

  /// How a log is read and its items are checked.
  struct Steps {
    /// Items from a place on; none only at the end.
    var read: (_ from: UInt64) throws -> [Item]
    /// The place from which to read on after an item; nil when nothing can follow it.
    var next: (Item) -> UInt64?
    /// About how many bytes an item has.
    var weight: (Item) -> Int
    /// One result for each item, in their order.
    var check: @Sendable ([Item]) -> [Checked]
  }

  private struct Underway {
    var piece: Piece<Item, Checked>
    var bytes: Int
    var wait: () -> Void
  }

  private let steps: Steps
  private let workers: AuditWorkers
  private var position: UInt64 = 0
  private var isExhausted = false
  /// Oldest first; at most twice as many as there are workers.
  private var underway: [Underway] = []
  private var bytes = 0
  private var current: [Checked] = []
  private var index = 0

  init(_ workers: AuditWorkers, _ steps: Steps) {
    self.workers = workers
    self.steps = steps
  }

  /// Whether the next item begins a piece: when somebody may be told how far it is.
  var isAtPiece: Bool { index == current.count }

  /// The next item; nil after the last.
  mutating func next() throws -> Checked? {
    if index == current.count {
      try advance()
      guard index < current.count else { return nil }
    }
    defer { index += 1 }
    return current[index]
  }

  /// The next item without taking it; nil after the last.
  mutating func peek() throws -> Checked? {
    if index == current.count { try advance() }
    return index < current.count ? current[index] : nil
  }

  private mutating func advance() throws {
    current = []
    index = 0
    try fill()
    guard !underway.isEmpty else { return }
    let oldest = underway.removeFirst()
    // What nobody has begun is done here rather than waited for.
    if !oldest.piece.run(steps.check) { oldest.wait() }
    current = oldest.piece.take(steps.check)
    bytes -= oldest.bytes
    // The workers shall have something to do while these are walked.
    try fill()
  }

  private mutating func fill() throws {
    while !isExhausted,
      underway.isEmpty || (underway.count < 2 * workers.count && bytes < Self.byteLimit)
    {
      let items = try steps.read(position)
      guard let last = items.last else {
        isExhausted = true
        return
      }
      let place = steps.next(last)
      // A source that goes back would never end.
      isExhausted = place.map { $0 <= position } ?? true
      position = place ?? position
      let weight = items.reduce(0) { $0 + steps.weight($1) }
      let piece = Piece<Item, Checked>(items)
      let wait = workers.start { [check = steps.check] in piece.run(check) }
      underway.append(Underway(piece: piece, bytes: weight, wait: wait))
      bytes += weight
    }
  }
}

/// Some items on their way through a worker.
private final class Piece<Item: Sendable, Checked: Sendable>: Sendable {
  private struct State {
    var items: [Item]
    var checked: [Checked] = []
  }

  private let state: Mutex<State>

  init(_ items: [Item]) { state = Mutex(State(items: items)) }

  /// Checks the items unless that was begun already. They are let go here, so that their memory is
  /// given back by the thread that worked on it. Whether that was done here.
  @discardableResult
  func run(_ check: ([Item]) -> [Checked]) -> Bool {
    let items = state.withLock { state in
      defer { state.items = [] }
      return state.items
    }
    guard !items.isEmpty else { return false }
    let checked = check(items)
    state.withLock { $0.checked = checked }
    return true
  }

  /// The results. Whoever waited knows that the piece is done, or that it was never begun.
  func take(_ check: ([Item]) -> [Checked]) -> [Checked] {
    run(check)
    return state.withLock { state in
      defer { state.checked = [] }
      return state.checked
    }
  }
}
