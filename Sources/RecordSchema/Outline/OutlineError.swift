/// Why a schema document cannot be outlined: where it says something for which the outline has no
/// words, or leaves out what a reader needs.
public struct OutlineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The document's path under `schemas/`.
  public let document: String
  /// JSON Pointer (RFC 6901) into it.
  public let pointer: String
  /// One sentence in English.
  public let message: String

  /// The place and the sentence.
  public var description: String { "\(document)#\(pointer): \(message)" }
}
