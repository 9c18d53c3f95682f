/// Whether a pattern bounds the length of the text that it is found in.
///
/// A pattern is looked for anywhere in a text, so it does only if every match begins at the text's
/// start, ends at its end, and repeats nothing without bound.
struct PatternLength {
  private let tree: PatternTree

  /// False also for what is no pattern. The pattern must be one that compiles: recursion here goes
  /// as deep as its groups, which ``PatternProgram`` limits.
  static func isBounded(_ source: String) -> Bool {
    var source = source
    return source.withUTF8 { text in
      var parser = PatternParser(text, builds: true)
      guard (try? parser.parse()) != nil else { return false }
      let root = parser.tree.finish()
      let length = PatternLength(tree: parser.tree)
      return length.isBounded && length.touches(.start, root) && length.touches(.end, root)
    }
  }

  private var isBounded: Bool {
    !tree.nodes.indices.contains { node in
      if case .repetition(let body, _, nil) = tree.nodes[node] { return tree.isActive[body] }
      return false
    }
  }

  /// Whether every match of a node begins with `^`, or ends with `$`.
  private func touches(_ edge: PatternTree.Assertion, _ node: Int) -> Bool {
    switch tree.nodes[node] {
    case .set: false
    case .assertion(let kind): kind == edge
    case .sequence(let terms):
      (edge == .start ? terms.first : terms.last).map { touches(edge, $0) } ?? false
    case .alternatives(let branches): branches.allSatisfy { touches(edge, $0) }
    case .repetition(let body, let least, _): least > 0 && touches(edge, body)
    }
  }
}

/// What the linter has to know of a pattern.
struct PatternVerdict {
  /// Why it cannot be used at all.
  let error: PatternError?
  /// Why a record schema may not use it.
  let objection: PatternObjection?
  /// Whether it bounds the length of the text; true where it cannot be used, which is told.
  let boundsText: Bool

  init(_ source: String) {
    do throws(PatternError) {
      objection = try Pattern(source).whyNotDeterministic
      error = nil
      boundsText = PatternLength.isBounded(source)
    } catch {
      self.error = error
      objection = nil
      boundsText = true
    }
  }
}
