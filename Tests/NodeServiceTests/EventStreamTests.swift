import Testing

@testable import NodeClient

@Suite("The client")
struct EventStreamTests {
  private let text =
    ": hello\n\nid: 1\nevent: arrival\ndata: {\"a\":1}\n\ndata: x\r\ndata:y\r\n\r\nid: 3\n\n"

  @Test("An event stream gives the same events whatever the pieces it comes in", arguments: 1...9)
  func pieces(_ size: Int) {
    var parser = EventStreamParser()
    var events: [ServerEvent] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += parser.feed(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(
      events == [
        ServerEvent(id: "1", name: "arrival", data: "{\"a\":1}"),
        ServerEvent(id: "1", name: "message", data: "x\ny"),
      ])
  }

  @Test("Query values are percent-encoded down to the unreserved characters")
  func encoding() {
    let call = APICall(.get, "/p", query: [("a", "x y&z=1"), ("b", "移"), ("c", nil)])
    #expect(call.target == "/p?a=x%20y%26z%3D1&b=%E7%A7%BB")
  }

  @Test("A node that is not there is unreachable")
  func unreachable() async throws {
    let client = NodeClient(socketPath: "/tmp/sx-nobody-here")
    let error = await #expect(throws: ClientError.self) { try await client.live() }
    #expect(error?.code == .unreachable)
    await client.shutdown()
  }

  @Test("Many calls at once get each its own answer, over connections that are used again")
  func concurrency() async throws {
    try await APIWorld.run { world in
      for _ in 0..<3 {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 1...20 {
            group.addTask {
              let id = "\(FakeNode.id(UInt64(number)))"
              let thread = try await world.client.thread(id).value
              #expect(thread.id == id)
            }
          }
          try await group.waitForAll()
        }
      }
      #expect(world.node.calls.count == 60)
    }
  }
}
