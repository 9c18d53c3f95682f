import RecordSchema

/// What a payload's members can be. Byte strings are not among them: they are text in base64, and
/// an array of bytes would be taken for a list of numbers.
protocol PayloadValue {
  init(payload node: JSONNode) throws(PayloadError)
  func writePayload(to writer: inout JSONWriter)
}

extension PayloadValue where Self: PayloadPart {
  init(payload node: JSONNode) throws(PayloadError) { try self.init(node) }
  func writePayload(to writer: inout JSONWriter) { write(to: &writer) }
}

extension PayloadValue where Self: PayloadCode {
  init(payload node: JSONNode) throws(PayloadError) {
    guard let code = Self(rawValue: try String(payload: node)) else {
      throw PayloadError(.value, at: node, "Must be a code of its list.")
    }
    self = code
  }

  func writePayload(to writer: inout JSONWriter) { writer.string(rawValue) }
}

extension Array: PayloadValue where Element: PayloadValue {
  init(payload node: JSONNode) throws(PayloadError) {
    guard node.kind == .array else { throw PayloadError(.type, at: node, "Must be an array.") }
    self = []
    reserveCapacity(node.count)
    for element in node.elements { append(try Element(payload: element)) }
  }

  func writePayload(to writer: inout JSONWriter) {
    writer.array { writer in
      for element in self { element.writePayload(to: &writer) }
    }
  }
}

extension String: PayloadValue {
  init(payload node: JSONNode) throws(PayloadError) {
    guard let text = node.string else { throw PayloadError(.type, at: node, "Must be a string.") }
    self = text
  }

  func writePayload(to writer: inout JSONWriter) { writer.string(self) }
}

extension Bool: PayloadValue {
  init(payload node: JSONNode) throws(PayloadError) {
    guard let value = node.bool else { throw PayloadError(.type, at: node, "Must be a boolean.") }
    self = value
  }

  func writePayload(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Int64: PayloadValue {
  init(payload node: JSONNode) throws(PayloadError) {
    guard let value = node.integer else {
      throw PayloadError(.type, at: node, "Must be a whole number of 64 bits.")
    }
    self = value
  }

  func writePayload(to writer: inout JSONWriter) { writer.integer(self) }
}

extension Double: PayloadValue {
  /// Up to here every whole number has a double of its own.
  private static let exactLimit = 9_007_199_254_740_991.0

  init(payload node: JSONNode) throws(PayloadError) {
    guard let value = node.number else { throw PayloadError(.type, at: node, "Must be a number.") }
    self = value
  }

  /// The shortest digits that read as the same double; whole numbers without a fraction.
  func writePayload(to writer: inout JSONWriter) {
    if magnitude <= Self.exactLimit, let whole = Int64(exactly: self) {
      writer.integer(whole)
    } else {
      writer.raw(Array(description.utf8))
    }
  }
}

extension CalendarDate: PayloadValue {
  init(payload node: JSONNode) throws(PayloadError) {
    guard let date = CalendarDate(parsing: try String(payload: node))
    else { throw PayloadError(.value, at: node, "Must be a real date written YYYY-MM-DD.") }
    self = date
  }

  func writePayload(to writer: inout JSONWriter) {
    writer.string(description)
  }
}

extension Timestamp: PayloadValue {
  init(payload node: JSONNode) throws(PayloadError) {
    guard let time = Timestamp(ascii: Array(try String(payload: node).utf8)[...]) else {
      throw PayloadError(
        .value, at: node, "Must be a real time written YYYY-MM-DDThh:mm:ss.mmm+08:00.")
    }
    self = time
  }

  func writePayload(to writer: inout JSONWriter) { writer.string(description) }
}

extension RecordID: PayloadValue {
  init(payload node: JSONNode) throws(PayloadError) {
    guard let id = RecordID(ascii: Array(try String(payload: node).utf8)[...]) else {
      throw PayloadError(.value, at: node, "Must be a UUIDv7 in lower case.")
    }
    self = id
  }

  func writePayload(to writer: inout JSONWriter) { writer.string(description) }
}

extension AgencyCode: PayloadValue {
  init(payload node: JSONNode) throws(PayloadError) {
    guard let code = AgencyCode(ascii: Array(try String(payload: node).utf8)[...]) else {
      throw PayloadError(.value, at: node, "Must be a credit code with its check digit.")
    }
    self = code
  }

  func writePayload(to writer: inout JSONWriter) { writer.string(description) }
}
