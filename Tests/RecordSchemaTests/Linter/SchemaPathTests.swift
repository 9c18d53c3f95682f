import Testing

@testable import RecordSchema

@Suite struct SchemaPathTests {
  @Test(arguments: [
    ("records/lead.transfer/1.json", SchemaRole.record), ("records/a.b/9999.json", .record),
    ("common/1.json", .common), ("common/12.json", .common), ("codes/stage/1.json", .codes),
    ("codes/review-ground/3.json", .codes),
  ])
  func `A path says what a document is`(path: String, role: SchemaRole) throws {
    #expect(try SchemaRole.of(path).get() == role)
  }

  @Test(arguments: [
    ("records/lead/1.json", "lint.kind"), ("records/Lead.transfer/1.json", "lint.kind"),
    ("records/lead.transfer.more/1.json", "lint.kind"), ("records/lead./1.json", "lint.kind"),
    ("records/lead_x.transfer/1.json", "lint.kind"), ("records//1.json", "lint.kind"),
    ("records/lead.transfer/0.json", "lint.version"),
    ("records/lead.transfer/01.json", "lint.version"),
    ("records/lead.transfer/10000.json", "lint.version"),
    ("records/lead.transfer/1.0.json", "lint.version"),
    ("records/lead.transfer/-1.json", "lint.version"),
    ("records/lead.transfer/v1.json", "lint.version"),
    ("records/lead.transfer/１.json", "lint.version"),
    ("common/one.json", "lint.version"), ("codes/stage/0.json", "lint.version"),
    ("codes/Stage/1.json", "lint.path"), ("codes/stage-/1.json", "lint.path"),
    ("codes/stage/old/1.json", "lint.path"), ("common/more/1.json", "lint.path"),
    ("records/lead.transfer/1.yaml", "lint.path"), ("records/lead.transfer/.json", "lint.path"),
    ("clocks.json", "lint.path"), ("/common/1.json", "lint.path"), ("", "lint.path"),
    ("../common/1.json", "lint.path"), ("examples/lead.sign/1/valid.json", "lint.path"),
  ])
  func `A path that no schema may have is told`(path: String, rule: String) {
    let found = issues([SchemaSource(path: path, bytes: Array("{}".utf8))])
    #expect(found == [SchemaEdit.Expectation(path: path, pointer: "", rule: rule)])
  }

  @Test func `What lies under meta is passed over`() {
    #expect(SchemaLinter.lint([SchemaSource(path: "meta/x.json", bytes: [])]) == [])
  }

  @Test func `One path given twice is told`() {
    let twice = SmallSet.documents + [SmallSet.documents[0]]
    #expect(
      issues(twice)
        == [SchemaEdit.Expectation(path: SmallSet.record, pointer: "", rule: "lint.path")])
  }

  @Test func `A document with another's name is told alone, and the other stands`() throws {
    let other = SchemaSource(path: "codes/shade/1.json", bytes: SmallSet.documents[2].bytes)
    #expect(
      issues(SmallSet.documents + [other])
        == [SchemaEdit.Expectation(path: other.path, pointer: "/$id", rule: "lint.identifier")])
  }
}
