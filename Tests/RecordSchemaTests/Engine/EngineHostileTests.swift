import Foundation
import Testing

@testable import RecordSchema

@Suite("Hostile schemas and documents", .serialized)
struct EngineHostileTests {
  private static func items(_ count: Int, _ item: (Int) -> String) -> String {
    "[" + (0..<count).map(item).joined(separator: ",") + "]"
  }

  private static let count = 100_000

  private static let unique: [(String, @Sendable (Int) -> String, Bool)] = [
    ("whole numbers", { "\($0)" }, true),
    (
      "one number, written in many ways", { "1." + String(repeating: "0", count: 1 + $0 % 5) },
      false
    ),
    ("texts with a long start in common", { "\"\(String(repeating: "x", count: 9))\($0)\"" }, true),
    ("objects", { #"{"a":\#($0),"b":[\#($0 % 7)]}"# }, true),
    ("one object", { _ in #"{"a":{"b":[1,2,3]}}"# }, false),
    ("one object in two orders", { $0 % 2 == 0 ? #"{"a":1,"b":2}"# : #"{"b":2,"a":1}"# }, false),
    ("one repetition at the end", { $0 == count - 1 ? "[0.0]" : "[\($0)]" }, false),
  ]

  @Test("a hundred thousand items are told apart in good time", arguments: unique.indices)
  func uniqueItems(place: Int) throws {
    let (_, item, areUnique) = Self.unique[place]
    let schema = try compile(#"{"uniqueItems":true}"#)
    let document = try document(Self.items(Self.count, item))
    #expect(schema.isValid(document) == areUnique)
    let found = schema.violations(in: document)
    #expect(found.map(\.rule) == (areUnique ? [] : ["uniqueItems"]))
  }

  @Test("items that differ only in where brackets or quotes close have hashes of their own")
  func hashes() throws {
    var schema = try compile(#"{"uniqueItems":true}"#)
    schema.steps = 1000
    /// Fourteen brackets, then ones, after each of which a bracket may close.
    func nested(_ number: Int) -> String {
      let ones = (0..<14).map { number >> $0 & 1 == 1 ? "1]," : "1," }.joined()
      let open = 15 - number.nonzeroBitCount
      return String(repeating: "[", count: 15) + ones + "1" + String(repeating: "]", count: open)
    }
    #expect(schema.isValid(try document(Self.items(16_384, nested))))
    /// A hundred letters in two strings; the four bytes between letters are what a hash might be
    /// fed at a string's start.
    func split(_ place: Int) -> String {
      let parts = [place + 1, 100 - place].map { count in
        [String](repeating: "a", count: count).joined(separator: "\\u0004\\u0000\\u0000\\u0000")
      }
      return "[\"\(parts[0])\",\"\(parts[1])\"]"
    }
    #expect(schema.isValid(try document(Self.items(100, split))))
  }

  @Test("few steps are enough for nobody who needs many")
  func comparisons() throws {
    var schema = try compile(#"{"uniqueItems":true}"#)
    schema.steps = 20
    let document = try document(Self.items(16) { "\($0)" })
    #expect(!schema.isValid(document))
    #expect(schema.violations(in: document).map(\.rule) == ["schema.steps"])
    schema.steps = 600
    #expect(schema.isValid(document))
  }

  @Test("items that are alike to the hash cost by their length, so that a flood of them ends")
  func alikeItems() throws {
    // Beyond where points are told apart, numbers of the same digits are all alike.
    let digits = "1." + String(repeating: "3", count: 140)
    let items = Self.items(6_000) { "\(digits)e-\(100_000_000_000_001 + $0)" }
    let document = try document(items)
    #expect(
      try compile(#"{"uniqueItems":true}"#).violations(in: document).map(\.rule) == ["schema.steps"]
    )
    let bounded = try compile(#"{"uniqueItems":true,"maxItems":4}"#)
    #expect(bounded.violations(in: document).map(\.rule) == ["maxItems"])
  }

  /// Every level asks the next twice.
  private static func doubling(_ keyword: String, _ levels: Int, leaf: String) -> String {
    let links = (0..<levels).map { level in
      let next = ##"{"$ref":"#/$defs/d\##(level + 1)"}"##
      return #""d\#(level)":{"\#(keyword)":[\#(next),\#(next)],"unevaluatedItems":true}"#
    }
    return ##"{"$ref":"#/$defs/d0","$defs":{"## + links.joined(separator: ",")
      + ",\"d\(levels)\":\(leaf)}}"
  }

  @Test(
    "schemas that double with every level end at the step limit, whatever asks",
    arguments: ["allOf", "anyOf", "oneOf"], [#"{"type":"array"}"#, #"{"type":"string"}"#])
  func doubling(keyword: String, leaf: String) throws {
    var schema = try compile(Self.doubling(keyword, 60, leaf: leaf))
    schema.steps = 100_000
    let document = try document("[]")
    let found = schema.violations(in: document)
    #expect(!schema.isValid(document))
    #expect(!found.isEmpty)
    if leaf.contains("array"), keyword != "oneOf" { #expect(found.map(\.rule) == ["schema.steps"]) }
  }

  @Test("a document that doubles a schema with every level ends at the step limit")
  func deepDoubling() throws {
    var schema = try compile(
      ##"""
      {"anyOf":[{"items":{"$ref":"#"},"minItems":1},{"items":{"$ref":"#"},"maxItems":9,
      "minItems":1}]}
      """##)
    schema.steps = 100_000
    let text = String(repeating: "[", count: 60) + "[]" + String(repeating: "]", count: 60)
    #expect(!schema.isValid(try document(text)))
    #expect(schema.violations(in: try document(text)).map(\.rule) == ["schema.steps"])
    #expect(schema.isValid(try document("[[[[[7]]]]]")))
  }

  /// What a run must make do with; unoptimised code takes twice as much.
  #if DEBUG
    private static let stackSize = 2 << 20
  #else
    private static let stackSize = 1 << 20
  #endif

  /// Runs on a thread with a stack of ``stackSize``.
  private static func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws
    -> T
  {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result { try body() }) }
      thread.stackSize = stackSize
      thread.start()
    }
  }

  @Test("documents and schemas as deep as the limits allow need no more stack than a thread has")
  func depth() async throws {
    let verdicts = try await Self.onThread {
      let limits = JSONDocument.Limits(depth: 2000, size: 1 << 20)
      func nested(_ depth: Int) throws -> JSONDocument {
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        return try JSONDocument(parsing: Array(text.utf8), profile: .general, limits: limits)
      }
      let schema = try compile(##"{"items":{"$ref":"#"},"unevaluatedItems":false}"##)
      let dynamic = try compile(
        ##"""
        {"$dynamicAnchor":"d","prefixItems":[{"$dynamicRef":"#d"}],"contains":true,
        "minContains":0}
        """##)
      let same = try compile(##"{"items":{"uniqueItems":true,"items":{"uniqueItems":true}}}"##)
      // Two schemas for each level of the document.
      let reach = Evaluator<FlagMode>.depthLimit / 2 - 1
      var verdicts = [schema.isValid(try nested(reach)), dynamic.isValid(try nested(reach))]
      for schema in [schema, dynamic] {
        verdicts.append(schema.violations(in: try nested(1999)).map(\.rule) == ["schema.steps"])
        verdicts.append(!schema.isValid(try nested(1999)))
      }
      let inner = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
      let twins = Array("[[\(inner),\(inner)]]".utf8)
      let document = try JSONDocument(parsing: twins, profile: .general, limits: limits)
      verdicts.append(same.violations(in: document).map(\.pointer) == ["/0/1"])
      return verdicts
    }
    #expect(verdicts == [Bool](repeating: true, count: 7))
  }

  @Test("a schema document as deep as the limit is compiled and run")
  func deepSchema() async throws {
    let holds = try await Self.onThread {
      func schema(_ depth: Int) -> String {
        String(repeating: #"{"not":"#, count: depth) + "{}" + String(repeating: "}", count: depth)
      }
      let deepest = SchemaLibrary.documentLimits.depth - 1
      let isValid = try compile(schema(deepest - 1)).isValid(try document("1"))
      return isValid && refusal(schema(deepest + 1))?.code == .json
    }
    #expect(holds)
  }

  private static let long: [(String, [(String, Bool)])] = [
    (
      "x",
      [
        (#"{"minLength":10000000}"#, true), (#"{"minLength":10000001}"#, false),
        (#"{"maxLength":9999999}"#, false), (#"{"pattern":"^x*$"}"#, true),
        (#"{"pattern":"^(x+x+)+y"}"#, false), (#"{"pattern":"(x|xx)*z"}"#, false),
        (#"{"format":"uri"}"#, false), (#"{"format":"email"}"#, false), (#"{"const":"x"}"#, false),
      ]
    ),
    ("😀", [(#"{"maxLength":2500000}"#, true), (#"{"minLength":2500001}"#, false)]),
    ("中", [(#"{"pattern":"^[^\\u0000-\\u001F]*$"}"#, true), (#"{"pattern":"a"}"#, false)]),
    ("\\u4e2d", [(#"{"maxLength":5}"#, false), (#"{"minLength":1666666}"#, true)]),
  ]

  @Test("ten megabytes of text are judged in good time", arguments: long)
  func longText(scalar: String, rows: [(String, Bool)]) throws {
    let body = String(repeating: scalar, count: 10_000_000 / scalar.utf8.count)
    let document = try document("\"\(body)\"")
    for (text, isValid) in rows {
      let schema = try compile(text, assertsFormats: true)
      #expect(schema.isValid(document) == isValid, "\(text)")
      #expect(schema.violations(in: document).count == (isValid ? 0 : 1), "\(text)")
    }
  }

  @Test("an object of a hundred thousand members is judged in good time")
  func wideObject() throws {
    let schema = try compile(
      #"""
      {"properties":{"a":{},"b":{}},"patternProperties":{"^k[0-9]*$":{"type":"integer"}},
      "propertyNames":{"maxLength":7},"allOf":[{"properties":{"c":{}}}],
      "anyOf":[{"required":["k1"]},{"required":["k2"]}],"unevaluatedProperties":false}
      """#)
    let members = (0..<Self.count).map { "\"k\($0)\":\($0)" }
    #expect(schema.isValid(try document("{\(members.joined(separator: ","))}")))
    let more = members + ["\"z\":1"]
    let found = schema.violations(in: try document("{\(more.joined(separator: ","))}"))
    #expect(found.map(\.pointer) == ["/z"])
  }
}
