import Cryptography
import Foundation
import RecordModel
import Testing
import TransparencyLog

/// The examples in docs/formats.md are what this code reads and writes.
@Suite("docs/formats.md")
struct FormatsDocumentTests {
  /// The contents of the fenced blocks with an info string, such as `json header`.
  static func blocks(_ info: String) throws -> [String] {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/formats.md")
    var blocks: [String] = []
    var current: [Substring]?
    for line in try String(contentsOf: page, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      if let lines = current {
        if line == "```" {
          blocks.append(lines.joined(separator: "\n"))
          current = nil
        } else {
          current = lines + [line]
        }
      } else if line == "```\(info)" {
        current = []
      }
    }
    return blocks
  }

  static func block(_ info: String) throws -> String {
    let blocks = try blocks(info)
    try #require(blocks.count == 1)
    return blocks[0]
  }

  @Test("The header is canonical and commits to the payload under the salt")
  func header() throws {
    let bytes = Array(try Self.block("json header").utf8)
    let header = try RecordHeader(parsing: bytes)
    #expect(header.encoded() == bytes)
    let payload = Array(try Self.block("json payload").utf8)
    let salt = try #require(CanonicalBase64.decode(try Self.block("text salt")))
    #expect(header.payload.size == payload.count)
    #expect(
      header.payload.commitment
        == Commitment.make(salt: salt, payload: payload, suite: .sha256Ed25519))
    #expect(header.id.time == header.time)
  }

  @Test("The directory verifies by two of the three keys, and encodes to the same text")
  func directory() throws {
    let note = Array((try Self.block("note directory") + "\n").utf8)
    let keys = try Self.block("text authority").split(separator: "\n").map {
      try VerifierKey(parsing: String($0), suite: .sha256Ed25519)
    }
    let directory = try FederationDirectory(
      verifying: note, pinned: try Authority(threshold: 2, keys: keys))
    #expect(try DirectoryDraft(directory.contents).text() == directory.note.text)
    #expect(directory.nodes.count == 2)
    #expect(
      directory.nodes.values.flatMap(\.tlsAnchors).allSatisfy {
        (try? Certificate(pem: Array($0.utf8))) != nil
      })
    #expect(
      thrownCode {
        _ = try FederationDirectory(
          verifying: note, pinned: try Authority(threshold: 3, keys: keys))
      } == "directory.quorum")
  }

  @Test("There is an example of every journal event, and each is in its form")
  func journal() throws {
    let blocks = try Self.blocks("json journal")
    var events: Set<JournalEvent> = []
    for block in blocks {
      let entry = try JournalEntry(parsing: Array(block.utf8))
      #expect(entry.problem == nil, "\(entry.event)")
      #expect(entry.encoded() == Array(block.utf8))
      events.insert(entry.event)
    }
    #expect(blocks.count == events.count)
    #expect(events == Set(JournalEvent.all))
  }
}
