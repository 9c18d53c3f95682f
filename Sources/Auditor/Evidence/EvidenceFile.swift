public import Cryptography
public import RecordModel
import RecordSchema
import TransparencyLog

/// One file that proves, to who holds nothing but the authority's keys, what a federation's logs say:
/// single records, a whole case, or that somebody signed two histories. `docs/formats.md` specifies
/// it.
///
/// Every part is either verified when the file is checked or refused: there is no member that a
/// reader could believe unchecked.
public struct EvidenceFile: Hashable, Sendable {
  /// Most bytes of a file.
  public static let byteLimit = 64 << 20
  /// Most records in one file.
  public static let recordLimit = 10_000
  /// Most directory notes in one file.
  public static let directoryLimit = 10_000
  /// Most certificates in one file.
  public static let certificateLimit = 10_000
  /// Most forks in one file.
  public static let forkLimit = 100
  /// The one version of this format, member `v`.
  public static let version = 1
  /// Member `format`.
  public static let format = "sanxiang-evidence"

  /// What a file is about.
  public enum Subject: Hashable, Sendable {
    /// A record.
    case record(RecordID)
    /// A thread: a case.
    case thread(RecordID)
    /// A log of which two histories were signed.
    case log(String)
  }

  /// The federation's name.
  public var federation: String
  /// Its algorithms.
  public var suite: Suite
  /// The authority's keys from which the directories follow: a claim, unless the reader has them
  /// from elsewhere.
  public var authority: Authority
  /// What it is about.
  public var subject: Subject
  /// The directories' signed notes, ascending by version.
  public var directories: [[UInt8]]
  /// The agencies' TLS trust anchors.
  public var certificates: [EvidenceCertificate]
  /// The records.
  public var records: [EvidenceRecord]
  /// The forks.
  public var forks: [EvidenceFork]

  /// A file from its parts, which are checked when it is read.
  public init(
    federation: String, suite: Suite, authority: Authority, subject: Subject,
    directories: [[UInt8]] = [], certificates: [EvidenceCertificate] = [],
    records: [EvidenceRecord] = [], forks: [EvidenceFork] = []
  ) {
    self.federation = federation
    self.suite = suite
    self.authority = authority
    self.subject = subject
    self.directories = directories
    self.certificates = certificates
    self.records = records
    self.forks = forks
  }
}

/// A TLS trust anchor that a directory lists for an agency.
public struct EvidenceCertificate: Hashable, Sendable {
  /// The agency.
  public var code: AgencyCode
  /// The certificate.
  public var pem: String

  /// A certificate.
  public init(code: AgencyCode, pem: String) {
    self.code = code
    self.pem = pem
  }
}

/// A record with its proof.
public struct EvidenceRecord: Hashable, Sendable {
  /// A payload with its salt.
  public struct Payload: Hashable, Sendable {
    /// The exact bytes.
    public var bytes: [UInt8]
    /// 32 bytes.
    public var salt: [UInt8]

    /// A payload.
    public init(bytes: [UInt8], salt: [UInt8]) {
      self.bytes = bytes
      self.salt = salt
    }
  }

  /// A C2SP tlog-proof, verbatim, with the header as its extra data.
  public var proof: [UInt8]
  /// What the record says; nil where it was left out or erased.
  public var payload: Payload?

  /// A record.
  public init(proof: [UInt8], payload: Payload?) {
    self.proof = proof
    self.payload = payload
  }
}

/// Two signed heads of one log that cannot both be heads of one history.
public struct EvidenceFork: Hashable, Sendable {
  /// What the larger tree has where the smaller head claims another root.
  public struct Prefix: Hashable, Sendable {
    /// The root of the larger tree's first entries, as many as the smaller head counts.
    public var root: Digest
    /// The RFC 9162 consistency proof from that root to the larger head's.
    public var proof: [Digest]

    /// A prefix.
    public init(root: Digest, proof: [Digest]) {
      self.root = root
      self.proof = proof
    }
  }

  /// Two signed notes, verbatim, the smaller head first.
  public var notes: [[UInt8]]
  /// Nil where both heads are of one size.
  public var prefix: Prefix?

  /// A fork.
  public init(notes: [[UInt8]], prefix: Prefix?) {
    self.notes = notes
    self.prefix = prefix
  }
}

extension EvidenceFile {
  /// The file's bytes: there is only one way to write it.
  public var encoded: [UInt8] {
    let body = body
    var digest = JSONWriter()
    digest.string(CanonicalBase64.encode(suite.digest(body)))
    return body + Array(#","digest":"#.utf8) + digest.bytes + Array("}\n".utf8)
  }

  /// What the digest is made of: everything before its comma.
  private var body: [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("format", Self.format)
      json.member("v", Self.version)
      json.member("federation", federation)
      json.member("suite", suite.name)
      json.object("authority") { json in
        json.member("threshold", authority.threshold)
        json.array("keys") { json in
          for key in authority.keys { json.string(key.description) }
        }
      }
      json.object("subject") { subject.write(to: &$0) }
      json.array("directories") { json in
        for note in directories { json.string(String(decoding: note, as: UTF8.self)) }
      }
      json.array("certificates") { json in
        for certificate in certificates { certificate.write(to: &json) }
      }
      json.array("records") { json in
        for record in records { record.write(to: &json) }
      }
      json.array("forks") { json in
        for fork in forks { fork.write(to: &json) }
      }
    }
    return writer.bytes.dropLast()
  }
}

extension EvidenceFile.Subject {
  fileprivate func write(to json: inout JSONWriter) {
    switch self {
    case .record(let id): json.member("record", "\(id)")
    case .thread(let id): json.member("thread", "\(id)")
    case .log(let origin): json.member("log", origin)
    }
  }
}

extension EvidenceCertificate {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("code", "\(code)")
      json.member("pem", pem)
    }
  }
}

extension EvidenceRecord {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("proof", String(decoding: proof, as: UTF8.self))
      guard let payload else { return }
      json.member("payload", CanonicalBase64.encode(payload.bytes))
      json.member("salt", CanonicalBase64.encode(payload.salt))
    }
  }
}

extension EvidenceFork {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.array("notes") { json in
        for note in notes { json.string(String(decoding: note, as: UTF8.self)) }
      }
      guard let prefix else { return }
      json.member("prefixRoot", CanonicalBase64.encode(prefix.root))
      json.array("consistency") { json in
        for hash in prefix.proof { json.string(CanonicalBase64.encode(hash)) }
      }
    }
  }
}
