import FoundationEssentials
import HTTPTypes
import Testing

@testable import NodeService

@Suite("schemas/openapi.yaml")
struct OpenAPITests {
  /// The file's paths, methods and query parameters, read by indentation: it is written with two
  /// spaces per level, one operation after another.
  private struct Described: Hashable {
    var method: String
    var path: String
  }

  private static func described() throws -> [Described: Set<String>] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      decoding: Data(contentsOf: root.appending(path: "schemas/openapi.yaml")), as: UTF8.self)
    let lines = text.split(separator: "\n").map(String.init)
    var queryNames: [String: String] = [:]
    for line in lines where line.contains("in: query") {
      let name = line.split(separator: ":")[0].trimmingSpaces
      let value = line.split(separator: "name: ")[1].split(separator: ",")[0]
      queryNames[name] = String(value)
    }
    var result: [Described: Set<String>] = [:]
    var path = ""
    var present: Described?
    for line in lines {
      if line.hasPrefix("components:") { break }
      if line.hasPrefix("  /") { path = String(line.dropFirst(2).dropLast()) }
      if line.hasPrefix("    "), !line.hasPrefix("     "), line.hasSuffix(":") {
        let operation = Described(
          method: line.trimmingColon.uppercased(), path: path)
        present = operation
        result[operation] = []
      }
      if let operation = present, line.contains("#/components/parameters/") {
        let name = line.split(separator: "parameters/")[1].dropLast()
        if let query = queryNames[String(name)] { result[operation]?.insert(query) }
      }
    }
    return result
  }

  @Test("It tells exactly the routes that there are, with exactly their query parameters")
  func routes() throws {
    let described = try Self.described()
    let table = RouteTable(node: try FakeNode(), link: try FakeLink())
    var coded: [Described: Set<String>] = [:]
    for route in table.routes {
      coded[Described(method: route.method.rawValue, path: route.path)] = route.query
    }
    #expect(coded.count == table.routes.count)
    #expect(Set(described.keys).subtracting(coded.keys) == [])
    #expect(Set(coded.keys).subtracting(described.keys) == [])
    for (operation, query) in coded {
      #expect(described[operation] == query, "\(operation)")
    }
    #expect(described.count > 20)
  }
}

extension String {
  fileprivate var trimmingColon: String { String(drop { $0 == " " }.dropLast()) }
}

extension Substring {
  fileprivate var trimmingSpaces: String { String(drop { $0 == " " }) }
}
