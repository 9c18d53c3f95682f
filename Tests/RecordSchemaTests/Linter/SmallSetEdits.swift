/// Edits that need constructs which the repository's schemas do not have.
enum SmallSetEdits {
  private static let record = SmallSet.record
  private static let common = SmallSet.common
  private static let words = SmallSet.words

  static let all = alternatives + unevaluated + arrays + values + members + documents

  private static let alternatives: [SchemaEdit] = [
    .remove(
      record, "/properties/either/oneOf/0/additionalProperties", "lint.openObject",
      at: "/properties/either/oneOf/0"),
    .set(record, "/properties/either/oneOf/1", "{}", "lint.openValue"),
    .remove(
      record, "/properties/list/items/anyOf/1/maxLength", "lint.openString",
      at: "/properties/list/items/anyOf/1"),
    .set(record, "/properties/list/items/anyOf/2", "true", "lint.openValue"),
    .remove(record, "/properties/list/items/anyOf", "lint.openValue", at: "/properties/list/items"),
    // What only narrows does not close: the object above it is told.
    .remove(record, "/additionalProperties", "lint.openObject", at: ""),
  ]

  private static let unevaluated: [SchemaEdit] = [
    .remove(
      record, "/properties/joined/unevaluatedProperties", "lint.openObject",
      at: "/properties/joined"),
    .set(
      record, "/properties/joined/unevaluatedProperties", #"{"type":"boolean"}"#,
      "lint.openObject"),
    // A condition that holds has looked at its members, so that it would let them pass.
    .set(record, "/properties/joined/if/properties/three", "true", "lint.openValue"),
    .set(
      record, "/properties/joined/if/additionalProperties", "true", "lint.openObject"),
    .set(
      record, "/properties/joined/then/properties", "{\"three\":{\(words),\"type\":\"string\"}}",
      "lint.openString", at: "/properties/joined/then/properties/three"),
    .remove(
      record, "/properties/joined/allOf/0/properties/two/type", "lint.openValue",
      at: "/properties/joined/allOf/0/properties/two"),
    .remove(
      record, "/properties/joined/allOf/0/properties/two/title", "lint.title"),
  ]

  private static let arrays: [SchemaEdit] = [
    .remove(record, "/properties/pair/items", "lint.openArray", at: "/properties/pair"),
    .remove(record, "/properties/pair/maxItems", "lint.openArray", at: "/properties/pair"),
    .set(record, "/properties/pair/items", "{}", "lint.openValue"),
    .set(record, "/properties/pair/prefixItems/0", "true", "lint.openValue"),
    .set(record, "/properties/pair/unevaluatedItems", "false", "lint.keyword"),
  ]

  private static let values: [SchemaEdit] = [
    .set(
      record, "/properties/size/type", #"["number","string"]"#, "lint.openString",
      at: "/properties/size"),
    .remove(
      record, "/properties/count/exclusiveMaximum", "lint.openNumber", at: "/properties/count"),
    .set(record, "/properties/flag/const", "[true]", "lint.openValue", at: "/properties/flag"),
    .set(
      record, "/properties/pair/prefixItems/1/enum/3", "{}", "lint.openValue",
      at: "/properties/pair/prefixItems/1"),
    .set(
      record, "/properties/code/pattern", #""^a*$""#, "lint.openString", at: "/properties/code"),
    .set(
      record, "/properties/code/pattern", #""^[a-z]{1,3}""#, "lint.openString",
      at: "/properties/code"),
    .set(
      record, "/properties/code/pattern", #""[a-z]{1,3}$""#, "lint.openString",
      at: "/properties/code"),
    .set(
      record, "/properties/code/pattern", #""^a$|b""#, "lint.openString", at: "/properties/code"),
    .remove(common, "/$defs/line/type", "lint.openValue", at: "/$defs/line").and(
      "lint.openValue", at: "/properties/name", of: SmallSet.record),
    .remove(
      common, "/$defs/tree/additionalProperties", "lint.openObject", at: "/$defs/tree"),
  ]

  private static let members: [SchemaEdit] = [
    .set(record, "/dependentRequired/count/1", #""ghost""#, "lint.member"),
    .set(record, "/dependentRequired/ghost", #"["size"]"#, "lint.member"),
    .set(record, "/dependentSchemas/ghost", #"{"required":["size"]}"#, "lint.member"),
    .set(record, "/dependentSchemas/flag/required/0", #""ghost""#, "lint.member"),
    .set(
      record, "/dependentSchemas/flag/properties/ghost", #"{\#(words),"type":"boolean"}"#,
      "lint.member"),
    .set(record, "/not/required/0", #""ghost""#, "lint.member"),
    .set(record, "/properties/either/oneOf/0/required/1", #""right""#, "lint.member"),
  ]

  private static let documents: [SchemaEdit] = [
    .set(record, "/x-labels", "{}", "lint.keyword"),
    .set(record, "/properties/flag/$defs", "{}", "lint.keyword"),
    .set(common, "/properties", "{}", "lint.keyword"),
    .set(
      common, "/$defs/line/x-error/zh", #""One line.""#, "lint.sentence", at: "/$defs/line/x-error"),
    .set(SmallSet.codes, "/enum", "[]", "lint.codes").and("lint.labels", at: "/x-labels/red").and(
      "lint.labels", at: "/x-labels/sky-blue"),
    .set(SmallSet.codes, "/enum/2", "\"\"", "lint.codes"),
    .set(SmallSet.codes, "/x-labels/red/zh", #""red""#, "lint.labels", at: "/x-labels/red"),
  ]
}
