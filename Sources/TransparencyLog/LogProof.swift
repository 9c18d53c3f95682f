public import Cryptography

/// A C2SP tlog-proof: that an entry is in a log, checkable offline with nothing but the keys.
///
/// A file of lines: `c2sp.org/tlog-proof@v1`; `extra <base64>` if there is extra data;
/// `index <decimal>`; the inclusion proof's hashes in base64, leaf to root; an empty line; the
/// checkpoint note verbatim. A file that parsed is encoded to the same bytes again.
public struct LogProof: Hashable, Sendable {
  /// The most bytes of a proof file.
  public static let byteLimit = 2 * 1024 * 1024
  /// The most bytes of extra data.
  public static let extraByteLimit = 1024 * 1024
  /// The first line of a proof file.
  public static let header = "c2sp.org/tlog-proof@v1"

  /// Extra data, never empty; not covered by any signature, so not to be believed by itself.
  public var extra: [UInt8]?
  /// The entry's place in the log.
  public var index: UInt64
  /// The inclusion proof, from the leaf's sibling upwards.
  public var proof: [Digest]
  /// The checkpoint with the log's signature and the cosignatures.
  public var checkpoint: SignedNote

  /// Makes a proof from its parts; empty extra data counts as none.
  public init(extra: [UInt8]?, index: UInt64, proof: [Digest], checkpoint: SignedNote) {
    self.extra = extra?.isEmpty == true ? nil : extra
    self.index = index
    self.proof = proof
    self.checkpoint = checkpoint
  }

  /// Reads a proof file.
  ///
  /// Throws `log.proof.malformed` or `log.proof.limit` for the proof's own lines, `log.note.*`
  /// and `log.checkpoint.*` for the checkpoint. Nothing is verified yet.
  public init(parsing bytes: [UInt8]) throws(TransparencyLogError) {
    guard bytes.count <= Self.byteLimit else {
      throw Self.limit("a proof file has more than \(Self.byteLimit) bytes")
    }
    var lines = LineReader(bytes[...])
    guard let header = lines.next(), header.elementsEqual(Self.header.utf8) else {
      throw Self.malformed("a proof file does not start with '\(Self.header)'")
    }
    guard var line = lines.next() else { throw Self.malformed("a proof file has no index line") }
    if let encoded = Self.value(of: "extra ", in: line) {
      guard encoded.count <= CanonicalBase64.encodedCount(Self.extraByteLimit) else {
        throw Self.limit("a proof's extra data has more than \(Self.extraByteLimit) bytes")
      }
      guard let extra = CanonicalBase64.decode(encoded), !extra.isEmpty, let next = lines.next()
      else { throw Self.malformed("a proof's extra line is not followed by canonical base64") }
      self.extra = extra
      line = next
    }
    guard let digits = Self.value(of: "index ", in: line), let index = parseDecimal(digits) else {
      throw Self.malformed("a proof's index line is not 'index' and a canonical decimal")
    }
    self.index = index
    proof = []
    while true {
      guard let line = lines.next() else {
        throw Self.malformed("a proof has no empty line before its checkpoint")
      }
      if line.isEmpty { break }
      guard proof.count < Merkle.proofHashLimit else {
        throw Self.limit("a proof has more than \(Merkle.proofHashLimit) hashes")
      }
      guard let hash = CanonicalBase64.decode(line), let hash = Digest(hash) else {
        throw Self.malformed("a proof's hash is not the base64 of 32 bytes")
      }
      proof.append(hash)
    }
    checkpoint = try SignedNote(parsing: lines.rest)
    _ = try Checkpoint(parsing: checkpoint.text)
  }

  /// The proof file's bytes.
  public var encoded: [UInt8] {
    let note = checkpoint.encoded
    var out = Array("\(Self.header)\n".utf8)
    out.reserveCapacity(
      out.count + CanonicalBase64.encodedCount(extra?.count ?? 0) + proof.count * 45 + note.count
        + 64)
    if let extra, !extra.isEmpty {
      out.append(contentsOf: "extra ".utf8)
      CanonicalBase64.append(extra, to: &out)
      out.append(newline)
    }
    out.append(contentsOf: "index \(index)\n".utf8)
    for hash in proof {
      CanonicalBase64.append(hash.bytes, to: &out)
      out.append(newline)
    }
    out.append(newline)
    out.append(contentsOf: note)
    return out
  }

  private static func value(of field: String, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    line.starts(with: field.utf8) ? line.dropFirst(field.utf8.count) : nil
  }

  private static func malformed(_ message: String) -> TransparencyLogError {
    TransparencyLogError(code: .proofMalformed, message: message)
  }

  private static func limit(_ message: String) -> TransparencyLogError {
    TransparencyLogError(code: .proofLimit, message: message)
  }
}
