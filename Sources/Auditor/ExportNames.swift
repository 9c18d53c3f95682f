public import Cryptography
public import RecordModel

/// The names of an export's files beside the logs.
public enum ExportNames {
  /// The authority's keys, as the node has them pinned.
  public static let authority = "authority.json"

  /// A directory's note.
  public static func directory(_ version: UInt64) -> String {
    let digits = String(version)
    return
      "directories/\(String(repeating: "0", count: max(0, 6 - digits.utf8.count)))\(digits).note"
  }

  /// A clocks or calendar file.
  public static func file(_ digest: Digest) -> String { "files/\(digest).json" }

  /// A TLS anchor.
  public static func certificate(_ digest: Digest) -> String { "certificates/\(digest).pem" }

  /// The clocks and calendars that a directory names.
  public static func files(of contents: DirectoryContents) -> [Digest] {
    (contents.clocks.map { [$0] } ?? [])
      + contents.calendars.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The TLS anchors of all its nodes, as they stand there.
  public static func anchors(of contents: DirectoryContents) -> [[UInt8]] {
    contents.nodes.sorted { $0.key < $1.key }.flatMap(\.value.tlsAnchors).map { Array($0.utf8) }
  }
}
