/// A schema made ready to run. Immutable; may be used by many threads at once.
public struct CompiledSchema: Sendable {
  /// A schema with all that it refers to has at most this many instructions.
  public static let instructionLimit = 1 << 18
  /// Applying schemas to one document takes at most this many steps (each applies one schema to
  /// one value, or compares two items of `uniqueItems`).
  public static let stepLimit = 20_000_000

  private let program: Program
  private let root: UInt32
  /// What a run may take; less only where a test wants to see a run end.
  var steps = Self.stepLimit

  /// Compiles the schema behind an absolute URI of a library, with all that it refers to.
  ///
  /// - Parameter assertsFormats: whether `format` is an assertion; by the specification it is an
  ///   annotation unless the schema's own meta-schema says otherwise.
  ///
  /// Throws ``SchemaError``.
  public init(
    _ uri: String, in library: SchemaLibrary, assertsFormats: Bool = false
  ) throws(SchemaError) {
    (program, root) = try SchemaCompiler.compile(
      uri, in: library, assertsFormats: assertsFormats)
  }

  /// Flag mode: whether the document keeps every rule. Allocates nothing unless the document has
  /// escaped text, or the schema looks at what is unevaluated.
  ///
  /// - Parameter asOf: the day that no birth date in an identity number may lie after; where nil,
  ///   that is not looked at.
  public func isValid(_ document: JSONDocument, asOf: CalendarDate? = nil) -> Bool {
    document.storage.withView { isValid($0, asOf) }
  }

  /// Full mode: every rule that is broken, up to a limit of at least one, in the order in which
  /// the schema comes upon them; empty for a valid document.
  public func violations(
    in document: JSONDocument, asOf: CalendarDate? = nil, limit: Int = 100
  ) -> [Violation] {
    document.storage.withView { violations($0, asOf, limit: limit) }
  }

  func isValid(_ view: JSONView, _ asOf: CalendarDate?) -> Bool {
    var run = Evaluator<FlagMode>(
      program, view, asOf: asOf, fuel: steps, findingLimit: 0)
    // The evaluator holds bare addresses into the program.
    return withExtendedLifetime(program) {
      run.run(root, JSONView.root, EvaluatedFrame.none) && !run.isStopped
    }
  }

  func violations(_ view: JSONView, _ asOf: CalendarDate?, limit: Int) -> [Violation] {
    var run = Evaluator<FullMode>(
      program, view, asOf: asOf, fuel: steps, findingLimit: max(limit, 1))
    return withExtendedLifetime(program) {
      let holds = run.run(root, JSONView.root, EvaluatedFrame.none)
      if run.isStopped { return [Violation(pointer: "", rule: "schema.steps", .stopped)] }
      return holds ? [] : run.findings.map { Violation($0, in: program, view) }
    }
  }
}
