import RecordSchema

/// Runs tests of the form of https://github.com/json-schema-org/JSON-Schema-Test-Suite and counts.
struct SchemaSuite {
  /// Under which the suite's schemas refer to other documents.
  static let remoteBase = "http://localhost:1234/"
  private static let caseURI = "https://schema.invalid/case"
  /// Cases must not be refused for what a test file may be.
  private static let limits = JSONDocument.Limits(depth: 128, size: 64 << 20)

  /// Whether `format` is an assertion.
  let assertsFormats: Bool
  private(set) var passed = 0
  private(set) var total = 0
  private var library = SchemaLibrary()

  init(assertsFormats: Bool) { self.assertsFormats = assertsFormats }

  /// Makes a document known to all cases; says why it cannot be, if so. Another draft's documents,
  /// for example, cannot.
  mutating func addRemote(_ bytes: [UInt8], at path: String) -> String? {
    do throws(SchemaError) {
      try library.add(bytes, at: Self.remoteBase + path)
      return nil
    } catch {
      return error.description
    }
  }

  /// Runs every case of a file and tells each failure. Throws ``BenchError`` for a file that holds
  /// no cases in the suite's form.
  mutating func run(
    _ bytes: [UInt8], named file: String, tell: (String) -> Void
  ) throws(BenchError) {
    let document = try Self.read(bytes, file)
    guard document.root.kind == .array else { throw Self.malformed(file, document.root) }
    for node in document.root.elements {
      guard let schema = node["schema"], let tests = node["tests"], tests.kind == .array else {
        throw Self.malformed(file, node)
      }
      let name = "\(file): \(node["description"]?.string ?? node.pointer)"
      total += tests.count
      switch compile(schema) {
      case .success(let schema):
        for test in tests.elements { try run(test, by: schema, file, name, tell) }
      case .failure(let error):
        tell("\(name): \(tests.count) test(s) failed: \(error)")
      }
    }
  }

  private func compile(_ schema: JSONNode) -> Result<CompiledSchema, SchemaError> {
    var library = library
    do throws(SchemaError) {
      try library.add(schema.rawBytes, at: Self.caseURI)
      return .success(
        try CompiledSchema(Self.caseURI, in: library, assertsFormats: assertsFormats))
    } catch {
      return .failure(error)
    }
  }

  private mutating func run(
    _ test: JSONNode, by schema: CompiledSchema, _ file: String, _ name: String,
    _ tell: (String) -> Void
  ) throws(BenchError) {
    guard let data = test["data"], let expected = test["valid"]?.bool else {
      throw Self.malformed(file, test)
    }
    let document = try Self.read(data.rawBytes, file)
    let flag = schema.isValid(document)
    let broken = schema.violations(in: document)
    if flag == expected, broken.isEmpty == expected {
      passed += 1
      return
    }
    let rules = broken.map(\.description).joined(separator: "; ")
    tell(
      "\(name) / \(test["description"]?.string ?? test.pointer): expected \(Self.word(expected)), "
        + "flag mode says \(Self.word(flag)), full mode \(Self.word(broken.isEmpty))"
        + (rules.isEmpty ? "" : " (\(rules))"))
  }

  private static func word(_ valid: Bool) -> String { valid ? "valid" : "invalid" }

  private static func read(_ bytes: [UInt8], _ file: String) throws(BenchError) -> JSONDocument {
    do throws(JSONError) {
      return try JSONDocument(parsing: bytes, profile: .general, limits: limits)
    } catch {
      throw BenchError("\(file): \(error)")
    }
  }

  private static func malformed(_ file: String, _ node: JSONNode) -> BenchError {
    BenchError("\(file): not in the suite's form at \"\(node.pointer)\"")
  }
}
