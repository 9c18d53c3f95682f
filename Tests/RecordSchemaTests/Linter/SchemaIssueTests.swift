import Testing

@testable import RecordSchema

@Suite struct SchemaIssueTests {
  @Test func `An issue says where and what, in both languages`() throws {
    let edit = SchemaEdit.remove(
      SmallSet.record, "/properties/name/maxLength", "lint.openString", at: "/properties/name")
    let found = SchemaLinter.lint(try #require(edit.applied(to: SmallSet.documents)))
    let issue = try #require(found.first)
    #expect(found.count == 1)
    #expect(issue.document == SmallSet.record)
    #expect(
      issue.description
        == "records/sample.record/1.json#/properties/name lint.openString: "
        + "A string needs maxLength, enum, const or a pattern of bounded length; a format is not "
        + "enough.")
    #expect(issue.messageZH == "字符串须有 maxLength、enum、const 或者长度有限的 pattern；仅有 format 不够。")
  }

  @Test(arguments: LintRule.allCases)
  func `Every rule has a sentence of its own in both languages`(rule: LintRule) {
    #expect(WordingRules.isEnglish(rule.sentence.english))
    #expect(WordingRules.isChinese(rule.sentence.chinese))
    let same = LintRule.allCases.filter { $0.sentence == rule.sentence }
    #expect(same == [rule])
  }

  @Test func `Issues come by document and place, whatever the order of the documents`() {
    let broken = SmallSet.documents.map { source in
      SchemaSource(
        path: source.path,
        bytes: Array(
          String(decoding: source.bytes, as: UTF8.self)
            .replacing("\"type\"", with: "\"typo\"").utf8))
    }
    let found = SchemaLinter.lint(broken)
    #expect(found.count > 10)
    #expect(found == SchemaLinter.lint(broken.reversed()))
    let keys = found.map { "\($0.document)\u{0}\($0.pointer)\u{0}\($0.rule)" }
    #expect(keys == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(Set(keys).count == keys.count)
  }

  @Test(arguments: [
    ("", "json.syntax", ""), ("{", "json.syntax", ""), ("{}{}", "json.trailing", ""),
    (#"{"title":1,"title":2}"#, "json.duplicateKey", "/title"),
    ("{\"a\":\"\u{65}\u{301}\"}", "json.nfc", "/a"),
    ("[]", "lint.metaSchema", ""), ("true", "lint.metaSchema", ""), ("null", "lint.metaSchema", ""),
    (#"{"properties":{"a":5}}"#, "lint.metaSchema", "/properties/a"),
  ])
  func `What is no schema at all is told once`(text: String, rule: String, pointer: String) {
    let found = issues([SchemaSource(path: "common/1.json", bytes: Array(text.utf8))])
    #expect(
      found == [SchemaEdit.Expectation(path: "common/1.json", pointer: pointer, rule: rule)])
  }

  @Test func `What refers to a document that cannot be read is not told for it`() {
    let documents = SmallSet.documents.map { source in
      source.path == SmallSet.common ? SchemaSource(path: source.path, bytes: [0x7B]) : source
    }
    #expect(
      issues(documents)
        == [SchemaEdit.Expectation(path: SmallSet.common, pointer: "", rule: "json.syntax")])
  }
}
