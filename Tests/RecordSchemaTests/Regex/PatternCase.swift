@testable import RecordSchema

/// A pattern, a text, and whether it is found in it.
struct PatternCase: CustomStringConvertible {
  let pattern: String
  let text: String
  let isFound: Bool

  init(_ pattern: String, _ text: String, _ isFound: Bool) {
    self.pattern = pattern
    self.text = text
    self.isFound = isFound
  }

  var description: String {
    let scalars = text.unicodeScalars.prefix(20).map { String($0.value, radix: 16) }
    return "\(pattern.prefix(60)) in [\(scalars.joined(separator: " "))]: \(isFound)"
  }
}

/// Both ways to run one pattern, whichever of them ``Pattern`` would take.
final class BothMachines {
  let program: PatternProgram
  /// Their memory is freed with this object: they are used within its methods alone.
  private let simulation: PatternSimulation
  private let table: ByteMachine?

  init(_ source: String) throws {
    let bytes = Array(source.utf8)
    var tree = try bytes.withUnsafeBufferPointer { text in
      var parser = PatternParser(text, builds: true)
      try parser.parse()
      return parser.tree
    }
    let root = tree.finish()
    program = try PatternProgram(tree, root: root)
    simulation = PatternSimulation(program)
    table = ScalarAutomaton(program).flatMap { ByteAutomaton($0) }.map { ByteMachine($0) }
  }

  deinit {
    simulation.release()
    table?.release()
  }

  func simulate(_ text: UnsafeBufferPointer<UInt8>) -> (isFound: Bool, steps: Int) {
    withExtendedLifetime(self) {
      var steps = 0
      let isFound = simulation.matches(text, steps: &steps)
      return (isFound, steps)
    }
  }

  /// Nil when its tables would be too large.
  func runTable(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
    withExtendedLifetime(self) { table?.matches(text) }
  }

  func simulate(_ text: String) -> (isFound: Bool, steps: Int) {
    Array(text.utf8).withUnsafeBufferPointer { simulate($0) }
  }

  func runTable(_ text: String) -> Bool? {
    Array(text.utf8).withUnsafeBufferPointer { runTable($0) }
  }
}

extension Pattern {
  func matches(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer { matches($0) }
  }

  static func isRegularExpression(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer { isRegularExpression($0) }
  }
}

/// The error that compiling ends in; nil when it does not.
func patternError(_ source: String) -> PatternError? {
  do throws(PatternError) {
    _ = try Pattern(source)
    return nil
  } catch {
    return error
  }
}

/// The patterns of the record schemas.
enum RecordPatterns {
  static let line =
    #"^[^\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFEFF]*$"#
  static let block =
    #"^[^\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFEFF]*$"#
  static let instant =
    #"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])"#
    + #":[0-5][0-9]:[0-5][0-9]\.[0-9]{3}\+08:00$"#
  static let digest = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"
  static let base64 = "^[A-Za-z0-9+/]*={0,2}$"
  static let clock = "^[a-z][a-z0-9-]{0,63}$"
  static let schema = #"^[a-z]+\.[a-z]+/[1-9][0-9]{0,3}$"#
  static let rule = "^[A-Za-z0-9.:_-]{1,64}$"
  static let printable = "^[\\x20-\\x7E]*$"
  static let phone = "^[0-9](?:-?[0-9])*$"
  static let notBlank = #"\S"#
  static let all = [
    line, block, instant, digest, base64, clock, schema, rule, printable, phone, notBlank,
  ]
}
