import Auditor
import Exchange
import Synchronization
import TransparencyLog

/// The part of a file that a request asks for: `range: bytes=<first>-[<last>]`.
struct ByteRange: Sendable, Hashable {
  var first: UInt64
  /// How many bytes at most.
  var limit: Int

  /// Nil where the whole file is wanted, or the header says what is not understood here, which may
  /// be answered with the whole file.
  init?(_ header: String?) {
    guard let header, header.hasPrefix("bytes="), !header.contains(",") else { return nil }
    let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = UInt64(ends[0]), first < 1 << 53 else { return nil }
    self.first = first
    limit = AuditFiles.rangeLimit
    guard !ends[1].isEmpty else { return }
    guard let last = UInt64(ends[1]), last >= first else { return nil }
    limit = Int(min(last - first, UInt64(limit) - 1)) + 1
  }
}

extension HTTPReply {
  /// A file, or the part of it that was asked for. C2SP's tlog-tiles: what never changes may be kept;
  /// by the asker alone, since others may not read it.
  static func file(
    _ bytes: [UInt8], type: String, _ question: HTTPQuestion, neverChanges: Bool = false
  ) -> HTTPReply {
    let kept = neverChanges ? "private, max-age=604800, immutable" : "no-cache"
    guard let range = ByteRange(question.header("range")) else {
      return HTTPReply(
        status: 200,
        headers: [("content-type", type), ("cache-control", kept), ("accept-ranges", "bytes")],
        body: .bytes(bytes))
    }
    let total = UInt64(bytes.count)
    guard range.first < total else { return .beyondEnd(total) }
    let end = min(range.first + UInt64(range.limit), total)
    return .part(
      Array(bytes[Int(range.first)..<Int(end)]), from: range.first, total: total, type: type,
      kept: kept)
  }

  /// Part of a file; `total` where it is known how long that is.
  static func part(
    _ bytes: [UInt8], from first: UInt64, total: UInt64?, type: String, kept: String
  ) -> HTTPReply {
    let last = first + UInt64(bytes.count) - 1
    return HTTPReply(
      status: 206,
      headers: [
        ("content-type", type), ("cache-control", kept),
        ("content-range", "bytes \(first)-\(last)/\(total.map { "\($0)" } ?? "*")"),
      ], body: .bytes(bytes))
  }

  /// The file ends before the part that was asked for.
  static func beyondEnd(_ total: UInt64) -> HTTPReply {
    HTTPReply(
      status: 416,
      headers: [("content-range", "bytes */\(total)"), ("cache-control", "no-cache")],
      body: .bytes([]))
  }
}

extension AuditFiles {
  private static let payloadType = "application/octet-stream"
  /// Payloads may be erased one day: nobody keeps them for us.
  private static let payloadKept = "no-store"

  /// A bundle of payloads: read in pieces, since it may have hundreds of megabytes.
  func payloadReply(
    _ origin: String, _ tile: Tile, _ question: HTTPQuestion, allowed: Bool
  ) async throws -> HTTPReply {
    let log = try await store.read { try self.log(origin, $0) }
    guard let log, case .channel = log.place, let places = tile.places(below: log.size) else {
      return Self.notFound
    }
    if let range = ByteRange(question.header("range")) {
      return try await payloadPart(log, places, range, allowed: allowed)
    }
    let next = Mutex(places.lowerBound)
    return HTTPReply(
      status: 200,
      headers: [("content-type", Self.payloadType), ("cache-control", Self.payloadKept)],
      body: .parts { [store] in
        let seq = next.withLock { $0 }
        guard seq < places.upperBound else { return nil }
        let part = try await store.read {
          try log.payloads(from: seq, to: places.upperBound, allowed: allowed, $0)
        }
        next.withLock { $0 = part.next }
        return part.bytes
      })
  }

  private func payloadPart(
    _ log: ServedLog, _ places: Range<UInt64>, _ range: ByteRange, allowed: Bool
  ) async throws -> HTTPReply {
    var seq = places.lowerBound
    var passed: UInt64 = 0
    var bytes: [UInt8] = []
    while seq < places.upperBound, bytes.count < range.limit {
      let from = seq
      let part = try await store.read {
        try log.payloads(from: from, to: places.upperBound, allowed: allowed, $0)
      }
      seq = part.next
      let end = passed + UInt64(part.bytes.count)
      if end > range.first {
        bytes += part.bytes.dropFirst(Int(max(range.first, passed) - passed))
      }
      passed = end
    }
    let isWhole = seq == places.upperBound
    guard !bytes.isEmpty else { return .beyondEnd(passed) }
    return .part(
      Array(bytes.prefix(range.limit)), from: range.first, total: isWhole ? passed : nil,
      type: Self.payloadType, kept: Self.payloadKept)
  }
}
