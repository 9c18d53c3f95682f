import Cryptography
import RecordModel
import TransparencyLog

/// Every directory that was ever in force, verified as a chain from the pinned keys on.
///
/// Which keys were valid at a moment is asked of the newest directory that lists the key: a later
/// directory may shorten a key's validity after a compromise, and one that drops the key says nothing
/// about what it signed before.
struct DirectoryHistory: Sendable {
  let suite: Suite
  /// Those that verify, with the number of their note.
  private(set) var verified: [(note: UInt64, directory: FederationDirectory)] = []
  private(set) var versions: [UInt64: FederationDirectory] = [:]
  private(set) var report = DirectoryReport(verified: 0, version: nil, findings: FindingList())
  private var recordKeys: [AgencyCode: [VerificationKey: DatedKey]] = [:]
  private var receiptKeys: [AgencyCode: [VerificationKey: DatedKey]] = [:]
  /// By the name under which they cosign.
  private var cosigners: [String: [VerificationKey: DatedKey]] = [:]

  init(notes: [[UInt8]], pinned: Authority) {
    // An authority has at least one key, and all of one federation's keys are of one suite.
    suite = pinned.keys[0].key.suite
    var last: FederationDirectory?
    for (index, note) in notes.enumerated() {
      do {
        let directory =
          if let last {
            try FederationDirectory(verifying: note, successorOf: last)
          } else {
            try FederationDirectory(verifying: note, pinned: pinned)
          }
        last = directory
        adopt(directory, UInt64(index))
      } catch {
        report.findings.add(.directoryChain, at: UInt64(index), error.code.rawValue)
      }
    }
    if notes.isEmpty { report.findings.add(.directoryMissing, at: nil) }
    report.version = last?.version
  }

  private mutating func adopt(_ directory: FederationDirectory, _ note: UInt64) {
    report.verified += 1
    verified.append((note, directory))
    versions[directory.version] = directory
    for (code, node) in directory.nodes {
      for key in node.recordKeys { recordKeys[code, default: [:]][key.key] = key }
      for key in node.receiptKeys { receiptKeys[code, default: [:]][key.key] = key }
      let name = KeyName.witness(federation: directory.federation, code: code)
      for key in node.witnessKeys { cosigners[name, default: [:]][key.key] = key }
    }
    for witness in directory.witnesses {
      for key in witness.keys { cosigners[witness.name, default: [:]][key.key] = key }
    }
  }

  /// Whether a log is of the federation that these directories are of: nobody's keys are for another.
  private func isOurs(_ federation: String) -> Bool {
    verified.first.map { $0.directory.federation.utf8.elementsEqual(federation.utf8) } ?? false
  }

  /// The sender's keys of any time, under the origin's name.
  func senderKeys(_ origin: Origin) -> [DatedVerifier] {
    guard isOurs(origin.federation) else { return [] }
    return keys(
      recordKeys[origin.direction.from], name: origin.description, type: suite.noteSignatureType)
  }

  /// The receiver's cosigning keys of any time.
  func receiverKeys(_ origin: Origin) -> [DatedVerifier] {
    guard isOurs(origin.federation) else { return [] }
    let code = origin.direction.to
    return keys(
      receiptKeys[code],
      name: KeyName.receipt(federation: origin.federation, code: code),
      type: suite.cosignatureType)
  }

  /// The keys of any time that sign a journal's heads.
  func journalKeys(_ origin: JournalOrigin) -> [DatedVerifier] {
    guard isOurs(origin.federation) else { return [] }
    return keys(recordKeys[origin.code], name: origin.description, type: suite.noteSignatureType)
  }

  /// The keys of any time that cosign journals: of nodes, and of auditors.
  var witnessKeys: [DatedVerifier] {
    cosigners.sorted { $0.key < $1.key }.flatMap { name, dated in
      keys(dated, name: name, type: suite.cosignatureType)
    }
  }

  /// Adds what was found wrong with a directory, or with what it names.
  mutating func add(_ kind: FindingKind, at index: UInt64?, _ detail: FindingDetail) {
    report.findings.add(kind, at: index, detail)
  }

  private func keys(
    _ dated: [VerificationKey: DatedKey]?, name: String, type: UInt8
  ) -> [DatedVerifier] {
    (dated ?? [:]).values.compactMap { dated in
      guard let key = try? VerifierKey(name: name, key: dated.key, type: type) else { return nil }
      return DatedVerifier(key: key, dated: dated)
    }
  }
}

/// A key under the name that it signs as, with its validity.
struct DatedVerifier: Sendable {
  var key: VerifierKey
  var dated: DatedKey

  /// Whether it may sign at a moment; at any moment when it is nil.
  func isValid(at time: Timestamp?) -> Bool { time.map(dated.isValid) ?? true }
}
