import RecordSchema

/// Why a document could not be read as a payload.
///
/// A document that keeps its schema gives none, with one exception: base64 that a schema's pattern
/// lets through although no bytes are written so (see ``Code/value``).
public struct PayloadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as a stable dotted string.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The stable name, for example `payload.value`.
    public let rawValue: String
    /// Wraps a stable dotted name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The dotted name.
    public var description: String { rawValue }
  }

  /// What is wrong.
  public let code: Code
  /// JSON Pointer (RFC 6901) to the place.
  public let pointer: String
  /// One English sentence that never holds the value.
  public let message: String

  init(_ code: Code, at node: JSONNode, _ message: String) {
    self.code = code
    self.pointer = node.pointer
    self.message = message
  }

  init(missing name: String, in node: JSONNode) {
    self.code = .missing
    self.pointer = node.pointer + "/" + JSONPointer.escape(name)
    self.message = "A required member is missing."
  }

  init(unknownSchema root: JSONNode) {
    self.init(.schema, at: root, "This version has no type for payloads of that schema.")
  }

  /// The code, the place and the sentence.
  public var description: String { "\(code) at \"\(pointer)\": \(message)" }
}

extension PayloadError.Code {
  /// No type for payloads of that schema.
  public static let schema = Self(rawValue: "payload.schema")
  /// A member that the schema requires is not there.
  public static let missing = Self(rawValue: "payload.missing")
  /// A member that the schema does not list is there.
  public static let surplus = Self(rawValue: "payload.surplus")
  /// A value of another JSON type than the schema's.
  public static let type = Self(rawValue: "payload.type")
  /// A value of the right JSON type that is not in its written form: a code that is not in its
  /// list, a date that does not exist, base64 of another length than a multiple of four.
  public static let value = Self(rawValue: "payload.value")
}
