public import Cryptography
public import TransparencyLog

/// The body of C2SP tlog-witness's `add-checkpoint`: a signed head, and the proof that it goes on from
/// the one that the witness cosigned last.
public struct AddCheckpoint: Sendable, Hashable {
  /// Most lines of a proof.
  public static let proofLimit = 63
  /// Most bytes of a body.
  public static let byteLimit = 64 << 10

  /// The size of the head that the witness cosigned last, as the asker believes; 0 for none.
  public var oldSize: UInt64
  /// From that head to this one (RFC 6962); empty where there is none.
  public var proof: [Digest]
  /// The signed head.
  public var note: SignedNote
  /// What it says.
  public let checkpoint: Checkpoint

  /// A body from its parts.
  public init(oldSize: UInt64, proof: [Digest], note: SignedNote) throws(TransparencyLogError) {
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
    checkpoint = try Checkpoint(parsing: note.text)
  }

  /// The bytes.
  public var encoded: [UInt8] {
    var bytes = Array("old \(oldSize)\n".utf8)
    for hash in proof { bytes += Array("\(CanonicalBase64.encode(hash.bytes))\n".utf8) }
    return bytes + [0x0A] + note.encoded
  }

  /// Reads a body; nil where it is none.
  public init?(parsing body: [UInt8]) {
    guard body.count <= Self.byteLimit else { return nil }
    var rest = body[...]
    func line() -> ArraySlice<UInt8>? {
      guard let end = rest.firstIndex(of: 0x0A) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return rest[..<end]
    }
    guard let first = line(), first.starts(with: "old ".utf8),
      let old = Self.decimal(first.dropFirst(4))
    else { return nil }
    var proof: [Digest] = []
    while true {
      guard let next = line() else { return nil }
      if next.isEmpty { break }
      guard proof.count < Self.proofLimit,
        let bytes = CanonicalBase64.decode(String(decoding: next, as: UTF8.self)),
        let hash = Digest(bytes)
      else { return nil }
      proof.append(hash)
    }
    guard let note = try? SignedNote(parsing: Array(rest)),
      let body = try? AddCheckpoint(oldSize: old, proof: proof, note: note)
    else { return nil }
    self = body
  }

  /// A size as the protocol writes it: digits without a leading zero.
  static func decimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
    guard (1...19).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
      digits.count == 1 || digits.first != 0x30
    else { return nil }
    return digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
  }
}

/// What a witness answers.
public enum WitnessAnswer: Sendable, Hashable {
  /// The witness's cosignatures.
  case cosigned([NoteSignature])
  /// The head that it cosigned last has another size, or, at the same size, another root.
  case conflict(UInt64)
  /// No body of this protocol, or one whose sizes make no sense.
  case malformed
  /// No key is known of the log.
  case unknownOrigin
  /// None of the log's keys signed the head.
  case unknownKey
  /// The proof does not lead from the one head to the other.
  case badProof
  /// It cosigns nothing just now.
  case refusing(String)

  /// The HTTP answer.
  public var reply: HTTPReply {
    switch self {
    case .cosigned(let signatures):
      return HTTPReply(
        200, type: "text/plain; charset=utf-8", signatures.flatMap(\.lineBytes))
    case .conflict(let size):
      return HTTPReply(409, type: Self.sizeType, Array("\(size)\n".utf8))
    case .malformed:
      return .problem(400, code: "witness.malformed", "This is no add-checkpoint request.")
    case .unknownOrigin:
      return .problem(404, code: "witness.origin", "That log is not witnessed here.")
    case .unknownKey:
      return .problem(403, code: "witness.key", "No known key of that log signed the checkpoint.")
    case .badProof:
      return .problem(422, code: "witness.proof", "The consistency proof does not verify.")
    case .refusing(let reason):
      var reply = HTTPReply.problem(503, code: "witness.refusing", reason)
      reply.headers.append(("retry-after", "60"))
      return reply
    }
  }

  /// The type of a conflict's body.
  public static let sizeType = "text/x.tlog.size"

  /// What an HTTP answer says; nil where it is none of the protocol's. Signature lines are read, not
  /// verified.
  public init?(status: Int, body: [UInt8]) {
    switch status {
    case 200:
      guard body.count <= AddCheckpoint.byteLimit,
        // A note whose signatures are those lines.
        let note = try? SignedNote(parsing: Array("-\n\n".utf8) + body)
      else { return nil }
      self = .cosigned(note.signatures)
    case 409:
      guard body.last == 0x0A, let size = AddCheckpoint.decimal(body.dropLast()) else {
        return nil
      }
      self = .conflict(size)
    case 400: self = .malformed
    case 404: self = .unknownOrigin
    case 403: self = .unknownKey
    case 422: self = .badProof
    case 429, 503: self = .refusing("The witness refuses just now.")
    default: return nil
    }
  }
}

extension NoteSignature {
  /// The signature's line, with its end.
  var lineBytes: [UInt8] {
    // The line of a note whose text is known, behind the blank line.
    Array(SignedNote(text: "-\n", signatures: [self]).encoded.dropFirst(3))
  }
}
