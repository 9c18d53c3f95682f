import Auditor
import Cryptography
import NIOCore
import NodeClient

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The tokens with which an auditor reads nodes: a file whose lines are `<token>`, for every node, or
/// `<URL> <token>`, for that URL and those below it.
struct WebTokens {
  private var lines: [(prefix: String, token: String)] = []

  /// None.
  init() {}

  /// Reads the file. Nobody but its owner should be able to; that is the owner's to see to.
  init(reading path: String) throws {
    let text = String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self)
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      guard words.count <= 2 else {
        throw Failure(
          .usage, "audit.tokenFile",
          say("\(path)：每行为“令牌”或“网址 令牌”", "\(path): a line is '<token>' or '<URL> <token>'"))
      }
      lines.append(words.count == 1 ? ("", first) : (first, words[1]))
    }
  }

  /// The token for a URL, from the longest line that fits.
  func token(for url: String) -> String? {
    lines.filter { Self.covers($0.prefix, url) }.max { $0.prefix.count < $1.prefix.count }?.token
  }

  /// Whether a line's URL is this one or one above it: a host whose name or port goes on is another.
  private static func covers(_ prefix: String, _ url: String) -> Bool {
    guard url.hasPrefix(prefix), !prefix.isEmpty, !prefix.hasSuffix("/") else {
      return url.hasPrefix(prefix)
    }
    return url.dropFirst(prefix.count).first.map { "/?#".contains($0) } ?? true
  }
}

/// An export over HTTP, as a node serves it, or any server of files.
///
/// One object sees one state: what it reads first, the manifest, is remembered, and everything else is
/// asked for as of it, also what never changes: as long as anything is asked, the node keeps that state.
/// A server of plain files takes no notice of that, and needs none.
final class ExportWeb: ExportBytes {
  /// How often a question is asked before it is given up.
  static let usualAttempts = 6
  /// The most bytes that are asked for at once.
  static let windowBytes = 8 << 20

  private let client: WebClient
  private let attempts: Int
  private let pause: (Double) -> Void
  private var manifest: [UInt8]?
  private var snapshot: String?

  /// An export below a URL. `pause` waits so many seconds.
  init(
    url: String, tokens: WebTokens, attempts: Int = ExportWeb.usualAttempts,
    pause: @escaping (Double) -> Void = { _ = usleep(UInt32($0 * 1_000_000)) }
  ) throws {
    do {
      client = WebClient(
        try WebAddress(url), token: tokens.token(for: url), timeout: .seconds(120),
        byteLimit: Self.windowBytes + (64 << 10))
    } catch let error as ClientError {
      throw Failure(.usage, error.code.rawValue, "\(url): \(error.message)")
    }
    self.attempts = attempts
    self.pause = pause
  }

  deinit { client.close() }

  /// Whether this is meant to be read over HTTP.
  static func isAddress(_ path: String) -> Bool {
    let lower = path.lowercased()
    return lower.hasPrefix("http://") || lower.hasPrefix("https://")
  }

  func read(_ path: String, from offset: UInt64, limit: Int) throws -> [UInt8]? {
    guard path == ExportSource.manifestName else { return try fetch(path, offset, limit) }
    if manifest == nil {
      manifest = try fetch(path, 0, ExportManifest.byteLimit + 1)
      snapshot = manifest.map { Suite.sha256Ed25519.digest($0).description }
    }
    return manifest.map {
      Array($0.dropFirst(Int(clamping: offset)).prefix(limit))
    }
  }

  private func fetch(_ path: String, _ offset: UInt64, _ limit: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let wanted = min(limit - bytes.count, Self.windowBytes)
      guard let part = try part(path, offset + UInt64(bytes.count), wanted) else {
        return bytes.isEmpty ? nil : bytes
      }
      bytes += part.bytes.prefix(wanted)
      if part.isLast || part.bytes.isEmpty { break }
    }
    return bytes
  }

  /// Part of a file, and whether nothing comes after it; nil where there is no such file.
  private func part(
    _ path: String, _ offset: UInt64, _ wanted: Int
  ) throws -> (bytes: [UInt8], isLast: Bool)? {
    let answer = try ask(target(path), range: "bytes=\(offset)-\(offset + UInt64(wanted) - 1)")
    switch answer.status {
    case 206:
      guard let range = Self.contentRange(answer.header("content-range")), range.first == offset,
        answer.body.count <= wanted
      else { throw failure(path, "a part that was not asked for") }
      let end = offset + UInt64(answer.body.count)
      return (answer.body, range.total.map { $0 <= end } ?? false)
    case 200:
      // A server that knows of no parts sends the whole file.
      return (Array(answer.body.dropFirst(Int(clamping: offset)).prefix(wanted)), true)
    case 416: return ([], true)
    case 404: return nil
    case 401, 403:
      throw Failure(
        .unreachable, "audit.token",
        say(
          "\(client.address)：令牌缺失或无效（--token-file）",
          "\(client.address): the token is missing or not known there (--token-file)"))
    case 410:
      throw Failure(
        .failed, "audit.snapshot",
        say(
          "\(client.address)：该时刻的状态已不再保留，请重新核验",
          "\(client.address): that state is no longer kept there; begin anew"))
    default: throw failure(path, "HTTP \(answer.status)")
    }
  }

  private func target(_ path: String) -> String {
    snapshot.map { "/\(path)?snapshot=\($0)" } ?? "/\(path)"
  }

  private func ask(_ target: String, range: String) throws -> WebAnswer {
    var delay = 0.25
    for attempt in 1... {
      do {
        let answer = try client.wait(.get, target, headers: [("range", range)])
        let passes = [429, 500, 502, 503, 504].contains(answer.status)
        guard passes, attempt < attempts else { return answer }
        let asked = answer.header("retry-after").flatMap { Double($0) } ?? 0
        pause(max(delay, min(asked, 60)))
      } catch let error as ClientError {
        let passes: [ClientError.Code] = [.unreachable, .connection, .timeout]
        guard passes.contains(error.code), attempt < attempts else {
          throw Failure(.unreachable, error.code.rawValue, error.message)
        }
        pause(delay)
      }
      delay *= 2
    }
    throw failure(target, "no answer")
  }

  /// `bytes <first>-<last>/<total or *>`.
  private static func contentRange(_ header: String?) -> (first: UInt64, total: UInt64?)? {
    guard let header, header.hasPrefix("bytes ") else { return nil }
    let parts = header.dropFirst(6).split(separator: "/")
    guard parts.count == 2, let first = parts[0].split(separator: "-").first.flatMap({ UInt64($0) })
    else { return nil }
    return (first, UInt64(parts[1]))
  }

  private func failure(_ path: String, _ reason: String) -> Failure {
    Failure(.failed, "audit.web", "\(client.address)/\(path): \(reason)")
  }
}
