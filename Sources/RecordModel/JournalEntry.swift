public import Cryptography

/// A value in a journal entry. Scalars only: a journal holds no person and no payload.
public enum JournalScalar: Hashable, Sendable {
  /// Text; codes, names, digests, never free words about a case.
  case string(String)
  /// A whole number from 0 to 2^53−1.
  case integer(UInt64)
  /// True or false.
  case bool(Bool)
  /// Known to be absent.
  case null
}

/// One named value of a journal entry.
public struct JournalField: Hashable, Sendable {
  /// Letters and digits, beginning with a lower-case letter; none of the five that every entry has.
  public var name: String
  /// The value.
  public var value: JournalScalar

  /// A field.
  public init(_ name: String, _ value: JournalScalar) {
    self.name = name
    self.value = value
  }
}

/// One entry of a node's journal. Like a record's header it is hashed exactly as it was written:
/// leaf = digest(0x00 ‖ bytes), `prev` is the leaf of the entry before.
public struct JournalEntry: Hashable, Sendable {
  /// Most bytes that an entry may have.
  public static let byteLimit = 16 * 1024
  /// Most fields that an event may carry.
  public static let fieldLimit = 32
  /// The one version of this format, field `v`.
  public static let version = 1

  /// Its place in the journal, from 0.
  public var seq: UInt64
  /// Leaf hash of the entry before; `Digest.zero` at 0.
  public var prev: Digest
  /// When it happened, by the node's clock.
  public var time: Timestamp
  /// What happened.
  public var event: JournalEvent
  /// The event's own values, in order.
  public var fields: [JournalField]

  /// An entry from its parts, which are not checked here.
  public init(
    seq: UInt64, prev: Digest, time: Timestamp, event: JournalEvent,
    fields: [JournalField]
  ) {
    self.seq = seq
    self.prev = prev
    self.time = time
    self.event = event
    self.fields = fields
  }

  /// The value of a field; nil when there is none of that name.
  public subscript(name: String) -> JournalScalar? {
    fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The exact bytes: `v`, `seq`, `prev`, `time`, `event`, then the fields in order; no spaces.
  ///
  /// Field names are our own code's words: one that a reader would refuse is a mistake in it.
  public func encoded() -> [UInt8] {
    assert(hasReadableNames, "a field of \(event) has a name that is taken or malformed")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(320)
    bytes.append(static: #"{"v":1,"seq":"#)
    bytes.append(digits: seq)
    bytes.append(static: #","prev":""#)
    bytes.append(base64: prev)
    bytes.append(static: #"","time":""#)
    time.append(to: &bytes)
    bytes.append(static: #"","event":"#)
    bytes.append(quoted: event.rawValue)
    for field in fields {
      bytes.append(0x2C)
      bytes.append(quoted: field.name)
      bytes.append(0x3A)
      switch field.value {
      case .string(let text): bytes.append(quoted: text)
      case .integer(let number): bytes.append(digits: number)
      case .bool(let value): bytes.append(static: value ? "true" : "false")
      case .null: bytes.append(static: "null")
      }
    }
    bytes.append(0x7D)
    return bytes
  }

  /// Whether a reader takes the fields' names: well formed, none twice, none of the common five.
  var hasReadableNames: Bool {
    Set(fields.map(\.name)).isDisjoint(with: JournalParser.common)
      && Set(fields.map(\.name)).count == fields.count
      && fields.allSatisfy { JournalParser.isFieldName(Array($0.name.utf8)[...]) }
  }

  /// Parses an entry: strict JSON, the five common fields first and in order, then scalars only.
  /// An event that this version does not know is taken; `problem` tells of it.
  /// - Throws: `RecordModelError` with a `journal.*` code that names the field, never its value.
  public init(parsing bytes: [UInt8]) throws(RecordModelError) {
    var parser = try JournalParser(bytes)
    self = try parser.entry()
  }
}

/// The single pass from a journal entry's bytes to its values.
private struct JournalParser {
  static let common = ["v", "seq", "prev", "time", "event"]

  private var lexer: JSONLexer

  init(_ bytes: [UInt8]) throws(RecordModelError) {
    lexer = try JSONLexer(
      bytes, limit: JournalEntry.byteLimit,
      family: .init(
        size: .journalSize, syntax: .journalSyntax, type: .journalType, value: .journalValue))
  }

  mutating func entry() throws(RecordModelError) -> JournalEntry {
    try lexer.openObject("entry")
    try key("v", isFirst: true)
    guard try lexer.integer("v") == UInt64(JournalEntry.version) else {
      throw lexer.value("must be \(JournalEntry.version)") { "v" }
    }
    try key("seq")
    let seq = try lexer.integer("seq")
    try key("prev")
    guard let prev = Digest(base64: try lexer.string("prev")) else {
      throw lexer.value("must be 32 bytes in canonical base64") { "prev" }
    }
    try key("time")
    guard let time = Timestamp(ascii: try lexer.string("time")) else {
      throw lexer.value("must be a real time with milliseconds and +08:00") { "time" }
    }
    try key("event")
    let event = try lexer.string("event")
    guard NameForm.isKind(event) else {
      throw lexer.value("has not the form of a name") { "event" }
    }
    let fields = try fields()
    try lexer.finish()
    return JournalEntry(
      seq: seq, prev: prev, time: time,
      event: JournalEvent(rawValue: String(decoding: event, as: UTF8.self)), fields: fields)
  }

  private mutating func key(_ name: String, isFirst: Bool = false) throws(RecordModelError) {
    guard let key = try lexer.nextKey(isFirst: isFirst), key.elementsEqual(name.utf8) else {
      throw RecordModelError(
        .journalMissingKey, "'\(name)' is missing or not in its place.", field: name)
    }
  }

  private mutating func fields() throws(RecordModelError) -> [JournalField] {
    var fields: [JournalField] = []
    while let key = try lexer.nextKey(isFirst: false) {
      guard Self.isFieldName(key) else {
        throw RecordModelError(
          .journalValue, "A field's name before byte \(lexer.offset) has not the form of a name.")
      }
      let name = String(decoding: key, as: UTF8.self)
      guard !Self.common.contains(name), !fields.contains(where: { $0.name == name }) else {
        throw RecordModelError(.journalDuplicateKey, "'\(name)' is given twice.", field: name)
      }
      guard fields.count < JournalEntry.fieldLimit else {
        throw RecordModelError(
          .journalValue, "More than \(JournalEntry.fieldLimit) fields beside the common five.")
      }
      fields.append(JournalField(name, try scalar(name)))
    }
    return fields
  }

  private mutating func scalar(_ name: String) throws(RecordModelError) -> JournalScalar {
    switch lexer.peek() {
    case 0x22: .string(String(decoding: try lexer.string(name), as: UTF8.self))
    case 0x66, 0x6E, 0x74: try lexer.literal(name).map(JournalScalar.bool) ?? .null
    default: .integer(try lexer.integer(name))
    }
  }

  /// Up to 32 ASCII letters and digits, the first a lower-case letter.
  static func isFieldName(_ name: ArraySlice<UInt8>) -> Bool {
    guard (1...32).contains(name.count), let first = name.first else { return false }
    return (0x61...0x7A).contains(first)
      && name.allSatisfy {
        (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
      }
  }
}

extension RecordModelError.Code {
  /// An entry of more than `JournalEntry.byteLimit` bytes.
  public static let journalSize = Self(rawValue: "journal.size")
  /// An entry that is not one strict JSON object in UTF-8.
  public static let journalSyntax = Self(rawValue: "journal.syntax")
  /// An entry that names a field twice.
  public static let journalDuplicateKey = Self(rawValue: "journal.duplicateKey")
  /// An entry whose five common fields are not all there, first and in order.
  public static let journalMissingKey = Self(rawValue: "journal.missingKey")
  /// A field of another JSON type than the format's.
  public static let journalType = Self(rawValue: "journal.type")
  /// A field of the right type whose value the format does not allow.
  public static let journalValue = Self(rawValue: "journal.value")
}
