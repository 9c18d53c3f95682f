import Cryptography
public import RecordModel
public import RecordSchema
import TransparencyLog

/// Checks evidence files: no network, no node, nothing but the file and, if the reader has them, the
/// authority's keys.
///
/// A pure function of its arguments. Whatever the bytes are, it answers: a hostile file costs no more
/// than its size.
public struct EvidenceCheck {
  private let given: AuthorityFile?
  private let registry: SchemaRegistry

  /// A check that trusts `authority`; where it is nil, the file's own claim, which the report says.
  public init(authority: AuthorityFile? = nil, registry: SchemaRegistry = .builtIn) {
    given = authority
    self.registry = registry
  }

  /// Checks everything in a file.
  public func callAsFunction(_ bytes: [UInt8]) -> EvidenceReport {
    var report = EvidenceReport()
    do {
      let file = try EvidenceFile(parsing: bytes)
      report.fingerprint = file.suite.digest(bytes)
      report.subject = file.subject
      check(file, &report)
    } catch {
      report.add(error)
    }
    return report
  }

  private func check(_ file: EvidenceFile, _ report: inout EvidenceReport) {
    report.authority = given?.authority ?? file.authority
    report.isAuthorityGiven = given != nil
    guard let directories = directories(of: file, &report) else { return }
    checkCertificates(file, directories, &report)
    let records = RecordEvidence(
      federation: file.federation, directories: directories, registry: registry)
    var found: [EvidencedRecord] = []
    for (index, record) in file.records.enumerated() {
      do {
        found.append(try records.check(record))
      } catch {
        report.add(error, at: .record(index))
      }
    }
    let forks = ForkEvidence(federation: file.federation, directories: directories)
    for (index, fork) in file.forks.enumerated() {
      do {
        report.forks.append(try forks.check(fork))
      } catch {
        report.add(error, at: .fork(index))
      }
    }
    // What is missing or twice can be told only of what is whole.
    guard report.faults.isEmpty else { return }
    let whole = WholeEvidence(subject: file.subject, found: found, forks: report.forks)
    report.faults += whole.faults
    report.records = whole.records
  }

  /// The chain of directories; nil, with faults, where it is broken anywhere.
  private func directories(
    of file: EvidenceFile, _ report: inout EvidenceReport
  ) -> DirectoryHistory? {
    if let given {
      guard given.federation == file.federation, given.suite == file.suite,
        given.authority == file.authority
      else {
        report.add(
          EvidenceError(
            .directory, "it names another federation or other keys of the authority than are given")
        )
        return nil
      }
    }
    guard !file.directories.isEmpty, file.authority.keys.allSatisfy({ $0.key.suite == file.suite })
    else {
      report.add(EvidenceError(.directory, "there is none, or keys of another suite"))
      return nil
    }
    let history = DirectoryHistory(notes: file.directories, pinned: file.authority)
    for finding in history.report.findings.kept {
      let place = finding.index.map { EvidencePlace.directory(Int(clamping: $0)) }
      report.add(EvidenceError(.directory, finding.detail.en), at: place)
    }
    let all = history.versions.values
    guard report.faults.isEmpty else { return nil }
    guard history.versions.count == file.directories.count,
      all.allSatisfy({ $0.federation == file.federation && $0.suite == file.suite })
    else {
      report.add(EvidenceError(.directory, "one is there twice, or is another federation's"))
      return nil
    }
    report.directory = history.report.version.flatMap { history.versions[$0] }
    return history
  }

  private func checkCertificates(
    _ file: EvidenceFile, _ directories: DirectoryHistory, _ report: inout EvidenceReport
  ) {
    guard !file.certificates.isEmpty else { return }
    var listed: Set<EvidenceCertificate> = []
    for directory in directories.versions.values {
      for (code, node) in directory.nodes {
        for pem in node.tlsAnchors { listed.insert(EvidenceCertificate(code: code, pem: pem)) }
      }
    }
    for (index, certificate) in file.certificates.enumerated()
    where listed.remove(certificate) == nil {
      report.add(
        EvidenceError(.certificate, "no directory lists it for that agency, or it is there twice"),
        at: .certificate(index))
    }
  }
}
