import Dispatch
import FoundationEssentials
import NIOCore
import NIOPosix
import NodeClient
import Testing

@testable import NodeService

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("The API's socket")
struct SocketTests {
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = try APIWorld.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test("Only its owner may open it, and it is gone after the stop")
  func mode() async throws {
    try await withFolder { folder in
      let path = folder + "/s"
      try await APIWorld.serve(node: FakeNode(), link: FakeLink(), at: path) {
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
      }
      #expect(access(path, F_OK) != 0)
    }
  }

  @Test("A group's members may open it, and whoever can open it may call")
  func group() async throws {
    try await withFolder { folder in
      let path = folder + "/s"
      // As if this process's user were none of the daemon's: the group alone lets it in. Root can
      // give a file to any group; another user only to one of its own.
      let group: UInt32 = geteuid() == 0 ? 12_345 : getegid()
      try await APIWorld.serve(
        node: FakeNode(), link: FakeLink(), at: path, onlyFor: [geteuid() &+ 1], for: group
      ) {
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660)
        #expect(status.st_gid == group)
        #expect(status.st_uid == geteuid())
        let client = NodeClient(socketPath: path)
        let answer = try await client.live().value.status
        #expect(answer == "live")
        await client.shutdown()
      }
    }
  }

  @Test("A folder that is not there is named")
  func noFolder() async throws {
    let error = await #expect(throws: APIServerError.self) {
      try await APIWorld.serve(node: FakeNode(), link: FakeLink(), at: "/nowhere/at/all/s") {}
    }
    #expect(error?.code == .path)
    #expect(error?.message.contains("/nowhere/at/all") == true)
  }

  @Test("One who is turned away again and again is logged once a minute, and counted each time")
  func denialLog() {
    let denials = DenialCounter()
    let start = ContinuousClock.now
    let told = [0, 1, 59, 60, 61, 119, 120].map { denials.add(at: start + .seconds($0)) }
    #expect(told == [true, false, false, true, false, false, true])
    #expect(denials.take() == 7)
    #expect(denials.take() == 0)
    #expect(!denials.add(at: start + .seconds(121)))
  }

  /// What comes back, to its end, for bytes as they are. Waits on a thread of its own: the server
  /// needs those of the tests.
  private static func say(_ text: String, at path: String) async -> String {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: exchange(text, at: path)) }
    }
  }

  private static func exchange(_ text: String, at path: String) -> String {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isConnected, send(descriptor, text, text.utf8.count, 0) == text.utf8.count else {
      return ""
    }
    shutdown(descriptor, Int32(SHUT_WR))
    var answer: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &part, part.count, 0)
      guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
      answer += part[..<count]
    }
  }

  @Test("HEAD gets a head and nothing after it", arguments: ["/health/live", "/nowhere"])
  func head(_ target: String) async throws {
    try await APIWorld.run { world in
      let answer = await Self.say(
        "HEAD \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", at: world.socketPath)
      #expect(answer.hasPrefix("HTTP/1.1 40"))
      #expect(answer.hasSuffix("\r\n\r\n"))
      #expect(answer.split(separator: "\r\n\r\n", omittingEmptySubsequences: false).count == 2)
    }
  }

  @Test("A caller who leaves in mid-body is no fault of the node's")
  func leaving() async throws {
    try await APIWorld.run { world in
      let answer = await Self.say(
        "POST /v1/leads?to=11000000MB0000027Q HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        at: world.socketPath)
      #expect(answer.hasPrefix("HTTP/1.1 400"))
      #expect(answer.contains("request.body"))
      #expect(world.node.calls.isEmpty)
    }
  }

  @Test("An empty state is refused, and so is one among others", arguments: ["", "open,", ","])
  func emptyState(_ states: String) async throws {
    try await APIWorld.run { world in
      let answer = await Self.say(
        "GET /v1/inbox?state=\(states) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        at: world.socketPath)
      #expect(answer.hasPrefix("HTTP/1.1 400"))
      #expect(answer.contains("request.parameter"))
    }
  }

  private static func leaveSocket(at path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  @Test("A stale socket is replaced")
  func stale() async throws {
    try await withFolder { folder in
      let path = folder + "/s"
      // As a killed process leaves it: bound, and nobody listens.
      #expect(Self.leaveSocket(at: path))
      #expect(access(path, F_OK) == 0)
      try await APIWorld.serve(node: FakeNode(), link: FakeLink(), at: path) {
        let client = NodeClient(socketPath: path)
        let health = try await client.live().value
        #expect(health.status == "live")
        await client.shutdown()
      }
    }
  }

  @Test("A socket on which somebody answers is left alone")
  func inUse() async throws {
    try await APIWorld.run { world in
      let error = await #expect(throws: APIServerError.self) {
        try await APIWorld.serve(node: FakeNode(), link: FakeLink(), at: world.socketPath) {}
      }
      #expect(error?.code == .inUse)
      let health = try await world.client.live().value
      #expect(health.status == "live")
    }
  }

  @Test("A file that is no socket is left alone")
  func occupied() async throws {
    try await withFolder { folder in
      let path = folder + "/file"
      try Data("mine".utf8).write(to: URL(filePath: path))
      let error = await #expect(throws: APIServerError.self) {
        try await APIWorld.serve(node: FakeNode(), link: FakeLink(), at: path) {}
      }
      #expect(error?.code == .occupied)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
    }
  }

  @Test("A path that the kernel would cut is refused")
  func longPath() {
    #expect(throws: APIServerError.self) {
      try SocketPath("/tmp/" + String(repeating: "a", count: 103))
    }
    #expect(throws: Never.self) { try SocketPath("/tmp/" + String(repeating: "a", count: 102)) }
  }

  @Test("The kernel's word on who calls is this process's user")
  func credentials() async throws {
    try await withFolder { folder in
      let accepted = AsyncStream<PeerCredentials>.makeStream()
      let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
          PeerCredentials.of(channel).map { accepted.continuation.yield($0) }
        }
        .bind(unixDomainSocketPath: folder + "/s").get()
      let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(unixDomainSocketPath: folder + "/s").get()
      var iterator = accepted.stream.makeAsyncIterator()
      let credentials = await iterator.next()
      #expect(credentials?.user == geteuid())
      #expect(credentials?.process == getpid())
      try await client.close()
      try await server.close()
    }
  }

  @Test("A user who is not on the list is cut off before anything is answered")
  func strangers() async throws {
    try await withFolder { folder in
      let path = folder + "/s"
      let node = try FakeNode()
      // This process's user is off the list for once.
      try await APIWorld.serve(
        node: node, link: FakeLink(), at: path, onlyFor: [geteuid() &+ 1]
      ) { denials in
        for _ in 0..<2 {
          let client = NodeClient(socketPath: path)
          let error = await #expect(throws: ClientError.self) { try await client.live() }
          #expect(error?.code == .connection)
          await client.shutdown()
        }
        #expect(denials.take() == 2)
      }
      #expect(node.calls.isEmpty)
    }
  }
}
