import Cryptography
import Dispatch
import Foundation
import Glibc

/// One connection to a node's peer port, driven by hand: for peers that do not keep the rules.
/// Blocks; used on a thread of its own (`RawPeer.run`).
final class RawPeer {
  private let descriptor: Int32
  private var session: TLSSession?
  /// Our own port, by which the node's log names this connection.
  let port: Int

  /// Connects to a port of this machine. Reads wait at most `patience` seconds.
  init(to target: Int, patience: Int = 60) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Trouble("no socket") }
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(target).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let size = length
    let descriptor = descriptor
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let result = connect(descriptor, address, size)
        if result == 0 { getsockname(descriptor, address, &length) }
        return result
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    guard result == 0 else {
      close(descriptor)
      throw Trouble("cannot connect to \(target)")
    }
  }

  deinit { close(descriptor) }

  /// Does something with a connection on a thread that may block.
  static func run<R: Sendable>(
    to port: Int, _ body: @escaping @Sendable (RawPeer) throws -> R
  ) async throws -> (port: Int, result: R) {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            let peer = try RawPeer(to: port)
            return (peer.port, try body(peer))
          })
      }
    }
  }

  // MARK: The transport

  /// Sends as much as the node takes.
  func sendPlain(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// The next bytes; none at the end.
  private func receivePlain() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0, errno == EAGAIN { throw Trouble("the node neither spoke nor closed") }
    return count > 0 ? Array(buffer[..<count]) : []
  }

  /// Reads until the node closes.
  func drainPlain() throws {
    while try !receivePlain().isEmpty {}
  }

  // MARK: TLS

  /// Shakes hands as a client. The node may refuse us only after our side is done.
  func secure(_ identity: TLSIdentity, anchor: Certificate, protocolName: String = "sanxiang/1")
    throws
  {
    let context = try TLSContext(
      identity: identity, anchors: [anchor], revocationLists: [], applicationProtocol: protocolName)
    let session = try TLSSession(context: context, role: .client)
    self.session = session
    while true {
      let progress = try session.handshake()
      flush(session)
      guard progress == .needsInput else { return }
      let bytes = try receivePlain()
      guard !bytes.isEmpty else { throw Trouble("the node closed within the handshake") }
      try bytes.withUnsafeBytes { try session.feed($0) }
    }
  }

  /// Sends bytes inside TLS.
  func send(_ bytes: [UInt8]) throws {
    guard let session else { return }
    try bytes.withUnsafeBytes { try session.write($0) }
    flush(session)
  }

  /// Reads inside TLS until the node closes; gives what it said. A broken end is an end too.
  func drain() throws -> [UInt8] {
    guard let session else { return [] }
    var heard: [UInt8] = []
    while true {
      let bytes = try receivePlain()
      guard !bytes.isEmpty else { return heard }
      do {
        try bytes.withUnsafeBytes { try session.feed($0) }
        while true {
          var buffer = [UInt8](repeating: 0, count: 16 << 10)
          let result = try buffer.withUnsafeMutableBytes { try session.read(into: $0) }
          guard case .bytes(let count) = result else { break }
          heard += buffer[..<count]
        }
      } catch is CryptographyError {
        return heard
      }
    }
  }

  private func flush(_ session: TLSSession) {
    while session.pendingCiphertext > 0 {
      var buffer = [UInt8](repeating: 0, count: session.pendingCiphertext)
      let count = buffer.withUnsafeMutableBytes { session.drain(into: $0) }
      sendPlain(Array(buffer[..<count]))
    }
  }
}

/// Frames of `schemas/wire.proto`, written by hand.
enum RawFrame {
  /// A body behind its length.
  static func framed(_ body: [UInt8], length: Int? = nil) -> [UInt8] {
    let length = UInt32(length ?? body.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + body
  }

  /// A `Hello` that says little, in the name of `code`.
  static func hello(_ code: String) -> [UInt8] {
    var hello = field(1, Array(code.utf8))
    hello += [0x10, 1]
    hello += field(3, [UInt8](repeating: 7, count: 32))
    hello += field(4, Array("raw/1".utf8))
    hello += [0x28, 1]
    return framed(field(1, hello))
  }

  /// A `Ping`, which nobody may send before its `Hello`.
  static let ping = framed(field(7, [0x08, 1]))

  private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    precondition(bytes.count < 128, "a length of one byte is enough here")
    return [number << 3 | 2, UInt8(bytes.count)] + bytes
  }
}

extension Mint {
  /// Shakes hands in an agency's place.
  func connect(_ peer: RawPeer, as agency: Agency) throws {
    try peer.secure(agency.identity, anchor: root.certificate)
  }
}
