/// What one connection has pushed of one outbound channel, and may push next: a pure state machine.
struct ChannelSender: Sendable {
  /// A push that has no receipt yet.
  private struct Flight {
    var start: UInt64
    var end: UInt64
    var bytes: Int
    var leftAt: UInt64
  }

  let number: ChannelNumber
  /// `seq` of the next record to push.
  private(set) var next: UInt64
  private var flights: [Flight] = []
  private var bytesInFlight = 0
  private var window: Window
  /// How many records the log has.
  private var size: UInt64
  private var stopped = false

  /// Starts behind the `next` records that the receiver said it holds.
  init(number: ChannelNumber, next: UInt64, size: UInt64, window: Window) {
    self.number = number
    self.next = next
    self.size = size
    self.window = window
  }

  /// What may be pushed now.
  struct Demand: Equatable {
    var start: UInt64
    var records: Int
    var bytes: Int
  }

  /// What to read and push next; nil when there is nothing, or no window for it.
  func demand(batchRecords: Int, batchBytes: Int) -> Demand? {
    guard !stopped, next < size else { return nil }
    let inFlight = next - (flights.first?.start ?? next)
    guard inFlight < window.records else { return nil }
    let bytesLeft = Int(clamping: window.bytes) - bytesInFlight
    // The first push may exceed a small byte window: else a large record could never travel.
    guard bytesLeft > 0, bytesLeft >= batchBytes || flights.isEmpty else { return nil }
    let records = min(UInt64(window.records) - inFlight, size - next, UInt64(batchRecords))
    return Demand(start: next, records: Int(records), bytes: min(bytesLeft, batchBytes))
  }

  /// A batch is about to leave. False when it is not the next one any more.
  mutating func push(start: UInt64, count: Int, bytes: Int, at nanoseconds: UInt64) -> Bool {
    guard !stopped, start == next else { return false }
    // A signed head may lie further off than the window reaches; that far only when nothing else
    // is under way.
    guard flights.isEmpty || fits(count) else { return false }
    next += UInt64(count)
    bytesInFlight += bytes
    flights.append(Flight(start: start, end: next, bytes: bytes, leftAt: nanoseconds))
    return true
  }

  /// Whether the window has room for so many more records.
  private func fits(_ count: Int) -> Bool {
    let inFlight = next - (flights.first?.start ?? next)
    return inFlight + UInt64(count) <= UInt64(window.records)
  }

  /// The log has grown.
  mutating func grown(to size: UInt64) { self.size = max(self.size, size) }

  /// The receiver granted another window.
  mutating func granted(_ window: Window) { self.window = window }

  /// Nothing is pushed on this connection any more.
  mutating func stop() { stopped = true }

  /// How many records a receipt covered, and how long after their push it came, in nanoseconds.
  struct Covered: Equatable {
    var count: UInt64
    var latency: UInt64
  }

  /// A receipt covers everything before `size`.
  mutating func receipted(_ size: UInt64, at nanoseconds: UInt64) -> [Covered] {
    let done = flights.prefix { $0.end <= size }
    flights.removeFirst(done.count)
    bytesInFlight -= done.reduce(0) { $0 + $1.bytes }
    return done.map { Covered(count: $0.end - $0.start, latency: nanoseconds &- $0.leftAt) }
  }
}
