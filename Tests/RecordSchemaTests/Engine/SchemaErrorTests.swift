import Testing

@testable import RecordSchema

@Suite("Schemas that cannot be used")
struct SchemaErrorTests {
  struct Fault: CustomStringConvertible, Sendable {
    let schema: String
    let code: SchemaError.Code
    let location: String
    var others: [String: String] = [:]

    init(
      _ schema: String, _ code: SchemaError.Code, _ location: String, others: [String: String] = [:]
    ) {
      self.schema = schema
      self.code = code
      self.location = location
      self.others = others
    }

    var description: String { schema }
  }

  private static let keywords: [Fault] = [
    Fault(#"{"type":"thing"}"#, .keyword, "#/type"), Fault(#"{"type":7}"#, .keyword, "#/type"),
    Fault(#"{"type":["string",7]}"#, .keyword, "#/type"), Fault(#"{"enum":1}"#, .keyword, "#/enum"),
    Fault(#"{"minimum":"1"}"#, .keyword, "#/minimum"),
    Fault(
      #"""
      {"maximum":null}
      """#, .keyword, "#/maximum"),
    Fault(#"{"multipleOf":0}"#, .keyword, "#/multipleOf"),
    Fault(#"{"multipleOf":-0.0}"#, .keyword, "#/multipleOf"),
    Fault(#"{"multipleOf":-1}"#, .keyword, "#/multipleOf"),
    Fault(#"{"minLength":-1}"#, .keyword, "#/minLength"),
    Fault(#"{"maxLength":1.5}"#, .keyword, "#/maxLength"),
    Fault(#"{"maxItems":"1"}"#, .keyword, "#/maxItems"),
    Fault(#"{"minProperties":[]}"#, .keyword, "#/minProperties"),
    Fault(#"{"contains":{},"minContains":-1}"#, .keyword, "#/minContains"),
    Fault(#"{"contains":{},"maxContains":true}"#, .keyword, "#/maxContains"),
    Fault(#"{"uniqueItems":1}"#, .keyword, "#/uniqueItems"),
    Fault(#"{"required":"a"}"#, .keyword, "#/required"),
    Fault(#"{"required":[1],"properties":{"a":true}}"#, .keyword, "#/required"),
    Fault(#"{"dependentRequired":{"a":"b"}}"#, .keyword, "#/dependentRequired"),
    Fault(#"{"dependentRequired":[]}"#, .keyword, "#/dependentRequired"),
    Fault(#"{"dependentSchemas":[]}"#, .keyword, "#/dependentSchemas"),
    Fault(#"{"properties":[]}"#, .keyword, "#/properties"),
    Fault(#"{"properties":{"a/b":1}}"#, .keyword, "#/properties"),
    Fault(#"{"patternProperties":{"a":null}}"#, .keyword, "#/patternProperties"),
    Fault(#"{"items":[{}]}"#, .keyword, "#/items"),
    Fault(
      #"""
      {"prefixItems":{}}
      """#, .keyword, "#/prefixItems"),
    Fault(#"{"allOf":[]}"#, .keyword, "#/allOf"), Fault(#"{"anyOf":[1]}"#, .keyword, "#/anyOf"),
    Fault(#"{"oneOf":true}"#, .keyword, "#/oneOf"), Fault(#"{"not":1}"#, .keyword, "#/not"),
    Fault(#"{"if":"x"}"#, .keyword, "#/if"), Fault(#"{"if":true,"then":1}"#, .keyword, "#/then"),
    Fault(#"{"contains":1}"#, .keyword, "#/contains"),
    Fault(#"{"propertyNames":[]}"#, .keyword, "#/propertyNames"),
    Fault(#"{"additionalProperties":1}"#, .keyword, "#/additionalProperties"),
    Fault(#"{"unevaluatedItems":1}"#, .keyword, "#/unevaluatedItems"),
    Fault(#"{"unevaluatedProperties":""}"#, .keyword, "#/unevaluatedProperties"),
    Fault(#"{"pattern":1}"#, .keyword, "#/pattern"),
    Fault(
      #"""
      {"pattern":"("}
      """#, .pattern, "#/pattern"),
    Fault(#"{"pattern":"a(?=b)\\1"}"#, .pattern, "#/pattern"),
    Fault(#"{"patternProperties":{"[":{}}}"#, .pattern, "#/patternProperties"),
    Fault(
      #"{"properties":{"a/b":{"items":{"type":"x"}}}}"#, .keyword, "#/properties/a~1b/items/type"),
    Fault("1", .keyword, ""), Fault("[]", .keyword, ""), Fault("null", .keyword, ""),
    Fault("{", .json, ""), Fault(#"{"a":1,"a":2}"#, .json, ""), Fault("", .json, ""),
  ]

  private static let identifiers: [Fault] = [
    Fault(#"{"$id":1}"#, .keyword, ""), Fault(#"{"$schema":1}"#, .keyword, ""),
    Fault(##"{"$id":"https://schema.invalid/x#y"}"##, .keyword, ""),
    Fault(#"{"$anchor":1}"#, .keyword, ""), Fault(#"{"$anchor":""}"#, .keyword, ""),
    Fault(#"{"$anchor":"1a"}"#, .keyword, ""), Fault(##"{"$anchor":"#a"}"##, .keyword, ""),
    Fault(#"{"$anchor":"a/b"}"#, .keyword, ""), Fault(#"{"$dynamicAnchor":"é"}"#, .keyword, ""),
    Fault(
      #"{"$defs":{"a":{"$anchor":"n"},"b":{"$anchor":"n"}}}"#, .duplicateIdentifier, ""),
    Fault(
      #"{"$defs":{"a":{"$anchor":"n"},"b":{"$dynamicAnchor":"n"}}}"#, .duplicateIdentifier, ""),
    Fault(#"{"$defs":{"a":{"$id":"x"},"b":{"$id":"./x"}}}"#, .duplicateIdentifier, "/../x"),
    Fault(#"{"$id":"urn:here"}"#, .duplicateIdentifier, "/../urn", others: ["urn:here": "true"]),
    Fault(
      #"{"$id":"https://json-schema.org/draft/2020-12/schema"}"#, .duplicateIdentifier, "/../meta"),
    Fault(#"{"$defs":{"a":{"$id":"case"}}}"#, .duplicateIdentifier, ""),
    Fault(#"{"$schema":"https://schema.invalid/absent"}"#, .dialect, ""),
    Fault(#"{"$schema":"http://json-schema.org/draft-07/schema#"}"#, .dialect, ""),
    Fault(
      #"{"$schema":"urn:meta"}"#, .dialect, "",
      others: ["urn:meta": #"{"$vocabulary":{"urn:vocabulary":true}}"#]),
    Fault(
      #"{"$schema":"urn:meta","format":"colour"}"#, .keyword, "#/format",
      others: [
        "urn:meta":
          #"{"$vocabulary":{"https://json-schema.org/draft/2020-12/vocab/format-assertion":true}}"#
      ]),
  ]

  private static let references: [Fault] = [
    Fault(##"{"$ref":"#/$defs/a"}"##, .unresolvedReference, "#/$ref"),
    Fault(##"{"$ref":"#a"}"##, .unresolvedReference, "#/$ref"),
    Fault(#"{"$ref":"https://schema.invalid/absent"}"#, .unresolvedReference, "#/$ref"),
    Fault(#"{"$dynamicRef":"absent"}"#, .unresolvedReference, "#/$dynamicRef"),
    Fault(##"{"$dynamicRef":"#a"}"##, .unresolvedReference, "#/$dynamicRef"),
    Fault(#"{"$ref":1}"#, .keyword, "#/$ref"),
    Fault(
      #"""
      {"$dynamicRef":[]}
      """#, .keyword, "#/$dynamicRef"),
    Fault(##"{"$ref":"#/a","a":1}"##, .unresolvedReference, "#/$ref"),
    Fault(##"{"$ref":"#/allOf/01","allOf":[true,true]}"##, .unresolvedReference, "#/$ref"),
    Fault(##"{"$ref":"#/allOf/+1","allOf":[true,true]}"##, .unresolvedReference, "#/$ref"),
    Fault(##"{"$ref":"#/allOf/2","allOf":[true,true]}"##, .unresolvedReference, "#/$ref"),
    Fault(##"{"$ref":"#/$defs/a~2","$defs":{"a~2":true}}"##, .unresolvedReference, "#/$ref"),
    Fault(##"{"$ref":"#/$defs/a~","$defs":{"a~":true}}"##, .unresolvedReference, "#/$ref"),
    Fault(##"{"$ref":"#/$defs/%zz","$defs":{"%zz":true}}"##, .unresolvedReference, "#/$ref"),
    Fault(
      ##"{"$ref":"https://schema.invalid/b#a","$anchor":"a","$defs":{"b":{"$id":"b"}}}"##,
      .unresolvedReference, "#/$ref"),
    Fault(
      ##"{"$defs":{"é":true},"items":{"$ref":"#/$defs/e%CC%81"}}"##, .unresolvedReference,
      "#/items/$ref"),
    Fault(##"{"$ref":"#"}"##, .referenceLoop, "#/$ref"),
    Fault(##"{"allOf":[{"$ref":"#"}]}"##, .referenceLoop, "#/allOf/0/$ref"),
    Fault(##"{"anyOf":[true,{"$ref":"#"}]}"##, .referenceLoop, "#/anyOf/1/$ref"),
    Fault(##"{"not":{"if":true,"then":{"$ref":"#"}}}"##, .referenceLoop, "#/not/then/$ref"),
    Fault(
      ##"""
      {"dependentSchemas":{"a":{"$ref":"#"}}}
      """##, .referenceLoop, "#/dependentSchemas/a/$ref"),
    Fault(
      ##"""
      {"items":{"$ref":"#/$defs/a"},"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"oneOf":[{
      "$ref":"#/$defs/a"}]}}}
      """##,
      .referenceLoop, "#/$defs/b/oneOf/0/$ref"),
  ]

  @Test("are refused with a code and a place", arguments: keywords + identifiers + references)
  func table(fault: Fault) throws {
    let error = try #require(refusal(fault.schema, with: fault.others))
    #expect(error.code == fault.code)
    #expect(!error.message.isEmpty && error.description.hasPrefix("schema."))
    if fault.location.hasPrefix("#") { #expect(error.location == caseURI + fault.location) }
  }

  @Test("what nobody refers to is not looked at, but for its identifiers")
  func unreached() {
    #expect(refusal(##"{"$defs":{"a":{"type":7,"$ref":"#/nowhere"}}}"##) == nil)
    #expect(refusal(#"{"$defs":{"a":{"$anchor":7}}}"#)?.code == .keyword)
  }

  @Test("dynamic references that lead nowhere deeper stop the run")
  func dynamicLoop() throws {
    let schema = try compile(##"{"$dynamicAnchor":"a","$dynamicRef":"#a"}"##)
    let found = schema.violations(in: try document("1"))
    #expect(found.map(\.rule) == ["schema.steps"])
    #expect(!schema.isValid(try document("1")))
    // Whatever an outer keyword makes of it.
    for outer in [#""not":{"$ref":"urn:l"}"#, #""anyOf":[{"$ref":"urn:l"},true]"#] {
      let schema = try compile(
        "{\(outer)}", with: ["urn:l": ##"{"$dynamicAnchor":"a","$dynamicRef":"#a"}"##])
      #expect(!schema.isValid(try document("1")))
      #expect(schema.violations(in: try document("1")).map(\.rule) == ["schema.steps"])
    }
  }

  @Test("schemas applied one inside the other too deeply are refused")
  func nesting() {
    func chain(_ length: Int) -> String {
      let links = (0..<length).map { ##""d\##($0)":{"$ref":"#/$defs/d\##($0 + 1)"}"## }
      return ##"{"$ref":"#/$defs/d0","$defs":{"## + links.joined(separator: ",")
        + #","d\#(length)":{"const":1}}}"#
    }
    #expect(refusal(chain(SchemaCompiler.nestingLimit - 1)) == nil)
    #expect(refusal(chain(SchemaCompiler.nestingLimit))?.code == .tooLarge)
  }

  @Test("a schema of too many instructions is refused")
  func size() {
    // Fifteen instructions each.
    let branch = #"""
      {"type":"string","const":1,"enum":[1],"minimum":1,"maximum":1,"exclusiveMinimum":1,
      "exclusiveMaximum":1,"multipleOf":1,"minLength":1,"maxLength":1,"minItems":1,"maxItems":1,
      "minProperties":1,"maxProperties":1,"uniqueItems":true}
      """#
    func schema(_ count: Int) -> String {
      "{\"anyOf\":[\([String](repeating: branch, count: count).joined(separator: ","))]}"
    }
    #expect(refusal(schema(1000)) == nil)
    #expect(refusal(schema(CompiledSchema.instructionLimit / 15 + 1))?.code == .tooLarge)
  }
}
