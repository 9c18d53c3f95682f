import Auditor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One line on standard error that is written over, when somebody looks at it.
final class ProgressLine {
  private let isShown = isatty(2) == 1
  private var last: UInt64 = 0
  private var isDrawn = false

  /// Shows how far it is; at most once every few thousand entries.
  func show(_ progress: AuditProgress) {
    guard isShown, progress.done > 0, progress.done / 4096 != last else { return }
    last = progress.done / 4096
    let total = progress.total.map { "/\($0)" } ?? ""
    write("\r\u{1B}[K\(progress.log) \(progress.done)\(total)")
    isDrawn = true
  }

  /// Takes the line away.
  func clear() {
    if isDrawn { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    #if canImport(Glibc)
      _ = Glibc.write(2, bytes, bytes.count)
    #else
      _ = Musl.write(2, bytes, bytes.count)
    #endif
  }
}
