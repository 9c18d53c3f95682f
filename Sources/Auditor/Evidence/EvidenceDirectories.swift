import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// The directories of several sources as one chain.
///
/// A source can add to the chain and cannot break it: of what several show under one version, that which
/// follows from the authority's keys is taken, and what follows from nothing is left out.
struct EvidenceDirectories {
  /// The notes, ascending by version.
  let notes: [[UInt8]]
  let history: DirectoryHistory
  /// What is wrong with what each source shows, in their order: nothing, for most.
  let faults: [FindingDetail?]

  /// Those of all sources, as far as they follow from the authority's keys.
  init(anyOf sources: [any AuditSource], pinned: Authority) throws {
    let shown = try sources.map { try $0.directoryNotes() }
    notes = Self.chain(shown, pinned)
    history = DirectoryHistory(notes: notes, pinned: pinned)
    let chosen = history.versions.mapValues(\.digest)
    faults = shown.map { notes in
      let own = DirectoryHistory(notes: notes, pinned: pinned)
      if let finding = own.report.findings.kept.first {
        return finding.detail.of("\(finding.kind)")
      }
      return own.versions.values.sorted { $0.version < $1.version }
        .first { chosen[$0.version] != $0.digest }.map {
          FindingDetail(
            "version \($0.version) is another than another source shows",
            zh: "第 \($0.version) 版与其他数据所载不同")
        }
    }
  }

  /// - Throws: `EvidenceError` where none follows.
  init(_ sources: [any AuditSource], _ authority: AuthorityFile) throws {
    try self.init(anyOf: sources, pinned: authority.authority)
    if let finding = history.report.findings.kept.first {
      throw EvidenceError(.directory, "\(finding)")
    }
  }

  /// Of each version the first note that follows, in the order of the sources.
  private static func chain(_ shown: [[[UInt8]]], _ pinned: Authority) -> [[UInt8]] {
    var candidates: [UInt64: [[UInt8]]] = [:]
    for note in shown.joined() {
      guard let version = version(of: note), candidates[version]?.contains(note) != true else {
        continue
      }
      candidates[version, default: []].append(note)
    }
    var chain: [[UInt8]] = []
    var last: FederationDirectory?
    for (_, notes) in candidates.sorted(by: { $0.key < $1.key }) {
      for note in notes {
        let directory =
          if let last {
            try? FederationDirectory(verifying: note, successorOf: last)
          } else {
            try? FederationDirectory(verifying: note, pinned: pinned)
          }
        guard let directory else { continue }
        last = directory
        chain.append(note)
        break
      }
    }
    return chain
  }

  /// The version that a note claims.
  private static func version(of note: [UInt8]) -> UInt64? {
    guard let text = try? SignedNote(parsing: note).text,
      let line = text.split(separator: "\n").last,
      let json = try? JSONDocument(
        parsing: Array(line.utf8), profile: .general,
        limits: JSONDocument.Limits(size: SignedNote.byteLimit))
    else { return nil }
    return json.root["version"]?.integer.flatMap { UInt64(exactly: $0) }
  }

  /// The trust anchors of the agencies of some records, as the directories that they name list them.
  func certificates(of headers: [RecordHeader]) -> [EvidenceCertificate] {
    var found: Set<EvidenceCertificate> = []
    for header in headers {
      for code in [header.from, header.to] {
        for pem in history.versions[header.directory]?.nodes[code]?.tlsAnchors ?? [] {
          found.insert(EvidenceCertificate(code: code, pem: pem))
        }
      }
    }
    return found.sorted { ("\($0.code)", $0.pem) < ("\($1.code)", $1.pem) }
  }
}
