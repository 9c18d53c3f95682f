import FoundationEssentials
import Logging
import RecordModel
import RecordSchema

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One line per message on standard error, for people or as a JSON object.
struct LineLogHandler: LogHandler {
  let label: String
  let format: Settings.LogFormat
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  init(label: String, format: Settings.LogFormat, level: Logger.Level) {
    self.label = label
    self.format = format
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
      .map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
    StandardError.write(
      Self.line(
        time: WallClock.now(), level: event.level, label: label, message: "\(event.message)",
        metadata: all, format: format))
  }

  /// The line, with its end.
  static func line(
    time: Timestamp, level: Logger.Level, label: String, message: String,
    metadata: [(String, String)], format: Settings.LogFormat
  ) -> String {
    switch format {
    case .text:
      let rest = metadata.map { " \($0.0)=\(quoted($0.1))" }.joined()
      return "\(time) \(level.rawValue) \(label): \(escaped(message))\(rest)\n"
    case .json:
      var writer = JSONWriter()
      writer.object { writer in
        writer.member("time", time.description)
        writer.member("level", level.rawValue)
        writer.member("label", label)
        writer.member("message", message)
        for (key, value) in metadata
        where !["time", "level", "label", "message"].contains(key) {
          writer.member(key, value)
        }
      }
      return escaped(String(decoding: writer.bytes, as: UTF8.self)) { scalar in
        // What is invisible in JSON stands in its strings only.
        String(scalar).utf16.map { "\\u" + hexadecimal($0) }.joined()
      } + "\n"
    }
  }

  /// A line stays one line, and reads as it is written, whatever a peer sent: no control characters,
  /// nothing that turns the direction of what follows or is not seen at all.
  private static func escaped(
    _ text: String, _ write: (Unicode.Scalar) -> String = { "\\u{\(String($0.value, radix: 16))}" }
  ) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: result += write(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func hexadecimal(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  private static func quoted(_ text: String) -> String {
    let plain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3d }
    return escaped(plain ? text : JSONText.quote(text))
  }
}

/// Standard error.
enum StandardError {
  /// One write(2) per line, so that lines of several threads do not mix.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    bytes.withUnsafeBytes { buffer in
      while sent < buffer.count {
        let part = UnsafeRawBufferPointer(rebasing: buffer[sent...])
        #if canImport(Glibc)
          let count = Glibc.write(2, part.baseAddress, part.count)
        #else
          let count = Musl.write(2, part.baseAddress, part.count)
        #endif
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        sent += count
      }
    }
  }
}

/// The machine's clocks.
enum WallClock {
  static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  static func monotonic() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
