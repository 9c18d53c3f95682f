import FoundationEssentials

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
      if access(path, F_OK) == 0 { return try firstLine(of: path) }
    }
    if let file { return try firstLine(of: file) }
    if let value = environment["SANXIANG_PASSPHRASE"], !value.isEmpty { return Array(value.utf8) }
    if mayAsk, isatty(0) == 1, isatty(2) == 1 { return try ask() }
    throw DaemonError(
      .configuration,
      "no passphrase: give the systemd credential sanxiang-passphrase, the key passphraseFile or "
        + "the environment variable SANXIANG_PASSPHRASE")
  }

  private static func firstLine(of path: String) throws -> [UInt8] {
    let line = try FileBytes.read(path).prefix { $0 != 0x0a }
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

/// Reading small files.
enum FileBytes {
  /// A file's bytes; the error names it.
  static func read(_ path: String, limit: Int = 16 << 20) throws -> [UInt8] {
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      guard data.count <= limit else {
        throw DaemonError(.configuration, "file \(path) has more than \(limit) bytes")
      }
      return Array(data)
    } catch let error as DaemonError {
      throw error
    } catch {
      let reason = access(path, R_OK) == 0 ? "\(error)" : String(cString: strerror(errno))
      throw DaemonError(.configuration, "file \(path) cannot be read: \(reason)")
    }
  }

  /// True when something is there.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Writes a small file whole, by renaming.
  static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw DaemonError(.unavailable, "file \(path) cannot be written: \(error)")
    }
  }
}
