import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Who is at the other end of a Unix socket, as the kernel says (SO_PEERCRED, unix(7)): the
/// credentials of the process that called connect(2), which it cannot forge.
struct PeerCredentials: Sendable, Hashable {
  var process: Int32
  var user: UInt32
  var group: UInt32

  /// struct ucred of <sys/socket.h>: pid_t, uid_t, gid_t.
  private struct Raw: Sendable {
    var pid: Int32 = 0
    var uid: UInt32 = .max
    var gid: UInt32 = .max
  }

  /// Asks the kernel about a connected channel. Fails where the channel is no socket.
  static func of(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
    guard let provider = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeFailedFuture(
        APIServerError(.credentials, "The connection is no socket."))
    }
    // The type must be of the size that the kernel writes: three 32-bit numbers.
    let raw: EventLoopFuture<Raw> = provider.unsafeGetSocketOption(
      level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(SO_PEERCRED))
    return raw.map { PeerCredentials(process: $0.pid, user: $0.uid, group: $0.gid) }
  }
}
