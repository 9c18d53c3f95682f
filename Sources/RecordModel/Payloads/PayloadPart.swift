public import RecordSchema

/// An object of a payload as a Swift value: read from a document that has been found to keep its
/// schema, or made from its parts and written.
public protocol PayloadPart: Hashable, Sendable {
  /// Reads the object.
  ///
  /// Throws ``PayloadError`` where the document does not keep the schema after all. Bounds of
  /// length and number are not looked at again.
  init(_ node: JSONNode) throws(PayloadError)

  /// Writes the object, members in the schema's order.
  func write(to writer: inout JSONWriter)
}

/// The whole payload of a record.
public protocol RecordPayload: PayloadPart {
  /// What the record's header names, for example `lead.transfer/1`.
  static var schema: String { get }
}

extension RecordPayload {
  /// Reads a payload's bytes; nil where they are not such a payload.
  public init?(reading bytes: [UInt8]) {
    guard let document = try? JSONDocument(parsing: bytes), let value = try? Self(document.root)
    else { return nil }
    self = value
  }

  /// The payload as JSON without spaces, members in the schema's order.
  public var json: [UInt8] {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.bytes
  }
}

extension Payload {
  /// What the record's header names.
  public var schema: String { type(of: value).schema }

  /// The payload as JSON without spaces, members in the schema's order.
  public var json: [UInt8] { value.json }
}

/// A code of a closed list; the raw value is what stands in a payload.
public protocol PayloadCode: RawRepresentable, CaseIterable, Hashable, Sendable
where RawValue == String {
  /// The label in Chinese.
  var chinese: String { get }
  /// The label in English.
  var english: String { get }
}
