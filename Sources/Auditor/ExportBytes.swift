/// Where the files of an export are read from: a folder, or a node that serves it.
///
/// Paths are those of the export's own layout (`docs/export.md`): relative, made of names that parsed,
/// never with `.` or `..` in them. Nothing that is read is believed, so that an implementation has two
/// duties only: never to hand over more than was asked for, and never to follow a link out of the
/// export.
public protocol ExportBytes {
  /// Bytes of a file from `offset` on, at most `limit`; fewer only where the file ends, none beyond its
  /// end. Nil where there is no ordinary file of that name.
  /// - Throws: what ends the audit: the medium or the connection failed.
  func read(_ path: String, from offset: UInt64, limit: Int) throws -> [UInt8]?
}

extension ExportBytes {
  /// A whole file; nil where there is none.
  /// - Throws: `ExportError` with `.tooLong` where it has more than `limit` bytes, and what reading
  ///   throws.
  public func read(_ path: String, limit: Int) throws -> [UInt8]? {
    guard let bytes = try read(path, from: 0, limit: limit + 1) else { return nil }
    guard bytes.count <= limit else {
      throw ExportError(.tooLong, "\(path): more than \(limit) bytes")
    }
    return bytes
  }
}

/// An export that was made with `--since`, on top of the one that it goes on from: a file is looked for
/// in the newer one first.
public struct LayeredExport: ExportBytes {
  private let layers: [any ExportBytes]

  /// `layers` are the exports, the newest first.
  public init(_ layers: [any ExportBytes]) { self.layers = layers }

  /// The file as the newest layer has it that has one.
  public func read(_ path: String, from offset: UInt64, limit: Int) throws -> [UInt8]? {
    for layer in layers {
      if let bytes = try layer.read(path, from: offset, limit: limit) { return bytes }
    }
    return nil
  }
}
