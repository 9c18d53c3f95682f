import Dispatch
import FoundationEssentials
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Takes a temporary folder away when it is not needed any more, also when somebody ends the program
/// before: payloads are not left lying about.
final class FolderCleaner: Sendable {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  private let folder: String
  private let sources: Mutex<[any DispatchSourceSignal]>

  init(_ folder: String) {
    self.folder = folder
    sources = Mutex([])
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
      sources.withLock { $0.append(source) }
    }
  }

  /// Removes the folder; signals end the program again as they always do.
  func clean() {
    try? FileManager.default.removeItem(atPath: folder)
    let ended = sources.withLock { sources in
      defer { sources = [] }
      return sources
    }
    for source in ended { source.cancel() }
    for number in Self.signals { signal(number, SIG_DFL) }
  }
}
