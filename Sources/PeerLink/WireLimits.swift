/// Every bound on what travels between two nodes. `schemas/wire.proto` states each beside its field.
public enum WireLimits {
  /// Bytes of a frame, its length prefix not counted, until the peer's Hello is in.
  public static let frameBeforeHello = 16 * 1024
  /// Bytes of a frame after that.
  public static let frame = 2 * 1024 * 1024
  /// Bytes of a record's header.
  public static let header = 16 * 1024
  /// Bytes of a record's payload.
  public static let payload = 1024 * 1024
  /// Bytes of a payload's salt, exactly.
  public static let salt = 32
  /// Bytes of a signed note.
  public static let note = 64 * 1024
  /// Bytes of a journal's signed head, with a cosignature.
  public static let journalNote = 2048
  /// Hashes of a consistency proof.
  public static let proof = 63
  /// Records in a batch.
  public static let records = 4096
  /// Channels in a Hello.
  public static let channels = 64
  /// Schema versions in a Hello.
  public static let schemas = 256
  /// Bytes of a schema version's name.
  public static let schemaName = 64
  /// Bytes of the software's name and version.
  public static let software = 128
  /// Bytes of a fault's text.
  public static let faultText = 1024
  /// Bytes of an origin line.
  public static let origin = 160
  /// What a record adds to a frame beyond its own bytes, at most: four tags and four lengths.
  public static let recordOverhead = 20
  /// What a batch adds to a frame beyond its records and its note, at most.
  public static let batchOverhead = 256

  /// Bytes of a queue of outgoing frames. A peer that reads so slowly is disconnected.
  static let outgoing = 64 * 1024 * 1024

  /// The greatest byte count (`Batch.byteCount`) of `records` records that surely fit into one frame
  /// beside a note of `noteBytes`.
  public static func batchBytes(records: Int, noteBytes: Int) -> Int {
    frame - batchOverhead - noteBytes - records * recordOverhead
  }
}
