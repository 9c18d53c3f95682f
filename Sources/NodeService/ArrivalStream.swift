import Exchange
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Arrivals as server-sent events: replays what lies beyond the cursor, then follows. Each event's id
/// is the arrival's number, so that a client that comes back with it misses nothing.
struct ArrivalStream: Sendable {
  let node: any NodeOperations
  var cursor: Int64

  /// Writes until the client goes away or the node stops.
  func write(to writer: inout any ResponseBodyWriter) async throws {
    var cursor = self.cursor
    var silent = 0
    var woken = false
    // The head goes out with this, so that a client knows that it is heard.
    try await writer.write(ByteBuffer(string: ": arrivals\n\n"))
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      let batch = try await node.arrivals(after: cursor, limit: 100)
      var buffer = ByteBuffer()
      for arrival in batch {
        guard let number = arrival.number else { continue }
        cursor = max(cursor, number)
        buffer.writeString("id: \(number)\nevent: arrival\ndata: ")
        buffer.writeImmutableBuffer(JSONAnswer.encode(RecordSummaryBody(arrival)))
        buffer.writeString("\n\n")
      }
      if buffer.readableBytes > 0 {
        try await writer.write(buffer)
        silent = 0
        woken = false
        continue
      }
      // Woken by what is no arrival after all (it was refused meanwhile): don't spin on it.
      if woken { try await Task.sleep(for: .milliseconds(100)) }
      woken = await node.waitForArrival(after: cursor, timeout: .seconds(1))
      if woken { continue }
      silent += 1
      if silent >= APILimits.keepAliveSeconds {
        try await writer.write(ByteBuffer(string: ": \n\n"))
        silent = 0
      }
    }
    try await writer.finish(nil)
  }
}
