import ArgumentParser
import Cryptography
import RecordModel
import RecordSchema

/// A node's own files.
struct NodeCommand: ParsableCommand {
  static let configuration = describe(
    "node", "节点：建立数据文件夹与密钥", "a node's data folder and keys", subcommands: [NodeInit.self])
}

struct NodeInit: ParsableCommand {
  static let configuration = describe(
    "init", "建立节点：密钥、登记文件、node.yaml", "create a node: keys, enrolment file, node.yaml")

  @OptionGroup var common: CommonOptions
  @OptionGroup var secret: PassphraseOptions
  @Option(name: .long, help: help("数据文件夹", "the data folder")) var data: String
  @Option(name: .long, help: help("本机关统一社会信用代码", "this agency's unified social credit code"))
  var code: String
  @Option(name: .long, help: help("机关名称", "the agency's name")) var name: String
  @Option(
    name: .long,
    help: help(
      "类别 procuratorate discipline enforcement police court",
      "procuratorate, discipline, enforcement, police or court"))
  var role: String
  @Option(
    name: .long,
    help: help(
      "对端拨入的 host:port；单向网关后的节点不填",
      "host:port that peers dial; leave out behind a one-way gateway"))
  var endpoint: String?
  @Option(name: .long, help: help("统筹机关公钥文件 authority.json", "the authority's authority.json"))
  var authority: String
  @Option(name: .long, help: help("TLS 信任锚（PEM）", "TLS trust anchor, PEM")) var tlsAnchor: String
  @Option(name: .long, help: help("TLS 证书链（写入 node.yaml）", "TLS chain, for node.yaml"))
  var tlsChain: String?
  @Option(name: .long, help: help("TLS 私钥（写入 node.yaml）", "TLS key, for node.yaml"))
  var tlsKey: String?
  @Option(name: .long, help: help("API 套接字（写入 node.yaml）", "API socket, for node.yaml"))
  var socket: String?
  @Option(name: .long, help: help("对端监听端口（写入 node.yaml）", "peer port, for node.yaml"))
  var port = 7443

  func run() throws {
    let agency = try AgencyCode(code)
    guard let role = AgencyRole(rawValue: role) else {
      throw Failure(
        .usage, "role.unknown",
        say("类别须为 ", "a role is one of ")
          + AgencyRole.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let pinned = try AuthorityFile(parsing: Files.read(authority))
    let anchorBytes = try Files.read(tlsAnchor)
    guard try !Certificate.list(pem: anchorBytes).isEmpty else {
      throw Failure(
        .failed, "tls.anchor",
        say("\(tlsAnchor) 中没有证书", "\(tlsAnchor) holds no certificate"))
    }
    let passphrase = try secret.passphrase()
    let files = NodeFolder(path: Files.absolute(data))
    for path in [files.enrolment, files.configuration, files.key("record")]
    where Files.exists(path) {
      throw Failure(
        .failed, "node.exists",
        say("\(path) 已存在，不覆盖", "\(path) is there already and is not replaced"))
    }
    let now = Timestamp(milliseconds: Timestamp.now.milliseconds / 60_000 * 60_000)
    var keys: [(use: String, key: SigningKey)] = []
    func make(_ use: String) throws -> [DatedKey] {
      let key = try pinned.suite.generateSigningKey()
      keys.append((use, key))
      return [DatedKey(key: key.verificationKey, notBefore: now, notAfter: nil)]
    }
    let enrolment = EnrolmentFile(
      federation: pinned.federation, suite: pinned.suite,
      entry: NodeEntry(
        code: agency, name: name, role: role, endpoint: endpoint,
        recordKeys: try make("record"), receiptKeys: try make("receipt"),
        witnessKeys: try make("witness"),
        tlsAnchors: [String(decoding: anchorBytes, as: UTF8.self)]))
    // Judged as the authority will judge it, before anything is written.
    try enrolment.check(pinned: pinned.authority)
    try Files.makeFolder(files.path)
    try Files.makeFolder(files.keys)
    for (use, key) in keys {
      try Files.write(key.encryptedPEM(passphrase: passphrase), to: files.key(use), mode: 0o600)
    }
    try Files.write(pinned.encoded, to: files.authority)
    try Files.write(enrolment.encoded, to: files.enrolment)
    try Files.write(
      Array(
        NodeConfigurationTemplate(
          code: agency.rawValue, federation: pinned.federation, folder: files.path,
          socket: socket.map(Files.absolute) ?? "/run/sanxiang/node.sock", port: port,
          tlsChain: tlsChain.map(Files.absolute),
          tlsKey: tlsKey.map(Files.absolute),
          passphraseFile: secret.passphraseFile.map(Files.absolute)
        ).text.utf8), to: files.configuration, mode: 0o600)
    tell(files, enrolment, pinned)
  }

  private func tell(_ files: NodeFolder, _ enrolment: EnrolmentFile, _ pinned: AuthorityFile) {
    let bytes = enrolment.encoded
    common.show(
      json: bytes,
      text: [
        say("已建立节点 \(code)", "node \(code) is set up"),
        "  \(files.enrolment)  "
          + say("登记文件：交给统筹机关", "enrolment: give it to the authority"),
        "  \(files.configuration)  "
          + say("配置：请核对 TLS 文件路径", "configuration: check the paths of the TLS files"),
        "  \(files.keys)/  " + say("加密私钥：请备份", "encrypted keys: back them up"),
        say("登记文件指纹 ", "enrolment fingerprint ")
          + fingerprint(bytes, suite: enrolment.suite),
        say("统筹机关指纹（请与其电话核对） ", "the authority's fingerprint (compare it by telephone) ")
          + fingerprint(pinned.encoded, suite: pinned.suite),
        say("下一步：", "next:"),
        say(
          "  1. 统筹机关：sanxiang federation add \(files.enrolment)，再 sign",
          "  1. the authority: sanxiang federation add \(files.enrolment), then sign"),
        say(
          "  2. 把签好的 federation.note 放到 \(files.note)",
          "  2. put the signed federation.note at \(files.note)"),
        say(
          "  3. sanxiangd --config \(files.configuration) --check-config，再启动",
          "  3. sanxiangd --config \(files.configuration) --check-config, then start it"),
      ])
  }
}

/// The files of a node's data folder.
struct NodeFolder: Sendable {
  var path: String
  var keys: String { path + "/keys" }
  func key(_ use: String) -> String { keys + "/\(use).key" }
  var authority: String { path + "/authority.json" }
  var enrolment: String { path + "/node.enrolment.json" }
  var configuration: String { path + "/node.yaml" }
  var note: String { path + "/federation.note" }
}

/// A `node.yaml` with a word on every key.
struct NodeConfigurationTemplate: Sendable {
  var code: String
  var federation: String
  var folder: String
  var socket: String
  var port: Int
  var tlsChain: String?
  var tlsKey: String?
  var passphraseFile: String?

  /// A scalar that YAML reads back as this text, whatever is in it: JSON strings are YAML.
  private func quoted(_ text: String) -> String { JSONText.quote(text) }

  var text: String { identity + services }

  /// Who the node is, where its files are, who speaks to it.
  private var identity: String {
    """
    # sanxiangd 配置 / configuration. Every key can be given as an environment variable too:
    # SANXIANG_ and the key in capitals, dots as underscores; a capital inside a name begins a new
    # word after _: SANXIANG_PEER_PORT, SANXIANG_PASSPHRASE_FILE.

    # 本机关统一社会信用代码 / this agency's code
    code: \(quoted(code))
    # 联邦名 / the federation
    federation: \(quoted(federation))
    # 数据文件夹（数据库、keys/、authority.json）/ data folder
    data: \(quoted(folder))
    # 联邦名录；SIGHUP 重新载入 / signed directory, read again on SIGHUP
    directory: \(quoted(folder + "/federation.note"))
    # 名录可能指明的时限规则和工作日历文件 / clocks and calendar files that the directory may name
    # clocks: \(quoted(folder + "/clocks"))

    # 口令来源，依次：systemd 凭据 sanxiang-passphrase、此文件、环境变量 SANXIANG_PASSPHRASE、终端
    # The passphrase: systemd credential sanxiang-passphrase, this file, the environment variable
    # SANXIANG_PASSPHRASE, a terminal; the first that is there.
    \(passphraseFile.map { "passphraseFile: " + quoted($0) } ?? "# passphraseFile: /etc/sanxiang/passphrase")

    peer:
      # 对端监听地址与端口；0 由内核选，写入 <data>/peer.port
      host: "0.0.0.0"
      port: \(port)
      # 只等对方拨入、从不拨出的机关 / peers that dial us and are never dialled
      # acceptOnly: [ "..." ]

    tls:
      # 证书链（叶在前）、私钥、吊销列表 / chain (leaf first), key, revocation lists
      chain: \(quoted(tlsChain ?? folder + "/tls/chain.pem"))
      key: \(quoted(tlsKey ?? folder + "/tls/key.pem"))
      # crl: [ "\(folder)/tls/ca.crl" ]

    api:
      # 套接字；不设 group 时仅本用户与 root 可调用（0600），设了则该组也可（0660）
      # socket: for this user and root (0600); with a group, by name or number, for it too (0660)
      socket: \(quoted(socket))
      # group: sanxiang


    """ + auditors
  }

  /// What auditors may read.
  private var auditors: String {
    """
    # 供审计员经 HTTP 只读（明文，须在前面置 TLS 代理）；不设 port 即不开放
    # read-only for auditors over HTTP, in the clear: put TLS before it; without a port nothing is served
    # tokens：审计员名单（sanxiang audit token），每行：名称 令牌SHA-256 [payloads]
    # tokens: the auditors, one a line: name, SHA-256 of the token, payloads for who may have them
    # audit:
    #   port: 0
    #   host: 127.0.0.1
    #   plain: false
    #   tokens: "\(folder)/auditors"
    #   payloads: false
    #   requestsPerSecond: 500
    #   connections: 32


    """
  }

  /// How it runs.
  private var services: String {
    """
    log:
      # trace debug info notice warning error critical
      level: info
      # text 或 json（每行一条）
      format: text

    # 可批准新纪元的运维人员公钥（sanxiang operator init），两个以上
    # vkeys of the operators who may approve a new epoch, two or more
    # operators: [ "...", "..." ]

    # 每条到件运行一次，唯一参数为记录编号 / run for each arrival, its only argument the record's id
    # hook:
    #   command: /usr/local/bin/on-lead
    #   seconds: 30
    #   attempts: 5

    # 上限，缺省如下；说明见 docs/operations.md / limits with their defaults
    # limits:
    #   outboxRecords: 1000000
    #   outboxBytes: 8589934592
    #   storageReserveBytes: 67108864
    #   windowRecords: 4096
    #   windowBytes: 8388608

    # 对端连接的线程数 / threads that carry peer connections
    # eventLoops: 1
    # 优雅停止的时限（秒） / seconds after which a graceful stop becomes a cancellation
    # stopSeconds: 15
    # 仅供演练：节点时钟比本机提前的小时数 / for rehearsals only: hours that the clock runs ahead
    # rehearsal:
    #   clockAheadHours: 0

    """
  }
}
