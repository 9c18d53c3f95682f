import RecordSchema

/// An object of a clocks or calendar file: knows its place and gives out members by type.
struct ClockObject {
  /// The code of every problem.
  let code: RecordModelError.Code
  let node: JSONNode
  /// JSON Pointer of the object; empty for the whole.
  let place: String

  /// The whole of a file.
  static func root(
    _ bytes: [UInt8], limit: Int, code: RecordModelError.Code
  ) throws(RecordModelError) -> ClockObject {
    let document: JSONDocument
    do {
      // Six levels of brackets are the deepest.
      document = try JSONDocument(
        parsing: bytes, profile: .record, limits: .init(depth: 8, size: limit))
    } catch {
      throw RecordModelError(
        code, "The file is not strict JSON of at most \(limit) bytes.", cause: "\(error)")
    }
    return try ClockObject(code, document.root, "")
  }

  init(
    _ code: RecordModelError.Code, _ node: JSONNode, _ place: String
  ) throws(RecordModelError) {
    self.code = code
    self.node = node
    self.place = place
    guard node.kind == .object else { throw Self.problem(code, place, "must be an object") }
  }

  /// What is wrong with the member at a place below this object.
  func problem(_ name: String, _ words: String) -> RecordModelError {
    Self.problem(code, "\(place)/\(name)", words)
  }

  private static func problem(
    _ code: RecordModelError.Code, _ place: String, _ words: String
  ) -> RecordModelError {
    RecordModelError(code, "\(place.isEmpty ? "The file" : place) \(words).", field: place)
  }

  func has(_ name: String) -> Bool { node[name] != nil }

  /// Refuses members that the format does not know.
  func allow(_ names: Set<String>) throws(RecordModelError) {
    for (name, _) in node.members where !names.contains(name) {
      // A name nobody knows may hold anything: it is not repeated.
      throw Self.problem(code, place, "has a member that the format does not know")
    }
  }

  func member(_ name: String) throws(RecordModelError) -> JSONNode {
    guard let member = node[name] else { throw problem(name, "is missing") }
    return member
  }

  func bool(_ name: String) throws(RecordModelError) -> Bool {
    guard let value = try member(name).bool else { throw problem(name, "must be true or false") }
    return value
  }

  func integer(_ name: String, _ range: ClosedRange<Int>) throws(RecordModelError) -> Int {
    guard let value = try member(name).integer, let whole = Int(exactly: value),
      range.contains(whole)
    else {
      let words =
        range.count == 1
        ? "must be \(range.lowerBound)"
        : "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
      throw problem(name, words)
    }
    return whole
  }

  func text(_ name: String, length: ClosedRange<Int>) throws(RecordModelError) -> String {
    guard let text = try member(name).string, length.contains(text.unicodeScalars.count) else {
      throw problem(
        name, "must be a string of \(length.lowerBound) to \(length.upperBound) code points")
    }
    return text
  }

  /// One of the raw values of an enumeration.
  func choice<Value>(_ name: String) throws(RecordModelError) -> Value
  where Value: RawRepresentable<String> & CaseIterable {
    guard let value = try member(name).string.flatMap(Value.init(rawValue:)) else {
      let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw problem(name, "must be one of: \(names)")
    }
    return value
  }

  func elements(
    _ name: String, _ count: ClosedRange<Int>
  ) throws(RecordModelError) -> [JSONNode] {
    let list = try member(name)
    guard list.kind == .array, count.contains(list.count) else {
      throw problem(
        name, "must be a list of \(count.lowerBound) to \(count.upperBound) elements")
    }
    return Array(list.elements)
  }

  /// Strings, each with its own bounds.
  func texts(
    _ name: String, _ count: ClosedRange<Int>, length: ClosedRange<Int>
  ) throws(RecordModelError) -> [String] {
    var texts: [String] = []
    for (place, element) in try elements(name, count).enumerated() {
      guard let text = element.string, length.contains(text.unicodeScalars.count) else {
        throw problem(
          "\(name)/\(place)",
          "must be a string of \(length.lowerBound) to \(length.upperBound) code points")
      }
      texts.append(text)
    }
    return texts
  }

  func object(_ name: String) throws(RecordModelError) -> ClockObject {
    try ClockObject(code, try member(name), "\(place)/\(name)")
  }

  func objects(
    _ name: String, _ count: ClosedRange<Int>
  ) throws(RecordModelError) -> [ClockObject] {
    var objects: [ClockObject] = []
    for (index, element) in try elements(name, count).enumerated() {
      objects.append(try ClockObject(code, element, "\(place)/\(name)/\(index)"))
    }
    return objects
  }
}

extension RecordModelError.Code {
  /// A clocks file that breaks its format.
  public static let clockRulesInvalid = Self(rawValue: "clock.rules.invalid")
  /// No rule of that id is in the clocks file.
  public static let clockRulesUnknown = Self(rawValue: "clock.rules.unknown")
  /// A calendar file that breaks its format.
  public static let clockCalendarInvalid = Self(rawValue: "clock.calendar.invalid")
  /// The counting of days reaches a year whose calendar is not here.
  public static let clockCalendarMissing = Self(rawValue: "clock.calendar.missing")
  /// A payload that a clock needs was erased, or lacks the date.
  public static let clockPayloadMissing = Self(rawValue: "clock.payload.missing")
}
