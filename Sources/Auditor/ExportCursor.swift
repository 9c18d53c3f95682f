import RecordModel
import TransparencyLog

/// Reads one log of an export from the front to the back, a bundle at a time. What is missing is
/// skipped and noted; of payloads never more than a window is held beyond those handed out.
final class ExportCursor {
  /// How many bundles are looked for behind one that is missing, before the log is taken to end.
  private static let gapLimit: UInt64 = 1024

  private let log: ExportManifest.Log
  private let bytes: any ExportBytes
  private let fault: (_ index: UInt64?, FindingDetail) -> Void
  private let hasPayloads: Bool
  private var bundle: UInt64?
  private var entries: [ArraySlice<UInt8>] = []
  private var payloads: PayloadStream?
  /// The next entry that is handed out, when the reader goes on where it was.
  private(set) var position: UInt64 = 0

  init(
    _ log: ExportManifest.Log, _ bytes: any ExportBytes,
    fault: @escaping (_ index: UInt64?, FindingDetail) -> Void
  ) {
    self.log = log
    self.bytes = bytes
    self.fault = fault
    hasPayloads = log.kind != .journal
  }

  /// Whether an entry stands in the bundle at hand, not before what was read last.
  func isNear(_ seq: UInt64) -> Bool { seq / 256 == bundle && seq >= position }

  /// Entries with their payloads, from `from` on: at most `limit`, and none more once they have passed
  /// `byteLimit`. In a journal every payload counts as left out.
  func read(from: UInt64, limit: Int, byteLimit: Int) throws -> [ExportedEntry] {
    var found: [ExportedEntry] = []
    var taken = 0
    position = from
    while found.count < limit, taken < byteLimit, try load() {
      let first = position / 256 * 256
      let end = min(entries.count, Int(position - first) + limit - found.count)
      while Int(position - first) < end, taken < byteLimit {
        let offset = Int(position - first)
        let payload = hasPayloads ? try payloads?.state(offset) : .leftOut
        let entry = ExportedEntry(
          seq: position, bytes: Array(entries[offset]), payload: payload)
        taken += entry.byteCount
        found.append(entry)
        position += 1
      }
    }
    return found
  }

  /// Has the bundle that holds `position` at hand, or the next that is there; false at the end.
  private func load() throws -> Bool {
    let last = log.size / 256
    var number = position / 256
    var tries: UInt64 = 0
    while number < last || (number == last && log.size % 256 > 0), tries < Self.gapLimit {
      if number != bundle { try open(number) }
      if position < number * 256 + UInt64(entries.count) { return true }
      number += 1
      tries += 1
      position = number * 256
    }
    return false
  }

  private func open(_ number: UInt64) throws {
    let width = Int(min(256, log.size - number * 256))
    let tile = try Tile(level: 0, index: number, width: width)
    let name = tile.path(in: "\(log.path)/tile/entries")
    bundle = number
    entries = []
    payloads = nil
    let first = number * 256
    guard let content = try bytes.read(name, from: 0, limit: EntryBundle.byteLimit + 1) else {
      return fault(first, .missing(name))
    }
    entries = EntryBundle.readable(content, count: width)
    if entries.count < width {
      fault(first + UInt64(entries.count), .short(name, after: entries.count))
    } else if entries.last?.endIndex != content.count {
      fault(first, .surplus(name))
    }
    guard hasPayloads else { return }
    payloads = PayloadStream(
      tile.path(in: "\(log.path)/payload"), bytes, width: width,
      fault: { [fault] in fault(first + UInt64($0), $1) })
  }
}

/// An entry as an export has it.
struct ExportedEntry {
  var seq: UInt64
  var bytes: [UInt8]
  /// Nil where the bundle cannot be read so far.
  var payload: PayloadBundle.State?

  var byteCount: Int {
    if case .held(_, let payload) = payload { bytes.count + payload.count } else { bytes.count }
  }
}

/// Reads a bundle of payloads through a window.
private final class PayloadStream {
  private static let window = 1 << 20

  private let name: String
  private let bytes: any ExportBytes
  private let width: Int
  private let fault: (_ entry: Int, FindingDetail) -> Void
  private var buffer: ArraySlice<UInt8> = []
  /// Where in the file the buffer ends.
  private var end: UInt64 = 0
  private var next = 0
  private var isBroken = false

  init(
    _ name: String, _ bytes: any ExportBytes, width: Int,
    fault: @escaping (_ entry: Int, FindingDetail) -> Void
  ) {
    self.name = name
    self.bytes = bytes
    self.width = width
    self.fault = fault
  }

  /// What became of an entry's payload; nil where that cannot be read. Asked for in any order, but
  /// only forwards without reading again.
  func state(_ entry: Int) throws -> PayloadBundle.State? {
    if entry < next {
      (buffer, end, next, isBroken) = ([], 0, 0, false)
    }
    while next < entry, !isBroken { _ = try take(isWanted: false) }
    return isBroken ? nil : try take(isWanted: true)
  }

  private func take(isWanted: Bool) throws -> PayloadBundle.State? {
    guard let state = try parse(isWanted: isWanted) else {
      isBroken = true
      fault(next, end == 0 ? .missing(name) : .broken(name))
      return nil
    }
    next += 1
    if next == width, try has(1) { fault(next - 1, .surplus(name)) }
    return state
  }

  private func parse(isWanted: Bool) throws -> PayloadBundle.State? {
    guard try has(1), let mark = buffer.popFirst() else { return nil }
    switch mark {
    case 0: return .leftOut
    case 2: return .erased
    case 1:
      guard try has(PayloadBundle.headByteCount) else { return nil }
      let head = buffer.prefix(PayloadBundle.headByteCount)
      buffer = buffer.dropFirst(PayloadBundle.headByteCount)
      guard let length = PayloadBundle.length(head: head), try has(length) else { return nil }
      defer { buffer = buffer.dropFirst(length) }
      return isWanted
        ? .held(salt: Array(head.prefix(32)), payload: Array(buffer.prefix(length))) : .leftOut
    default: return nil
    }
  }

  /// Has so many bytes in the buffer; false where the file ends before.
  private func has(_ count: Int) throws -> Bool {
    if buffer.count >= count { return true }
    let wanted = max(Self.window, count - buffer.count)
    guard let more = try bytes.read(name, from: end, limit: wanted) else { return false }
    end += UInt64(more.count)
    buffer = buffer.isEmpty ? more[...] : buffer + more
    return buffer.count >= count
  }
}
