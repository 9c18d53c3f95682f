/// The way from one agency to another: one channel, across its epochs.
public struct Direction: Hashable, Sendable, CustomStringConvertible {
  /// Who sends.
  public let from: AgencyCode
  /// Who receives.
  public let to: AgencyCode

  /// The way from `from` to `to`.
  public init(from: AgencyCode, to: AgencyCode) {
    self.from = from
    self.to = to
  }

  /// The way back.
  public var reversed: Direction { Direction(from: to, to: from) }

  /// `<from>/<to>`.
  public var description: String { "\(from)/\(to)" }
}

/// A federation's name, the first part of every origin and key name: 1 to 64 of `a-z 0-9 . -`,
/// beginning and ending with a letter or digit.
public enum FederationName {
  /// Most characters that a name may have.
  public static let byteLimit = 64

  /// Whether `name` is one.
  public static func isValid(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...byteLimit).contains(bytes.count) else { return false }
    let isWord: (UInt8) -> Bool = { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    guard isWord(bytes[0]), isWord(bytes[bytes.count - 1]) else { return false }
    return bytes.allSatisfy { isWord($0) || $0 == 0x2E || $0 == 0x2D }
  }

  static func check(_ name: String) throws(RecordModelError) {
    guard isValid(name) else {
      throw RecordModelError(
        .federation, "A federation's name must be 1 to \(byteLimit) of a-z, 0-9, '.' and '-'.")
    }
  }
}

/// A channel's log: `<federation>/sanxiang/<from>/<to>/<epoch>`. Also the name of the sender's
/// record key as a C2SP verifier key, so that one policy file covers one origin.
public struct Origin: Hashable, Sendable, CustomStringConvertible {
  /// The federation's name.
  public let federation: String
  /// Whose records to whom.
  public let direction: Direction
  /// Counts from 1; raised only after an unrepairable fork.
  public let epoch: UInt32

  /// Names a log. The federation's name is taken as valid (`FederationName.isValid`).
  public init(federation: String, direction: Direction, epoch: UInt32) {
    self.federation = federation
    self.direction = direction
    self.epoch = epoch
  }

  /// Parses an origin line.
  /// - Throws: `RecordModelError` with `.origin`, `.federation` or `.agencyCode`.
  public init(parsing text: String) throws(RecordModelError) {
    let parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    guard parts.count == 5, String(Substring(parts[1])) == "sanxiang",
      let epoch = parseEpoch(parts[4])
    else {
      throw RecordModelError(
        .origin, "A channel's origin must be <federation>/sanxiang/<from>/<to>/<epoch>.")
    }
    let federation = String(Substring(parts[0]))
    try FederationName.check(federation)
    let direction = Direction(
      from: try AgencyCode(String(Substring(parts[2]))),
      to: try AgencyCode(String(Substring(parts[3]))))
    guard direction.from != direction.to else {
      throw RecordModelError(.origin, "A channel must lead from one agency to another.")
    }
    self.init(federation: federation, direction: direction, epoch: epoch)
  }

  /// The origin line.
  public var description: String {
    "\(federation)/sanxiang/\(direction.from)/\(direction.to)/\(epoch)"
  }
}

/// A node's journal: `<federation>/sanxiang/<code>/journal/<epoch>`. Also the name of the node's
/// record key on the journal's checkpoints.
public struct JournalOrigin: Hashable, Sendable, CustomStringConvertible {
  /// The federation's name.
  public let federation: String
  /// Whose journal.
  public let code: AgencyCode
  /// Counts from 1; raised when a journal was restored from an older copy.
  public let epoch: UInt32

  /// Names a journal. The federation's name is taken as valid (`FederationName.isValid`).
  public init(federation: String, code: AgencyCode, epoch: UInt32) {
    self.federation = federation
    self.code = code
    self.epoch = epoch
  }

  /// Parses an origin line.
  /// - Throws: `RecordModelError` with `.origin`, `.federation` or `.agencyCode`.
  public init(parsing text: String) throws(RecordModelError) {
    let parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    guard parts.count == 5, String(Substring(parts[1])) == "sanxiang",
      String(Substring(parts[3])) == "journal", let epoch = parseEpoch(parts[4])
    else {
      throw RecordModelError(
        .origin, "A journal's origin must be <federation>/sanxiang/<code>/journal/<epoch>.")
    }
    let federation = String(Substring(parts[0]))
    try FederationName.check(federation)
    self.init(
      federation: federation, code: try AgencyCode(String(Substring(parts[2]))), epoch: epoch)
  }

  /// The origin line.
  public var description: String { "\(federation)/sanxiang/\(code)/journal/\(epoch)" }
}

/// A decimal epoch from 1, without leading zeros.
private func parseEpoch(_ digits: Substring.UTF8View) -> UInt32? {
  guard (1...10).contains(digits.count), digits.first != 0x30,
    digits.allSatisfy({ (0x30...0x39).contains($0) })
  else { return nil }
  let value = digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
  return UInt32(exactly: value)
}
