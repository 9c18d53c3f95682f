import ArgumentParser
import RecordModel
import RecordSchema
import TransparencyLog

/// How an operator approves a statement, whatever it is about: by a signature on a note that goes from
/// one operator to the next.
struct ApprovalOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions
  @OptionGroup var secret: PassphraseOptions
  @Argument(help: help("文件（- 为标准输入）", "the file, - for standard input")) var file: String
  @Option(name: .long, help: help("operator init 产生的密钥文件", "the key file that operator init made"))
  var key: String
  @Option(
    name: .long,
    help: help("写到此处（缺省写回原文件；- 写到标准输出）", "where to; default: FILE itself, of - standard output"))
  var out: String?

  static let byteLimit = 64 << 10

  func bytes() throws -> [UInt8] { try Files.read(file, limit: Self.byteLimit) }

  /// A note, or a text that nobody has signed yet; nil where it is neither.
  static func note(_ bytes: [UInt8]) -> SignedNote? {
    (try? SignedNote(parsing: bytes))
      ?? String(validating: bytes, as: UTF8.self).map { SignedNote(text: $0, signatures: []) }
  }

  /// Adds the operator's signature, writes the note, and says who has signed and what is next.
  /// `members` writes what the statement is about.
  ///
  /// Of `agency`, where it is given, every signer must be an operator: another's approval counts for
  /// nothing there.
  func sign(
    _ note: SignedNote, quorum: Int, of agency: AgencyCode? = nil, title: String, next: String,
    members: (inout JSONWriter) -> Void
  ) throws {
    var note = note
    note.add(
      try OperatorKeyFile(path: key).sign(note.text, passphrase: secret.passphrase()))
    if let agency {
      let stranger = note.signatures.map(\.name).first { !$0.contains("/\(agency)/operator/") }
      if let stranger {
        throw Failure(
          .failed, "approval.stranger",
          say(
            "\(stranger) 不是 \(agency) 的运维人员，其批准不作数",
            "\(stranger) is no operator of \(agency): that approval would not count"))
      }
    }
    let target = out ?? file
    if target == "-" {
      Console.bytes(note.encoded)
      return
    }
    try Files.write(note.encoded, to: target, replacing: true)
    let names = note.signatures.map(\.name)
    var writer = JSONWriter()
    writer.object { writer in
      members(&writer)
      writer.array("signatures") { writer in for name in names { writer.string(name) } }
      writer.member("file", target)
    }
    common.show(
      json: writer.bytes,
      text: [title, say("签名：", "signatures:")]
        + names.map { "  " + DisplayWidth.safe($0) }
        + [
          names.count < quorum
            ? say("还须另一名运维人员批准", "one more operator must approve it") : next
        ])
  }
}
