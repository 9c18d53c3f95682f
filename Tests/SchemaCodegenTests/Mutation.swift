import Foundation
import RecordSchema
import Testing

/// An edit to a schema document, and where the outline must complain.
struct Mutation: CustomStringConvertible {
  let path: String
  let find: String
  let replacement: String
  let pointer: String

  init(_ path: String, _ find: String, _ replacement: String, _ pointer: String) {
    self.path = path
    self.find = find
    self.replacement = replacement
    self.pointer = pointer
  }

  var description: String { "\(path): \(find) becomes \(replacement)" }

  /// The documents with the first place that holds the text edited.
  func applied(to sources: [SchemaSource]) throws -> [SchemaSource] {
    try sources.map { source in
      guard source.path == path else { return source }
      var text = String(decoding: source.bytes, as: UTF8.self)
      let range = try #require(text.range(of: find), "the text to be replaced is not there")
      text.replaceSubrange(range, with: replacement)
      return SchemaSource(path: path, bytes: Array(text.utf8))
    }
  }

  /// The document once for each of its objects, with a member in it that nothing knows.
  static func withUnknownMember(in source: SchemaSource) -> [SchemaSource] {
    var mutants: [SchemaSource] = []
    var isString = false
    var isEscape = false
    for (offset, byte) in source.bytes.enumerated() {
      if isEscape {
        isEscape = false
      } else if isString, byte == UInt8(ascii: "\\") {
        isEscape = true
      } else if byte == UInt8(ascii: "\"") {
        isString.toggle()
      } else if byte == UInt8(ascii: "{"), !isString {
        let member = Array(#""zz": 1,"#.utf8)
        mutants.append(
          SchemaSource(
            path: source.path,
            bytes: source.bytes[...offset] + member + source.bytes[(offset + 1)...]))
      }
    }
    return mutants
  }

  /// A document with all that it may refer to: shared definitions and code lists.
  static func context(of mutant: SchemaSource, in sources: [SchemaSource]) -> [SchemaSource] {
    sources.filter { source in
      source.path != mutant.path && !source.path.hasPrefix("records/")
        && !mutant.path.hasPrefix("codes/")
    } + [mutant]
  }
}
