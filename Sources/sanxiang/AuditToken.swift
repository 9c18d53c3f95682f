import ArgumentParser
import AuditService
import Cryptography
import FoundationEssentials
import RecordSchema

/// The token with which nodes are read over HTTP.
struct WebOptions: ParsableArguments {
  @Option(
    name: .long,
    help: help(
      "读取节点 http 网址所用的令牌文件（每行“令牌”或“网址 令牌”）",
      "the tokens for nodes' http URLs: lines of '<token>' or '<URL> <token>'"))
  var tokenFile: String?

  /// The tokens of the file.
  func tokens() throws -> WebTokens {
    try tokenFile.map { try WebTokens(reading: $0) } ?? WebTokens()
  }
}

/// Makes a token for an auditor, and the line of it that a node may know.
struct AuditToken: ParsableCommand {
  static let configuration = describe(
    "token", "生成审计员令牌，以及写入节点令牌文件的一行（仅含摘要）",
    "make an auditor's token, and the line for the node's file, which has its digest only",
    example: "sanxiang audit token audit-office")

  @OptionGroup var common: CommonOptions
  @Flag(
    name: .long, help: help("该审计员可读取文书内容", "this auditor may have payloads too"))
  var payloads = false
  @Argument(help: help("审计员名称（无空格）", "the auditor's name, without spaces")) var name: String

  func validate() throws {
    let line = "\(name) \(AuditAccess.digest(of: "")) payloads\n"
    guard (try? AuditAccess(parsing: Array(line.utf8)))?.isEmpty == false else {
      throw ValidationError(say("名称须为可见字符", "a name has visible characters and no spaces"))
    }
  }

  func run() throws {
    let token = Data(SecureRandom.bytes(32)).base64EncodedString()
      .map { ["+": "-", "/": "_"][$0] ?? $0 }.filter { $0 != "=" }.map(String.init).joined()
    let line = "\(name) \(AuditAccess.digest(of: token))" + (payloads ? " payloads" : "")
    var writer = JSONWriter()
    writer.object { json in
      json.member("token", token)
      json.member("line", line)
    }
    common.show(
      json: writer.bytes,
      text: [
        say("令牌（只显示这一次，交给审计员）：", "the token, shown only now, for the auditor:"), token,
        say("写入节点 audit.tokens 文件的一行：", "the line for the node's file audit.tokens:"), line,
      ])
  }
}
