public import NodeClient
public import RecordModel
import RecordSchema
import TransparencyLog

/// What `watch.json` says: whom to watch, and under which name to cosign.
public struct WatchConfiguration: Sendable, Hashable {
  /// Most bytes of the file.
  public static let byteLimit = 1 << 20

  /// A node whose logs are followed.
  public struct Node: Sendable, Hashable {
    /// Its agency.
    public var code: AgencyCode
    /// Where it serves its logs.
    public var url: WebAddress
    /// A file whose first line is the token for it.
    public var tokenFile: String?
  }

  /// The name under which this witness cosigns, as the directory has it.
  public var name: String
  /// The authority's public keys.
  public var authority: String
  /// A file whose first line is the passphrase of the witness's key.
  public var passphraseFile: String?
  /// Where nodes offer their heads, and metrics are read.
  public var host: String
  /// 0 for one that the kernel chooses.
  public var port: Int
  /// The nodes.
  public var nodes: [Node]
  /// Seconds from one round to the next.
  public var interval: Int
  /// Seconds without a whole round of a node after which it is stale.
  public var staleAfter: Int

  /// Reads the file.
  /// - Throws: `WatchError` with `.configuration`, naming the field.
  public init(parsing bytes: [UInt8]) throws(WatchError) {
    let root: JSONNode
    do {
      root = try JSONDocument(parsing: bytes, profile: .general).root
    } catch {
      throw WatchError(.configuration, "the configuration is no JSON: \(error)")
    }
    let fields = FieldReader(root, "")
    try fields.allow([
      "v", "name", "authority", "passphraseFile", "listen", "nodes", "interval", "staleAfter",
    ])
    guard try fields.integer("v", in: 1...1) == 1 else { throw fields.wrong("v", "must be 1") }
    name = try fields.text("name")
    authority = try fields.path("authority")
    passphraseFile = try fields.has("passphraseFile") ? fields.path("passphraseFile") : nil
    let listen = try fields.object("listen")
    try listen.allow(["host", "port", "plain"])
    host = try listen.has("host") ? listen.text("host") : "127.0.0.1"
    port = try listen.integer("port", in: 0...65_535)
    let isLoopback =
      host == "::1" || host.hasPrefix("127.") && host.split(separator: ".").count == 4
    let isPlain = try listen.has("plain") ? listen.bool("plain") : false
    guard isLoopback || isPlain else {
      throw listen.wrong(
        "host", "is not a loopback address: put a TLS proxy before one, or say plain")
    }
    interval = try fields.has("interval") ? fields.integer("interval", in: 1...86_400) : 10
    staleAfter =
      try fields.has("staleAfter") ? fields.integer("staleAfter", in: 1...31_536_000) : 300
    nodes = []
    for node in try fields.objects("nodes") {
      try node.allow(["code", "url", "tokenFile"])
      guard let code = try? AgencyCode(node.text("code")) else {
        throw node.wrong("code", "must be a unified social credit code")
      }
      let url: WebAddress
      do { url = try WebAddress(node.text("url")) } catch {
        throw node.wrong("url", "\(error)")
      }
      nodes.append(
        Node(
          code: code, url: url,
          tokenFile: try node.has("tokenFile") ? node.path("tokenFile") : nil))
    }
    guard !nodes.isEmpty, Set(nodes.map(\.code)).count == nodes.count else {
      throw fields.wrong("nodes", "must name one node or more, each once")
    }
  }
}

/// How watching fails.
public struct WatchError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A stable, dotted name.
  public struct Code: Hashable, Sendable {
    /// The name.
    public let rawValue: String
    /// Wraps a name.
    public init(_ rawValue: String) { self.rawValue = rawValue }
    /// `watch.json` has a field missing, unknown or wrong.
    public static let configuration = Self("watch.configuration")
    /// The state folder cannot be used: another watch holds it, a file of it is damaged, or its key is
    /// missing.
    public static let state = Self("watch.state")
    /// The state folder cannot be written.
    public static let storage = Self("watch.storage")
    /// What a node serves is not what it must be.
    public static let node = Self("watch.node")
  }
  /// The stable code.
  public var code: Code
  /// One sentence.
  public var message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Code and message.
  public var description: String { "\(code.rawValue): \(message)" }
}

/// Fields of a JSON object of ours.
struct FieldReader {
  private let node: JSONNode
  private let place: String

  init(_ node: JSONNode, _ place: String) {
    self.node = node
    self.place = place
  }

  func wrong(_ field: String, _ rule: String) -> WatchError {
    WatchError(.configuration, "the field \(place)/\(field) \(rule)")
  }

  func allow(_ names: Set<String>) throws(WatchError) {
    guard node.kind == .object else { throw wrong("", "must be an object") }
    var members = node.members
    while let member = members.next() {
      guard names.contains(member.key) else { throw wrong(member.key, "is not known") }
    }
  }

  func has(_ field: String) -> Bool { node[field] != nil }

  func text(_ field: String) throws(WatchError) -> String {
    guard let value = node[field]?.string, !value.isEmpty else {
      throw wrong(field, "must be a text")
    }
    return value
  }

  func path(_ field: String) throws(WatchError) -> String {
    let value = try text(field)
    guard value.hasPrefix("/"), !value.utf8.contains(0) else {
      throw wrong(field, "must be an absolute path")
    }
    return value
  }

  func bool(_ field: String) throws(WatchError) -> Bool {
    guard let value = node[field]?.bool else { throw wrong(field, "must be true or false") }
    return value
  }

  func integer(_ field: String, in range: ClosedRange<Int>) throws(WatchError) -> Int {
    guard let value = node[field]?.integer, let number = Int(exactly: value),
      range.contains(number)
    else {
      throw wrong(field, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func number(_ field: String) throws(WatchError) -> UInt64 {
    guard let value = node[field]?.integer, let number = UInt64(exactly: value) else {
      throw wrong(field, "must be a whole number")
    }
    return number
  }

  func object(_ field: String) throws(WatchError) -> FieldReader {
    guard let value = node[field], value.kind == .object else {
      throw wrong(field, "must be an object")
    }
    return FieldReader(value, "\(place)/\(field)")
  }

  func objects(_ field: String) throws(WatchError) -> [FieldReader] {
    guard let list = node[field], list.kind == .array else { throw wrong(field, "must be a list") }
    var found: [FieldReader] = []
    var elements = list.elements
    while let element = elements.next() {
      found.append(FieldReader(element, "\(place)/\(field)/\(found.count)"))
    }
    return found
  }

  /// Every member with its value.
  func numbers(_ field: String) throws(WatchError) -> [String: UInt64] {
    guard let value = node[field], value.kind == .object else {
      throw wrong(field, "must be an object")
    }
    var found: [String: UInt64] = [:]
    var members = value.members
    while let member = members.next() {
      guard let number = member.value.integer, let number = UInt64(exactly: number) else {
        throw wrong(field, "must hold whole numbers")
      }
      found[member.key] = number
    }
    return found
  }

  func texts(_ field: String) throws(WatchError) -> [String] {
    guard let list = node[field], list.kind == .array else { throw wrong(field, "must be a list") }
    var found: [String] = []
    var elements = list.elements
    while let element = elements.next() {
      guard let text = element.string else { throw wrong(field, "must hold texts") }
      found.append(text)
    }
    return found
  }
}
