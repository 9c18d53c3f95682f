import RecordModel

/// Threads that have been opened and not answered, of which there can be very many, in 32 bytes each
/// and a hash table of eight bytes a slot: about half of what a dictionary would take, and it grows
/// without a second copy of what it holds.
struct OpeningTable {
  /// What the first records of many threads have in common.
  private struct Shape: Hashable {
    var kind: String
    var direction: Direction
    var epoch: UInt32
    var seenEpoch: UInt32
  }

  private struct Opening {
    var id: RecordID
    var seq: UInt32
    var seenSize: UInt32
    /// Milliseconds after the id's own time.
    var delay: Int32
    var shape: UInt32
  }

  private static let segment = 1 << 14
  private static let fewestSlots = 64

  /// Openings never move, so that growing copies none: `places` are numbers into the segments.
  private var segments: [[Opening]] = []
  private var stored = 0
  private var free: [UInt32] = []
  /// The upper half of an id's hash and its place plus one, or 0. A power of two of them, at most
  /// three quarters used; an id stands in the first free slot from its hash on.
  private var slots = [UInt64](repeating: 0, count: fewestSlots)
  private(set) var count = 0

  private var shapes: [Shape] = []
  private var shapeNumbers: [Shape: UInt32] = [:]
  /// The shape used last: nearly always the next one too.
  private var lastShape: UInt32 = 0

  /// The first record of a thread; nil when it is not one of these.
  subscript(thread: RecordID) -> ThreadEntry? {
    guard let slot = slot(of: thread) else { return nil }
    let opening = opening(at: Self.place(slots[slot]))
    let shape = shapes[Int(opening.shape)]
    return ThreadEntry(
      id: thread, direction: shape.direction, epoch: shape.epoch, seq: UInt64(opening.seq),
      kind: shape.kind, replyTo: nil,
      time: Timestamp(milliseconds: thread.time.milliseconds + Int64(opening.delay)),
      refused: false, seen: Seen(epoch: shape.seenEpoch, size: UInt64(opening.seenSize)))
  }

  func contains(_ thread: RecordID) -> Bool { slot(of: thread) != nil }

  /// Takes a first record whose thread is not in the table; false when a number of it is too large
  /// for this form.
  mutating func insert(_ header: RecordHeader, epoch: UInt32) -> Bool {
    let (delay, overflow) = header.time.milliseconds.subtractingReportingOverflow(
      header.id.time.milliseconds)
    guard !overflow, let delay = Int32(exactly: delay), let seq = UInt32(exactly: header.seq),
      let size = UInt32(exactly: header.seen.size), stored < Int(UInt32.max) - 1
    else { return false }
    if (count + 1) * 4 > slots.count * 3 { grow() }
    let shape = number(
      of: Shape(
        kind: header.kind, direction: header.direction, epoch: epoch,
        seenEpoch: header.seen.epoch))
    let place = store(
      Opening(id: header.id, seq: seq, seenSize: size, delay: delay, shape: shape))
    put(Self.entry(header.id, place))
    count += 1
    return true
  }

  /// Takes a thread out, if it is there.
  mutating func remove(_ thread: RecordID) {
    guard var hole = slot(of: thread) else { return }
    free.append(UInt32(Self.place(slots[hole])))
    count -= 1
    // What stands behind the hole moves up, unless it would come to stand before its own hash.
    let mask = slots.count - 1
    var next = (hole + 1) & mask
    while slots[next] != 0 {
      let home = self.home(slots[next])
      if (next &- home) & mask >= (next &- hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    slots[hole] = 0
  }

  // MARK: Slots

  /// Hashed with the process's own key, so that nobody can prepare ids that collide.
  private static func entry(_ id: RecordID, _ place: Int) -> UInt64 {
    UInt64(bitPattern: Int64(id.hashValue)) & ~UInt64(UInt32.max) | UInt64(place + 1)
  }

  private static func place(_ entry: UInt64) -> Int { Int(entry & UInt64(UInt32.max)) - 1 }

  private func home(_ entry: UInt64) -> Int { Int(entry >> 32) & (slots.count - 1) }

  private func slot(of id: RecordID) -> Int? {
    let wanted = Self.entry(id, 0) >> 32
    var slot = Int(wanted) & (slots.count - 1)
    while slots[slot] != 0 {
      if slots[slot] >> 32 == wanted, opening(at: Self.place(slots[slot])).id == id {
        return slot
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func put(_ entry: UInt64) {
    var slot = home(entry)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = entry
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 { put(entry) }
  }

  // MARK: Openings

  private func opening(at place: Int) -> Opening {
    segments[place / Self.segment][place % Self.segment]
  }

  private mutating func store(_ opening: Opening) -> Int {
    if let place = free.popLast().map(Int.init) {
      segments[place / Self.segment][place % Self.segment] = opening
      return place
    }
    if stored % Self.segment == 0 {
      segments.append([])
      segments[segments.count - 1].reserveCapacity(Self.segment)
    }
    segments[segments.count - 1].append(opening)
    stored += 1
    return stored - 1
  }

  private mutating func number(of shape: Shape) -> UInt32 {
    if shapes.indices.contains(Int(lastShape)), shapes[Int(lastShape)] == shape {
      return lastShape
    }
    if let known = shapeNumbers[shape] {
      lastShape = known
    } else {
      lastShape = UInt32(shapes.count)
      shapes.append(shape)
      shapeNumbers[shape] = lastShape
    }
    return lastShape
  }
}
