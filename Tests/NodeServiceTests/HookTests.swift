import Exchange
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import NodeService

@Suite("The arrival hook")
struct HookTests {
  /// Writes a program, runs the hook with it until the cursor has reached `end`, gives the lines that
  /// the program wrote beside itself.
  private func run(
    _ script: String, arrivals: ClosedRange<Int64>, from cursor: Int64 = 0, until end: Int64,
    attempts: Int = 3, limit: Duration = .seconds(20)
  ) async throws -> (lines: [String], moves: [Int64]) {
    let folder = try APIWorld.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let program = folder + "/hook"
    try Data("#!/bin/sh\ncd \(folder)\n\(script)\n".utf8).write(to: URL(filePath: program))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    let node = try FakeNode()
    node.state.withLock { $0.hookCursor = cursor }
    for number in arrivals { node.arrive(number) }
    let watched = WatchedNode(node)
    let hook = ArrivalHook(
      node: watched,
      configuration: .init(
        executable: program, timeLimit: limit, attempts: attempts,
        firstPause: .milliseconds(1), longestPause: .milliseconds(2)),
      logger: APIWorld.silent)
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: hook)], logger: APIWorld.silent))
    let running = Task { try await group.run() }
    for await cursor in watched.moves where cursor >= end { break }
    await group.triggerGracefulShutdown()
    try await running.value
    let text = (try? Data(contentsOf: URL(filePath: folder + "/out"))) ?? Data()
    return (
      String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init),
      node.state.withLock { $0.cursorMoves }
    )
  }

  @Test("It runs once per arrival, in order, with the id as its only argument")
  func order() async throws {
    let (lines, moves) = try await run("echo $# $1 >> out", arrivals: 1...3, until: 3)
    #expect(lines == (1...3).map { "1 \(FakeNode.id(UInt64($0)))" })
    #expect(moves == [1, 2, 3])
  }

  @Test("It goes on after the stored cursor")
  func resumes() async throws {
    let (lines, _) = try await run("echo $1 >> out", arrivals: 1...3, from: 2, until: 3)
    #expect(lines == ["\(FakeNode.id(3))"])
  }

  @Test("A run that fails is tried again before the cursor moves")
  func retries() async throws {
    let (lines, moves) = try await run(
      "echo $1 >> out; [ $(wc -l < out) -ge 3 ]", arrivals: 1...1, until: 1, attempts: 5)
    #expect(lines == Array(repeating: "\(FakeNode.id(1))", count: 3))
    #expect(moves == [1])
  }

  @Test("A record that always fails is given up, and the next has its turn")
  func givesUp() async throws {
    let bad = FakeNode.id(1)
    let (lines, moves) = try await run(
      "echo $1 >> out; [ $1 != \(bad) ]", arrivals: 1...2, until: 2, attempts: 2)
    #expect(lines == ["\(bad)", "\(bad)", "\(FakeNode.id(2))"])
    #expect(moves == [1, 2])
  }

  @Test("A run that takes too long is killed with all that it started")
  func timeLimit() async throws {
    let exit = await ChildProcess.run(
      "/bin/sh", arguments: ["-c", "/bin/sleep 1000 & wait"], environment: [],
      limit: .milliseconds(20))
    #expect(exit == .timedOut)
  }

  @Test(
    "How a program ended is told",
    arguments: [
      ("exit 0", ChildExit.exited(0)), ("exit 7", .exited(7)), ("kill -9 $$", .signalled(9)),
    ])
  func exits(_ script: String, _ expected: ChildExit) async {
    let exit = await ChildProcess.run(
      "/bin/sh", arguments: ["-c", script], environment: [], limit: .seconds(20))
    #expect(exit == expected)
  }

  @Test("A program that is not there is told as not started")
  func missing() async {
    let exit = await ChildProcess.run(
      "/nowhere/hook", arguments: [], environment: [], limit: .seconds(20))
    #expect(exit == .notStarted(2))
  }

  @Test("The program sees neither our environment nor our descriptors")
  func isolation() async throws {
    let folder = try APIWorld.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let out = folder + "/out"
    // A descriptor without close-on-exec, such as a library might leave.
    let pipe = try #require(Pipes.open())
    defer { Pipes.close(pipe) }
    let exit = await ChildProcess.run(
      "/bin/sh",
      arguments: ["-c", "/usr/bin/env > \(out); [ ! -e /proc/self/fd/\(pipe.0) ]"],
      environment: ["ONLY=this"], limit: .seconds(20))
    #expect(exit == .exited(0))
    let names = String(decoding: try Data(contentsOf: URL(filePath: out)), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: "=")[0] }
    #expect(Set(names).subtracting(["ONLY", "PWD", "SHLVL", "_"]) == [])
    #expect(names.contains("ONLY"))
  }
}

@Suite("The ticker")
struct TickerTests {
  @Test("It ticks again and again, and ends with the graceful shutdown")
  func ticks() async throws {
    let (ticked, continuation) = AsyncStream<Void>.makeStream()
    let ticker = Ticker(every: .milliseconds(1), clock: ContinuousClock()) {
      continuation.yield(())
    }
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: ticker)], logger: APIWorld.silent))
    let running = Task { try await group.run() }
    var iterator = ticked.makeAsyncIterator()
    for _ in 0..<3 { await iterator.next() }
    await group.triggerGracefulShutdown()
    try await running.value
  }
}
