import ArgumentParser
import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// The coordinating authority's work on the federation directory.
struct FederationCommand: ParsableCommand {
  static let configuration = describe(
    "federation", "联邦名录：建立、增加成员、时限规则、签署、查看、验证",
    "the federation directory: begin, add, time limits, sign, show, verify",
    subcommands: [
      FederationInit.self, FederationAdd.self, FederationWitness.self, FederationClocks.self,
      FederationSign.self, FederationShow.self, FederationVerify.self,
    ])
}

/// The files of an authority's folder.
struct AuthorityFolder: Sendable {
  var path: String
  var authority: String { path + "/authority.json" }
  var draft: String { path + "/federation.draft" }
  var note: String { path + "/federation.note" }
  func key(_ number: Int) -> String { path + "/authority-\(number).key" }

  func readDraft() throws -> DirectoryDraft {
    try DirectoryDraft(parsing: String(decoding: Files.read(draft), as: UTF8.self))
  }
}

struct FolderOption: ParsableArguments {
  @Option(name: .long, help: help("统筹机关文件夹", "the authority's folder"))
  var folder = "."

  var folderPaths: AuthorityFolder { AuthorityFolder(path: folder) }
}

struct FederationInit: ParsableCommand {
  static let configuration = describe(
    "init", "建立统筹机关：生成密钥与名录草稿", "create the authority: keys and a draft")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: FolderOption
  @OptionGroup var secret: PassphraseOptions
  @Option(name: .long, help: help("联邦名，如 sx.example", "the federation's name, e.g. sx.example"))
  var name: String
  @Option(name: .long, help: help("密钥数", "how many keys"))
  var keys = 3
  @Option(name: .long, help: help("签署名录需要几把", "how many of them must sign"))
  var threshold = 2
  @Option(name: .long, help: help("名录有效天数", "days that a directory is valid"))
  var days = 365

  func validate() throws {
    guard (1...Authority.keyLimit).contains(keys), (1...keys).contains(threshold) else {
      throw ValidationError(
        say("须 1 ≤ threshold ≤ keys ≤ 32", "1 ≤ threshold ≤ keys ≤ 32 must hold"))
    }
    guard (1...3660).contains(days) else {
      throw ValidationError(say("days 须在 1 到 3660 之间", "days must be from 1 to 3660"))
    }
  }

  func run() throws {
    let folder = place.folderPaths
    let passphrase = try secret.passphrase()
    for path in [folder.authority, folder.draft, folder.note] where Files.exists(path) {
      throw Failure(
        .failed, "federation.exists",
        say("\(path) 已存在，不覆盖", "\(path) is there already and is not replaced"))
    }
    try Files.makeFolder(folder.path)
    let suite = Suite.sha256Ed25519
    let signing = try (1...keys).map { _ in try suite.generateSigningKey() }
    let verifying = try signing.enumerated().map { index, key in
      try VerifierKey(
        name: KeyName.authority(federation: name, label: "key-\(index + 1)"),
        key: key.verificationKey, type: suite.noteSignatureType)
    }
    let authority = try Authority(threshold: threshold, keys: verifying)
    let draft = DirectoryDraft(Self.contents(name, authority, suite, days: days))
    // The draft is checked before the first key is on disk.
    let text = try draft.text()
    for (index, key) in signing.enumerated() {
      try Files.write(
        key.encryptedPEM(passphrase: passphrase), to: folder.key(index + 1), mode: 0o600)
    }
    let file = AuthorityFile(federation: name, suite: suite, authority: authority)
    try Files.write(file.encoded, to: folder.authority)
    try Files.write(Array(text.utf8), to: folder.draft)
    common.show(
      json: file.encoded,
      text: [
        say(
          "已建立联邦 \(name)：\(keys) 把密钥，\(threshold) 把签署生效",
          "federation \(name): \(keys) keys, \(threshold) must sign"),
        "  " + folder.authority + "  " + say("（发给各节点）", "(give it to every node)"),
        "  " + folder.draft,
        say("指纹 ", "fingerprint ") + fingerprint(file.encoded, suite: suite),
        say(
          "下一步：sanxiang federation add 登记文件 --folder \(folder.path)",
          "next: sanxiang federation add ENROLMENT --folder \(folder.path)"),
      ])
  }

  private static func contents(
    _ name: String, _ authority: Authority, _ suite: Suite, days: Int
  ) -> DirectoryContents {
    // From the beginning of this minute: clocks of others may be a little behind.
    let now = Timestamp.now.milliseconds / 60_000 * 60_000
    var contents = DirectoryContents(
      federation: name, version: 1, notBefore: Timestamp(milliseconds: now),
      notAfter: Timestamp(milliseconds: now + Int64(days) * 86_400_000), suite: suite,
      authority: authority)
    contents.clocks = ClockRules.builtIn.digest
    contents.calendars = WorkingCalendar.builtIn.mapValues(\.digest)
    contents.policy = .unrestricted
    return contents
  }
}

struct FederationAdd: ParsableCommand {
  static let configuration = describe(
    "add", "把节点登记文件加入名录草稿", "add a node's enrolment file to the draft")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: FolderOption
  @Argument(help: help("node init 产生的登记文件", "the enrolment file that node init wrote"))
  var file: String
  @Option(
    name: .long,
    help: help(
      "对端可拨的 host:port（缺省取登记文件）",
      "host:port to dial it on; default: the file's"))
  var endpoint: String?
  @Option(name: .long, help: help("机关类别（缺省取登记文件）", "its role; default: the file's"))
  var role: String?

  func run() throws {
    let folder = place.folderPaths
    let bytes = try Files.read(file)
    var enrolment = try EnrolmentFile(reading: file)
    var draft = try folder.readDraft()
    guard enrolment.federation == draft.contents.federation else {
      throw Failure(
        .failed, "enrolment.federation",
        say(
          "登记文件属于联邦 \(enrolment.federation)，草稿属于 \(draft.contents.federation)",
          "the enrolment is for \(enrolment.federation), the draft for "
            + draft.contents.federation))
    }
    if let endpoint { enrolment.entry.endpoint = endpoint }
    if let role {
      guard let known = AgencyRole(rawValue: role) else {
        throw Failure(
          .usage, "role.unknown",
          say("类别须为 ", "a role is one of ")
            + AgencyRole.allCases.map(\.rawValue).joined(separator: ", "))
      }
      enrolment.entry.role = known
    }
    // A directory that was signed is history: what changes gets the next number.
    if Files.exists(folder.note) {
      let signed = try SignedNote(parsing: Files.read(folder.note))
      if signed.text == (try draft.text()) { draft.raiseVersion() }
    }
    draft.add(enrolment.entry)
    try Files.write(Array(draft.text().utf8), to: folder.draft, replacing: true)
    let suite = draft.contents.suite
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("code", enrolment.entry.code.rawValue)
      writer.member("version", draft.contents.version)
      writer.member("nodes", draft.contents.nodes.count)
      writer.member("fingerprint", fingerprint(bytes, suite: suite))
    }
    common.show(
      json: writer.bytes,
      text: [
        say("已加入 ", "added ") + "\(enrolment.entry.code) \(enrolment.entry.name)",
        say("登记文件指纹（请与该机关电话核对） ", "fingerprint (compare it by telephone) ")
          + fingerprint(bytes, suite: suite),
        say(
          "草稿版本 \(draft.contents.version)，成员 \(draft.contents.nodes.count) 个",
          "draft version \(draft.contents.version), \(draft.contents.nodes.count) members"),
        say("下一步：sanxiang federation sign --key …", "next: sanxiang federation sign --key …"),
      ])
  }
}

struct FederationSign: ParsableCommand {
  static let configuration = describe(
    "sign", "用一把或几把密钥签署草稿，写出 federation.note",
    "sign the draft with one key or more; writes federation.note")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: FolderOption
  @OptionGroup var secret: PassphraseOptions
  @Option(name: .long, help: help("密钥文件，可重复", "a key file; may be repeated"))
  var key: [String]

  func run() throws {
    let folder = place.folderPaths
    let draft = try folder.readDraft()
    let text = try draft.text()
    let passphrase = try secret.passphrase()
    let keys = try key.map {
      try SigningKey(
        encryptedPEM: Files.read($0), passphrase: passphrase, suite: draft.contents.suite)
    }
    var note = try draft.sign(with: keys)
    // Signatures that are there already count on, if they are on the same text.
    if Files.exists(folder.note) {
      let earlier = try SignedNote(parsing: Files.read(folder.note))
      if earlier.text == text {
        for signature in earlier.signatures
        where !note.signatures.contains(where: {
          $0.name == signature.name && $0.keyID == signature.keyID
        }) {
          note.add(signature)
        }
      }
    }
    try Files.write(note.encoded, to: folder.note, replacing: true)
    let authority = draft.contents.authority
    let signers = try Set(note.verified(by: authority.keys).map(\.key)).count
    let enough = signers >= authority.threshold
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("version", draft.contents.version)
      writer.member("signatures", signers)
      writer.member("threshold", authority.threshold)
      writer.member("complete", enough)
      writer.member("file", folder.note)
    }
    common.show(
      json: writer.bytes,
      text: [
        say(
          "名录版本 \(draft.contents.version)：\(signers)/\(authority.threshold) 签",
          "directory version \(draft.contents.version): \(signers) of \(authority.threshold) signed"
        ),
        enough
          ? say("签署完成：把 \(folder.note) 发给各节点", "complete: give \(folder.note) to every node")
          : say("还不够：换一把密钥再签", "not enough yet: sign with another key"),
      ])
  }
}

struct FederationShow: ParsableCommand {
  static let configuration = describe(
    "show", "显示名录（federation.note 或草稿）", "show a directory note or a draft")

  @OptionGroup var common: CommonOptions
  @Argument(help: help("名录文件", "the file")) var file: String

  func run() throws {
    let contents = try DirectoryView.contents(of: file)
    common.show(
      json: DirectoryView.json(contents), text: DirectoryView.lines(contents))
  }
}

struct FederationVerify: ParsableCommand {
  static let configuration = describe(
    "verify", "按统筹机关公钥验证名录签名", "verify a directory's signatures under the authority's keys")

  @OptionGroup var common: CommonOptions
  @Argument(help: help("名录文件，如 federation.note", "the directory: federation.note")) var file: String
  @Option(name: .long, help: help("统筹机关公钥文件 authority.json", "authority.json"))
  var authority: String

  func run() throws {
    let pinned = try AuthorityFile(parsing: Files.read(authority))
    let bytes = try Files.read(file)
    let directory: FederationDirectory
    do {
      directory = try FederationDirectory(verifying: bytes, pinned: pinned.authority)
    } catch {
      throw Failure(.verificationFailed, error.code.rawValue, error.message)
    }
    guard directory.federation == pinned.federation else {
      throw Failure(
        .verificationFailed, "directory.federation",
        say("名录属于另一个联邦", "the directory is another federation's"))
    }
    let valid = directory.isValid(at: .now)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("verified", true)
      writer.member("version", directory.version)
      writer.member("digest", directory.digest.description)
      writer.member("validNow", valid)
    }
    common.show(
      json: writer.bytes,
      text: [
        say("签名有效：版本 \(directory.version)", "verified: version \(directory.version)"),
        say("摘要 ", "digest ") + directory.digest.description,
        valid
          ? say("在有效期内，至 ", "valid until ") + directory.notAfter.description
          : say("不在有效期内！", "NOT within its validity"),
      ])
  }
}
