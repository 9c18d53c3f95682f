import ArgumentParser
import RecordSchema

extension ArgumentHelp {
  /// A help text, then the codes of a code list of the contract.
  init(_ zh: String, _ en: String, codesOf list: String) {
    self.init(say(zh, en) + CodeListHelp.codes(of: list).joined(separator: ", "))
  }
}

/// Codes as a help text tells them.
enum CodeListHelp {
  /// Each code with its label in the caller's language; the highest version of the list.
  static func codes(of list: String) -> [String] {
    let folder = "codes/\(list)/"
    let documents = SchemaSource.builtIn.filter { $0.path.hasPrefix(folder) }
    let newest = documents.max { Self.version($0) < Self.version($1) }
    guard let source = newest, let document = try? JSONDocument(parsing: source.bytes),
      let codes = document.root["enum"]
    else { return [] }
    return codes.elements.compactMap(\.string).map { code in
      let label = document.root["x-labels"]?[code]?[say("zh", "en")]?.string
      return label.map { "\(code) (\($0))" } ?? code
    }
  }

  /// The number in `codes/<list>/<number>.json`.
  private static func version(_ source: SchemaSource) -> Int {
    source.path.split(separator: "/").last.flatMap { Int($0.dropLast(5)) } ?? 0
  }
}
