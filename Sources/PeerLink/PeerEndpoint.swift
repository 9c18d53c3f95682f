/// Where a node can be dialled: `host:port`, the host a name, an IPv4 address, or an IPv6 address in
/// brackets.
public struct PeerEndpoint: Hashable, Sendable, CustomStringConvertible {
  /// A name or an address, without brackets.
  public let host: String
  /// 1 to 65,535.
  public let port: Int

  /// Reads `host:port`; nil when it is not that.
  public init?(parsing text: String) {
    guard let colon = text.utf8.lastIndex(of: 0x3A) else { return nil }
    var host = text[..<colon]
    let digits = text[text.utf8.index(after: colon)...]
    guard (1...5).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(digits), (1...65_535).contains(port)
    else { return nil }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.utf8.contains(0x3A) {
      return nil
    }
    guard (1...253).contains(host.utf8.count),
      host.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5B && $0 != 0x5D })
    else { return nil }
    self.host = String(host)
    self.port = port
  }

  /// `host:port`.
  public var description: String {
    host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
