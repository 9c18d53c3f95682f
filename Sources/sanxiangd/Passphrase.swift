#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where the keys' passphrase comes from.
enum Passphrase {
  /// The systemd credential `sanxiang-passphrase`, the configured file, the environment variable
  /// SANXIANG_PASSPHRASE (as of an EnvironmentFile), a terminal: the first that is there.
  static func find(file: String?, environment: [String: String], mayAsk: Bool = true) throws
    -> [UInt8]
  {
    if let folder = environment["CREDENTIALS_DIRECTORY"] {
      let path = folder + "/sanxiang-passphrase"
      if access(path, F_OK) == 0 { return try firstLine(of: path, environment) }
    }
    if let file { return try firstLine(of: file, environment) }
    if let value = environment["SANXIANG_PASSPHRASE"], !value.isEmpty { return Array(value.utf8) }
    if mayAsk, isatty(0) == 1, isatty(2) == 1 { return try ask() }
    throw DaemonError(
      .configuration,
      "no passphrase: give the systemd credential sanxiang-passphrase, the key passphraseFile or "
        + "the environment variable SANXIANG_PASSPHRASE")
  }

  private static func firstLine(
    of path: String, _ environment: [String: String]
  ) throws -> [UInt8] {
    let line = try FileBytes.readSecret(path, environment: environment).prefix { $0 != 0x0a }
    let bytes = line.last == 0x0d ? Array(line.dropLast()) : Array(line)
    guard !bytes.isEmpty else {
      throw DaemonError(.configuration, "passphrase file \(path): its first line is empty")
    }
    return bytes
  }

  private static func ask() throws -> [UInt8] {
    var before = termios()
    tcgetattr(0, &before)
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(0, TCSAFLUSH, &silent)
    defer { tcsetattr(0, TCSAFLUSH, &before) }
    StandardError.write("passphrase 口令: ")
    let line = readLine(strippingNewline: true)
    StandardError.write("\n")
    guard let line, !line.isEmpty else {
      throw DaemonError(.configuration, "no passphrase was typed")
    }
    return Array(line.utf8)
  }
}
