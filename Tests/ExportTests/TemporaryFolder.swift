import Foundation

/// A folder that goes when nobody holds it any more.
final class TemporaryFolder: Sendable {
  let path: String

  /// In memory where there is such a place: exports bring every file to disk before they go on.
  init() throws {
    let memory = "/dev/shm/"
    let place = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    path = place + "sanxiang-export-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A copy of a folder, by this name.
  func copy(_ folder: String, as name: String) throws -> String {
    let copy = "\(path)/\(name)"
    try FileManager.default.copyItem(atPath: folder, toPath: copy)
    return copy
  }
}

/// Every file below a folder, by its name there.
func contents(of folder: String) throws -> [String: [UInt8]] {
  var found: [String: [UInt8]] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
    var isFolder: ObjCBool = false
    let path = "\(folder)/\(name)"
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      continue
    }
    found[name] = Array(try Data(contentsOf: URL(filePath: path)))
  }
  return found
}
