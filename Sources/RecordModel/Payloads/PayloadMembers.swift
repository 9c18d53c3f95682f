import RecordSchema
import TransparencyLog

/// Takes an object's members one by one, and sees to it that none is left.
struct PayloadMembers {
  private let node: JSONNode
  private var taken = 0

  init(_ node: JSONNode) throws(PayloadError) {
    guard node.kind == .object else { throw PayloadError(.type, at: node, "Must be an object.") }
    self.node = node
  }

  /// A member that must be there.
  mutating func value<Value: PayloadValue>(_ name: String) throws(PayloadError) -> Value {
    guard let value: Value = try optional(name) else {
      throw PayloadError(missing: name, in: node)
    }
    return value
  }

  /// A member that may be missing.
  mutating func optional<Value: PayloadValue>(_ name: String) throws(PayloadError) -> Value? {
    guard let member = take(name) else { return nil }
    return try Value(payload: member)
  }

  /// Bytes in base64 that must be there.
  mutating func bytes(_ name: String) throws(PayloadError) -> [UInt8] {
    guard let bytes = try optionalBytes(name) else { throw PayloadError(missing: name, in: node) }
    return bytes
  }

  /// Bytes in base64 that may be missing.
  mutating func optionalBytes(_ name: String) throws(PayloadError) -> [UInt8]? {
    guard let member = take(name) else { return nil }
    let text = try String(payload: member)
    guard let bytes = CanonicalBase64.decode(text) else {
      throw PayloadError(.value, at: member, "Must be base64 with padding, unused bits zero.")
    }
    return bytes
  }

  /// Refuses an object that has more members than were taken.
  consuming func finish() throws(PayloadError) {
    guard taken == node.count else {
      throw PayloadError(
        .surplus, at: node, "The object has a member that its schema does not list.")
    }
  }

  private mutating func take(_ name: String) -> JSONNode? {
    guard let member = node[name] else { return nil }
    taken += 1
    return member
  }
}

extension JSONWriter {
  mutating func put(_ name: String, _ value: some PayloadValue) {
    key(name)
    value.writePayload(to: &self)
  }

  mutating func put(_ name: String, _ value: (some PayloadValue)?) {
    if let value { put(name, value) }
  }

  mutating func putBytes(_ name: String, _ value: [UInt8]?) {
    if let value { put(name, CanonicalBase64.encode(value)) }
  }
}
