import Testing

@testable import RecordSchema

@Suite struct SchemaLinterTests {
  @Test func `Every schema of the repository keeps every rule`() {
    #expect(SchemaFolder.documents.count >= 46)
    #expect(SchemaLinter.lint(SchemaFolder.documents) == [])
  }

  @Test func `The schemas that the program carries keep every rule`() {
    #expect(SchemaLinter.lint(SchemaSource.builtIn) == [])
  }

  @Test func `The small set that tests edit keeps every rule`() {
    #expect(SchemaLinter.lint(SmallSet.documents) == [])
  }

  @Test func `No documents have no faults`() { #expect(SchemaLinter.lint([]) == []) }

  @Test(arguments: RealSchemaEdits.all)
  func `An edit to a real schema is caught by its rule at its place alone`(edit: SchemaEdit) throws
  {
    let edited = try #require(edit.applied(to: SchemaFolder.surroundings(of: edit.path)))
    let found = issues(edited)
    #expect(Set(found) == Set(edit.expected))
    #expect(found.count == edit.expected.count)
  }

  @Test(arguments: SmallSetEdits.all)
  func `An edit to a small schema is caught by its rule at its place alone`(edit: SchemaEdit) throws
  {
    let edited = try #require(edit.applied(to: SmallSet.documents))
    let found = issues(edited)
    #expect(Set(found) == Set(edit.expected))
    #expect(found.count == edit.expected.count)
  }

  @Test func `Every rule is broken by some edit`() {
    let edits = RealSchemaEdits.all + SmallSetEdits.all
    let seen = Set(edits.flatMap(\.expected).map(\.rule))
    // Rules about paths have a table of their own.
    let others = ["lint.path", "lint.kind", "lint.version"]
    #expect(LintRule.allCases.map(\.rawValue).filter { !seen.contains($0) } == others)
  }
}
