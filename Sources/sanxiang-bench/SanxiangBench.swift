import ArgumentParser

/// Measures real node processes: `sanxiangd` from the same folder as this program, mutual TLS on
/// loopback, SQLite with full sync; and the schema engine by itself.
@main
struct SanxiangBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sanxiang-bench",
    abstract: """
      测量节点的速度与内存、模式校验与离线核验的速度 / measures speed and memory of node processes, \
      and the schema engine's speed and conformance
      """,
    subcommands: [
      DrainCommand.self, SubmitCommand.self, RoundtripCommand.self, ValidateCommand.self,
      SchemaSuiteCommand.self, VerifyCommand.self,
    ])
}

/// What every mode can be told.
struct BenchOptions: ParsableArguments {
  @Option(name: .long, help: "线索条数 / how many leads")
  var records = 10_000
  @Option(name: .long, help: "每条内容的字节数 / bytes of each payload")
  var payload = 2048
  @Option(name: .long, help: "并发客户端数 / concurrent clients")
  var clients = 64
  @Option(
    name: .long,
    help: "在此文件夹内建工作文件夹 / where the working folder is made; by default the temporary one")
  var folder: String?
  @Option(name: .long, help: "sanxiangd 的路径 / path of sanxiangd; by default beside this program")
  var daemon: String?
  @Flag(name: .long, help: "输出一个 JSON 对象 / print one JSON object")
  var json = false
  @Flag(name: .long, help: "保留工作文件夹 / keep the working folder")
  var keep = false

  func validate() throws {
    try Self.check(records: records, payload: payload)
    guard (1...1024).contains(clients) else { throw ValidationError("--clients: 1…1024") }
  }

  /// How many leads there may be, and how long what they say.
  static func check(records: Int, payload: Int) throws {
    guard (1...100_000_000).contains(records) else {
      throw ValidationError("--records: 1…100000000")
    }
    guard SamplePayload.sizes.contains(payload) else {
      throw ValidationError(
        "--payload: \(SamplePayload.sizes.lowerBound)…\(SamplePayload.sizes.upperBound)")
    }
  }
}

/// Why a measurement could not be made.
struct BenchError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
