/// An `http` URL: where to connect, and what stands before every path.
///
/// `https` is not spoken here: TLS is the work of a proxy beside this program, as on the other side.
public struct WebAddress: Sendable, Hashable, CustomStringConvertible {
  /// Most bytes of a URL.
  public static let byteLimit = 2048

  /// A name or an address; an IPv6 address without its brackets.
  public let host: String
  /// The port.
  public let port: Int
  /// What stands before every path: empty, or begins with `/` and does not end with it.
  public let base: String

  /// Reads a URL of scheme, host, port and path.
  /// - Throws: `ClientError` with `.address`.
  public init(_ text: String) throws {
    func wrong(_ what: String) -> ClientError { ClientError(.address, "A URL \(what).") }
    guard text.utf8.count <= Self.byteLimit, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw wrong("is too long, or has a character that no URL has") }
    guard !text.lowercased().hasPrefix("https://") else {
      throw wrong("with https is not spoken here: give the http URL of a TLS proxy beside it")
    }
    guard text.lowercased().hasPrefix("http://") else { throw wrong("begins with http://") }
    let rest = text.dropFirst(7)
    guard !rest.contains("?"), !rest.contains("#"), !rest.contains("@") else {
      throw wrong("has no query, fragment or user here")
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    var base = String(rest[slash...])
    while base.hasSuffix("/") { base.removeLast() }
    let authority = rest[..<slash]
    let hostEnd: Substring.Index
    if authority.hasPrefix("[") {
      guard let bracket = authority.firstIndex(of: "]") else {
        throw wrong("has a bracket too few")
      }
      host = String(authority[authority.index(after: authority.startIndex)..<bracket])
      hostEnd = authority.index(after: bracket)
    } else {
      hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
      host = String(authority[..<hostEnd])
    }
    let port = authority[hostEnd...]
    guard !host.isEmpty, port.isEmpty || port.hasPrefix(":") else { throw wrong("has a host") }
    guard port.isEmpty || (1...65_535).contains(Int(port.dropFirst()) ?? 0) else {
      throw wrong("has a port from 1 to 65535")
    }
    self.port = port.isEmpty ? 80 : Int(port.dropFirst()) ?? 80
    self.base = base
  }

  /// What the header `host` says.
  var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

  /// The URL.
  public var description: String { "http://\(authority)\(base)" }
}
