public import Cryptography

/// What kind of agency runs a node.
public enum AgencyRole: String, Hashable, Sendable, CaseIterable {
  /// 检察机关
  case procuratorate
  /// 纪检监察机关
  case discipline
  /// 行政执法机关
  case enforcement
  /// 公安机关
  case police
  /// 人民法院
  case court

  /// The role's Chinese name.
  public var titleZH: String {
    switch self {
    case .procuratorate: "检察机关"
    case .discipline: "纪检监察机关"
    case .enforcement: "行政执法机关"
    case .police: "公安机关"
    case .court: "人民法院"
    }
  }
}

/// A public key and when it may sign: from `notBefore`, before `notAfter`.
public struct DatedKey: Hashable, Sendable {
  /// The key.
  public var key: VerificationKey
  /// The first moment at which it is valid.
  public var notBefore: Timestamp
  /// The first moment at which it no longer is; nil where no end is set.
  public var notAfter: Timestamp?

  /// A key with its validity.
  public init(key: VerificationKey, notBefore: Timestamp, notAfter: Timestamp?) {
    self.key = key
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  /// Whether it may sign at a moment.
  public func isValid(at time: Timestamp) -> Bool {
    isValid(from: time, through: time)
  }

  /// Whether it may sign at any moment from one to another.
  public func isValid(from first: Timestamp, through last: Timestamp) -> Bool {
    notBefore <= last && notAfter.map { first < $0 } ?? true
  }
}

/// One agency's node in the directory.
public struct NodeEntry: Hashable, Sendable {
  /// The agency's code.
  public var code: AgencyCode
  /// The agency's name, for people.
  public var name: String
  /// What kind of agency it is.
  public var role: AgencyRole
  /// Where peers dial it, `host:port`; nil for a node that only dials.
  public var endpoint: String?
  /// Keys that sign the heads of its channels and its journal.
  public var recordKeys: [DatedKey]
  /// Keys that cosign what it received.
  public var receiptKeys: [DatedKey]
  /// Keys that cosign its peers' journals.
  public var witnessKeys: [DatedKey]
  /// Certificates, in PEM, that its TLS certificate must lead up to.
  public var tlsAnchors: [String]

  /// A node from its parts, checked when a directory that holds it is encoded or verified.
  public init(
    code: AgencyCode, name: String, role: AgencyRole, endpoint: String?, recordKeys: [DatedKey],
    receiptKeys: [DatedKey], witnessKeys: [DatedKey], tlsAnchors: [String]
  ) {
    self.code = code
    self.name = name
    self.role = role
    self.endpoint = endpoint
    self.recordKeys = recordKeys
    self.receiptKeys = receiptKeys
    self.witnessKeys = witnessKeys
    self.tlsAnchors = tlsAnchors
  }
}

/// A witness that is no node's: an auditor who cosigns journals.
public struct WitnessEntry: Hashable, Sendable {
  /// The name under which it cosigns, a C2SP key name, unique in the directory.
  public var name: String
  /// Where journals are offered to it, an `https` or `http` URL; nil where it comes by itself.
  public var endpoint: String?
  /// The keys with which it cosigns.
  public var keys: [DatedKey]

  /// A witness from its parts.
  public init(name: String, endpoint: String?, keys: [DatedKey]) {
    self.name = name
    self.endpoint = endpoint
    self.keys = keys
  }
}

/// Which role may send which kinds to which role. What no rule allows is forbidden.
public struct DirectoryPolicy: Hashable, Sendable {
  /// One permission.
  public struct Rule: Hashable, Sendable {
    /// The roles that may send.
    public var from: [AgencyRole]
    /// The roles to which they may send.
    public var to: [AgencyRole]
    /// Kinds, or `<words>.*` for every kind that begins with these words and a dot.
    public var kinds: [String]

    /// A permission.
    public init(from: [AgencyRole], to: [AgencyRole], kinds: [String]) {
      self.from = from
      self.to = to
      self.kinds = kinds
    }

    func allows(_ kind: String) -> Bool {
      kinds.contains { pattern in
        pattern.utf8.last == 0x2A
          ? kind.utf8.starts(with: pattern.utf8.dropLast())
          : pattern.utf8.elementsEqual(kind.utf8)
      }
    }
  }

  /// Lets every role send every kind to every role: what a new federation starts from, for its
  /// authority to narrow.
  public static let unrestricted: DirectoryPolicy = {
    let words = Set(
      KindName.all.filter { !KindName.isSystem($0) }.compactMap { kind in
        kind.split(separator: ".").first
      })
    let kinds = words.sorted().map { "\($0).*" }
    return DirectoryPolicy(
      allow: [Rule(from: AgencyRole.allCases, to: AgencyRole.allCases, kinds: kinds)])
  }()

  /// The permissions; order does not matter.
  public var allow: [Rule]

  /// A policy.
  public init(allow: [Rule]) { self.allow = allow }

  /// Whether `from` may send `kind` to `to`. Nodes' own kinds, `system.*`, are always allowed.
  public func permits(_ kind: String, from: AgencyRole, to: AgencyRole) -> Bool {
    KindName.isSystem(kind)
      || allow.contains { $0.from.contains(from) && $0.to.contains(to) && $0.allows(kind) }
  }
}
