public import Cryptography
public import RecordModel
import RecordSchema

/// `claims.json` of one log: what the node says of it and nobody must believe.
public struct ExportClaims: Hashable, Sendable {
  /// Most bytes of the file.
  public static let byteLimit = 256 << 20

  /// Why the node moves nothing on a channel any more.
  public struct Halt: Hashable, Sendable {
    /// A fault's name.
    public var code: String
    /// What was found.
    public var detail: String
    /// When.
    public var at: Timestamp

    /// A halt from its parts.
    public init(code: String, detail: String, at: Timestamp) {
      self.code = code
      self.detail = detail
      self.at = at
    }
  }

  /// How many entries the node says it holds.
  public var size: UInt64
  /// The root that the node says they have.
  public var root: Digest
  /// The places of the entries that their receiver refused, ascending.
  public var refused: [UInt64]
  /// Why the channel is halted; nil where it is not.
  public var halt: Halt?
  /// Whether the node is on its way back from a backup.
  public var isRestoring: Bool

  /// Claims from their parts.
  public init(
    size: UInt64, root: Digest, refused: [UInt64] = [], halt: Halt? = nil,
    isRestoring: Bool = false
  ) {
    self.size = size
    self.root = root
    self.refused = refused
    self.halt = halt
    self.isRestoring = isRestoring
  }

  /// The file's bytes: one line of JSON.
  public var encoded: [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("v", 1)
      json.member("size", size)
      json.member("root", root.description)
      json.array("refused") { json in
        for seq in refused { json.integer(seq) }
      }
      if let halt {
        json.object("halt") { json in
          json.member("code", halt.code)
          json.member("detail", halt.detail)
          json.member("at", halt.at.description)
        }
      }
      json.member("restoring", isRestoring)
    }
    return writer.bytes + [0x0A]
  }

  /// Reads the file.
  /// - Throws: `ExportError` with `.malformed`.
  public init(parsing bytes: [UInt8]) throws(ExportError) {
    let root = try ExportObject(parsing: bytes, name: "claims.json", limit: Self.byteLimit)
    try root.allow(["v", "size", "root", "refused", "halt", "restoring"])
    guard try root.integer("v") == 1 else { throw root.wrong("v") }
    size = try root.integer("size")
    self.root = try root.digest("root")
    refused = try root.integers("refused")
    guard zip(refused, refused.dropFirst()).allSatisfy({ $0 < $1 }), (refused.last ?? 0) <= size
    else { throw root.wrong("refused") }
    isRestoring = try root.bool("restoring")
    guard root.has("halt") else { return }
    let halt = try root.object("halt")
    try halt.allow(["code", "detail", "at"])
    guard let at = try? Timestamp(parsing: halt.string("at")) else { throw halt.wrong("at") }
    self.halt = Halt(code: try halt.string("code"), detail: try halt.string("detail"), at: at)
  }
}

/// `outbox.txt`: what the node says it still has to seal, a line for each submission, queued or dead:
/// `<id>`, or for a queued refusal `<id> <refused record> <its thread>`.
public struct ExportOutbox: Hashable, Sendable {
  /// Most bytes of the file.
  public static let byteLimit = 256 << 20

  /// A queued refusal's target.
  public struct Refusal: Hashable, Sendable {
    /// The refused record.
    public var target: RecordID
    /// The thread that it stands in.
    public var thread: RecordID

    /// A refusal of `target`.
    public init(target: RecordID, thread: RecordID) {
      self.target = target
      self.thread = thread
    }
  }

  /// Every submission.
  public private(set) var submissions: Set<RecordID> = []
  /// What the queued refusals refuse.
  public private(set) var refusals: Set<Refusal> = []

  /// Nothing waits.
  public init() {}

  /// Reads the file.
  /// - Throws: `ExportError` with `.malformed`.
  public init(parsing bytes: [UInt8]) throws(ExportError) {
    func wrong(_ line: Int) -> ExportError {
      ExportError(.malformed, "outbox.txt: line \(line) is not one to three record ids")
    }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    guard lines.popLast()?.isEmpty == true else { throw wrong(lines.count + 1) }
    for (number, line) in lines.enumerated() {
      let ids = line.split(separator: 0x20, omittingEmptySubsequences: false).compactMap {
        try? RecordID(parsing: String(decoding: $0, as: UTF8.self))
      }
      guard line.utf8Length(of: ids.count), ids.count == 1 || ids.count == 3,
        submissions.insert(ids[0]).inserted
      else { throw wrong(number + 1) }
      if ids.count == 3 { refusals.insert(Refusal(target: ids[1], thread: ids[2])) }
    }
  }

  /// The line of a submission.
  public static func line(_ id: RecordID, refuses refusal: Refusal? = nil) -> [UInt8] {
    let rest = refusal.map { " \($0.target) \($0.thread)" } ?? ""
    return Array("\(id)\(rest)\n".utf8)
  }
}

extension ArraySlice<UInt8> {
  /// Whether this is as long as so many ids with a space between each two.
  fileprivate func utf8Length(of ids: Int) -> Bool {
    ids > 0 && count == ids * (RecordID.textByteCount + 1) - 1
  }
}
