/// Why the daemon does not start or stops. Exit statuses are those of sysexits(3).
struct DaemonError: Error, Sendable, CustomStringConvertible {
  enum Status: Int32, Sendable {
    /// The command line is wrong.
    case usage = 64
    /// A peer port, a socket or the store cannot be had just now.
    case unavailable = 69
    /// The node must end because nobody knows what is on disk, or it contradicts itself.
    case software = 70
    /// The configuration, a key, a certificate or the directory is missing or wrong.
    case configuration = 78
  }
  var status: Status
  /// One sentence that names the key or the file.
  var message: String

  init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  /// A configuration key that is missing or wrong.
  static func key(_ key: String, _ what: String) -> DaemonError {
    DaemonError(.configuration, "configuration key \(key): \(what)")
  }

  var description: String { message }
}
