@testable import Cryptography

/// An authority, a stranger's authority, and a fixed moment at which everything is judged.
struct TestWorld {
  /// 2026-11-23T00:00:00Z.
  static let now: Int64 = 1_795_392_000
  static let day: Int64 = 86_400
  static let applicationProtocol = "sanxiang/1"

  let authority: EphemeralAuthority
  let stranger: EphemeralAuthority

  init() throws {
    authority = try Self.authority("测试根")
    stranger = try Self.authority("stranger")
  }

  static func authority(_ name: String) throws -> EphemeralAuthority {
    try EphemeralAuthority(name: name, notBefore: now - 1000 * day, notAfter: now + 1000 * day)
  }

  /// A leaf in date.
  func identity(
    _ name: String, usage: String = "serverAuth,clientAuth", kind: PrivateKey.Kind = .p256
  ) throws -> TLSIdentity {
    try authority.issue(
      name: name, uris: ["urn:sanxiang:node:\(name)"], usage: usage, kind: kind,
      notBefore: Self.now - Self.day, notAfter: Self.now + Self.day)
  }

  func list(revoking revoked: [TLSIdentity] = []) throws -> RevocationList {
    try authority.revocationList(
      revoking: revoked.map { $0.chain[0] }, thisUpdate: Self.now - Self.day,
      nextUpdate: Self.now + Self.day)
  }

  func context(
    _ identity: TLSIdentity?, anchors: [Certificate]? = nil, lists: [RevocationList] = [],
    applicationProtocol: String = Self.applicationProtocol, offersProtocol: Bool = true,
    at time: Int64 = Self.now
  ) throws -> TLSContext {
    try TLSContext(
      anyIdentity: identity, anchors: anchors ?? [authority.certificate], revocationLists: lists,
      applicationProtocol: applicationProtocol, offersProtocol: offersProtocol,
      verificationTime: { time })
  }
}

/// Two sessions and the wire between them.
struct TLSPair {
  let client: TLSSession
  let server: TLSSession

  init(client: TLSContext, server: TLSContext, recordsPerKey: Int? = nil) throws {
    let limit = recordsPerKey ?? TLSSession.recordsPerKey
    self.client = try TLSSession(context: client, role: .client, recordsPerKey: limit)
    self.server = try TLSSession(context: server, role: .server, recordsPerKey: limit)
  }

  /// Carries everything that waits in `source`, `step` bytes at a time; returns how much.
  @discardableResult
  static func carry(from source: TLSSession, to target: TLSSession, step: Int = 4096) throws -> Int
  {
    var buffer = [UInt8](repeating: 0, count: step)
    var total = 0
    while source.pendingCiphertext > 0 {
      let count = buffer.withUnsafeMutableBytes { source.drain(into: $0) }
      try buffer.withUnsafeBytes { try target.feed(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      total += count
    }
    return total
  }

  /// Shakes hands until nothing moves any more. What each side threw, as a code; nil when it is
  /// content. A client learns the server's verdict by reading.
  func shakeHands(step: Int = 4096) throws -> (client: String?, server: String?) {
    var outcome: (client: String?, server: String?) = (nil, nil)
    var moved = 1
    while moved > 0 {
      if outcome.client == nil { outcome.client = code { _ = try client.handshake() } }
      moved = try Self.carry(from: client, to: server, step: step)
      if outcome.server == nil { outcome.server = code { _ = try server.handshake() } }
      moved += try Self.carry(from: server, to: client, step: step)
    }
    if outcome.client == nil { outcome.client = code { _ = try TLSPair.read(client, 64) } }
    return outcome
  }

  /// Reads up to `count` bytes; nil when the peer closed.
  static func read(_ session: TLSSession, _ count: Int) throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: count)
    switch try buffer.withUnsafeMutableBytes({ try session.read(into: $0) }) {
    case .bytes(let count): return Array(buffer.prefix(count))
    case .wouldBlock: return []
    case .closed: return nil
    }
  }

  static func write(_ bytes: [UInt8], to session: TLSSession) throws {
    try bytes.withUnsafeBytes { try session.write($0) }
  }
}
