import RecordSchema
import Testing

@testable import schema_codegen

@Suite("The outline says all that the schemas say, or refuses")
struct OutlineTests {
  @Test("a keyword that nobody knows is refused in every object of every document, by its place")
  func unknownKeywords() throws {
    let sources = try Repository.sources().filter { !$0.path.hasPrefix("meta/") }
    var mutations = 0
    for source in sources {
      for mutant in Mutation.withUnknownMember(in: source) {
        mutations += 1
        let error = #expect(throws: OutlineError.self, "\(source.path)") {
          try SchemaOutline(Mutation.context(of: mutant, in: sources))
        }
        #expect(error?.document == source.path)
        let pointer = error?.pointer ?? ""
        let ends = ["/zz", "/x-labels", "/if"]
        #expect(ends.contains(where: pointer.hasSuffix), "\(source.path)#\(pointer)")
      }
    }
    #expect(mutations > 600, "too few mutations to be believed")
  }

  @Test(
    "a construct that has no words is refused, by its place",
    arguments: [
      Mutation("records/lead.sign/1.json", #""type": "object""#, #""type": ["object"]"#, ""),
      Mutation(
        "records/lead.sign/1.json", #""additionalProperties": false"#,
        #""additionalProperties": true"#, ""),
      Mutation(
        "records/lead.sign/1.json", #""required": ["#, #""required": ["other", "#, ""),
      Mutation(
        "records/lead.sign/1.json", "common:1#/$defs/instant", "common:1#/$defs/moment",
        "/properties/signedAt"),
      Mutation(
        "records/lead.sign/1.json", "common:1#/$defs/instant", "common:2#/$defs/instant",
        "/properties/signedAt"),
      Mutation(
        "records/lead.sign/1.json", "lead.sign:1", "lead.sign:2", "/$id"),
      Mutation(
        "records/lead.sign/1.json", "2020-12/schema", "2019-09/schema", "/$schema"),
      Mutation(
        "records/lead.accept/1.json", #""title": "Document number","#, "",
        "/properties/docNo"),
      Mutation(
        "records/lead.decide/1.json", #"{ "const": "not-filed" }"#, #"{ "const": 1 }"#,
        "/if/properties/decision"),
      Mutation(
        "records/lead.decide/1.json", #""required": ["decision"]"#, #""required": ["date"]"#,
        "/if"),
      Mutation(
        "records/lead.decide/1.json", #""required": ["reason"]"#, #""required": ["grounds"]"#,
        "/then"),
      Mutation(
        "records/lead.transfer/1.json", #"{ "required": ["idNumber"] }"#,
        #"{ "required": ["uscc"] }"#, "/properties/subjects/items/if"),
      Mutation(
        "records/lead.transfer/1.json", #""minimum": 0,"#, "", "/properties/amountFen"),
      Mutation(
        "records/lead.transfer/1.json", #""exclusiveMinimum": 0"#,
        #""exclusiveMinimum": 0, "minimum": 0"#, "/properties/items/items/properties/quantity"),
      Mutation(
        "records/lead.transfer/1.json", #""maxItems": 500,"#, "", "/properties/items"),
      Mutation(
        "records/lead.transfer/1.json", #""maxItems": 500,"#, #""maxItems": -1,"#,
        "/properties/items"),
      Mutation(
        "records/lead.transfer/1.json", #""type": "boolean""#, #""type": "null""#,
        "/properties/subjects/items/then/properties/isPublicOfficial"),
      Mutation(
        "common/1.json", #""format": "uuidv7""#, #""format": "uuidv8""#, "/$defs/id"),
      Mutation(
        "common/1.json", "urn:sanxiang:codes:media-type:1",
        "urn:sanxiang:schema:common:1#/$defs/attachments",
        "/$defs/attachment"),
      Mutation("codes/decision/1.json", #""not-filed": {"#, #""unfiled": {"#, "/x-labels"),
      Mutation("codes/decision/1.json", #", "not-filed"]"#, "]", "/x-labels"),
      Mutation("codes/decision/1.json", #""en": "filed""#, #""en": """#, "/x-labels/filed"),
    ])
  func constructs(mutation: Mutation) throws {
    let sources = try Repository.sources()
    let mutants = try mutation.applied(to: sources)
    let error = #expect(throws: OutlineError.self) { try SchemaOutline(mutants) }
    #expect(error?.document == mutation.path)
    #expect(error?.pointer == mutation.pointer)
  }

  @Test("a path that names no document of the contract is refused")
  func paths() {
    for path in ["records/lead.sign/one.json", "codes/decision.json", "common/0.json"] {
      #expect(throws: OutlineError.self, "\(path)") {
        try SchemaOutline([SchemaSource(path: path, bytes: Array("{}".utf8))])
      }
    }
  }

  @Test("bounds at the place of use narrow those of the definition, never widen them")
  func bounds() throws {
    let outline = try SchemaOutline.builtIn()
    let fields = try #require(outline.newest(of: "lead.transfer")).payload.fields
    guard case .text(let title) = try #require(fields.first { $0.name == "title" }).shape,
      case .text(let docNo) = try #require(fields.first { $0.name == "docNo" }).shape
    else {
      Issue.record("title and docNo are texts")
      return
    }
    #expect(title.definition == DefinitionName(name: "line", version: 1))
    #expect(title.minLength == 4)
    #expect(title.maxLength == 80)
    #expect(title.patterns.count == 2)
    #expect(docNo.format == .cnDocno)
    #expect(docNo.maxLength == 40)
  }

  @Test("what the outline knows of a lead: choice, condition, unique list, shared object")
  func shapes() throws {
    let outline = try SchemaOutline.builtIn()
    let lead = try #require(outline.newest(of: "lead.transfer")).payload
    func shape(_ name: String) throws -> ValueShape {
      try #require(lead.fields.first { $0.name == name }).shape
    }
    guard case .list(let subjects) = try shape("subjects"),
      case .choice(let choice) = subjects.element, case .list(let measures) = try shape("measures")
    else {
      Issue.record("subjects is a list of a choice, measures a list")
      return
    }
    #expect(subjects.count == 1...50)
    #expect(choice.marks == ["isPublicOfficial", "idNumber", "employer"])
    #expect(choice.marked.fields.map(\.name).contains("idNumber"))
    #expect(!choice.unmarked.fields.map(\.name).contains("idNumber"))
    #expect(measures.isUnique)
    #expect(try shape("handler") == .shared(DefinitionName(name: "handler", version: 1)))
    #expect(try shape("amountFen") == .integer(0...9_007_199_254_740_991))
    let decision = try #require(outline.newest(of: "lead.decide")).payload
    #expect(decision.conditions.map(\.required) == [["reason"]])
    #expect(decision.conditions.map(\.values) == [["not-filed"]])
  }
}
