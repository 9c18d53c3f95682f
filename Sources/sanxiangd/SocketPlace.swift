import NodeService

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where the API listens and for which group, judged before anything is opened.
enum SocketPlace {
  static func configuration(_ settings: Settings) throws -> APIServer.Configuration {
    let configuration = APIServer.Configuration(
      socketPath: settings.socketPath, group: try settings.socketGroup.map(number(ofGroup:)))
    do {
      try configuration.check()
    } catch {
      throw DaemonError.key("api.socket", "\(error)")
    }
    return configuration
  }

  /// A group's number, from that number or its name.
  static func number(ofGroup name: String) throws -> UInt32 {
    // The largest number means "leave as it is" to chown(2).
    if let number = UInt32(name), number != .max { return number }
    var entry = group()
    var found: UnsafeMutablePointer<group>?
    // Room for a group of some thousand members.
    var buffer = [CChar](repeating: 0, count: 256 << 10)
    guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      throw DaemonError.key("api.group", "names no group of this machine")
    }
    return entry.gr_gid
  }
}
