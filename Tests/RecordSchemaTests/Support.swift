import Foundation

@testable import RecordSchema

/// SplitMix64: the same numbers on every machine and run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// What a document is expected to break, written short.
struct Breach: Hashable, CustomStringConvertible {
  let pointer: String
  let rule: String

  init(_ pointer: String, _ rule: String) {
    self.pointer = pointer
    self.rule = rule
  }

  var description: String { "\(pointer) \(rule)" }
}

/// One edit to a valid payload and the breaches that must come of it, all of them.
struct Edit: CustomStringConvertible {
  let find: String
  let replacement: String
  let breaches: [Breach]

  init(_ find: String, _ replacement: String, _ breaches: (String, String)...) {
    self.find = find
    self.replacement = replacement
    self.breaches = breaches.map { Breach($0.0, $0.1) }
  }

  var description: String {
    "\(find.prefix(30)) becomes \(replacement.prefix(40)), \(replacement.utf8.count) bytes"
  }

  /// Nil when the text to be replaced does not stand there exactly once: the case is wrong.
  func applied(to text: String) -> [UInt8]? {
    let parts = text.components(separatedBy: find)
    return parts.count == 2 ? Array(parts.joined(separator: replacement).utf8) : nil
  }
}

/// What the built-in registry finds; nil where it knows no such schema.
func breaches(
  _ schema: String, _ payload: [UInt8], asOf: CalendarDate? = nil
) -> [Breach]? {
  switch SchemaRegistry.builtIn.check(schema: schema, payload: payload, asOf: asOf) {
  case .valid: []
  case .invalid(let violations): violations.map { Breach($0.pointer, $0.rule) }
  case .unknownSchema: nil
  }
}

func breaches(_ schema: String, _ payload: String) -> [Breach]? {
  breaches(schema, Array(payload.utf8))
}

func parse(
  _ text: String, _ profile: JSONDocument.Profile = .record,
  limits: JSONDocument.Limits = .init()
) throws(JSONError) -> JSONNode {
  try JSONDocument(parsing: Array(text.utf8), profile: profile, limits: limits).root
}

func parseError(
  _ bytes: [UInt8], _ profile: JSONDocument.Profile = .record,
  limits: JSONDocument.Limits = .init()
) -> JSONError? {
  do throws(JSONError) {
    _ = try JSONDocument(parsing: bytes, profile: profile, limits: limits)
    return nil
  } catch {
    return error
  }
}

/// The repository that these tests' source files really lie in.
let repository = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// The repository's examples folder.
let examplesFolder = repository.appending(path: "examples")

func exampleFiles(_ folder: String) throws -> [URL] {
  try FileManager.default.contentsOfDirectory(
    at: examplesFolder.appending(path: folder), includingPropertiesForKeys: nil
  ).filter { $0.pathExtension == "json" }
    .sorted { $0.lastPathComponent < $1.lastPathComponent }
}
