/// Edits to the repository's own schemas, each with the one rule that it breaks and where.
enum RealSchemaEdits {
  private static let transfer = "records/lead.transfer/1.json"
  private static let decide = "records/lead.decide/1.json"
  private static let correct = "records/record.correct/1.json"
  private static let common = "common/1.json"
  private static let category = "codes/category/1.json"
  private static let words = SmallSet.words
  private static let line = "urn:sanxiang:schema:common:1#/$defs/line"

  static let all = openness + bounds + members + references + documents + wording + codes + barred

  private static let openness: [SchemaEdit] = [
    .remove(transfer, "/additionalProperties", "lint.openObject", at: ""),
    .set(transfer, "/additionalProperties", "true", "lint.openObject"),
    .set(
      transfer, "/properties/period/additionalProperties", #"{"type":"boolean"}"#,
      "lint.openObject"),
    .remove(
      transfer, "/properties/period/additionalProperties", "lint.openObject",
      at: "/properties/period"),
    .remove(
      common, "/$defs/attachment/additionalProperties", "lint.openObject",
      at: "/$defs/attachment"),
    .remove(
      transfer, "/properties/subjects/items/then/additionalProperties", "lint.openObject",
      at: "/properties/subjects/items/then"),
    .remove(
      transfer, "/properties/subjects/items/else/type", "lint.openValue",
      at: "/properties/subjects/items/else"),
    .remove(
      transfer, "/properties/subjects/items/else", "lint.openValue",
      at: "/properties/subjects/items"),
    .remove(transfer, "/type", "lint.openValue", at: ""),
    .set(transfer, "/properties/extension", "{\(words)}", "lint.openValue"),
    .set(transfer, "/properties/extension", "{\(words),\"type\":\"object\"}", "lint.openObject"),
    .set(
      transfer, "/properties/extension",
      "{\(words),\"type\":\"object\",\"additionalProperties\":false}", "lint.openObject"),
    .set(transfer, "/properties/measures/items", "true", "lint.openValue"),
    .set(transfer, "/patternProperties", #"{"^x-":{"type":"boolean"}}"#, "lint.bag"),
    .set(
      transfer, "/properties/period/propertyNames", #"{"maxLength":4}"#, "lint.bag"),
    .set(decide, "/type", #"["object","null"]"#, "lint.payload"),
  ]

  private static let bounds: [SchemaEdit] = [
    .remove(
      transfer, "/properties/facts/maxLength", "lint.openString", at: "/properties/facts"),
    // A definition may leave bounds to the place of use, so that is where they are missing.
    .remove(
      common, "/$defs/region/maxLength", "lint.openString", at: "/properties/place", of: transfer),
    .remove(
      transfer, "/properties/subjects/items/then/properties/name/maxLength", "lint.openString",
      at: "/properties/subjects/items/then/properties/name"),
    .remove(
      common, "/$defs/handler/properties/phone/pattern", "lint.openString",
      at: "/$defs/handler/properties/phone"),
    .remove(
      transfer, "/properties/amountFen/maximum", "lint.openNumber", at: "/properties/amountFen"),
    .remove(
      transfer, "/properties/items/items/properties/quantity/exclusiveMinimum",
      "lint.openNumber", at: "/properties/items/items/properties/quantity"),
    .remove(
      transfer, "/properties/legalBasis/maxItems", "lint.openArray", at: "/properties/legalBasis"),
    .remove(
      transfer, "/properties/legalBasis/items", "lint.openArray", at: "/properties/legalBasis"),
    .remove(
      common, "/$defs/attachments/maxItems", "lint.openArray", at: "/properties/attachments",
      of: transfer),
    .remove(common, "/$defs/attachments/items", "lint.openArray", at: "/$defs/attachments"),
    .set(correct, "/properties/schema/pattern", #""^(?:a|a)*$""#, "lint.pattern"),
    .set(correct, "/properties/schema/pattern", #""(?:a+)+$""#, "lint.pattern"),
    .set(correct, "/properties/schema/pattern", #""(""#, "schema.pattern"),
    .set(common, "/$defs/date/format", #""day""#, "lint.format"),
  ]

  private static let members: [SchemaEdit] = [
    .set(transfer, "/required/11", #""ghost""#, "lint.member"),
    .set(decide, "/then/required/0", #""reasons""#, "lint.member"),
    .set(decide, "/if/required/0", #""verdict""#, "lint.member"),
    .rename(
      decide, "/if/properties/decision", "verdict", "lint.member", at: "/if/properties/verdict"),
    .set(
      transfer, "/properties/subjects/items/if/anyOf/0/required/0", #""isOfficial""#,
      "lint.member"),
    .set(transfer, "/properties/subjects/items/then/required/3", #""uscc""#, "lint.member"),
  ]

  private static let references: [SchemaEdit] = [
    .set(
      transfer, "/properties/docNo/$ref", #""urn:sanxiang:schema:common:1#/$defs/nothing""#,
      "schema.unresolvedReference"),
    .set(
      transfer, "/properties/docNo/$ref", #""urn:sanxiang:schema:common:2#/$defs/docNo""#,
      "schema.unresolvedReference"),
    .set(transfer, "/properties/docNo/$ref", ##""#/properties/title""##, "lint.reference"),
    .set(
      transfer, "/properties/docNo/$ref", #""https://json-schema.org/draft/2020-12/schema""#,
      "lint.reference"),
    .set(
      transfer, "/properties/category/$ref",
      #""urn:sanxiang:codes:category:1#/x-labels/duty-crime""#, "lint.reference"),
    .set(
      common, "/$defs/docNo", #"{\#(words),"$ref":"urn:sanxiang:schema:common:1#/$defs/docNo"}"#,
      "lint.openValue"
    ).and("schema.referenceLoop", at: "/$defs/docNo/$ref"),
    .set(transfer, "/properties/docNo/$dynamicRef", ##""#docNo""##, "lint.keyword"),
    .set(transfer, "/properties/docNo/$anchor", #""docNo""#, "lint.keyword"),
    .set(transfer, "/properties/docNo/$id", #""urn:sanxiang:codes:stage:1""#, "lint.keyword"),
    .set(transfer, "/properties/facts/maxLenght", "4000", "lint.keyword"),
    .set(transfer, "/x-note", "true", "lint.keyword"),
    .set(common, "/type", #""object""#, "lint.keyword"),
  ]

  private static let documents: [SchemaEdit] = [
    .set(
      transfer, "/$schema", #""http://json-schema.org/draft-07/schema#""#, "lint.dialect"),
    .remove(transfer, "/$schema", "lint.dialect"),
    .set(transfer, "/$id", #""urn:sanxiang:schema:lead.transfer:2""#, "lint.identifier"),
    .set(common, "/$id", #""urn:sanxiang:schema:lead.transfer:1""#, "lint.identifier"),
    .remove(category, "/$id", "lint.identifier"),
    .set(transfer, "/properties/title/minLength", "-1", "lint.metaSchema"),
    .set(transfer, "/properties/amountFen/type", #""int""#, "lint.metaSchema"),
    .set(transfer, "/required", "{}", "lint.metaSchema"),
    .set(transfer, "", "true", "lint.metaSchema"),
    .set(transfer, "/title", "\"\\uD800\"", "json.surrogate"),
    .set(transfer, "/properties/amountFen/maximum", "9007199254740993", "json.number"),
  ]

  private static let wording: [SchemaEdit] = [
    .remove(transfer, "/title", "lint.title"),
    .remove(transfer, "/x-en/description", "lint.title"),
    .remove(transfer, "/properties/docNo/description", "lint.title"),
    .remove(transfer, "/properties/docNo/x-en", "lint.title"),
    .set(transfer, "/properties/docNo/title", #""Number""#, "lint.title"),
    .set(transfer, "/properties/docNo/x-en/title", #""文号""#, "lint.title"),
    .set(transfer, "/properties/docNo/x-en/note", #""more""#, "lint.title"),
    .remove(common, "/$defs/line/title", "lint.title"),
    .remove(transfer, "/properties/subjects/items/x-en", "lint.title"),
    .remove(
      transfer, "/properties/subjects/items/then/properties/name/title", "lint.title"),
    .remove(category, "/description", "lint.title"),
    .remove(common, "/$defs/line/x-error/en", "lint.sentence", at: "/$defs/line/x-error"),
    .set(decide, "/then/x-error/fr", #""Non.""#, "lint.sentence", at: "/then/x-error"),
  ]

  private static let codes: [SchemaEdit] = [
    .set(category, "/enum/12", #""duty-crime""#, "lint.codes"),
    .set(category, "/enum/12", "5", "lint.codes"),
    .remove(category, "/type", "lint.codes"),
    .remove(category, "/x-labels", "lint.labels"),
    .remove(category, "/x-labels/other-crime", "lint.labels"),
    .remove(category, "/x-labels/other-crime/en", "lint.labels", at: "/x-labels/other-crime"),
    .set(category, "/x-labels/ghost", #"{"zh":"幽灵","en":"ghost"}"#, "lint.labels"),
    .set(category, "/enum/12", #""new-crime""#, "lint.labels", at: "/x-labels/new-crime"),
  ]

  private static let barred: [SchemaEdit] = [
    .set(transfer, "/properties/ethnicity", #"{\#(words),"type":"boolean"}"#, "lint.barredName"),
    .rename(
      transfer, "/properties/amountFen", "minzu", "lint.barredName", at: "/properties/minzu"),
    .set(
      transfer, "/properties/subjects/items/then/properties/isPartyMember",
      #"{\#(words),"type":"boolean"}"#, "lint.barredName"),
    .set(transfer, "/properties/source/title", #""举报人情况""#, "lint.barredName"),
    .set(transfer, "/properties/source/x-en/title", #""Petition history""#, "lint.barredName"),
    .set(common, "/$defs/faith", #"{\#(words),"type":"boolean"}"#, "lint.barredName"),
    .set(
      transfer, "/properties/extension", #"{\#(words),"const":"petitioner"}"#, "lint.barredName",
      at: "/properties/extension/const"),
    .set(category, "/x-labels/other-crime/zh", #""信访""#, "lint.barredName"),
    .set(category, "/enum/12", #""religion""#, "lint.barredName").and(
      "lint.labels", at: "/x-labels/religion"),
    .set(
      transfer, "/properties/docNo/title", "\"" + String(repeating: "名", count: 171) + "\"",
      "lint.tooLarge"),
  ]
}
