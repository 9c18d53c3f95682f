import Cryptography

/// The single pass from a header's bytes to its fields. On the hot path of every receipt.
struct HeaderParser {
  private static let family = JSONLexer.Family(
    size: .headerSize, syntax: .headerSyntax, type: .headerType, value: .headerValue)

  private var lexer: JSONLexer
  /// One bit for each `Field` met so far.
  private var present: UInt32 = 0

  private var id: RecordID?
  private var from: AgencyCode?
  private var to: AgencyCode?
  private var seq: UInt64 = 0
  private var prev = Digest.zero
  private var time = Timestamp(milliseconds: 0)
  private var seen = Seen(epoch: 0, size: 0)
  private var directory: UInt64 = 0
  private var kind = ""
  private var schema = ""
  private var thread: RecordID?
  private var replyTo: RecordID?
  private var urgency = Urgency.normal
  private var payload = PayloadReference(commitment: .zero, size: 0)

  static func parse(_ bytes: [UInt8]) throws(RecordModelError) -> RecordHeader {
    var parser = HeaderParser(
      lexer: try JSONLexer(bytes, limit: RecordHeader.byteLimit, family: family))
    try parser.object(Field.top, "header")
    try parser.lexer.finish()
    return try parser.header()
  }

  private init(lexer: JSONLexer) { self.lexer = lexer }

  private func header() throws(RecordModelError) -> RecordHeader {
    guard let id, let from, let to, let thread else {
      // `object` has refused every header without these.
      throw RecordModelError(.headerMissingKey, "A required field is missing.")
    }
    guard from != to else {
      throw RecordModelError(.headerValue, "'to' must be another agency than 'from'.", field: "to")
    }
    return RecordHeader(
      id: id, from: from, to: to, seq: seq, prev: prev, time: time, seen: seen,
      directory: directory, kind: kind, schema: schema, thread: thread, replyTo: replyTo,
      urgency: urgency, payload: payload)
  }

  private mutating func object(
    _ fields: ClosedRange<UInt8>, _ name: String
  ) throws(RecordModelError) {
    try lexer.openObject(name)
    var expected = fields.lowerBound
    var isFirst = true
    while let key = try lexer.nextKey(isFirst: isFirst) {
      isFirst = false
      guard let field = Field.find(key, in: fields, expected: expected) else {
        throw RecordModelError(
          .headerUnknownKey, "Unknown key in \(name) before byte \(lexer.offset).", field: name)
      }
      let bit: UInt32 = 1 << UInt32(field.rawValue)
      guard present & bit == 0 else {
        throw RecordModelError(
          .headerDuplicateKey, "'\(field.path)' is given twice.", field: field.path)
      }
      present |= bit
      expected = field.rawValue + 1
      try read(field)
    }
    for raw in fields where present & (1 << UInt32(raw)) == 0 {
      guard let field = Field(rawValue: raw), field != .replyTo else { continue }
      throw RecordModelError(.headerMissingKey, "'\(field.path)' is missing.", field: field.path)
    }
  }

  private mutating func read(_ field: Field) throws(RecordModelError) {
    switch field {
    case .v: _ = try integer(field, 1...1, "must be 1")
    case .id: id = try recordID(field)
    case .from: from = try agency(field)
    case .to: to = try agency(field)
    case .seq: seq = try lexer.integer(field.path)
    case .prev: prev = try digest(field)
    case .time: time = try timestamp(field)
    case .seen: try object(Field.seenFields, "seen")
    case .directory:
      directory = try integer(field, 1...JSONLexer.largestInteger, "must be at least 1")
    case .kind: kind = try name(field) { NameForm.isKind($0) }
    case .schema: schema = try name(field) { NameForm.isSchema($0) }
    case .thread: thread = try recordID(field)
    case .replyTo: replyTo = try recordID(field)
    case .urgency: urgency = try readUrgency(field)
    case .payload: try object(Field.payloadFields, "payload")
    case .seenEpoch:
      let epoch = try integer(field, 1...UInt64(UInt32.max), "must be from 1 to 2^32-1")
      seen.epoch = UInt32(truncatingIfNeeded: epoch)
    case .seenSize: seen.size = try lexer.integer(field.path)
    case .payloadCommitment: payload.commitment = try digest(field)
    case .payloadSize:
      let limit = UInt64(RecordHeader.payloadByteLimit)
      payload.size = Int(try integer(field, 0...limit, "must be at most \(limit)"))
    }
  }
}

// MARK: - Values

extension HeaderParser {
  private mutating func integer(
    _ field: Field, _ range: ClosedRange<UInt64>, _ problem: @autoclosure () -> String
  ) throws(RecordModelError) -> UInt64 {
    let value = try lexer.integer(field.path)
    guard range.contains(value) else { throw lexer.value(problem()) { field.path } }
    return value
  }

  private mutating func recordID(_ field: Field) throws(RecordModelError) -> RecordID {
    guard let id = RecordID(ascii: try lexer.string(field.path)) else {
      throw lexer.value("must be a UUIDv7 in lower case") { field.path }
    }
    return id
  }

  private mutating func agency(_ field: Field) throws(RecordModelError) -> AgencyCode {
    guard let code = AgencyCode(ascii: try lexer.string(field.path)) else {
      throw lexer.value("must be a credit code with its check digit") { field.path }
    }
    return code
  }

  private mutating func timestamp(_ field: Field) throws(RecordModelError) -> Timestamp {
    guard let time = Timestamp(ascii: try lexer.string(field.path)) else {
      throw lexer.value("must be a real time with milliseconds and +08:00") { field.path }
    }
    return time
  }

  private mutating func digest(_ field: Field) throws(RecordModelError) -> Digest {
    guard let digest = Digest(base64: try lexer.string(field.path)) else {
      throw lexer.value("must be 32 bytes in canonical base64") { field.path }
    }
    return digest
  }

  private mutating func name(
    _ field: Field, _ isValid: (ArraySlice<UInt8>) -> Bool
  ) throws(RecordModelError) -> String {
    let text = try lexer.string(field.path)
    guard isValid(text) else { throw lexer.value("has not the form of a name") { field.path } }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func readUrgency(_ field: Field) throws(RecordModelError) -> Urgency {
    let text = try lexer.string(field.path)
    for urgency in Urgency.allCases where text.elementsEqual(urgency.rawValue.utf8) {
      return urgency
    }
    throw lexer.value("must be normal, urgent or critical") { field.path }
  }
}

// MARK: - Fields

extension HeaderParser {
  /// Every field of the header and of its two inner objects, in canonical order.
  enum Field: UInt8, CaseIterable {
    case v, id, from, to, seq, prev, time, seen, directory, kind, schema, thread, replyTo, urgency
    case payload
    case seenEpoch, seenSize
    case payloadCommitment, payloadSize

    static let top = Field.v.rawValue...Field.payload.rawValue
    static let seenFields = Field.seenEpoch.rawValue...Field.seenSize.rawValue
    static let payloadFields = Field.payloadCommitment.rawValue...Field.payloadSize.rawValue

    var key: StaticString {
      switch self {
      case .v: "v"
      case .id: "id"
      case .from: "from"
      case .to: "to"
      case .seq: "seq"
      case .prev: "prev"
      case .time: "time"
      case .seen: "seen"
      case .directory: "directory"
      case .kind: "kind"
      case .schema: "schema"
      case .thread: "thread"
      case .replyTo: "replyTo"
      case .urgency: "urgency"
      case .payload: "payload"
      case .seenEpoch: "epoch"
      case .seenSize, .payloadSize: "size"
      case .payloadCommitment: "commitment"
      }
    }

    /// How errors name the field.
    var path: String {
      switch self {
      case .seenEpoch, .seenSize: "seen.\(key)"
      case .payloadCommitment, .payloadSize: "payload.\(key)"
      default: "\(key)"
      }
    }

    /// The field of an object with this key. Canonical order makes `expected` the answer.
    static func find(
      _ key: ArraySlice<UInt8>, in fields: ClosedRange<UInt8>, expected: UInt8
    ) -> Field? {
      if fields.contains(expected), let field = Field(rawValue: expected), field.matches(key) {
        return field
      }
      for raw in fields {
        if let field = Field(rawValue: raw), field.matches(key) { return field }
      }
      return nil
    }

    private func matches(_ text: ArraySlice<UInt8>) -> Bool {
      let key = key
      guard key.utf8CodeUnitCount == text.count else { return false }
      return key.withUTF8Buffer { text.elementsEqual($0) }
    }
  }
}

/// The shapes of kinds and schemas. Which of them exist is for the schema registry to say.
enum NameForm {
  /// Words of `a-z 0-9 -` joined by dots, at most `RecordHeader.nameByteLimit` bytes.
  static func isKind(_ text: ArraySlice<UInt8>) -> Bool {
    guard (1...RecordHeader.nameByteLimit).contains(text.count) else { return false }
    var wordLength = 0
    for byte in text {
      switch byte {
      case 0x61...0x7A, 0x30...0x39, 0x2D: wordLength += 1
      case 0x2E where wordLength > 0: wordLength = 0
      default: return false
      }
    }
    return wordLength > 0
  }

  /// A kind, a slash and a version from 1 to 9999 without leading zeros.
  static func isSchema(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count <= RecordHeader.nameByteLimit,
      let slash = text.firstIndex(of: 0x2F), isKind(text[..<slash])
    else { return false }
    let version = text[(slash + 1)...]
    return (1...4).contains(version.count) && version.first != 0x30
      && version.allSatisfy { (0x30...0x39).contains($0) }
  }
}
