import ArgumentParser
import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// Puts a witness that is no node's into the draft of the directory.
struct FederationWitness: ParsableCommand {
  static let configuration = describe(
    "witness", "把独立见证方（审计机关）加入名录草稿",
    "add a witness that is no node's to the draft",
    example: "sanxiang federation witness \"$(cat witness.vkey)\" --endpoint http://127.0.0.1:7480")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: FolderOption
  @Argument(help: help("见证方公钥（audit watch --initialise 显示）", "its vkey, as audit watch shows it"))
  var vkey: String
  @Option(
    name: .long,
    help: help(
      "节点提交检查点的 http 网址；缺省则节点不提交", "where nodes offer heads, an http URL; default: nowhere"))
  var endpoint: String?

  func run() throws {
    let folder = place.folderPaths
    var draft = try folder.readDraft()
    let suite = draft.contents.suite
    let key: VerifierKey
    do { key = try VerifierKey(parsing: vkey, suite: suite) } catch {
      throw Failure(.usage, error.code.rawValue, error.message)
    }
    guard key.type == suite.cosignatureType else {
      throw Failure(
        .usage, "witness.vkey",
        say("该公钥不是联署公钥", "this vkey is not one that cosigns"))
    }
    // A directory that was signed is history: what changes gets the next number.
    if Files.exists(folder.note) {
      let signed = try SignedNote(parsing: Files.read(folder.note))
      if signed.text == (try draft.text()) { draft.raiseVersion() }
    }
    let dated = DatedKey(
      key: key.key, notBefore: draft.contents.notBefore, notAfter: nil)
    draft.contents.witnesses.removeAll { $0.name == key.name }
    draft.contents.witnesses.append(
      WitnessEntry(name: key.name, endpoint: endpoint, keys: [dated]))
    try Files.write(Array(draft.text().utf8), to: folder.draft, replacing: true)
    var writer = JSONWriter()
    writer.object { json in
      json.member("name", key.name)
      json.member("version", draft.contents.version)
      json.member("witnesses", draft.contents.witnesses.count)
    }
    common.show(
      json: writer.bytes,
      text: [
        say("已加入见证方 ", "added the witness ") + key.name,
        say("下一步：sanxiang federation sign --key …", "next: sanxiang federation sign --key …"),
      ])
  }
}
