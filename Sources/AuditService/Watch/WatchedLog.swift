import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// What a watch keeps of one log: the newest head that it verified and cosigned, how far it has hashed
/// the entries itself, and how far each node has shown the log.
struct WatchedLog: Sendable, Hashable {
  var origin: String
  /// The newest head; size 0 before the first.
  var size: UInt64 = 0
  var root: Digest
  /// The signed note with this witness's cosignature; empty before the first.
  var note: [UInt8] = []
  /// That cosignature's time in Unix seconds.
  var cosignedAt: UInt64 = 0
  /// The tree over the entries that were hashed, at a head whose root they had.
  var hashed: Frontier
  /// The largest size that each node has shown, by its code.
  var shown: [String: UInt64] = [:]

  /// A log of which nothing is known.
  init(origin: String, suite: Suite) {
    self.origin = origin
    root = Merkle.emptyRoot(suite: suite)
    hashed = Frontier(suite: suite)
  }

  /// The file's name: an origin's parts are letters, digits, dots, dashes.
  var fileName: String { Self.fileName(origin) }

  static func fileName(_ origin: String) -> String {
    "logs/" + origin.split(separator: "/").joined(separator: "_") + ".json"
  }

  /// The file's bytes.
  var encoded: [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("v", 1)
      json.member("origin", origin)
      json.member("size", size)
      json.member("root", CanonicalBase64.encode(root))
      json.member("note", String(decoding: note, as: UTF8.self))
      json.member("cosignedAt", cosignedAt)
      json.member("hashed", hashed.size)
      json.array("nodes") { json in
        for node in hashed.nodes { json.string(CanonicalBase64.encode(node)) }
      }
      json.object("shown") { json in
        for (code, size) in shown.sorted(by: { $0.key < $1.key }) { json.member(code, size) }
      }
    }
    return writer.bytes + [0x0A]
  }

  /// Reads the file. One that contradicts itself is damaged.
  init(parsing bytes: [UInt8], suite: Suite) throws(WatchError) {
    let damaged = WatchError(.state, "a file in logs/ is damaged")
    guard let root = try? JSONDocument(parsing: bytes, profile: .general).root else {
      throw damaged
    }
    let fields = FieldReader(root, "")
    guard let origin = try? fields.text("origin"), let size = try? fields.number("size"),
      let rootBytes = CanonicalBase64.decode((try? fields.text("root")) ?? ""),
      let digest = Digest(rootBytes), let note = root["note"]?.string,
      let cosignedAt = try? fields.number("cosignedAt"),
      let hashed = try? fields.number("hashed"), let nodes = try? fields.texts("nodes"),
      let shown = try? fields.numbers("shown")
    else { throw damaged }
    let hashes = nodes.compactMap { CanonicalBase64.decode($0).flatMap { Digest($0) } }
    guard hashes.count == nodes.count,
      let frontier = try? Frontier(suite: suite, size: hashed, nodes: hashes), hashed <= size
    else { throw damaged }
    self.origin = origin
    self.size = size
    self.root = digest
    self.note = Array(note.utf8)
    self.cosignedAt = cosignedAt
    self.hashed = frontier
    self.shown = shown
    guard size > 0 else { return }
    guard let held = try? Checkpoint.signed(parsing: self.note).checkpoint, held.origin == origin,
      held.size == size, held.root == digest, hashed < size || frontier.root == digest
    else { throw damaged }
  }
}
