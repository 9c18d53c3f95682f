import RecordSchema

/// A file that the generator makes.
struct GeneratedFile: Hashable {
  /// From the repository's root.
  let path: String
  let text: String
}

/// Why something cannot be generated although the outline is sound.
struct GenerationError: Error, Hashable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// From schema documents to everything that is made from them. Pure: the same documents give the
/// same files.
enum Generator {
  /// The command that writes it all, as generated files name it.
  static let command = "swift run schema-codegen"

  private static let embedded = "Sources/RecordSchema/Generated"
  private static let types = "Sources/RecordModel/Generated"

  /// Folders that hold nothing but generated files.
  static let folders = [embedded, types]

  static func files(
    from sources: [SchemaSource], clocks: [SchemaSource]
  ) throws -> [GeneratedFile] {
    let outline = try SchemaOutline(sources)
    var files = [
      GeneratedFile(
        path: "\(embedded)/EmbeddedSchemas.swift", text: try EmbedWriter.text(of: sources)),
      GeneratedFile(
        path: "\(embedded)/EmbeddedClocks.swift", text: try EmbedWriter.clocksText(of: clocks)),
    ]
    files += try SwiftWriter(outline).files().map {
      GeneratedFile(path: "\(types)/\($0.path)", text: $0.text)
    }
    for tongue in Tongue.allCases {
      files.append(
        GeneratedFile(
          path: "docs/\(tongue.referenceFile)",
          text: ReferenceWriter(outline, in: tongue).document()))
    }
    return files
  }
}
