import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// A log entry with everything that can be said of it by itself, without what stands before it. The
/// payload is not kept.
struct CheckedEntry: Sendable {
  /// What is known of the payload.
  enum Payload: Sendable {
    /// Erased, left out, or of a kind of which it does not matter.
    case unjudged
    /// The one committed to, and it keeps its schema where that is looked at.
    case good
    /// Not the one committed to.
    case uncommitted
    /// The one committed to, and it breaks its schema.
    case invalid(String)
  }

  /// What the directory that the header names says of it.
  enum Permission: Sendable { case unknownDirectory, denied, granted }

  /// What the payload says of other records, where it says anything.
  final class Ties: Sendable {
    let ties: ThreadTies
    init(_ ties: ThreadTies) { self.ties = ties }
  }

  /// Its place as the source gives it.
  var seq: UInt64
  var leaf: Digest
  var claimedLeaf: Digest?
  var isRefused: Bool
  var isErased: Bool
  var isLeftOut: Bool
  /// Nil when it does not parse; then `headerFault` is the error's code.
  var header: RecordHeader?
  var headerFault = ""
  var payload = Payload.unjudged
  var schemaFitsKind = true
  var permission = Permission.granted
  /// Whether it is a record that opens a thread.
  var opensThread = false
  var ties: Ties?
  /// What it refuses; nil where it is no refusal, or names nothing.
  var refusal: RefusalTarget?
  /// What it erases; nil where it is no erasure, or names nothing.
  var erasure: ErasureTarget?
  /// `IdentifierBook.fingerprint` of its id.
  var fingerprint: UInt64 = 0
}

/// Checks entries on their own: pure, so that many can be checked at once.
struct EntryCheck: Sendable {
  let directories: DirectoryHistory
  /// Nil where payloads are not checked under their schemas.
  let schemas: SchemaRegistry?
  /// About what a forwarding carries.
  let registry: SchemaRegistry

  func callAsFunction(_ entries: [AuditEntry]) -> [CheckedEntry] {
    var permissions = Permissions(directories: directories)
    return entries.map { check($0, &permissions) }
  }

  private func check(_ entry: AuditEntry, _ permissions: inout Permissions) -> CheckedEntry {
    var checked = CheckedEntry(
      seq: entry.seq, leaf: Merkle.leaf(entry.header, suite: directories.suite),
      claimedLeaf: entry.claimedLeaf, isRefused: entry.isRefused,
      isErased: entry.payload == nil && !entry.isLeftOut, isLeftOut: entry.isLeftOut)
    let header: RecordHeader
    do {
      header = try RecordHeader(parsing: entry.header)
    } catch {
      checked.headerFault = error.code.rawValue
      return checked
    }
    checked.header = header
    checked.schemaFitsKind = header.schemaFitsKind
    checked.permission = permissions.of(header)
    checked.payload = payload(of: entry, header)
    checked.fingerprint = IdentifierBook.fingerprint(header.id)
    if header.kind == KindName.systemRefusal {
      checked.refusal = RefusalTarget(header, payload: entry.payload)
    } else if header.kind == KindName.systemErasure, !entry.isRefused {
      checked.erasure = ErasureTarget(header, payload: entry.payload)
    } else if !entry.isRefused, !KindName.isSystem(header.kind) {
      checked.opensThread = ThreadRules.firstState(header) != nil
      if case .good = checked.payload, let payload = entry.payload {
        checked.ties = ties(of: header, payload, permissions.directory(header.directory))
      }
    }
    return checked
  }

  private func payload(of entry: AuditEntry, _ header: RecordHeader) -> CheckedEntry.Payload {
    guard let payload = entry.payload else { return .unjudged }
    guard entry.salt.count == Commitment.saltBytes, payload.count == header.payload.size,
      Commitment.make(salt: entry.salt, payload: payload, suite: directories.suite)
        == header.payload.commitment
    else { return .uncommitted }
    // Whatever a refusal says, it is taken: only its form decides whether it can be understood.
    if entry.isRefused || header.kind == KindName.systemRefusal { return .unjudged }
    guard let schemas else { return .good }
    switch schemas.check(schema: header.schema, payload: payload, asOf: header.time.day) {
    case .valid: return .good
    case .unknownSchema: return .invalid("no such schema is known")
    case .invalid(let violations):
      let rules = violations.prefix(3).map { "\($0.pointer) \($0.rule)" }
      return .invalid(rules.joined(separator: ", "))
    }
  }

  /// What a payload says of other records, as far as a replay of threads asks.
  private func ties(
    of header: RecordHeader, _ payload: [UInt8], _ directory: FederationDirectory?
  ) -> CheckedEntry.Ties? {
    let ties = ThreadTies(header, payload: payload, directory: directory, registry: registry)
    return ties.asksOthers || !ties.violations.isEmpty ? CheckedEntry.Ties(ties) : nil
  }
}

/// What directories permit, remembered from one record to the next: they are nearly always alike.
private struct Permissions {
  let directories: DirectoryHistory
  private var version: UInt64?
  private var directory: FederationDirectory?
  private var kind = ""
  private var direction: Direction?
  private var isAllowed = false

  init(directories: DirectoryHistory) { self.directories = directories }

  mutating func directory(_ version: UInt64) -> FederationDirectory? {
    if version != self.version {
      self.version = version
      directory = directories.versions[version]
      direction = nil
    }
    return directory
  }

  mutating func of(_ header: RecordHeader) -> CheckedEntry.Permission {
    guard let directory = directory(header.directory) else { return .unknownDirectory }
    if direction != header.direction || kind != header.kind {
      direction = header.direction
      kind = header.kind
      isAllowed = directory.maySend(kind: kind, from: header.from, to: header.to)
    }
    return isAllowed && directory.isValid(at: header.time) ? .granted : .denied
  }
}
