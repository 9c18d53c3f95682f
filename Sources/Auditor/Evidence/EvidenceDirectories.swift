import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// The directories of several sources as one chain.
struct EvidenceDirectories {
  /// The notes, ascending by version.
  let notes: [[UInt8]]
  let history: DirectoryHistory

  /// Those of all sources, as far as they follow from the authority's keys.
  init(anyOf sources: [any AuditSource], pinned: Authority) throws {
    notes = try Self.notes(sources)
    history = DirectoryHistory(notes: notes, pinned: pinned)
  }

  /// - Throws: `EvidenceError` where one does not follow.
  init(_ sources: [any AuditSource], _ authority: AuthorityFile) throws {
    try self.init(anyOf: sources, pinned: authority.authority)
    if let finding = history.report.findings.kept.first {
      throw EvidenceError(.directory, "\(finding)")
    }
  }

  private static func notes(_ sources: [any AuditSource]) throws -> [[UInt8]] {
    var versions: [UInt64: [UInt8]] = [:]
    for source in sources {
      for note in try source.directoryNotes() {
        // What is no directory at all is kept, so that the chain breaks on it.
        let version = version(of: note) ?? .max
        versions[version] = versions[version] ?? note
      }
    }
    return versions.sorted { $0.key < $1.key }.map(\.value)
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
