import Foundation
import Testing

@testable import sanxiang_bench

@Suite("The benchmark's work folder")
struct WorkplaceTests {
  /// A user's own folder with a file in it.
  private func withHome(_ body: (String) async throws -> Void) async throws {
    let home = try Files.makeTemporaryFolder(in: NSTemporaryDirectory())
    defer { Files.remove(home) }
    try Files.write([1], to: home + "/precious")
    try await body(home)
    #expect(FileManager.default.contents(atPath: home + "/precious") == Data([1]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: home) == ["precious"])
  }

  @Test("It is the owner's alone, inside the folder given, and all that is removed")
  func owned() async throws {
    try await withHome { home in
      let first = try Workplace(in: home, keep: false)
      let second = try Workplace(in: home, keep: false)
      #expect(first.folder != second.folder)
      #expect(first.folder.hasPrefix(home + "/"))
      let mode = try FileManager.default.attributesOfItem(atPath: first.folder)
      #expect(mode[.posixPermissions] as? Int == 0o700)
      try Files.write([2], to: first.folder + "/file")
      first.clear()
      second.clear()
    }
  }

  @Test("A folder that is not there is an error that names it")
  func missing() {
    let error = #expect(throws: BenchError.self) {
      try Workplace(in: "/nowhere/at/all", keep: false)
    }
    #expect(error?.description.contains("/nowhere/at/all") == true)
  }

  @Test("Nothing that lies where a file goes is written to, a link least of all")
  func existing() async throws {
    try await withHome { home in
      let workplace = try Workplace(in: home, keep: false)
      defer { workplace.clear() }
      let link = workplace.folder + "/link"
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: home + "/precious")
      #expect(throws: BenchError.self) { try Files.write([9], to: link) }
      #expect(throws: BenchError.self) { try Files.write([9], to: home + "/precious") }
      #expect(throws: BenchError.self) { try Files.makeFolder(home) }
    }
  }

  @Test("Clearing ends what was started, and nothing starts after it")
  func processes() async throws {
    try await withHome { home in
      let workplace = try Workplace(in: home, keep: false)
      func sleeper() -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sleep")
        process.arguments = ["600"]
        return process
      }
      let process = sleeper()
      try workplace.start(process)
      workplace.clear()
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(throws: BenchError.self) { try workplace.start(sleeper()) }
    }
  }

  @Test("A daemon that ends at once fails the measurement and leaves nothing")
  func failing() async throws {
    try await withHome { home in
      var options = BenchOptions()
      (options.records, options.keep) = (1, false)
      (options.folder, options.daemon) = (home, "/bin/false")
      await #expect(throws: BenchError.self) {
        try await BenchWorld.run(options) { _ in Issue.record("there is no world") }
      }
    }
  }
}
