import NIOCore

/// One server-sent event.
public struct ServerEvent: Sendable, Hashable {
  /// The event's id; give it back as Last-Event-ID to go on after it.
  public var id: String?
  /// Its name; `message` where none is said.
  public var name: String
  /// Its data, lines joined by line feeds.
  public var data: String
}

/// Parses `text/event-stream` (WHATWG HTML, 9.2.6) from pieces of any size.
public struct EventStreamParser: Sendable {
  private var line: [UInt8] = []
  private var afterCarriageReturn = false
  private var id: String?
  private var name = ""
  private var data: [String] = []

  /// Makes a parser at the start of a stream.
  public init() {}

  /// Takes the next bytes; gives the events that they complete.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [ServerEvent] {
    var events: [ServerEvent] = []
    for byte in bytes {
      if byte == 0x0a, afterCarriageReturn {
        afterCarriageReturn = false
        continue
      }
      afterCarriageReturn = byte == 0x0d
      guard byte == 0x0a || byte == 0x0d else {
        line.append(byte)
        continue
      }
      if let event = endLine() { events.append(event) }
    }
    return events
  }

  private mutating func endLine() -> ServerEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    guard !line.isEmpty else { return endEvent() }
    let parts = line.split(separator: 0x3a, maxSplits: 1, omittingEmptySubsequences: false)
    let field = String(decoding: parts[0], as: UTF8.self)
    var value = parts.count > 1 ? parts[1] : []
    if value.first == 0x20 { value = value.dropFirst() }
    let text = String(decoding: value, as: UTF8.self)
    switch field {
    case "id": id = text
    case "event": name = text
    case "data": data.append(text)
    default: break  // Comments have an empty field name.
    }
    return nil
  }

  private mutating func endEvent() -> ServerEvent? {
    defer {
      name = ""
      data = []
    }
    guard !data.isEmpty else { return nil }
    return ServerEvent(
      id: id, name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
  }
}

extension NodeClient {
  /// Arrivals beyond a number as they come. Ends when the node stops; the caller starts again with
  /// the last id that it dealt with.
  public func arrivals(after: String? = nil) async throws -> AsyncThrowingStream<
    ServerEvent, any Error
  > {
    let bytes = try await stream(
      APICall(
        .get, "/v1/arrivals", headers: [("last-event-id", after)], accept: "text/event-stream"))
    let (events, continuation) = AsyncThrowingStream<ServerEvent, any Error>.makeStream()
    let task = Task {
      var parser = EventStreamParser()
      do {
        for try await part in bytes {
          for event in parser.feed(part.readableBytesView) { continuation.yield(event) }
        }
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
    return events
  }
}
