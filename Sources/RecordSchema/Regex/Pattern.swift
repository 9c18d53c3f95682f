/// A regular expression of ECMA-262 with the `u` flag, compiled: it matches in time linear in the
/// text, whatever the pattern and the text are.
struct Pattern: Sendable {
  private let machine: PatternMachine

  /// The expression as it was written.
  var source: String { machine.source }

  /// Nil, or why a record schema may not use it.
  var whyNotDeterministic: PatternObjection? { machine.objection }

  init(_ source: String) throws(PatternError) {
    machine = try PatternMachine(source)
  }

  /// Whether it is found anywhere in well-formed UTF-8, as JSON Schema's `pattern` asks. Allocates
  /// nothing where ``hasTables``.
  @inline(__always)
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { machine.matches(text) }

  /// Steps that a character may cost at most: one on tables, one for each instruction without.
  var stepsPerCharacter: Int { machine.stepsPerCharacter }

  /// What it says, where that is simple.
  var shape: PatternShape { machine.shape }

  /// Whether it runs on tables, as all patterns but very large ones do.
  var hasTables: Bool { machine.hasTables }

  /// Whether a text is a regular expression of ECMA-262 with the `u` flag: its syntax alone, with
  /// what ``init(_:)`` does not support.
  static func isRegularExpression(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var parser = PatternParser(text, builds: false)
    do throws(PatternError) {
      try parser.parse()
      return true
    } catch {
      return false
    }
  }
}

/// What patterns of one source share.
///
/// Unchecked because of the pointers within its machines: they are allocated in `init`, only read
/// until `deinit`, which frees them, and never leave this object.
final class PatternMachine: @unchecked Sendable {
  let source: String
  let objection: PatternObjection?
  let shape: PatternShape
  let stepsPerCharacter: Int
  private let table: ByteMachine?
  private let simulation: PatternSimulation?

  var hasTables: Bool { table != nil }

  init(_ source: String) throws(PatternError) {
    let bytes = Array(source.utf8)
    guard bytes.count <= PatternProgram.sourceLimit else { throw PatternError(.size, at: 0) }
    var tree = try Self.tree(bytes)
    let root = tree.finish()
    let program = try PatternProgram(tree, root: root)
    self.source = source
    shape = tree.shape(root: root)
    objection = PatternDeterminism(tree: tree, root: root, program: program).objection
    table = ScalarAutomaton(program).flatMap { ByteAutomaton($0) }.map { ByteMachine($0) }
    simulation = table == nil ? PatternSimulation(program) : nil
    stepsPerCharacter = table == nil ? program.instructions.count : 1
  }

  deinit {
    table?.release()
    simulation?.release()
  }

  @inline(__always)
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    // Also where all of this is inlined, what the pointers lead to must outlive the match.
    withExtendedLifetime(self) {
      if let table { return table.matches(text) }
      // `init` leaves one of the two.
      return simulation?.matches(text) ?? false
    }
  }

  /// Syntax is judged first, for the whole pattern: what is not supported is not named where the
  /// pattern is none.
  private static func tree(_ bytes: [UInt8]) throws(PatternError) -> PatternTree {
    try withBuffer(bytes) { (text) throws(PatternError) in
      var judge = PatternParser(text, builds: false)
      try judge.parse()
      var parser = PatternParser(text, builds: true)
      try parser.parse()
      return parser.tree
    }
  }

  private static func withBuffer<T>(
    _ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) throws(PatternError) -> T
  ) throws(PatternError) -> T {
    let result: Result<T, PatternError> = bytes.withUnsafeBufferPointer { text in
      do throws(PatternError) { return .success(try body(text)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
