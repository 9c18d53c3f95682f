/// Why bytes are no part of an export.
public struct ExportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable, dotted name.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The dotted name.
    public let rawValue: String
    /// Wraps a dotted name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The dotted name.
    public var description: String { rawValue }
  }

  /// What kind of failure it is.
  public var code: Code
  /// Which field of what, in English; never a value.
  public var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// `code: message`.
  public var description: String { "\(code): \(message)" }
}

extension ExportError.Code {
  /// The manifest, claims or outbox of an export have a field missing, unknown or wrong.
  public static let malformed = Self(rawValue: "export.malformed")
  /// A bundle of payloads or of checkpoints is cut off, or holds what it must not.
  public static let bundle = Self(rawValue: "export.bundle")
  /// A file of an export is longer than any such file may be.
  public static let tooLong = Self(rawValue: "export.tooLong")
  /// There is no finished export: `export.json` is missing.
  public static let unfinished = Self(rawValue: "export.unfinished")
}
