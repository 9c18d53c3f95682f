import Testing

@testable import Cryptography

@Suite("Data over TLS")
struct TLSTransferTests {
  let context: TLSContext

  init() throws {
    let world = try TestWorld()
    context = try world.context(try world.identity("node"))
  }

  private func connected(recordsPerKey: Int? = nil) throws -> TLSPair {
    let pair = try TLSPair(client: context, server: context, recordsPerKey: recordsPerKey)
    let outcome = try pair.shakeHands()
    try #require(outcome == (nil, nil))
    return pair
  }

  /// Bytes that repeat with no period that a buffer size shares.
  private func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 8) &* 7) }
  }

  @Test(
    "Megabytes arrive whole and in order in odd pieces",
    arguments: [(16_384, 4096, 16_384), (1, 5, 7), (999, 1031, 313), (300_001, 65_537, 99_991)])
  func transfer(write: Int, wire: Int, read: Int) throws {
    let message = pattern(write == 1 ? 3000 : 3_000_000)
    for backwards in [false, true] {
      let pair = try connected()
      let (source, target) =
        backwards ? (pair.server, pair.client) : (pair.client, pair.server)
      var received: [UInt8] = []
      var rest = message[...]
      while !rest.isEmpty {
        try TLSPair.write(Array(rest.prefix(write)), to: source)
        rest = rest.dropFirst(write)
        try TLSPair.carry(from: source, to: target, step: wire)
        while let part = try TLSPair.read(target, read), !part.isEmpty { received += part }
      }
      #expect(received == message)
    }
  }

  @Test("Both sides may talk at once")
  func duplex() throws {
    let pair = try connected()
    for round in 0..<50 {
      let message = pattern(round * 1000 + 1)
      try TLSPair.write(message, to: pair.client)
      try TLSPair.write(message, to: pair.server)
      try TLSPair.carry(from: pair.client, to: pair.server)
      try TLSPair.carry(from: pair.server, to: pair.client)
      #expect(try TLSPair.read(pair.client, 100_000) == message)
      #expect(try TLSPair.read(pair.server, 100_000) == message)
    }
  }

  @Test("An empty write sends nothing, and an idle session has nothing to read")
  func nothing() throws {
    let pair = try connected()
    try TLSPair.write([], to: pair.client)
    #expect(pair.client.pendingCiphertext == 0)
    #expect(try TLSPair.read(pair.server, 10) == [])
  }

  @Test("close_notify ends one direction after all that was written, and leaves the other open")
  func close() throws {
    let pair = try connected()
    try TLSPair.write([1, 2, 3], to: pair.client)
    pair.client.close()
    pair.client.close()
    #expect(code { try TLSPair.write([4], to: pair.client) } == "crypto.tls.state")
    try TLSPair.carry(from: pair.client, to: pair.server)
    #expect(try TLSPair.read(pair.server, 10) == [1, 2, 3])
    #expect(try TLSPair.read(pair.server, 10) == nil)
    #expect(try TLSPair.read(pair.server, 10) == nil)
    pair.server.feedEnd()
    #expect(try TLSPair.read(pair.server, 10) == nil)
    try TLSPair.write([7], to: pair.server)
    pair.server.close()
    try TLSPair.carry(from: pair.server, to: pair.client)
    #expect(try TLSPair.read(pair.client, 10) == [7])
    #expect(try TLSPair.read(pair.client, 10) == nil)
  }

  @Test("The sending key is replaced in time, unnoticed by the reader")
  func keyUpdate() throws {
    let pair = try connected(recordsPerKey: 4)
    let message = pattern(40_000)
    for _ in 0..<10 {
      try TLSPair.write(message, to: pair.client)
      try TLSPair.carry(from: pair.client, to: pair.server)
      #expect(try TLSPair.read(pair.server, 50_000) == message)
    }
    #expect(pair.client.keyUpdates == 9)
    #expect(pair.server.keyUpdates == 0)
  }

  @Test("A queue of bytes gives back what it took, in order, and rests small when empty")
  func queue() {
    var queue = ByteQueue()
    var expected: [UInt8] = []
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 5000)
    for round in 0..<400 {
      let part = pattern(round * 37 % 4001)
      expected += part
      part.withUnsafeBytes { queue.append($0) }
      let count = buffer.withUnsafeMutableBytes {
        queue.take(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<(round * 53 % 3001)]))
      }
      received += buffer.prefix(count)
      #expect(queue.count == expected.count - received.count)
    }
    while queue.count > 0 {
      let count = buffer.withUnsafeMutableBytes { queue.take(into: $0) }
      received += buffer.prefix(count)
    }
    #expect(received == expected)
    #expect(queue.heldCapacity <= ByteQueue.idleCapacity)
  }
}
