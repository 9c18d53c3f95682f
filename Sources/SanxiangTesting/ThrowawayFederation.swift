import Cryptography
public import Exchange
public import RecordModel
public import TransparencyLog

/// A federation made for one test: an authority of two out of three keys, nodes with fresh keys, and
/// a signed directory that lets every role send every kind to every other.
public struct ThrowawayFederation: Sendable {
  /// One agency and its node's keys.
  public struct Member: Sendable {
    /// The code and the private keys.
    public let identity: NodeIdentity
    /// What kind of agency it is.
    public let role: AgencyRole
    /// The agency's code.
    public var code: AgencyCode { identity.code }
  }

  /// Stands where a directory must name a trust anchor: no certificate, and nothing trusts it. A test
  /// with sockets publishes real ones.
  public static let placeholderAnchor = """
    -----BEGIN CERTIFICATE-----
    MIIBRjCB+aADAgECAhQduDM4mFR1sK51Stbkw8Ak0dno1jAFBgMrZXAwGDEWMBQG
    A1UEAwwNU2FtcGxlIGFuY2hvcjAgFw0yNjExMjMxMTUwMzVaGA8yMTI2MTAzMDEx
    NTAzNVowGDEWMBQGA1UEAwwNU2FtcGxlIGFuY2hvcjAqMAUGAytlcAMhACHi6GND
    kxgt8tqW4MvTY1VMFanAAuneyQY1cagxmwW5o1MwUTAdBgNVHQ4EFgQUnbHF1+Wq
    PRl0ZRcwysGqsN8RGW4wHwYDVR0jBBgwFoAUnbHF1+WqPRl0ZRcwysGqsN8RGW4w
    DwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQBLSl9ECdxoH56Pb0mFUFDQ1pG2CfkB
    XkC0yJETH2bwGnPvHE137YcNP7w0/4TgNBuhHdxsVtAvDJNgstjYkDkG
    -----END CERTIFICATE-----

    """
  /// The federation's name.
  public static let name = "test.example"

  /// The nodes, in the order of their sample agency numbers, which is that of their codes.
  public private(set) var members: [Member]
  /// The directory in force.
  public private(set) var directory: FederationDirectory
  /// Its note, as published.
  public var note: [UInt8] { directory.bytes }
  /// The authority's keys, as every node pins them.
  public let pinned: Authority
  private let authorityKeys: [SigningKey]
  private let operatorKeys: [SigningKey]
  private let start: Timestamp

  /// Makes as many nodes as there are roles. The directory is valid from a day before `now` for a
  /// year.
  public init(
    roles: [AgencyRole] = [.enforcement, .discipline, .procuratorate],
    now: Timestamp = ManualClock().now
  ) throws {
    let suite = Suite.sha256Ed25519
    authorityKeys = try (0..<3).map { _ in try suite.generateSigningKey() }
    operatorKeys = try (0..<2).map { _ in try suite.generateSigningKey() }
    pinned = try Authority(
      threshold: 2,
      keys: authorityKeys.enumerated().map { number, key in
        try VerifierKey(
          name: KeyName.authority(federation: Self.name, label: "\(number)"),
          key: key.verificationKey, type: suite.noteSignatureType)
      })
    start = now.advanced(byMilliseconds: -24 * 3600 * 1000)
    members = try roles.enumerated().map { try Self.member($0, $1) }
    var contents = DirectoryContents(
      federation: Self.name, version: 1, notBefore: start,
      notAfter: now.advanced(byMilliseconds: 365 * 24 * 3600 * 1000), suite: suite,
      authority: pinned)
    for member in members { contents.nodes[member.code] = Self.entry(member, since: start) }
    contents.policy = .unrestricted
    let signed = try DirectoryDraft(contents).sign(with: Array(authorityKeys.prefix(2)))
    directory = try FederationDirectory(verifying: signed.encoded, pinned: pinned)
  }

  /// Publishes the next version: the one in force with `change` made to it.
  @discardableResult
  public mutating func publish(
    _ change: (inout DirectoryContents) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    let note = try draft(change)
    directory = try FederationDirectory(verifying: note, successorOf: directory)
    return note
  }

  /// Signs a next version, but does not publish it: another truth under the same number.
  public func draft(
    _ change: (inout DirectoryContents) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    var draft = DirectoryDraft(after: directory)
    try change(&draft.contents)
    return try draft.sign(with: Array(authorityKeys.prefix(2))).encoded
  }

  /// Publishes the next version with one more node in it.
  public mutating func admit(_ role: AgencyRole) throws -> Member {
    let member = try Self.member(members.count, role)
    members.append(member)
    let entry = Self.entry(member, since: start)
    try publish { $0.nodes[member.code] = entry }
    return member
  }

  /// The operators of a node: two, and the first once more under a third name.
  public func operators(of code: AgencyCode) throws -> [VerifierKey] {
    try (0..<3).map { number in
      try VerifierKey(
        name: KeyName.operator(federation: Self.name, code: code, label: "\(number)"),
        key: operatorKeys[number % 2].verificationKey,
        type: Suite.sha256Ed25519.noteSignatureType)
    }
  }

  /// A text as the operators of these numbers approve it.
  public func approve(_ text: String, at code: AgencyCode, by numbers: [Int]) throws -> [UInt8] {
    var note = SignedNote(text: text, signatures: [])
    for number in numbers {
      let name = KeyName.operator(federation: Self.name, code: code, label: "\(number)")
      note.add(try SignedNote.sign(text: text, name: name, key: operatorKeys[number % 2]))
    }
    return note.encoded
  }

  private static func member(_ number: Int, _ role: AgencyRole) throws -> Member {
    let suite = Suite.sha256Ed25519
    return Member(
      identity: NodeIdentity(
        code: SampleAgency.code(number + 1), federation: name,
        recordKey: try suite.generateSigningKey(), receiptKey: try suite.generateSigningKey(),
        witnessKey: try suite.generateSigningKey()), role: role)
  }

  private static func entry(_ member: Member, since start: Timestamp) -> NodeEntry {
    func dated(_ key: SigningKey) -> [DatedKey] {
      [DatedKey(key: key.verificationKey, notBefore: start, notAfter: nil)]
    }
    return NodeEntry(
      code: member.code, name: "示例机关\(member.code.rawValue.suffix(3))", role: member.role,
      endpoint: nil, recordKeys: dated(member.identity.recordKey),
      receiptKeys: dated(member.identity.receiptKey),
      witnessKeys: dated(member.identity.witnessKey), tlsAnchors: [placeholderAnchor])
  }
}
