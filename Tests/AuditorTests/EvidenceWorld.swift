import Auditor
import Cryptography
import RecordModel
import TransparencyLog

extension SampleWorld {
  /// The authority's keys as an auditor brings them.
  var authorityFile: AuthorityFile {
    AuthorityFile(federation: Self.federation, suite: Self.suite, authority: authority)
  }

  /// Evidence of one record of this world, payload and all.
  func evidence(
    of serial: UInt8, payload: Bool = true, from source: SampleSource
  ) throws -> EvidenceFile {
    try EvidenceMaker(authority: authorityFile, hasPayloads: payload)
      .record(id(serial), from: [source])
  }
}

extension EvidenceFile {
  /// The file with one thing changed; its digest is that of the changed file.
  func changed(_ change: (inout EvidenceFile) throws -> Void) rethrows -> [UInt8] {
    var file = self
    try change(&file)
    return file.encoded
  }

  /// The file with its first proof taken apart, changed and put together again.
  func proofChanged(_ change: (inout LogProof) throws -> Void) throws -> [UInt8] {
    try changed { file in
      var proof = try LogProof(parsing: file.records[0].proof)
      try change(&proof)
      file.records[0].proof = proof.encoded
    }
  }
}

extension EvidenceReport {
  /// The codes of what is wrong.
  var codes: [EvidenceError.Code] { faults.map(\.code) }
}
