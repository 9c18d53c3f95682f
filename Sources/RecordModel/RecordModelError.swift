/// What this module throws: which rule a header, a directory or a name broke, and where.
/// `message` names fields and offsets, never the value found there.
public struct RecordModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable dotted name, listed in docs/errors.md.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The dotted name, for example `header.value`.
    public let rawValue: String
    /// Wraps a stable dotted name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The dotted name.
    public var description: String { rawValue }
  }

  /// Which rule was broken.
  public var code: Code
  /// What and where, in English, without the offending value.
  public var message: String
  /// The header or directory field that it concerns (a dotted path or JSON Pointer), if one.
  public var field: String?
  /// What a lower layer said, if it was the one that failed.
  public var cause: String?

  /// Builds an error from its parts.
  public init(_ code: Code, _ message: String, field: String? = nil, cause: String? = nil) {
    self.code = code
    self.message = message
    self.field = field
    self.cause = cause
  }

  /// `code: message (cause)`.
  public var description: String {
    cause.map { "\(code): \(message) (\($0))" } ?? "\(code): \(message)"
  }
}

extension RecordModelError.Code {
  /// An agency code that is not a valid 18-character credit code.
  public static let agencyCode = Self(rawValue: "name.agencyCode")
  /// A record id that is not a lower-case UUIDv7.
  public static let recordID = Self(rawValue: "name.recordID")
  /// A time not written `2026-11-23T09:15:00.123+08:00`.
  public static let timestamp = Self(rawValue: "name.timestamp")
  /// A log origin that does not follow the federation's naming.
  public static let origin = Self(rawValue: "name.origin")
  /// A federation name with characters outside `a-z 0-9 . -`, or too long.
  public static let federation = Self(rawValue: "name.federation")

  /// A header of more than `RecordHeader.byteLimit` bytes.
  public static let headerSize = Self(rawValue: "header.size")
  /// A header that is not one strict JSON object in UTF-8.
  public static let headerSyntax = Self(rawValue: "header.syntax")
  /// A header that names a field twice.
  public static let headerDuplicateKey = Self(rawValue: "header.duplicateKey")
  /// A header with a field that the format does not know.
  public static let headerUnknownKey = Self(rawValue: "header.unknownKey")
  /// A header without a field that the format requires.
  public static let headerMissingKey = Self(rawValue: "header.missingKey")
  /// A header field of another JSON type than the format's.
  public static let headerType = Self(rawValue: "header.type")
  /// A header field of the right type whose value the format does not allow.
  public static let headerValue = Self(rawValue: "header.value")
}
