import Cryptography
import RecordSchema
import TransparencyLog

extension DirectoryContents {
  /// Reads the signed text: the name line, one line of strict JSON, nothing else.
  /// - Throws: `RecordModelError` with `.directoryNote`, `.directoryJSON`, `.directoryField`,
  ///   `.directoryAuthority`, `.directoryKeyReuse` or `.federation`.
  init(parsing text: String) throws(RecordModelError) {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count == 3, lines[2].isEmpty else {
      throw RecordModelError(
        .directoryNote, "A directory's text must be a name line and one line of JSON.")
    }
    let document: JSONDocument
    do {
      // Four levels of braces are the deepest; the note's own limit bounds the size.
      document = try JSONDocument(
        parsing: Array(lines[1]), profile: .record,
        limits: .init(depth: 8, size: FederationDirectory.noteByteLimit))
    } catch {
      throw RecordModelError(
        .directoryJSON, "The directory's JSON is not strict.", cause: "\(error)")
    }
    try self.init(try DirectoryObject(document.root, ""))
    try validate()
    guard lines[0].elementsEqual(KeyName.directory(federation: federation).utf8) else {
      throw RecordModelError(
        .directoryNote, "The name line is not that of the directory's federation.")
    }
  }

  private init(_ root: DirectoryObject) throws(RecordModelError) {
    try root.allow([
      "v", "federation", "version", "notBefore", "notAfter", "suite", "authority", "next", "nodes",
      "witnesses", "policy", "clocks", "calendars",
    ])
    guard try root.integer("v") == UInt64(Self.formatVersion) else {
      throw root.problem("v", "must be \(Self.formatVersion)")
    }
    guard let suite = Suite(name: try root.string("suite")) else {
      throw root.problem("suite", "must be a suite that this version knows")
    }
    self.init(
      federation: try root.string("federation"), version: try root.integer("version"),
      notBefore: try root.time("notBefore"), notAfter: try root.time("notAfter"), suite: suite,
      authority: try Self.authority(try root.object("authority"), suite))
    if root.has("next") { next = try Self.authority(try root.object("next"), suite) }
    for item in try root.objects("nodes", limit: Self.nodeLimit) {
      let node = try Self.node(item, suite)
      guard nodes.updateValue(node, forKey: node.code) == nil else {
        throw item.problem("code", "stands for two nodes")
      }
    }
    witnesses = try root.objects("witnesses", limit: Self.witnessLimit)
      .map { item throws(RecordModelError) in try Self.witness(item, suite) }
    policy = try Self.policy(try root.object("policy"))
    if root.has("clocks") { clocks = try root.digest("clocks") }
    for item in try root.objects("calendars", limit: Self.calendarLimit) {
      try item.allow(["year", "digest"])
      let year = Int(try item.integer("year"))
      guard calendars.updateValue(try item.digest("digest"), forKey: year) == nil else {
        throw item.problem("year", "stands for two calendars")
      }
    }
  }

  private static func authority(
    _ item: DirectoryObject, _ suite: Suite
  ) throws(RecordModelError) -> Authority {
    try item.allow(["threshold", "keys"])
    var keys: [VerifierKey] = []
    for text in try item.strings("keys", limit: Authority.keyLimit) {
      do {
        keys.append(try VerifierKey(parsing: text, suite: suite))
      } catch {
        throw item.problem("keys", "has what is no verifier key of the suite (\(error.code))")
      }
    }
    return try Authority(threshold: Int(try item.integer("threshold")), keys: keys)
  }

  private static func node(
    _ item: DirectoryObject, _ suite: Suite
  ) throws(RecordModelError) -> NodeEntry {
    try item.allow([
      "code", "name", "role", "endpoint", "recordKeys", "receiptKeys", "witnessKeys", "tlsAnchors",
    ])
    guard let code = AgencyCode(ascii: Array(try item.string("code").utf8)[...]) else {
      throw item.problem("code", "must be a credit code with its check digit")
    }
    guard let role = AgencyRole(rawValue: try item.string("role")) else {
      throw item.problem("role", "must be a role")
    }
    return NodeEntry(
      code: code, name: try item.string("name"), role: role,
      endpoint: item.has("endpoint") ? try item.string("endpoint") : nil,
      recordKeys: try keys("recordKeys", item, suite),
      receiptKeys: try keys("receiptKeys", item, suite),
      witnessKeys: try keys("witnessKeys", item, suite),
      tlsAnchors: try item.strings("tlsAnchors", limit: anchorLimit))
  }

  private static func witness(
    _ item: DirectoryObject, _ suite: Suite
  ) throws(RecordModelError) -> WitnessEntry {
    try item.allow(["name", "endpoint", "keys"])
    return WitnessEntry(
      name: try item.string("name"),
      endpoint: item.has("endpoint") ? try item.string("endpoint") : nil,
      keys: try keys("keys", item, suite))
  }

  private static func policy(_ item: DirectoryObject) throws(RecordModelError) -> DirectoryPolicy {
    try item.allow(["allow"])
    var rules: [DirectoryPolicy.Rule] = []
    for rule in try item.objects("allow", limit: ruleLimit) {
      try rule.allow(["from", "to", "kinds"])
      rules.append(
        DirectoryPolicy.Rule(
          from: try roles("from", rule), to: try roles("to", rule),
          kinds: try rule.strings("kinds", limit: kindLimit)))
    }
    return DirectoryPolicy(allow: rules)
  }

  private static func roles(
    _ name: String, _ item: DirectoryObject
  ) throws(RecordModelError) -> [AgencyRole] {
    var roles: [AgencyRole] = []
    for text in try item.strings(name, limit: AgencyRole.allCases.count) {
      guard let role = AgencyRole(rawValue: text) else {
        throw item.problem(name, "must be roles")
      }
      roles.append(role)
    }
    return roles
  }

  private static func keys(
    _ name: String, _ item: DirectoryObject, _ suite: Suite
  ) throws(RecordModelError) -> [DatedKey] {
    var keys: [DatedKey] = []
    for entry in try item.objects(name, limit: keyLimit) {
      try entry.allow(["key", "notBefore", "notAfter"])
      guard let raw = CanonicalBase64.decode(try entry.string("key")),
        let key = try? suite.verificationKey(raw: raw)
      else { throw entry.problem("key", "must be a public key of the suite in base64") }
      keys.append(
        DatedKey(
          key: key, notBefore: try entry.time("notBefore"),
          notAfter: entry.has("notAfter") ? try entry.time("notAfter") : nil))
    }
    return keys
  }
}

/// An object of the directory's JSON, read member by member.
private struct DirectoryObject {
  private let node: JSONNode
  private let pointer: String

  init(_ node: JSONNode, _ pointer: String) throws(RecordModelError) {
    guard node.kind == .object else {
      throw DirectoryContents.problem(pointer, "must be an object")
    }
    self.node = node
    self.pointer = pointer
  }

  func problem(_ name: String, _ rule: String) -> RecordModelError {
    DirectoryContents.problem("\(pointer)/\(name)", rule)
  }

  /// Refuses members of other names.
  func allow(_ names: [String]) throws(RecordModelError) {
    for (key, _) in node.members where !names.contains(key) {
      throw RecordModelError(
        .directoryField, "'\(pointer)' has an unknown member.", field: pointer)
    }
  }

  func has(_ name: String) -> Bool { node[name] != nil }

  func string(_ name: String) throws(RecordModelError) -> String {
    guard let text = try member(name).string else { throw problem(name, "must be a string") }
    return text
  }

  func integer(_ name: String) throws(RecordModelError) -> UInt64 {
    guard let number = try member(name).integer, number >= 0 else {
      throw problem(name, "must be a whole number from 0")
    }
    return UInt64(number)
  }

  func time(_ name: String) throws(RecordModelError) -> Timestamp {
    guard let time = Timestamp(ascii: Array(try string(name).utf8)[...]) else {
      throw problem(name, "must be a real time with milliseconds and +08:00")
    }
    return time
  }

  func digest(_ name: String) throws(RecordModelError) -> Digest {
    guard let digest = Digest(base64: try string(name)) else {
      throw problem(name, "must be 32 bytes in canonical base64")
    }
    return digest
  }

  func object(_ name: String) throws(RecordModelError) -> DirectoryObject {
    try DirectoryObject(try member(name), "\(pointer)/\(name)")
  }

  func objects(_ name: String, limit: Int) throws(RecordModelError) -> [DirectoryObject] {
    var objects: [DirectoryObject] = []
    for element in try elements(name, limit) {
      objects.append(try DirectoryObject(element, "\(pointer)/\(name)/\(objects.count)"))
    }
    return objects
  }

  func strings(_ name: String, limit: Int) throws(RecordModelError) -> [String] {
    var strings: [String] = []
    for element in try elements(name, limit) {
      guard let text = element.string else { throw problem(name, "must hold strings only") }
      strings.append(text)
    }
    return strings
  }

  private func elements(_ name: String, _ limit: Int) throws(RecordModelError) -> JSONNode.Elements
  {
    let list = try member(name)
    guard list.kind == .array else { throw problem(name, "must be an array") }
    guard list.count <= limit else { throw problem(name, "has more than \(limit)") }
    return list.elements
  }

  private func member(_ name: String) throws(RecordModelError) -> JSONNode {
    guard let member = node[name] else { throw problem(name, "is missing") }
    return member
  }
}
