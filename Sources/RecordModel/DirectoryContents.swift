public import Cryptography
import TransparencyLog

/// What a federation directory says, apart from who signed it.
public struct DirectoryContents: Hashable, Sendable {
  /// The one version of this format, field `v`.
  public static let formatVersion = 1
  /// Most nodes of a federation.
  public static let nodeLimit = 10_000
  /// Most independent witnesses.
  public static let witnessLimit = 100
  /// Most keys of one duty of one node.
  public static let keyLimit = 16
  /// Most TLS trust anchors of one node.
  public static let anchorLimit = 8
  /// Most bytes of one trust anchor's PEM.
  public static let anchorByteLimit = 16 * 1024
  /// Most rules of the policy.
  public static let ruleLimit = 1000
  /// Most kinds in one rule.
  public static let kindLimit = 100
  /// Most bytes of an agency's name.
  public static let nameByteLimit = 256
  /// Most bytes of an endpoint.
  public static let endpointByteLimit = 512
  /// Most calendars.
  public static let calendarLimit = 100

  /// The federation's name.
  public var federation: String
  /// Counts from 1 and only goes up.
  public var version: UInt64
  /// The first moment at which the directory is valid.
  public var notBefore: Timestamp
  /// The first moment at which it no longer is.
  public var notAfter: Timestamp
  /// Digest and signature algorithms of everything in the federation.
  public var suite: Suite
  /// Who signs this directory.
  public var authority: Authority
  /// Who may sign the next ones beside `authority`; nil outside a change of keys.
  public var next: Authority?
  /// The agencies' nodes.
  public var nodes: [AgencyCode: NodeEntry]
  /// Witnesses that are no node's.
  public var witnesses: [WitnessEntry]
  /// Who may send what to whom.
  public var policy: DirectoryPolicy
  /// Digest of the clocks file (`clocks.json`) in force; nil where none is set.
  public var clocks: Digest?
  /// Digests of the working-day calendars, by year.
  public var calendars: [Int: Digest]

  /// Contents with nobody in them yet; everything else is set afterwards.
  public init(
    federation: String, version: UInt64, notBefore: Timestamp, notAfter: Timestamp, suite: Suite,
    authority: Authority
  ) {
    self.federation = federation
    self.version = version
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.suite = suite
    self.authority = authority
    next = nil
    nodes = [:]
    witnesses = []
    policy = DirectoryPolicy(allow: [])
    clocks = nil
    calendars = [:]
  }
}

// MARK: - Rules

extension DirectoryContents {
  /// Checks every value against its form and limit, and that no key has two duties.
  /// - Throws: `RecordModelError` with `.federation`, `.directoryField` or `.directoryKeyReuse`,
  ///   naming the field by JSON Pointer.
  public func validate() throws(RecordModelError) {
    try FederationName.check(federation)
    try check((1...JSONLexer.largestInteger).contains(version), "/version", "must be at least 1")
    try check(notBefore < notAfter, "/notAfter", "must be after notBefore")
    try check(nodes.count <= Self.nodeLimit, "/nodes", "has more than \(Self.nodeLimit)")
    for (index, code) in nodes.keys.sorted().enumerated() {
      // The key was read from the dictionary on the line above.
      if let node = nodes[code] { try validate(node, "/nodes/\(index)") }
    }
    try check(
      witnesses.count <= Self.witnessLimit, "/witnesses", "has more than \(Self.witnessLimit)")
    for (index, witness) in witnesses.enumerated() {
      try validate(witness, "/witnesses/\(index)")
    }
    try check(
      Set(witnesses.map(\.name)).count == witnesses.count, "/witnesses", "names one twice")
    try validatePolicy()
    try check(
      calendars.count <= Self.calendarLimit, "/calendars", "has more than \(Self.calendarLimit)")
    try check(
      calendars.keys.allSatisfy { (1970...9999).contains($0) }, "/calendars",
      "has a year outside 1970 to 9999")
    try validateKeyUse()
  }

  private func validate(_ node: NodeEntry, _ pointer: String) throws(RecordModelError) {
    try checkText(node.name, Self.nameByteLimit, "\(pointer)/name")
    if let endpoint = node.endpoint {
      try check(Self.isHostPort(endpoint), "\(pointer)/endpoint", "must be host:port")
    }
    try validate(node.recordKeys, "\(pointer)/recordKeys")
    try validate(node.receiptKeys, "\(pointer)/receiptKeys")
    try validate(node.witnessKeys, "\(pointer)/witnessKeys")
    try check(
      (1...Self.anchorLimit).contains(node.tlsAnchors.count), "\(pointer)/tlsAnchors",
      "must have 1 to \(Self.anchorLimit)")
    for (index, pem) in node.tlsAnchors.enumerated() {
      try check(
        pem.utf8.count <= Self.anchorByteLimit
          && pem.utf8.starts(with: "-----BEGIN CERTIFICATE-----\n".utf8),
        "\(pointer)/tlsAnchors/\(index)", "must be a certificate in PEM")
    }
  }

  private func validate(_ keys: [DatedKey], _ pointer: String) throws(RecordModelError) {
    try check(
      (1...Self.keyLimit).contains(keys.count), pointer, "must have 1 to \(Self.keyLimit) keys")
    for (index, key) in keys.enumerated() {
      try check(
        key.notAfter.map { key.notBefore < $0 } ?? true, "\(pointer)/\(index)/notAfter",
        "must be after notBefore")
    }
  }

  private func validate(_ witness: WitnessEntry, _ pointer: String) throws(RecordModelError) {
    // A C2SP key name holds neither spaces nor plus signs.
    let isName = witness.name.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
    }
    try checkText(witness.name, Self.nameByteLimit, "\(pointer)/name")
    try check(isName, "\(pointer)/name", "must hold no space and no plus sign")
    if let endpoint = witness.endpoint {
      let isURL = ["https://", "http://"].contains { scheme in
        endpoint.utf8.starts(with: scheme.utf8) && endpoint.utf8.count > scheme.utf8.count
      }
      try check(
        isURL && endpoint.utf8.count <= Self.endpointByteLimit
          && endpoint.utf8.allSatisfy { (0x21...0x7E).contains($0) },
        "\(pointer)/endpoint", "must be an http or https URL")
    }
    try validate(witness.keys, "\(pointer)/keys")
  }

  private func validatePolicy() throws(RecordModelError) {
    try check(
      policy.allow.count <= Self.ruleLimit, "/policy/allow", "has more than \(Self.ruleLimit)")
    for (index, rule) in policy.allow.enumerated() {
      let pointer = "/policy/allow/\(index)"
      for (name, roles) in [("from", rule.from), ("to", rule.to)] {
        try check(
          !roles.isEmpty && Set(roles).count == roles.count, "\(pointer)/\(name)",
          "must name one role or more, each once")
      }
      try check(
        (1...Self.kindLimit).contains(rule.kinds.count)
          && rule.kinds.allSatisfy(Self.isKindPattern),
        "\(pointer)/kinds", "must be 1 to \(Self.kindLimit) kinds or '<words>.*'")
    }
  }

  /// A signature must say in what duty and by whom it was made, so no key has two of either.
  private func validateKeyUse() throws(RecordModelError) {
    var seen: Set<VerificationKey> = []
    func use(_ keys: [VerificationKey], _ pointer: String) throws(RecordModelError) {
      for key in keys {
        guard key.suite == suite else {
          throw Self.problem(pointer, "has a key of another suite")
        }
        guard seen.insert(key).inserted else {
          throw RecordModelError(
            .directoryKeyReuse, "'\(pointer)' has a key that stands elsewhere too.", field: pointer)
        }
      }
    }
    // The same key may stay on from one quorum to the next.
    let authorities = Set(authority.keys.map(\.key)).union((next?.keys ?? []).map(\.key))
    try use(Array(authorities), "/authority")
    for (index, code) in nodes.keys.sorted().enumerated() {
      guard let node = nodes[code] else { continue }
      try use(node.recordKeys.map(\.key), "/nodes/\(index)/recordKeys")
      try use(node.receiptKeys.map(\.key), "/nodes/\(index)/receiptKeys")
      try use(node.witnessKeys.map(\.key), "/nodes/\(index)/witnessKeys")
    }
    for (index, witness) in witnesses.enumerated() {
      try use(witness.keys.map(\.key), "/witnesses/\(index)/keys")
    }
  }

  private func checkText(
    _ text: String, _ limit: Int, _ pointer: String
  ) throws(RecordModelError) {
    try check(
      (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 }, pointer,
      "must have 1 to \(limit) bytes and no control characters")
  }

  private func check(
    _ holds: Bool, _ pointer: @autoclosure () -> String, _ rule: @autoclosure () -> String
  ) throws(RecordModelError) {
    guard holds else { throw Self.problem(pointer(), rule()) }
  }

  static func problem(_ pointer: String, _ rule: String) -> RecordModelError {
    RecordModelError(.directoryField, "'\(pointer)' \(rule).", field: pointer)
  }

  /// A host name, an IPv4 address or an IPv6 address in brackets; a colon; a port from 1.
  private static func isHostPort(_ text: String) -> Bool {
    guard text.utf8.count <= endpointByteLimit, let colon = text.utf8.lastIndex(of: 0x3A) else {
      return false
    }
    let host = text.utf8[..<colon]
    let port = text.utf8[text.utf8.index(after: colon)...]
    guard (1...5).contains(port.count), port.allSatisfy({ (0x30...0x39).contains($0) }),
      port.first != 0x30, port.reduce(0, { $0 * 10 + Int($1 - 0x30) }) <= 65_535,
      let first = host.first
    else { return false }
    if first == 0x5B {
      return host.last == 0x5D && host.count > 4
        && host.dropFirst().dropLast().allSatisfy {
          (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x3A || $0 == 0x2E
        }
    }
    return host.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E || $0 == 0x2D
    }
  }

  private static func isKindPattern(_ pattern: String) -> Bool {
    let bytes = Array(pattern.utf8)
    return NameForm.isKind(bytes.suffix(2) == [0x2E, 0x2A] ? bytes.dropLast(2) : bytes[...])
  }
}
