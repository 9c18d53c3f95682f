#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Unpacks one archive into a folder that is ours alone, within bounds: somebody else made it.
///
/// Everything that it makes us read or keep is taken from one measure of room: the bytes that come out
/// of gzip, whether they are content, headers, names or filling, and a block of the disk for each file
/// and folder. A crash leaves behind what is unpacked so far, in the folder.
struct ArchiveUnpacking {
  /// What a file or a folder takes besides its bytes.
  static let itemBytes: UInt64 = 4096
  /// Most bytes behind the end of the files: tar fills its last record.
  static let fillingLimit = 1 << 20
  private static let gzip = "/usr/bin/gzip"

  private let path: String
  private let folder: String
  private let limits: ExportArchive.Limits
  private var items: Int

  init(path: String, folder: String, limits: ExportArchive.Limits) {
    self.path = path
    self.folder = folder
    self.limits = limits
    items = limits.items
  }

  /// Unpacks it whole.
  mutating func run() throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else { throw failure(String(cString: strerror(errno))) }
    let meter = Meter(
      room: Self.room(of: UInt64(clamping: status.st_size), limits),
      program: try ChildProgram(Self.gzip, ["--decompress", "--stdout"], input: descriptor))
    var reader = TarReader { try meter.read($0) }
    while let item = try reader.next() {
      switch item {
      case .folder(let name): try makeFolders(name.split(separator: "/"), meter)
      case .file(let name, let size):
        guard size <= meter.room else { throw Meter.tooMuch }
        try makeFolders(name.split(separator: "/").dropLast(), meter)
        try take(meter)
        try write(name, size, from: &reader)
      }
    }
    try skipFilling(meter)
    // It says at its end whether the bytes were whole.
    try meter.program.finish()
  }

  private static func room(of packed: UInt64, _ limits: ExportArchive.Limits) -> UInt64 {
    let (product, isOver) = packed.multipliedReportingOverflow(by: limits.ratio)
    return isOver ? .max : product + min(limits.bytes, .max - product)
  }

  /// Takes what a new file or folder needs.
  private mutating func take(_ meter: Meter) throws {
    guard items > 0 else { throw failure("it holds more than \(limits.items) files and folders") }
    items -= 1
    try meter.take(Self.itemBytes)
  }

  /// Makes folders, each in the one before it. All of them are our own: nothing there is a link.
  private mutating func makeFolders(_ parts: some Sequence<Substring>, _ meter: Meter) throws {
    var path = folder
    for part in parts where part != "." {
      path += "/\(part)"
      if mkdir(path, 0o700) == 0 {
        try take(meter)
      } else if errno != EEXIST {
        throw failure("\(path): \(String(cString: strerror(errno)))")
      }
    }
  }

  private func write(_ name: String, _ size: UInt64, from reader: inout TarReader) throws {
    let path = "\(folder)/\(name)"
    // Two files of one name are refused.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw ExportArchive.failure(path, String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    let file = ExportFile(descriptor: descriptor, path: path) {}
    while file.count < size { try file.write(reader.content(1 << 20)) }
  }

  private func skipFilling(_ meter: Meter) throws {
    var filling = 0
    while case let part = try meter.read(64 << 10).count, part > 0 {
      filling += part
      guard filling <= Self.fillingLimit else {
        throw TarReader.Malformed(reason: "it goes on behind its end")
      }
    }
  }

  private func failure(_ reason: String) -> Failure { ExportArchive.failure(path, reason) }

  /// What gzip puts out, and how much room is left for that and what is made of it.
  private final class Meter {
    static let tooMuch = TarReader.Malformed(
      reason: "it unpacks to more than an export of its size can be")

    private(set) var room: UInt64
    let program: ChildProgram

    init(room: UInt64, program: ChildProgram) {
      self.room = room
      self.program = program
    }

    func take(_ bytes: UInt64) throws {
      guard bytes <= room else { throw Self.tooMuch }
      room -= bytes
    }

    func read(_ count: Int) throws -> [UInt8] {
      let bytes = try program.read(count)
      try take(UInt64(bytes.count))
      return bytes
    }
  }
}
