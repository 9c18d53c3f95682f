import FoundationEssentials
import RecordSchema

/// A folder of schema documents on disk, laid out as `schemas/` is.
enum SchemaFolder {
  /// What lies beside the contract and is not judged as a part of it.
  private static let others = ["examples/", "meta/", "calendars/", "clocks.json"]

  /// Every JSON document below a folder, by path in byte order; what is no schema of the contract is
  /// left out.
  static func read(_ folder: String) throws -> [SchemaSource] {
    let paths: [String]
    // With the slash a link to a folder is followed.
    do {
      paths = try FileManager.default.subpathsOfDirectory(atPath: folder + "/")
    } catch {
      throw Failure(
        .failed, "file.read",
        say("\(folder)：不是可读的文件夹", "\(folder): not a folder that can be read"))
    }
    let wanted = paths.filter { path in
      path.hasSuffix(".json") && !others.contains { path.hasPrefix($0) }
    }
    guard !wanted.isEmpty else {
      throw Failure(
        .failed, "file.read",
        say("\(folder)：其下没有模式文件", "\(folder): there is no schema document in it"))
    }
    return try wanted.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { path in
      SchemaSource(path: path, bytes: try Files.read(folder + "/" + path))
    }
  }
}
