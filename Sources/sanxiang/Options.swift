import ArgumentParser
import FoundationEssentials
import NodeClient
import RecordSchema

/// How results are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  case text, json
}

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .long,
    help: help(
      "输出格式：text 或 json（标准输出上一个文档）", "text, or json: one document on standard output"))
  var output: OutputFormat = .text

  @Option(name: .long, help: help("界面语言 zh 或 en", "language, zh or en"))
  var lang: Language?

  /// Writes a result: the JSON document, or the lines for a person.
  func show(json: @autoclosure () -> [UInt8], text: @autoclosure () -> [String]) {
    switch output {
    case .json:
      let document = json()
      Console.bytes(document.last == 0x0a ? document : document + [0x0a])
    case .text: text().forEach(Console.line)
    }
  }
}

/// What every command that calls a node takes.
struct NodeOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions

  @Option(
    name: .long,
    help: help(
      "节点套接字路径（默认取环境变量 SANXIANG_SOCKET，再取 /run/sanxiang/node.sock）",
      "the node's socket; default: SANXIANG_SOCKET, then /run/sanxiang/node.sock"))
  var socket: String?

  /// Where the node listens.
  var path: String {
    socket ?? ProcessInfo.processInfo.environment["SANXIANG_SOCKET"] ?? "/run/sanxiang/node.sock"
  }

  /// Calls the node, then lets go of it.
  func withNode<Value>(_ body: (NodeClient) async throws -> Value) async throws -> Value {
    let client = NodeClient(socketPath: path)
    do {
      let value = try await body(client)
      await client.shutdown()
      return value
    } catch {
      await client.shutdown()
      throw error
    }
  }

  /// Writes a result of the node's.
  func show(json: @autoclosure () -> [UInt8], text: @autoclosure () -> [String]) {
    common.show(json: json(), text: text())
  }

  /// Writes that something was done.
  func done(_ what: String, id: String, _ text: String) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("done", what)
      writer.member("id", id)
    }
    show(json: writer.bytes, text: [text])
  }
}
