import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The daemon's signals: TERM and INT end it gracefully, a second one at once; HUP reads files again.
final class Signals {
  private var sources: [any DispatchSourceSignal] = []
  private let queue = DispatchQueue(label: "sanxiang.signals")

  /// Watches until the process ends. The closures are called one after another.
  init(stop: @escaping @Sendable () -> Void, reload: @escaping @Sendable () -> Void) {
    signal(SIGPIPE, SIG_IGN)
    let ending = Ending(stop: stop)
    for number in [SIGTERM, SIGINT] {
      watch(number) { ending.next(number) }
    }
    watch(SIGHUP, reload)
  }

  private func watch(_ number: Int32, _ body: @escaping @Sendable () -> Void) {
    // The default action must not come first.
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler(handler: body)
    source.resume()
    sources.append(source)
  }

  /// Counts the requests to end.
  /// `@unchecked Sendable`: used on the signal queue only, which is serial.
  private final class Ending: @unchecked Sendable {
    private var asked = false
    private let stop: @Sendable () -> Void

    init(stop: @escaping @Sendable () -> Void) { self.stop = stop }

    func next(_ number: Int32) {
      if asked { _exit(128 + number) }
      asked = true
      stop()
    }
  }
}
