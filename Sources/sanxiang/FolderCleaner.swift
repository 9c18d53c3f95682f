import Dispatch
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Takes a temporary folder away when it is not needed any more, also when somebody ends the program
/// before: payloads are not left lying about.
final class FolderCleaner {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  private let folder: String
  private var sources: [any DispatchSourceSignal] = []

  init(_ folder: String) {
    self.folder = folder
    let queue = DispatchQueue(label: "cleaning")
    for number in Self.signals {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        try? FileManager.default.removeItem(atPath: folder)
        // As if nobody had caught it.
        signal(number, SIG_DFL)
        kill(getpid(), number)
      }
      source.activate()
      sources.append(source)
    }
  }

  /// Removes the folder; signals end the program again as they always do.
  func clean() {
    try? FileManager.default.removeItem(atPath: folder)
    for source in sources { source.cancel() }
    sources = []
    for number in Self.signals { signal(number, SIG_DFL) }
  }
}
