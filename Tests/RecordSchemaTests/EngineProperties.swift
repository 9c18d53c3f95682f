#if !FUZZING
  @testable import RecordSchema
#endif

/// What must hold of the schema engine whatever schema and document it is given.
enum EngineProperties {
  private static let documentLimits = JSONDocument.Limits(depth: 64, size: 1 << 20)
  private static let violationLimit = 20

  /// What was broken, or nil. The bytes are a schema and a document, parted by the first NUL or,
  /// where there is none, by the first line feed.
  static func breach(_ bytes: [UInt8]) -> String? {
    let middle = bytes.firstIndex(of: 0) ?? bytes.firstIndex(of: 0x0A) ?? bytes.endIndex
    let document = Array(bytes[min(middle + 1, bytes.endIndex)...])
    for assertsFormats in [false, true] {
      guard let schema = compiled(Array(bytes[..<middle]), assertsFormats) else { continue }
      if let breach = breach(schema, document) { return breach }
    }
    return nil
  }

  private static func compiled(_ bytes: [UInt8], _ assertsFormats: Bool) -> CompiledSchema? {
    let uri = "urn:fuzz:schema"
    var library = SchemaLibrary()
    do throws(SchemaError) {
      try library.add(bytes, at: uri)
      return try CompiledSchema(uri, in: library, assertsFormats: assertsFormats)
    } catch {
      return error.description.isEmpty ? nil : nil
    }
  }

  private static func breach(_ schema: CompiledSchema, _ bytes: [UInt8]) -> String? {
    guard
      let document = try? JSONDocument(
        parsing: bytes, profile: .general, limits: documentLimits)
    else { return nil }
    let isValid = schema.isValid(document)
    let violations = schema.violations(in: document, limit: violationLimit)
    // Where the steps run out, the two modes have spent them differently.
    if violations.contains(where: { $0.rule == "schema.steps" }) { return nil }
    if isValid != violations.isEmpty {
      return "flag mode says \(isValid), full mode finds \(violations.map(\.rule))"
    }
    if violations.count > violationLimit { return "\(violations.count) violations" }
    for violation in violations {
      if violation.rule.isEmpty || violation.message.isEmpty || violation.messageZH.isEmpty {
        return "an empty violation"
      }
      if violation.pointer.utf8.count > JSONPointer.byteLimit { return "long pointer" }
    }
    return nil
  }
}
