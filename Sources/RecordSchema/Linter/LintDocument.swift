/// A document that is strict JSON and a schema by the specification.
struct LintDocument {
  let source: SchemaSource
  let role: SchemaRole
  let parsed: JSONDocument
  /// Position in the set; the sites of its schemas carry it.
  let number: Int

  var path: String { source.path }

  /// Every schema of it, those above before those below.
  var places: [SchemaPlace] {
    let root = SchemaPlace(
      site: SchemaSite(document: number, index: JSONView.root), node: parsed.root,
      path: path, pointer: "", use: .deciding, position: .root)
    var found: [SchemaPlace] = []
    var pending = [root]
    while let place = pending.popLast() {
      found.append(place)
      pending += place.children.reversed()
    }
    return found
  }

  /// Reads a document, or says why it cannot be judged any further.
  static func read(
    _ source: SchemaSource, as role: SchemaRole, number: Int, by meta: CompiledSchema?,
    _ issues: inout IssueList
  ) -> LintDocument? {
    let parsed: JSONDocument
    do throws(JSONError) {
      parsed = try JSONDocument(
        parsing: source.bytes, profile: .record, limits: SchemaLinter.documentLimits)
    } catch {
      issues.add(
        SchemaIssue(
          document: source.path, pointer: error.pointer, rule: error.code.rawValue,
          Sentence(error.message, error.messageZH)))
      return nil
    }
    // `true` is a schema too, but says nothing that a document of the set must say.
    guard parsed.root.kind == .object, let meta else {
      issues.add(.metaSchema, source.path, "")
      return nil
    }
    let broken = meta.violations(in: parsed)
    for violation in broken { issues.add(.metaSchema, source.path, violation.pointer) }
    guard broken.isEmpty else { return nil }
    return LintDocument(source: source, role: role, parsed: parsed, number: number)
  }
}
