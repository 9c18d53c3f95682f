import Configuration
import FoundationEssentials
import Synchronization
import SystemPackage

/// node.yaml, the environment over it, the command line's flags over both.
struct ConfigurationSource: SettingsSource {
  private let reader: ConfigReader
  /// The keys of node.yaml.
  private let written: Set<String>

  /// Reads the file. An unknown key is an error that names it.
  init(
    file: String, environment: [String: String], flags: [String: String]
  ) async throws {
    // The provider lists no keys; it does ask, for each one, whether it is a secret.
    let seen = Keys()
    let options = YAMLSnapshot.ParsingOptions(
      secretsSpecifier: .dynamic { key, _ in
        seen.insert(key)
        return false
      })
    let yaml: FileProvider<YAMLSnapshot>
    do {
      yaml = try await FileProvider<YAMLSnapshot>(parsingOptions: options, filePath: FilePath(file))
    } catch {
      throw DaemonError(.configuration, "configuration file \(file): \(error)")
    }
    written = seen.all
    let unknown = written.subtracting(Settings.keys)
    guard unknown.isEmpty else {
      let names = unknown.sorted().joined(separator: ", ")
      throw DaemonError(.configuration, "configuration file \(file): unknown key \(names)")
    }
    // Only names that are keys: SANXIANG_PASSPHRASE and its like are no settings.
    let variables = EnvironmentVariablesProvider(environmentVariables: environment)
      .prefixKeys(with: "sanxiang")
    let flagValues = flags.map { key, value in
      (
        AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
        ConfigValue(.string(value), isSecret: false)
      )
    }
    reader = ConfigReader(
      providers: [
        InMemoryProvider(
          name: "flags", values: Dictionary(uniqueKeysWithValues: flagValues)),
        variables, yaml,
      ])
  }

  func text(_ key: String) throws -> String? {
    if let text = reader.string(forKey: ConfigKey(key)) { return text }
    guard !written.contains(key) else { throw DaemonError.key(key, "must be a single value") }
    return nil
  }

  func texts(_ key: String) throws -> [String] {
    if let texts = reader.stringArray(forKey: ConfigKey(key)) { return texts }
    guard !written.contains(key) else {
      throw DaemonError.key(key, "must be a list, as in [ a, b ]")
    }
    return []
  }

  private final class Keys: Sendable {
    private let keys = Mutex<Set<String>>([])
    func insert(_ key: String) { keys.withLock { _ = $0.insert(key) } }
    var all: Set<String> { keys.withLock { $0 } }
  }
}
