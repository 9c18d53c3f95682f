import ArgumentParser
import FoundationEssentials
import Logging
import RecordModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What this program calls itself.
enum Version {
  static let text = "0.1.0"
}

/// The daemon's command line.
@main
struct SanxiangDaemon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sanxiangd",
    abstract: "三向移送节点 Sanxiang node: seals, delivers and receipts case leads",
    discussion:
      "Exit status: 0 stopped by a signal, 64 usage, 69 port, socket or store not to be had, "
      + "70 the node had to end, 78 configuration, key, certificate or directory wrong.",
    version: Version.text)

  @Option(name: .long, help: "配置文件 node.yaml / the configuration file")
  var config: String
  @Flag(name: .long, help: "只检查配置、密钥与证书 / check configuration, keys and certificates, then end")
  var checkConfig = false
  @Flag(
    name: .long,
    help: """
      数据由旧备份恢复：本机关日志取回之前不展示内容 / the data is an older copy: no payload is shown \
      before this agency's own log is whole again
      """)
  var restored = false
  @Option(name: .long, help: "instead of the key data")
  var data: String?
  @Option(name: .long, help: "instead of the key api.socket")
  var socket: String?
  @Option(name: .long, help: "instead of the key peer.port")
  var peerPort: String?
  @Option(name: .long, help: "instead of the key log.level")
  var logLevel: String?
  @Option(name: .long, help: "instead of the key log.format")
  var logFormat: String?

  private var flags: [String: String] {
    [
      "data": data, "api.socket": socket, "peer.port": peerPort, "log.level": logLevel,
      "log.format": logFormat,
    ].compactMapValues { $0 }
  }

  func run() async throws {
    Memory.configureAllocator()
    // Whatever is made from here on is its owner's alone, the API's socket first of all.
    umask(0o077)
    do {
      try await start()
    } catch let error as DaemonError {
      StandardError.write("sanxiangd: \(error.message)\n")
      throw ExitCode(error.status.rawValue)
    }
  }

  private func start() async throws {
    let environment = ProcessInfo.processInfo.environment
    try FileBytes.checkUnchangeable(config)
    let settings = try Settings(
      await ConfigurationSource(file: config, environment: environment, flags: flags))
    let level = settings.logLevel
    let format = settings.logFormat
    LoggingSystem.bootstrap { LineLogHandler(label: $0, format: format, level: level) }
    let logger = Logger(label: "sanxiang")
    for (name, nearest) in EnvironmentNames.strangers(in: environment) {
      logger.warning(
        "environment variable is no setting",
        metadata: ["name": "\(name)", "nearest": "\(nearest)"])
    }
    let socket = try SocketPlace.configuration(settings)
    let materials = try Materials(settings, environment: environment)
    if checkConfig {
      if let hook = settings.hook, !FileBytes.isExecutable(hook.command) {
        throw DaemonError.key("hook.command", "\(hook.command) is no file that can be run")
      }
      if let audit = settings.audit { _ = try AuditParts.access(audit.tokens) }
      let version = try materials.directoryNote.map { try materials.check($0).version }
      print(
        "configuration fine 配置无误: \(settings.code), "
          + (version.map { "directory version \($0)" } ?? "no directory yet"))
      return
    }
    try await Daemon(
      settings: settings, materials: materials, environment: environment,
      socket: socket, isRestored: restored, logger: logger
    ).run()
  }
}
