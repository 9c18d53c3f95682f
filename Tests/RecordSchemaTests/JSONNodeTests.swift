import RecordSchema
import Testing

@Suite("Values of a parsed document")
struct JSONNodeTests {
  private let text =
    #"{"s":"a\u4e2d\n","n":-12.50,"i":1e2,"t":true,"f":false,"z":null,"a":[1,[2],"x"],"o":{"a/b":{"~":7}}}"#

  @Test("know their kind")
  func kinds() throws {
    let root = try parse(text)
    let kinds = root.members.map { $0.value.kind }
    #expect(kinds == [.string, .number, .number, .bool, .bool, .null, .array, .object])
    #expect(root.kind == .object)
  }

  @Test("give their content, and nil for another kind's")
  func contents() throws {
    let root = try parse(text)
    #expect(root["s"]?.string == "a中\n")
    #expect(root["s"]?.utf8 == Array("a中\n".utf8))
    #expect(root["n"]?.number == -12.5)
    #expect(root["n"]?.integer == nil)
    #expect(root["i"]?.integer == 100)
    #expect(root["t"]?.bool == true)
    #expect(root["f"]?.bool == false)
    #expect(root["z"]?.isNull == true)
    for key in ["n", "t", "z", "a", "o"] { #expect(root[key]?.string == nil) }
    for key in ["s", "t", "z", "a", "o"] { #expect(root[key]?.number == nil) }
    for key in ["s", "n", "z", "a", "o"] { #expect(root[key]?.bool == nil) }
    #expect(root["missing"] == nil)
    #expect(root["s"]?["x"] == nil)
    #expect(root[0] == nil)
  }

  @Test("are reached by name, by place and in order")
  func navigation() throws {
    let root = try parse(text)
    let array = try #require(root["a"])
    #expect(array.count == 3)
    #expect(array[1]?[0]?.integer == 2)
    #expect(array[2]?.string == "x")
    #expect(array[3] == nil)
    #expect(array[-1] == nil)
    #expect(array.elements.map(\.kind) == [.number, .array, .string])
    #expect(root.members.map(\.key) == ["s", "n", "i", "t", "f", "z", "a", "o"])
    #expect(Array(array.members.map(\.key)).isEmpty)
    #expect(root.elements.map(\.kind).isEmpty)
    #expect(root.count == 8)
  }

  @Test("know their pointer and their bytes")
  func places() throws {
    let root = try parse(text)
    #expect(root.pointer == "")
    #expect(root["o"]?["a/b"]?["~"]?.pointer == "/o/a~1b/~0")
    #expect(root["a"]?[1]?[0]?.pointer == "/a/1/0")
    #expect(root["a"]?[2]?.pointer == "/a/2")
    #expect(root["a"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == #"[1,[2],"x"]"#)
    #expect(root["s"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == #""a\u4e2d\n""#)
    #expect(root["n"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == "-12.50")
    #expect(root.range == 0..<text.utf8.count)
    let odd = try parse(#"{"张三":{"":[0]}}"#)
    #expect(odd["张三"]?[""]?[0]?.pointer == "/张三//0")
  }

  @Test(
    "read whole numbers exactly, however they are written",
    arguments: [
      ("0", 0), ("-0", 0), ("0.0", 0), ("0e5", 0), ("1.0", 1), ("10e-1", 1), ("1.50e1", 15),
      ("123456789012345678", 123_456_789_012_345_678), ("9223372036854775807", Int64.max),
      ("-9223372036854775808", Int64.min), ("9223372036854775808", nil),
      ("-9223372036854775809", nil), ("1.5", nil), ("1e-1", nil), ("1e19", nil),
      ("18446744073709551616", nil), ("0.1e1", 1), ("0.001e3", 1), ("100e-2", 1), ("1e-400", nil),
      ("12345678901234567.0e1", 123_456_789_012_345_670),
    ] as [(String, Int64?)])
  func integers(text: String, expected: Int64?) throws {
    #expect(try parse(text, .general).integer == expected)
  }

  @Test(
    "read doubles to the nearest, and not beyond their range",
    arguments: [
      ("0.1", 0.1), ("1e308", 1e308), ("1e309", nil), ("-1e400", nil), ("1e-400", 0.0),
      ("3.141592653589793238", 3.141592653589793),
      ("123456789012345678901234567890", 1.2345678901234568e29),
    ] as [(String, Double?)])
  func doubles(text: String, expected: Double?) throws {
    #expect(try parse(text, .general).number == expected)
  }

  @Test("read a double's shortest text back as the same double")
  func doublesRoundTrip() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<500 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(try parse("\(value)", .general).number == value)
    }
  }

  @Test("outlive the document that they came from")
  func lifetime() throws {
    var node: JSONNode? = try parse(#"{"a":["kept"]}"#)["a"]?[0]
    #expect(node?.string == "kept")
    node = nil
    #expect(node == nil)
  }
}
