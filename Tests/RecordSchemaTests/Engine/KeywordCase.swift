import Testing

@testable import RecordSchema

/// A schema with documents that it holds valid and invalid.
struct KeywordCase: CustomStringConvertible, Sendable {
  let description: String
  let schema: String
  let valid: [String]
  let invalid: [String]
  /// Other schemas that it refers to, by URI.
  let others: [String: String]
  let assertsFormats: Bool

  init(
    _ description: String, _ schema: String, valid: [String] = [], invalid: [String] = [],
    others: [String: String] = [:], assertsFormats: Bool = false
  ) {
    self.description = description
    self.schema = schema
    self.valid = valid
    self.invalid = invalid
    self.others = others
    self.assertsFormats = assertsFormats
  }

  /// Holds every document against the schema, in both modes.
  func check() throws {
    let compiled = try compile(schema, with: others, assertsFormats: assertsFormats)
    #expect(!valid.isEmpty || !invalid.isEmpty)
    for (documents, isValid) in [(valid, true), (invalid, false)] {
      for text in documents {
        let document = try document(text)
        #expect(compiled.isValid(document) == isValid, "\(text)")
        #expect(compiled.violations(in: document).isEmpty == isValid, "\(text)")
      }
    }
  }
}

/// Where a test's schema stands unless it says otherwise itself.
let caseURI = "https://schema.invalid/case"

/// Parses in the general profile, as JSON Schema has it.
func document(_ text: String) throws(JSONError) -> JSONDocument {
  try JSONDocument(
    parsing: Array(text.utf8), profile: .general, limits: .init(depth: 128, size: 16 << 20))
}

func compile(
  _ schema: String, with others: [String: String] = [:], assertsFormats: Bool = false
) throws(SchemaError) -> CompiledSchema {
  var library = SchemaLibrary()
  for (uri, text) in others.sorted(by: { $0.key < $1.key }) {
    try library.add(Array(text.utf8), at: uri)
  }
  try library.add(Array(schema.utf8), at: caseURI)
  return try CompiledSchema(caseURI, in: library, assertsFormats: assertsFormats)
}

/// The error with which a schema is refused, or nil when it is not.
func refusal(_ schema: String, with others: [String: String] = [:]) -> SchemaError? {
  do throws(SchemaError) {
    _ = try compile(schema, with: others)
    return nil
  } catch {
    return error
  }
}
