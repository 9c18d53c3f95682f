import ArgumentParser
import Auditor
import RecordModel

/// Verifies an evidence file: no network, no node.
struct AuditCheckProof: ParsableCommand {
  static let configuration = describe(
    "check-proof", "核验证据文件：不需要网络，也不需要节点",
    "check an evidence file: no network, no node",
    example: "sanxiang audit check-proof case.evidence.json --authority authority.json")

  @OptionGroup var common: CommonOptions
  @Option(
    name: .long,
    help: help(
      "统筹机关公钥文件，应另行取得；不给出时采用文件自带的公钥并予以注明",
      "the authority's authority.json, from elsewhere; without it the file's own keys are taken, "
        + "and it says so"))
  var authority: String?
  @Argument(help: help("证据文件，- 为标准输入", "the evidence file, - for standard input"))
  var file: String

  func run() throws {
    let pinned = try authority.map { try AuthorityFile(parsing: Files.read($0)) }
    let bytes = try Files.read(file, limit: EvidenceFile.byteLimit)
    let report = EvidenceCheck(authority: pinned)(bytes)
    common.show(json: report.json, text: AuditLines.safe(report.text(AuditLines.language)))
    if !report.isProven { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
  }
}

/// How the Auditor's texts reach a terminal.
enum AuditLines {
  static var language: AuditLanguage { Language.current == .zh ? .zh : .en }

  /// The lines of a text, with nothing in them that a terminal would act on.
  static func safe(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { DisplayWidth.safe(String($0)) }
      .dropLast(text.hasSuffix("\n") ? 1 : 0)
  }
}
