import FoundationEssentials
import Logging

/// The folder of clocks and calendar files beside the federation directory. What a file is worth is
/// decided by the directory alone, which names the digests of those in force.
enum ClockFolder {
  /// The most files that are looked at, and the most bytes of one.
  static let fileLimit = 200
  static let byteLimit = 1 << 20

  /// The files' contents; empty where there is no such folder. One that cannot be read is told of
  /// and left out: the directory may not need it.
  static func read(_ folder: String, logger: Logger) -> [[UInt8]] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().prefix(fileLimit).compactMap { name in
      do {
        return try FileBytes.read(folder + "/" + name, limit: byteLimit)
      } catch {
        logger.warning("clocks file left out", metadata: ["reason": "\(error)"])
        return nil
      }
    }
  }
}
