import ArgumentParser
import AuditService
import Auditor
import Cryptography
import FoundationEssentials
import Logging
import NIOCore
import NIOPosix
import RecordModel
import RecordSchema
import ServiceLifecycle
import TransparencyLog
import UnixSignals

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A witness at neither end: follows nodes, cosigns their heads, and says when something is wrong.
struct AuditWatch: AsyncParsableCommand {
  static let configuration = describe(
    "watch", "持续监看多个节点：核验一致性、联署检查点、发现分叉或回滚即告警",
    "follow nodes for ever: verify, cosign, and raise an alarm on forks and rollbacks",
    example:
      "sanxiang audit watch --state /var/lib/sanxiang-watch --config /etc/sanxiang/watch.json")

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: help("状态文件夹（密钥、已见检查点、证据）", "the state folder: key, heads, evidence"))
  var state: String
  @Option(name: .long, help: help("配置文件 watch.json", "the configuration, watch.json"))
  var config: String
  @Option(
    name: .long,
    help: help(
      "每个告警运行一次的程序，参数为类别、机关、日志",
      "a program run for each alarm; its arguments are kind, agency and log"))
  var onAlarm: String?
  @Flag(name: .long, help: help("核验一轮即结束", "one round, then end"))
  var once = false
  @Flag(name: .long, help: help("只生成密钥并显示公钥", "make the key, show its public half, and end"))
  var initialise = false
  @Flag(
    name: .long,
    help: help(
      "状态曾被还原为旧副本：确认后按节点所持联署补齐，再行联署",
      "the state was an old copy: bring it forward to what nodes hold, and cosign again"))
  var resume = false

  func validate() throws {
    guard onAlarm?.hasPrefix("/") ?? true else {
      throw ValidationError(say("--on-alarm 须为绝对路径", "--on-alarm takes an absolute path"))
    }
  }

  func run() async throws {
    umask(0o077)
    let settings = try WatchConfiguration(parsing: Files.read(config))
    let authority = try AuthorityFile(parsing: Files.read(settings.authority))
    let folder = try WatchFolder(path: Files.absolute(state))
    let key = try WatchKey.load(
      folder, passphrase: try passphrase(settings), suite: authority.suite, makes: initialise)
    let vkey = try VerifierKey(
      name: settings.name, key: key.verificationKey, type: authority.suite.cosignatureType)
    try folder.write(Array("\(vkey)\n".utf8), to: "witness.vkey")
    guard !initialise else {
      common.show(
        json: Array("{\"vkey\":\(JSONText.quote("\(vkey)"))}".utf8), text: ["\(vkey)"])
      return
    }
    let logger = Logger(label: "sanxiang.watch") { StreamLogHandler.standardError(label: $0) }
    let hook = AlarmHook(program: onAlarm, logger: logger)
    let witness = try Witness(
      .init(
        name: settings.name, key: key, pinned: authority.authority,
        followed: Set(settings.nodes.map(\.code)), resumes: resume),
      folder: folder, now: { .now }, onAlarm: hook.raised)
    let followers = try Self.followers(settings, witness)
    if once {
      for follower in followers { follower.round() }
      witness.lookAtClock(started: Timestamp(milliseconds: 0), staleAfter: settings.staleAfter)
    } else {
      try await serve(settings, witness, followers, logger)
    }
    await hook.finish()
    try tell(witness, nodes: settings.nodes.count)
  }

  /// Runs until a signal.
  private func serve(
    _ settings: WatchConfiguration, _ witness: Witness, _ followers: [NodeFollower],
    _ logger: Logger
  ) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let portFile = Files.absolute(state) + "/watch.port"
    let services = WatchServer(
      witness: witness, followers: followers, configuration: settings, logger: logger
    ).services(
      group: group,
      monotonic: { UInt64(clamping: Int64(ProcessInfo.processInfo.systemUptime * 1e9)) },
      onListening: { try Data("\($0)\n".utf8).write(to: URL(filePath: portFile), options: .atomic) }
    )
    var configuration = ServiceGroupConfiguration(
      services: services.map {
        .init(
          service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
          failureTerminationBehavior: .gracefullyShutdownGroup)
      }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(15)
    defer { unlink(portFile) }
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch {
      throw Failure(.failed, "watch.stopped", "\(error)")
    }
    try? await group.shutdownGracefully()
  }

  private static func followers(
    _ settings: WatchConfiguration, _ witness: Witness
  ) throws -> [NodeFollower] {
    var opens: [AgencyCode: @Sendable () throws -> any ExportBytes] = [:]
    for node in settings.nodes {
      let tokens = try node.tokenFile.map { try WebTokens(reading: $0) } ?? WebTokens()
      opens[node.code] = {
        try ExportWeb(url: "\(node.url)", tokens: tokens, attempts: 2)
      }
    }
    let all = opens
    return settings.nodes.compactMap { node in
      all[node.code].map {
        NodeFollower(
          code: node.code, witness: witness, staleAfter: settings.staleAfter, open: $0,
          others: { try all[$0]?() })
      }
    }
  }

  private func passphrase(_ settings: WatchConfiguration) throws -> [UInt8] {
    var options = PassphraseOptions()
    options.passphraseFile = settings.passphraseFile
    return try options.passphrase()
  }

  /// What stands at the end; exit status 4 where anything does.
  private func tell(_ witness: Witness, nodes: Int) throws {
    let alarms = witness.alarms
    var writer = JSONWriter()
    writer.object { json in
      json.member("healthy", witness.isHealthy)
      json.member("nodes", nodes)
      json.array("alarms") { json in
        for alarm in alarms {
          json.object { json in
            json.member("kind", alarm.kind.rawValue)
            json.member("node", alarm.node?.rawValue)
            json.member("origin", alarm.origin)
            json.member("since", alarm.since.description)
            json.member("detail", alarm.detail)
          }
        }
      }
    }
    common.show(
      json: writer.bytes,
      text: alarms.isEmpty
        ? [
          say("未发现异常", "nothing is wrong")
            + say("（监看节点 \(nodes) 个）", " (nodes followed: \(nodes))")
        ]
        : alarms.map { "\($0.since) \($0.kind.rawValue) \(DisplayWidth.safe($0.detail))" })
    if !witness.isHealthy { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
  }
}

/// The witness's own key, encrypted in its state folder.
enum WatchKey {
  private static let name = "witness.key"

  /// Opens it, or makes it, where that is asked for, in a folder that holds nothing yet.
  static func load(
    _ folder: WatchFolder, passphrase: [UInt8], suite: Suite, makes: Bool
  ) throws -> SigningKey {
    if let pem = try folder.read(name) {
      return try SigningKey(encryptedPEM: pem, passphrase: passphrase, suite: suite)
    }
    guard try folder.names(in: "logs").isEmpty else {
      throw WatchError(.state, "\(folder.path)/\(name) is missing, and heads were cosigned with it")
    }
    guard makes else {
      throw Failure(
        .usage, "watch.uninitialised",
        say(
          "\(folder.path) 中没有见证密钥：先运行一次 --initialise，并把所示公钥交统筹机关列入名录",
          "\(folder.path) holds no witness key: run it with --initialise once, and have the authority put "
            + "the vkey that it shows into the directory"))
    }
    let key = try suite.generateSigningKey()
    try folder.write(key.encryptedPEM(passphrase: passphrase), to: name)
    return key
  }
}
