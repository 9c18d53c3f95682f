public import Cryptography
public import RecordModel
import RecordSchema

/// `export.json`: what an export holds. Written last, so that an export without it is unfinished.
/// Nobody signs it: it says where to look, and what it says is compared with what is found.
public struct ExportManifest: Hashable, Sendable {
  /// The one version of this format.
  public static let version = 1
  /// Most bytes of a manifest.
  public static let byteLimit = 64 << 20

  /// What a log is to the node.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A channel on which the node sends.
    case channelOut = "channel-out"
    /// A channel on which it receives.
    case channelIn = "channel-in"
    /// Its journal.
    case journal
  }

  /// One log of the export.
  public struct Log: Hashable, Sendable {
    /// What it is to the node.
    public var kind: Kind
    /// Its origin line.
    public var origin: String
    /// How many entries are there.
    public var size: UInt64
    /// The root over them.
    public var root: Digest
    /// The size of the signed head in `checkpoint`; 0 where there is none.
    public var checkpoint: UInt64
    /// How many other signed heads are there.
    public var checkpoints: UInt64
    /// Bundles that end before or at this entry were left out, since they are in an earlier export;
    /// 0 where all are there.
    public var from: UInt64

    /// A log from its parts.
    public init(
      kind: Kind, origin: String, size: UInt64, root: Digest, checkpoint: UInt64,
      checkpoints: UInt64, from: UInt64
    ) {
      self.kind = kind
      self.origin = origin
      self.size = size
      self.root = root
      self.checkpoint = checkpoint
      self.checkpoints = checkpoints
      self.from = from
    }

    /// Its folder.
    public var path: String { "logs/\(origin)" }
  }

  /// The journal of another node, of which signed heads are there.
  public struct Witnessed: Hashable, Sendable {
    /// Which journal.
    public var origin: JournalOrigin
    /// How many heads are there.
    public var checkpoints: UInt64

    /// A journal and how many of its heads are there.
    public init(origin: JournalOrigin, checkpoints: UInt64) {
      self.origin = origin
      self.checkpoints = checkpoints
    }

    /// Its folder.
    public var path: String { "witnessed/\(origin)" }
  }

  /// The federation's name.
  public var federation: String
  /// Whose node was exported.
  public var code: AgencyCode
  /// Which program wrote it.
  public var software: String
  /// When.
  public var time: Timestamp
  /// Whether payloads are there.
  public var payloads: Bool
  /// Whether attached files are there.
  public var files: Bool
  /// The versions of the directories that were ever in force, ascending.
  public var directories: [UInt64]
  /// The logs, by origin.
  public var logs: [Log]
  /// Other nodes' journals, by origin.
  public var witnessed: [Witnessed]

  /// A manifest from its parts.
  public init(
    federation: String, code: AgencyCode, software: String, time: Timestamp, payloads: Bool,
    files: Bool, directories: [UInt64], logs: [Log], witnessed: [Witnessed]
  ) {
    self.federation = federation
    self.code = code
    self.software = software
    self.time = time
    self.payloads = payloads
    self.files = files
    self.directories = directories
    self.logs = logs
    self.witnessed = witnessed
  }

  /// The file's bytes: one line of JSON.
  public var encoded: [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("v", Self.version)
      json.member("federation", federation)
      json.member("code", code.rawValue)
      json.member("software", software)
      json.member("time", time.description)
      json.member("payloads", payloads)
      json.member("files", files)
      json.array("directories") { json in
        for version in directories { json.integer(version) }
      }
      json.array("logs") { json in
        for log in logs { log.write(to: &json) }
      }
      json.array("witnessed") { json in
        for journal in witnessed {
          json.object { json in
            json.member("path", journal.path)
            json.member("origin", journal.origin.description)
            json.member("checkpoints", journal.checkpoints)
          }
        }
      }
    }
    return writer.bytes + [0x0A]
  }

  /// Reads a manifest.
  /// - Throws: `ExportError` with `.malformed`.
  public init(parsing bytes: [UInt8]) throws(ExportError) {
    let root = try ExportObject(parsing: bytes, name: "export.json", limit: Self.byteLimit)
    try root.allow([
      "v", "federation", "code", "software", "time", "payloads", "files",
      "directories", "logs", "witnessed",
    ])
    guard try root.integer("v") == Self.version else { throw root.wrong("v") }
    federation = try root.string("federation")
    guard FederationName.isValid(federation) else { throw root.wrong("federation") }
    guard let code = try? AgencyCode(root.string("code")) else { throw root.wrong("code") }
    self.code = code
    software = try root.string("software")
    guard let time = try? Timestamp(parsing: root.string("time")) else { throw root.wrong("time") }
    self.time = time
    payloads = try root.bool("payloads")
    files = try root.bool("files")
    directories = try root.integers("directories")
    guard zip(directories, directories.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw root.wrong("directories")
    }
    logs = []
    for item in try root.objects("logs") {
      logs.append(try Log(item, federation: federation, code: code))
    }
    guard Set(logs.map(\.origin)).count == logs.count else { throw root.wrong("logs") }
    witnessed = []
    for item in try root.objects("witnessed") { witnessed.append(try Witnessed(item)) }
    guard Set(witnessed.map(\.origin)).count == witnessed.count else {
      throw root.wrong("witnessed")
    }
  }
}

extension ExportManifest.Witnessed {
  fileprivate init(_ item: ExportObject) throws(ExportError) {
    try item.allow(["path", "origin", "checkpoints"])
    guard let origin = try? JournalOrigin(parsing: item.string("origin")) else {
      throw item.wrong("origin")
    }
    self.init(origin: origin, checkpoints: try item.integer("checkpoints"))
    guard try item.string("path") == path else { throw item.wrong("path") }
  }
}

extension ExportManifest.Log {
  /// The channel that it is; nil for a journal.
  public var channel: Origin? { kind == .journal ? nil : try? Origin(parsing: origin) }
  /// The journal that it is; nil for a channel.
  public var journal: JournalOrigin? {
    kind == .journal ? try? JournalOrigin(parsing: origin) : nil
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("path", path)
      json.member("origin", origin)
      json.member("kind", kind.rawValue)
      json.member("size", size)
      json.member("root", root.description)
      json.member("checkpoint", checkpoint)
      json.member("checkpoints", checkpoints)
      if from > 0 { json.member("from", from) }
    }
  }

  fileprivate init(
    _ item: ExportObject, federation: String, code: AgencyCode
  ) throws(ExportError) {
    try item.allow([
      "path", "origin", "kind", "size", "root", "checkpoint", "checkpoints", "from",
    ])
    guard let kind = try ExportManifest.Kind(rawValue: item.string("kind")) else {
      throw item.wrong("kind")
    }
    self.init(
      kind: kind, origin: try item.string("origin"), size: try item.integer("size"),
      root: try item.digest("root"), checkpoint: try item.integer("checkpoint"),
      checkpoints: try item.integer("checkpoints"),
      from: item.has("from") ? try item.integer("from") : 0)
    // The origin becomes a path: only what parses is one.
    let isOwn =
      switch kind {
      case .channelOut:
        channel.map { $0.federation == federation && $0.direction.from == code } ?? false
      case .channelIn:
        channel.map { $0.federation == federation && $0.direction.to == code } ?? false
      case .journal: journal.map { $0.federation == federation && $0.code == code } ?? false
      }
    guard isOwn else { throw item.wrong("origin") }
    guard try item.string("path") == path else { throw item.wrong("path") }
    guard checkpoint <= size, from <= size else { throw item.wrong("size") }
  }
}
