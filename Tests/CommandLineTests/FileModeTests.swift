import FoundationEssentials
import Testing

@testable import sanxiangd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("Who else may read the daemon's secrets")
struct FileModeTests {
  /// A file of a mode, in a folder that goes away.
  private func withFile(
    _ mode: mode_t, _ body: (_ path: String, _ folder: String) throws -> Void
  ) throws {
    let folder = "/tmp/sx-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file"
    try Data("secret".utf8).write(to: URL(filePath: path))
    try #require(chmod(path, mode) == 0)
    try body(path, folder)
  }

  @Test("A secret is its owner's alone", arguments: [0o600, 0o400] as [mode_t])
  func closed(mode: mode_t) throws {
    try withFile(mode) { path, _ in
      let bytes = try FileBytes.readSecret(path, environment: [:])
      #expect(bytes == Array("secret".utf8))
    }
  }

  @Test(
    "A secret that group or others may touch is refused by name",
    arguments: [0o640, 0o604, 0o620, 0o601, 0o644] as [mode_t])
  func open(mode: mode_t) throws {
    try withFile(mode) { path, folder in
      // Only what lies in the folder that systemd names is judged otherwise.
      for environment in [[:], ["CREDENTIALS_DIRECTORY": folder + "/other"]] {
        let error = #expect(throws: DaemonError.self) {
          try FileBytes.readSecret(path, environment: environment)
        }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains(path) == true)
      }
    }
  }

  @Test(
    "systemd's credentials pass as it writes them",
    arguments: [(0o400, true), (0o440, true), (0o600, true), (0o444, false)] as [(mode_t, Bool)])
  func credentials(mode: mode_t, passes: Bool) throws {
    try withFile(mode) { path, folder in
      let read = try? FileBytes.readSecret(path, environment: ["CREDENTIALS_DIRECTORY": folder])
      #expect((read != nil) == passes)
    }
  }

  @Test("The way out of the credentials folder leads to no exception")
  func wayOut() throws {
    try withFile(0o440) { path, folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/credentials", withIntermediateDirectories: false)
      #expect(throws: DaemonError.self) {
        try FileBytes.readSecret(
          folder + "/credentials/../file",
          environment: ["CREDENTIALS_DIRECTORY": folder + "/credentials"])
      }
    }
  }

  @Test("A file of another user's is refused", .enabled(if: geteuid() == 0))
  func foreign() throws {
    try withFile(0o600) { path, _ in
      try #require(chown(path, 12_345, 0) == 0)
      #expect(throws: DaemonError.self) { try FileBytes.readSecret(path, environment: [:]) }
      #expect(throws: DaemonError.self) { try FileBytes.checkUnchangeable(path) }
    }
  }

  @Test(
    "A configuration may be read by all and changed by its owner",
    arguments: [(0o600, true), (0o644, true), (0o664, false), (0o646, false)] as [(mode_t, Bool)])
  func configuration(mode: mode_t, passes: Bool) throws {
    try withFile(mode) { path, _ in
      let error: DaemonError?
      do {
        try FileBytes.checkUnchangeable(path)
        error = nil
      } catch let refused as DaemonError {
        error = refused
      }
      #expect((error == nil) == passes)
      #expect(passes || error?.message.contains(path) == true)
    }
  }

  @Test("Only a file with leave to run can be a hook")
  func executable() throws {
    try withFile(0o700) { path, folder in
      #expect(FileBytes.isExecutable(path))
      #expect(!FileBytes.isExecutable(folder))
      #expect(!FileBytes.isExecutable(folder + "/none"))
    }
    try withFile(0o600) { path, _ in #expect(!FileBytes.isExecutable(path)) }
  }
}
