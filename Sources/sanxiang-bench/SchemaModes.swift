import ArgumentParser
import Foundation
import RecordModel
import RecordSchema

/// How long checking a record takes.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "单线程校验一条记录的耗时 / what checking one record costs, on one thread",
    discussion: """
      解析、判断有无问题、找出全部问题、从字节到结论，各取多轮的中位数。默认使用内置的 2.2 KB 线索。
      Medians of many rounds: parsing, flag mode, full mode, and the whole check from bytes to \
      verdict as nodes do it. By default with a built-in lead of 2.2 KB.
      """)

  @Option(name: .long, help: "每轮条数 / records of each round")
  var records = 2000
  @Option(name: .long, help: "轮数 / rounds")
  var rounds = 51
  @Option(name: .long, help: "改用此文件中的记录 / time the record in this file")
  var file: String?
  @Option(name: .long, help: "模式，默认 lead.transfer/1 / schema; default lead.transfer/1")
  var schema = SampleLead.schema
  @Flag(name: .long, help: "输出一个 JSON 对象 / print one JSON object")
  var json = false
  @Flag(name: .long, help: "只输出内置的记录 / only write the built-in record, verbatim")
  var sample = false

  func validate() throws {
    guard (1...10_000_000).contains(records) else {
      throw ValidationError("--records: 1…10000000")
    }
    guard (1...100_000).contains(rounds) else { throw ValidationError("--rounds: 1…100000") }
    guard !sample || file == nil else {
      throw ValidationError("--sample writes the built-in record: leave --file out")
    }
  }

  func run() throws {
    if sample { return FileHandle.standardOutput.write(Data(SampleLead.bytes)) }
    var payload = SampleLead.bytes
    if let file {
      guard let bytes = FileManager.default.contents(atPath: file) else {
        throw BenchError("cannot read \(file)")
      }
      payload = Array(bytes)
    }
    let now = Timestamp(milliseconds: Int64(Date.now.timeIntervalSince1970 * 1000))
    let timing = try SchemaBench(payload: payload, schema: schema, today: now.day)
      .run(rounds: rounds, records: records)
    guard json else { return print(timing.text) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(timing), as: UTF8.self))
  }
}

/// Runs tests of the JSON Schema test suite's form.
struct SchemaSuiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema-suite",
    abstract: "运行 JSON Schema 官方形式的测试 / run tests in the form of the official JSON Schema suite",
    discussion: """
      文件夹下每个 .json 文件是 {description, schema, tests:[{description, data, valid}]} 的数组。每个用例以判断\
      和列举两种方式各运行一次。有失败时退出码为 1。
      Every .json file below the folder is an array of {description, schema, \
      tests: [{description, data, valid}]}. Each test runs in flag mode and in full mode. \
      Exits with 1 when one fails.
      """)

  @Argument(help: "测试文件夹 / folder with tests")
  var folder: String
  @Option(
    name: .long,
    help: "以 http://localhost:1234/ 引用的文件 / documents behind http://localhost:1234/")
  var remotes: String?
  @Flag(name: .long, help: "format 作为断言 / format is an assertion")
  var formats = false

  func validate() throws {
    for path in [folder] + [remotes].compactMap(\.self) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
      else { throw ValidationError("\(path): no such folder") }
    }
  }

  func run() throws {
    var suite = SchemaSuite(assertsFormats: formats)
    if let remotes {
      for (path, bytes) in try Files.documents(in: remotes) {
        if let trouble = suite.addRemote(bytes, at: path) {
          FileHandle.standardError.write(Data("skipped \(remotes)/\(path): \(trouble)\n".utf8))
        }
      }
    }
    for (path, bytes) in try Files.documents(in: folder) {
      try suite.run(bytes, named: path) { print($0) }
    }
    guard suite.total > 0 else { throw BenchError("\(folder) holds no tests") }
    print("passed \(suite.passed) of \(suite.total)")
    if suite.passed < suite.total { throw ExitCode(1) }
  }
}

extension Files {
  /// Every JSON document below a folder, by its path in it, in byte order.
  static func documents(in folder: String) throws -> [(path: String, bytes: [UInt8])] {
    let paths: [String]
    // With the slash a link to a folder is followed.
    do {
      paths = try FileManager.default.subpathsOfDirectory(atPath: folder + "/")
    } catch {
      throw BenchError("cannot read \(folder): \(error)")
    }
    return try paths.filter { $0.hasSuffix(".json") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { path in
        guard let bytes = FileManager.default.contents(atPath: folder + "/" + path) else {
          throw BenchError("cannot read \(folder)/\(path)")
        }
        return (path, Array(bytes))
      }
  }
}
