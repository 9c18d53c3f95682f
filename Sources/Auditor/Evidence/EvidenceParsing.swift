import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

extension EvidenceFile {
  /// Reads a file. Its form and its digest are checked, and nothing else: no signature is verified
  /// yet.
  ///
  /// A file that parsed is encoded to the very same bytes again.
  /// - Throws: `EvidenceError` with `.size`, `.form` or `.digest`.
  public init(parsing bytes: [UInt8]) throws(EvidenceError) {
    guard bytes.count <= Self.byteLimit else {
      throw EvidenceError(.size, "an evidence file has at most \(Self.byteLimit) bytes")
    }
    let root: JSONNode
    do {
      root = try JSONDocument(
        parsing: bytes, profile: .general,
        limits: JSONDocument.Limits(depth: 8, size: Self.byteLimit)
      ).root
    } catch {
      throw EvidenceError(.form, "it is not strict JSON: \(error.code.rawValue)")
    }
    self = try EvidenceReader(root).file()
    let encoded = encoded
    guard encoded != bytes else { return }
    // Told apart for who made a mistake by hand: with the digest as it stands it would be the file.
    guard encoded.count == bytes.count, encoded.dropLast(48) == bytes.dropLast(48) else {
      throw EvidenceError(.form, "it is not written in the one way that the format allows")
    }
    throw EvidenceError(.digest, "its digest is not that of its bytes: damaged or edited")
  }
}

/// Takes a parsed file apart.
private struct EvidenceReader {
  let root: JSONNode

  init(_ root: JSONNode) { self.root = root }

  func file() throws(EvidenceError) -> EvidenceFile {
    guard root["format"]?.string == EvidenceFile.format,
      root["v"]?.integer == Int64(EvidenceFile.version)
    else { throw Self.wrong("format and v") }
    guard let federation = root["federation"]?.string, FederationName.isValid(federation) else {
      throw Self.wrong("federation")
    }
    guard let suite = root["suite"]?.string.flatMap(Suite.init(name:)) else {
      throw Self.wrong("suite")
    }
    guard root["digest"]?.string.flatMap(CanonicalBase64.decode)?.count == Digest.byteCount else {
      throw Self.wrong("digest")
    }
    return EvidenceFile(
      federation: federation, suite: suite, authority: try authority(suite),
      subject: try subject(),
      directories: try list("directories", EvidenceFile.directoryLimit) {
        (node) throws(EvidenceError) in try Self.text(node, "directories")
      },
      certificates: try list("certificates", EvidenceFile.certificateLimit, Self.certificate),
      records: try list("records", EvidenceFile.recordLimit, Self.record),
      forks: try list("forks", EvidenceFile.forkLimit, Self.fork))
  }

  private func authority(_ suite: Suite) throws(EvidenceError) -> Authority {
    guard let node = root["authority"], let threshold = node["threshold"]?.integer,
      (1...Int64(Authority.keyLimit)).contains(threshold), let keys = node["keys"],
      keys.kind == .array, keys.count <= Authority.keyLimit
    else { throw Self.wrong("authority") }
    do {
      return try Authority(
        threshold: Int(threshold),
        keys: keys.elements.map { try VerifierKey(parsing: $0.string ?? "", suite: suite) })
    } catch {
      throw Self.wrong("authority")
    }
  }

  private func subject() throws(EvidenceError) -> EvidenceFile.Subject {
    guard let node = root["subject"], node.kind == .object, node.count == 1 else {
      throw Self.wrong("subject")
    }
    if let text = node["record"]?.string, let id = try? RecordID(parsing: text) {
      return .record(id)
    }
    if let text = node["thread"]?.string, let id = try? RecordID(parsing: text) {
      return .thread(id)
    }
    if let origin = node["log"]?.string, origin.utf8.count <= Checkpoint.originByteLimit {
      return .log(origin)
    }
    throw Self.wrong("subject")
  }

  private func list<Element>(
    _ name: String, _ limit: Int, _ read: (JSONNode) throws(EvidenceError) -> Element
  ) throws(EvidenceError) -> [Element] {
    guard let node = root[name], node.kind == .array else { throw Self.wrong(name) }
    guard node.count <= limit else {
      throw EvidenceError(.size, "\(name) has more than \(limit) elements")
    }
    var elements: [Element] = []
    for element in node.elements { elements.append(try read(element)) }
    return elements
  }

  private static func certificate(_ node: JSONNode) throws(EvidenceError) -> EvidenceCertificate {
    guard let code = node["code"]?.string.flatMap({ try? AgencyCode($0) }),
      let pem = node["pem"]?.string
    else { throw wrong("certificates") }
    return EvidenceCertificate(code: code, pem: pem)
  }

  private static func record(_ node: JSONNode) throws(EvidenceError) -> EvidenceRecord {
    let proof = try text(node["proof"], "proof")
    guard node["payload"] != nil || node["salt"] != nil else {
      return EvidenceRecord(proof: proof, payload: nil)
    }
    guard let payload = node["payload"]?.string.flatMap(CanonicalBase64.decode),
      let salt = node["salt"]?.string.flatMap(CanonicalBase64.decode)
    else { throw wrong("payload and salt") }
    return EvidenceRecord(
      proof: proof, payload: EvidenceRecord.Payload(bytes: payload, salt: salt))
  }

  private static func fork(_ node: JSONNode) throws(EvidenceError) -> EvidenceFork {
    guard let notes = node["notes"], notes.kind == .array, notes.count == 2 else {
      throw wrong("notes")
    }
    let texts = [try text(notes[0], "notes"), try text(notes[1], "notes")]
    guard let root = node["prefixRoot"] else { return EvidenceFork(notes: texts, prefix: nil) }
    guard let root = digest(root), let proof = node["consistency"], proof.kind == .array,
      proof.count <= Merkle.proofHashLimit
    else { throw wrong("prefixRoot and consistency") }
    var hashes: [Digest] = []
    for element in proof.elements {
      guard let hash = digest(element) else { throw wrong("consistency") }
      hashes.append(hash)
    }
    return EvidenceFork(notes: texts, prefix: EvidenceFork.Prefix(root: root, proof: hashes))
  }

  private static func digest(_ node: JSONNode) -> Digest? {
    node.string.flatMap(CanonicalBase64.decode).flatMap { Digest($0) }
  }

  private static func text(_ node: JSONNode?, _ name: String) throws(EvidenceError) -> [UInt8] {
    guard let text = node?.utf8 else { throw wrong(name) }
    return text
  }

  private static func wrong(_ name: String) -> EvidenceError {
    EvidenceError(.form, "\(name) is missing or not in its form")
  }
}
