import Auditor
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@testable import AuditService
@testable import sanxiang

/// What a node serves over HTTP, and what an export of it has in files.
@Suite("A served export")
struct ServedExportTests {
  @Test("has every file of an export in a folder, byte for byte")
  func sameFiles() async throws {
    let served = try ServedWorld(leads: 9)
    try await withFolder { folder in
      let path = folder + "/export"
      try served.export(into: path)
      let names = try #require(FileManager.default.enumerator(atPath: path))
        .compactMap { $0 as? String }
        .filter {
          var isFolder: ObjCBool = false
          return FileManager.default.fileExists(atPath: "\(path)/\($0)", isDirectory: &isFolder)
            && !isFolder.boolValue
        }
      #expect(names.count > 20)
      for name in names.sorted() {
        let file = FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init)
        let bytes = try await served.bytes("/" + name)
        #expect(bytes == file, "\(name)")
      }
    }
  }

  @Test("keeps the state that an auditor was shown while the log grows on")
  func snapshot() async throws {
    let served = try ServedWorld(leads: 3)
    let id = try await served.shownSnapshot()
    let origin = try #require(
      try served.world.nodes[0].store.base.read {
        try $0.channels().first?.origin.description
      })
    let names = ["/logs/\(origin)/checkpoint", "/logs/\(origin)/claims.json", "/outbox.txt"]
    var before: [[UInt8]?] = []
    for name in names { before.append(try await served.bytes(name)) }
    try served.exchange(4)
    for (name, old) in zip(names, before) {
      #expect(try await served.bytes("\(name)?snapshot=\(id)") == old, "\(name)")
    }
    for (name, old) in zip(names, before).dropLast() {
      #expect(try await served.bytes(name) != old, "\(name)")
    }
  }

  @Test("shows no payload to whom none is for, and the same leaves all the same")
  func withoutPayloads() async throws {
    let served = try ServedWorld(leads: 4)
    let log = try #require(
      try await ExportManifest(parsing: served.bytes("/export.json") ?? []).logs
        .first { $0.kind == .channelOut })
    let name = "/\(log.path)/payload/000.p/\(log.size)"
    let hidden = try #require(try await served.bytes(name, payloads: false))
    #expect(hidden == [UInt8](repeating: 0, count: Int(log.size)))
    let shown = try #require(try await served.bytes(name))
    #expect(shown.count > 100 * Int(log.size))
    let manifest = try await ExportManifest(
      parsing: served.bytes("/export.json", payloads: false) ?? [])
    #expect(!manifest.payloads)
    let own = try ServedWorld(leads: 1, payloads: false)
    #expect(try await own.bytes("/\(log.path)/payload/000.p/1") == [0])
  }

  @Test("answers with a part of a file, of a bundle of payloads too")
  func ranges() async throws {
    let served = try ServedWorld(leads: 6)
    let log = try #require(
      try await ExportManifest(parsing: served.bytes("/export.json") ?? []).logs
        .first { $0.kind == .channelOut })
    for name in ["tile/entries/000.p/\(log.size)", "payload/000.p/\(log.size)", "checkpoint"] {
      let path = "/\(log.path)/\(name)"
      let whole = try #require(try await served.bytes(path))
      for (first, last) in [(0, 0), (7, 99), (whole.count - 3, whole.count + 50)] {
        let reply = try await served.get(path, range: "bytes=\(first)-\(last)")
        #expect(reply.status == 206)
        #expect(try await reply.whole() == Array(whole[first...min(last, whole.count - 1)]))
      }
      let beyond = try await served.get(path, range: "bytes=\(whole.count)-")
      #expect(beyond.status == 416)
      for odd in ["bytes=5-2", "bytes=a-b", "bytes=0-1,4-5", "items=0-1"] {
        #expect(try await served.get(path, range: odd).whole() == whole, "\(odd)")
      }
    }
  }

  @Test(
    "has no other names",
    arguments: [
      "", "/", "/export", "//export.json", "/export.json/", "/../authority.json", "/logs",
      "/logs/a/b/c/d/1/checkpoint", "/directories/000009.note", "/directories/1.note",
      "/files/00.json", "/certificates/x.pem", "/unfinished.json",
      "/logs/%2e%2e/b/c/d/1/checkpoint",
      "/witnessed/a/b/c/d/1/checkpoints/000.p/1", "/store.sqlite", "/keys/record.key",
    ])
  func names(_ target: String) async throws {
    let served = try ServedWorld(leads: 1)
    #expect(try await served.get(target).status == 404)
  }

  @Test(
    "has no tile or bundle that its logs do not reach",
    arguments: [
      "tile/0/001", "tile/0/000", "tile/0/000.p/200", "tile/1/000.p/1", "tile/entries/000",
      "tile/entries/000.p/200", "tile/entries/x001/000.p/1", "payload/000", "payload/000.p/0",
      "payload/001.p/1", "checkpoints/000", "checkpoints/000.p/255", "checkpoints/001.p/1",
      "tile/64/000", "tile/0/18446744073709551615", "tile/0/x072/x057/x594/x037/x927/936.p/1",
    ])
  func beyond(_ name: String) async throws {
    let served = try ServedWorld(leads: 3)
    let manifest = try ExportManifest(parsing: try await served.bytes("/export.json") ?? [])
    for log in manifest.logs {
      #expect(try await served.get("/\(log.path)/\(name)").status == 404, "\(log.origin)")
    }
  }

  @Test(
    "has no file at the end of all numbers, whoever names one",
    arguments: [UInt64(1) << 56, .max], [1, Tile.fullWidth])
  func lastNumbers(_ index: UInt64, _ width: Int) async throws {
    let served = try ServedWorld(leads: 3)
    let manifest = try ExportManifest(parsing: try await served.bytes("/export.json") ?? [])
    let logs = manifest.logs.map(\.path)
    let folders =
      (0...Tile.levelLimit).map { "tile/\($0)" } + [
        "tile/entries", "payload", "checkpoints",
      ]
    let name = try Tile(level: 0, index: index, width: width)
    for path in logs + manifest.witnessed.map(\.path) {
      for folder in folders {
        let target = "/\(path)/\(name.path(in: folder))"
        #expect(try await served.get(target).status == 404, "\(target)")
      }
    }
    #expect(manifest.witnessed.count == 1 && logs.count == 3)
  }

  @Test("lets complete tiles be kept for ever, heads not at all, and payloads by nobody")
  func caching() async throws {
    let served = try ServedWorld(leads: 3)
    let log = try #require(
      try await ExportManifest(parsing: served.bytes("/export.json") ?? []).logs
        .first { $0.kind == .channelOut })
    for (name, wanted) in [
      ("tile/0/000.p/\(log.size)", "private, max-age=604800, immutable"),
      ("tile/entries/000.p/\(log.size)", "private, max-age=604800, immutable"),
      ("checkpoint", "no-cache"), ("claims.json", "no-cache"),
      ("payload/000.p/\(log.size)", "no-store"),
    ] {
      let reply = try await served.get("/\(log.path)/\(name)")
      #expect(reply.headers.filter { $0.name == "cache-control" }.map(\.value) == [wanted])
    }
  }
}
