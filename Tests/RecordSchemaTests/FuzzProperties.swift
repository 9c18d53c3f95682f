// What must hold for any bytes at all. Compiled twice: into the tests, which replay the corpus,
// and, with FUZZING, together with RecordSchema's own sources into the fuzzer (Tests/Fuzz).
#if !FUZZING
  @testable import RecordSchema
#endif

/// What must hold of the parser whatever it is given.
enum ParserProperties {
  private static let limits = JSONDocument.Limits(depth: 64, size: 1 << 20)

  /// What was broken, or nil.
  static func breach(_ bytes: [UInt8]) -> String? {
    var accepted: [Bool] = []
    for profile in [JSONDocument.Profile.general, .record] {
      do throws(JSONError) {
        let document = try JSONDocument(parsing: bytes, profile: profile, limits: limits)
        accepted.append(true)
        if let breach = breach(accepted: document.root, profile) { return breach }
      } catch {
        accepted.append(false)
        if let breach = breach(error, of: bytes) { return breach }
        if profile == .record, accepted[0], !recordCodes.contains(error.code) {
          return "the record profile refuses with \(error.code.rawValue) what general takes"
        }
      }
    }
    return accepted == [false, true] ? "the record profile takes what general refuses" : nil
  }

  private static let recordCodes: [JSONError.Code] = [.surrogate, .nfc, .number]

  private static func breach(_ error: JSONError, of bytes: [UInt8]) -> String? {
    guard (0...bytes.count).contains(error.offset) else { return "offset \(error.offset)" }
    guard error.pointer.utf8.count <= JSONPointer.byteLimit else { return "long pointer" }
    guard error.pointer.isEmpty || error.pointer.utf8.first == UInt8(ascii: "/") else {
      return "pointer \(error.pointer)"
    }
    guard error.pointer.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      return "pointer that is not plain"
    }
    return error.description.isEmpty ? "no description" : nil
  }

  private static func breach(accepted root: JSONNode, _ profile: JSONDocument.Profile) -> String? {
    guard let again = try? JSONDocument(parsing: root.rawBytes, profile: profile, limits: limits),
      areEqual(root, again.root)
    else { return "the value's own bytes are read otherwise" }
    var writer = JSONWriter()
    write(root, to: &writer)
    // Halves of surrogate pairs have become U+FFFD, which may make names equal.
    let replacement = Array("\u{FFFD}".utf8)
    let isExact = !writer.bytes.indices.contains { writer.bytes[$0...].starts(with: replacement) }
    if isExact {
      guard
        let written = try? JSONDocument(parsing: writer.bytes, profile: profile, limits: limits),
        areEqual(root, written.root)
      else { return "what is written is not read back" }
    }
    var numbers: [JSONNode] = []
    collectNumbers(root, &numbers)
    return NumberProperties.breach(numbers.prefix(24).map(\.rawBytes), isRecord: profile == .record)
  }

  private static func write(_ node: JSONNode, to writer: inout JSONWriter) {
    switch node.kind {
    case .string: writer.string(node.string ?? "")
    case .array: writer.array { writer in node.elements.forEach { write($0, to: &writer) } }
    case .object:
      writer.object { writer in
        for (key, value) in node.members {
          writer.key(key)
          write(value, to: &writer)
        }
      }
    default: writer.raw(node.rawBytes)
    }
  }

  private static func areEqual(_ first: JSONNode, _ second: JSONNode) -> Bool {
    guard first.kind == second.kind, first.count == second.count else { return false }
    switch first.kind {
    case .string: return first.utf8 == second.utf8
    case .array: return zip(first.elements, second.elements).allSatisfy(areEqual)
    case .object:
      return zip(first.members, second.members).allSatisfy {
        $0.key.utf8.elementsEqual($1.key.utf8) && areEqual($0.value, $1.value)
      }
    default: return first.rawBytes == second.rawBytes
    }
  }

  private static func collectNumbers(_ node: JSONNode, _ numbers: inout [JSONNode]) {
    if node.kind == .number { numbers.append(node) }
    node.elements.forEach { collectNumbers($0, &numbers) }
    node.members.forEach { collectNumbers($0.value, &numbers) }
  }
}

/// What must hold of any numbers.
enum NumberProperties {
  static func breach(_ numbers: [[UInt8]], isRecord: Bool) -> String? {
    for text in numbers {
      let found = text.withUnsafeBufferPointer { breach(DecimalToken($0), isRecord: isRecord) }
      if let found { return found }
      for other in numbers {
        let found = text.withUnsafeBufferPointer { text in
          other.withUnsafeBufferPointer { breach(DecimalToken(text), DecimalToken($0)) }
        }
        if let found { return found }
      }
    }
    return nil
  }

  private static func breach(_ number: DecimalToken, isRecord: Bool) -> String? {
    if isRecord, !number.isSafe { return "a record holds a number that is not safe" }
    if number.integer != nil, !number.isWhole { return "an integer that is not whole" }
    if number.isSafe, number.isWhole, number.integer == nil { return "no integer for a safe one" }
    if let integer = number.integer, number.isSafe, number.double != Double(integer) {
      return "integer and double differ"
    }
    return number == number ? nil : "a number does not equal itself"
  }

  private static func breach(_ first: DecimalToken, _ second: DecimalToken) -> String? {
    let order = DecimalToken.compare(first, second)
    if order != -DecimalToken.compare(second, first) { return "order is not antisymmetric" }
    if let double = first.double, let other = second.double, double != other,
      order != (double < other ? -1 : 1)
    {
      return "order is not that of the doubles"
    }
    let isMultiple = first.isMultiple(of: second)
    if second.parts.isZero { return isMultiple ? "a multiple of zero" : nil }
    if order == 0, !isMultiple { return "not a multiple of itself" }
    if isMultiple, second.isWhole, !first.isWhole { return "a broken multiple of a whole number" }
    if let integer = first.integer, let other = second.integer,
      isMultiple != integer.remainderReportingOverflow(dividingBy: other).partialValue.isZero
    {
      return "multiples of integers differ"
    }
    return nil
  }
}

extension Int64 {
  fileprivate var isZero: Bool { self == 0 }
}
