import Foundation

@testable import RecordSchema

/// The repository's `schemas/`, as the linter takes it: what is part of the contract.
enum SchemaFolder {
  private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "schemas")

  static let documents: [SchemaSource] = {
    var found: [SchemaSource] = []
    for folder in ["codes", "common", "meta", "records"] {
      let files = FileManager.default.enumerator(
        at: root.appending(path: folder), includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard file.pathExtension == "json", let bytes = try? Data(contentsOf: file) else {
          continue
        }
        let parts = file.standardizedFileURL.pathComponents
        let path = parts[root.standardizedFileURL.pathComponents.count...].joined(separator: "/")
        found.append(SchemaSource(path: path, bytes: Array(bytes)))
      }
    }
    return found.sorted { $0.path < $1.path }
  }()

  /// A record schema with what it may refer to. Of a document that others refer to, one of those.
  static func surroundings(of path: String) -> [SchemaSource] {
    let record = path.hasPrefix("records/") ? path : "records/lead.transfer/1.json"
    return documents.filter { !$0.path.hasPrefix("records/") || $0.path == record }
  }
}

/// A set that is as small as can be: one kind, one code list, shared definitions.
enum SmallSet {
  static let record = "records/sample.record/1.json"
  static let common = "common/1.json"
  static let codes = "codes/colour/1.json"

  static let documents: [SchemaSource] = [
    (record, recordText), (common, commonText), (codes, codesText),
  ]
  .map { SchemaSource(path: $0.0, bytes: Array($0.1.utf8)) }

  /// Title and description in both languages.
  static let words = #""title":"名","description":"说明","x-en":{"title":"Name","description":"What"}"#
  private static let head = #""$schema":"https://json-schema.org/draft/2020-12/schema""#

  private static let recordText = """
    {\(head),"$id":"urn:sanxiang:schema:sample.record:1",\(words),"type":"object",
     "required":["name"],
     "properties":{
      "name":{\(words),"$ref":"urn:sanxiang:schema:common:1#/$defs/line","maxLength":9},
      "colour":{\(words),"$ref":"urn:sanxiang:codes:colour:1"},
      "count":{\(words),"type":"integer","minimum":0,"exclusiveMaximum":9},
      "size":{\(words),"type":["number","null"],"exclusiveMinimum":0,"maximum":1},
      "code":{\(words),"type":"string","pattern":"^(?:[a-z]{1,3}|[0-9])$"},
      "flag":{\(words),"const":true},
      "pair":{\(words),"type":"array","maxItems":2,"items":false,
       "prefixItems":[{"type":"boolean"},{"enum":["a",1,null]}]},
      "list":{\(words),"type":"array","maxItems":3,
       "items":{"anyOf":[{"$ref":"urn:sanxiang:codes:colour:1"},{"type":"string","maxLength":2}]}},
      "either":{\(words),"oneOf":[
       {"type":"object","required":["left"],"properties":{"left":{\(words),"type":"boolean"}},
        "additionalProperties":false},
       {"type":"object","properties":{"right":{\(words),"type":"boolean"}},
        "additionalProperties":false}]},
      "joined":{\(words),"type":"object","properties":{"one":{\(words),"type":"boolean"}},
       "allOf":[{"properties":{"two":{\(words),"type":"boolean"}}}],
       "if":{"properties":{"one":{"const":true}},"required":["one"]},"then":{"required":["two"]},
       "unevaluatedProperties":false}
     },
     "additionalProperties":false,
     "dependentRequired":{"count":["size"]},
     "dependentSchemas":{"flag":{"required":["count"],"properties":{"name":{"minLength":2}}}},
     "not":{"required":["count","code"]}}
    """

  private static let commonText = """
    {\(head),"$id":"urn:sanxiang:schema:common:1",\(words),"$defs":{
      "line":{\(words),"type":"string","pattern":"^[^\\\\n]*$","allOf":[{"pattern":"\\\\S"}],
       "x-error":{"zh":"一行文字。","en":"One line."}},
      "tree":{\(words),"type":"object","additionalProperties":false,
       "properties":{"below":{\(words),"$ref":"urn:sanxiang:schema:common:1#/$defs/tree"}}}}}
    """

  private static let codesText = """
    {\(head),"$id":"urn:sanxiang:codes:colour:1",\(words),"type":"string",
     "enum":["red","sky-blue"],
     "x-labels":{"red":{"zh":"红","en":"red"},"sky-blue":{"zh":"天蓝","en":"sky blue"}}}
    """
}
