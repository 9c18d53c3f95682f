public import Cryptography
public import RecordModel
import TransparencyLog

/// How two holders of one channel compare: what the sender says it sent, and what the receiver says it
/// got, are the same when the roots are equal at equal size.
public struct ChannelComparison: Hashable, Sendable {
  /// What came of it.
  public enum Verdict: Hashable, Sendable {
    /// The same entries.
    case equal
    /// The same entries as far as both go; the named side (0 or 1) holds fewer.
    case behind(side: Int)
    /// The entry of this number is the first that differs.
    case different(at: UInt64)
    /// Only the named side (0 or 1) holds the channel, and entries in it.
    case onlyIn(side: Int)
  }

  /// Which log.
  public var origin: Origin
  /// The holders' names, as given.
  public var names: [String]
  /// How many entries each holds.
  public var sizes: [UInt64]
  /// How many entries both hold at most: the size at which the roots were compared.
  public var comparedSize: UInt64
  /// Each side's root at that size, computed from header bytes.
  public var roots: [Digest]
  /// What came of it.
  public var verdict: Verdict
}

/// The comparison of two or more stores.
public struct ReconciliationReport: Hashable, Sendable {
  /// One for each channel that at least one store holds and two could: by origin, then names.
  public var comparisons: [ChannelComparison]
  /// Whether nothing differs. That one side is behind is what delivery under way looks like.
  public var isClean: Bool {
    comparisons.allSatisfy { comparison in
      if case .different = comparison.verdict { return false }
      return true
    }
  }
}

/// Compares what several nodes hold of the channels between them.
public struct Reconciliation {
  private static let chunk = 512

  private let suite: Suite
  private let progress: (AuditProgress) -> Void

  /// A comparison of logs made with `suite`.
  public init(suite: Suite, progress: @escaping (AuditProgress) -> Void = { _ in }) {
    self.suite = suite
    self.progress = progress
  }

  /// Compares every channel of two or more sources, each with each.
  /// - Throws: what the sources throw.
  public func compare<Source: AuditSource>(
    _ sources: [(name: String, source: Source)]
  ) throws -> ReconciliationReport {
    var found: [ChannelComparison] = []
    let held = try sources.map { try $0.source.channels() }
    for one in sources.indices {
      for two in sources.indices where two > one {
        let origins = Set((held[one] + held[two]).map(\.origin))
        for origin in origins {
          let sides = [one, two].map { index in
            Side(
              name: sources[index].name, source: sources[index].source,
              channel: held[index].first { $0.origin == origin },
              owners: Set(held[index].map(\.owner)))
          }
          guard let comparison = try compare(origin, sides) else { continue }
          found.append(comparison)
        }
      }
    }
    return ReconciliationReport(
      comparisons: found.sorted {
        ($0.origin.description, $0.names[0], $0.names[1])
          < ($1.origin.description, $1.names[0], $1.names[1])
      })
  }

  private struct Side<Source: AuditSource> {
    var name: String
    var source: Source
    var channel: AuditChannel?
    /// Whose store it is, as far as its channels tell: one agency, or none.
    var owners: Set<AgencyCode>
  }

  private func compare<Source>(
    _ origin: Origin, _ sides: [Side<Source>]
  ) throws -> ChannelComparison? {
    let holders = sides.indices.filter { sides[$0].channel != nil }
    if holders.count == 1 {
      let side = holders[0]
      // A store that is neither end of the channel can't be missed in it.
      let owners = sides[1 - side].owners
      guard
        owners.isEmpty || !owners.isDisjoint(with: [origin.direction.from, origin.direction.to])
      else { return nil }
    }
    var walks = sides.map { LeafWalk(source: $0.source, channel: $0.channel, chunk: Self.chunk) }
    var frontiers = [Frontier(suite: suite), Frontier(suite: suite)]
    var difference: UInt64?
    while true {
      let leaves = [try walks[0].next(suite), try walks[1].next(suite)]
      guard let left = leaves[0], let right = leaves[1] else { break }
      frontiers[0].append(leaf: left)
      frontiers[1].append(leaf: right)
      if left != right, difference == nil { difference = frontiers[0].size - 1 }
      if frontiers[0].size % UInt64(Self.chunk) == 0 {
        progress(AuditProgress(log: origin.description, done: frontiers[0].size, total: nil))
      }
    }
    let sizes = try walks.indices.map { try walks[$0].countAll(suite) }
    guard sizes.contains(where: { $0 > 0 }) else { return nil }
    let verdict: ChannelComparison.Verdict =
      if let difference {
        .different(at: difference)
      } else if holders.count == 1 {
        .onlyIn(side: holders[0])
      } else if sizes[0] == sizes[1] {
        .equal
      } else {
        .behind(side: sizes[0] < sizes[1] ? 0 : 1)
      }
    return ChannelComparison(
      origin: origin, names: sides.map(\.name), sizes: sizes, comparedSize: frontiers[0].size,
      roots: frontiers.map(\.root), verdict: verdict)
  }
}

extension AuditChannel {
  /// The agency whose store holds it.
  fileprivate var owner: AgencyCode { isOutbound ? origin.direction.from : origin.direction.to }
}

/// The leaf hashes of one channel, computed from header bytes.
private struct LeafWalk<Source: AuditSource> {
  let source: Source
  let channel: AuditChannel?
  let chunk: Int
  private var waiting: ArraySlice<AuditEntry> = []
  private var position: UInt64 = 0
  private var count: UInt64 = 0
  private var isExhausted = false

  init(source: Source, channel: AuditChannel?, chunk: Int) {
    self.source = source
    self.channel = channel
    self.chunk = chunk
  }

  mutating func next(_ suite: Suite) throws -> Digest? {
    guard let channel else { return nil }
    if waiting.isEmpty, !isExhausted {
      waiting = try source.entries(channel, from: position, limit: chunk)[...]
      position = waiting.last.map { $0.seq + 1 } ?? position
      isExhausted = waiting.isEmpty
    }
    guard let entry = waiting.popFirst() else { return nil }
    count += 1
    return Merkle.leaf(entry.header, suite: suite)
  }

  /// Reads on to the end, and says how many entries there were in all.
  mutating func countAll(_ suite: Suite) throws -> UInt64 {
    while try next(suite) != nil {}
    return count
  }
}
