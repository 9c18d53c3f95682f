import Cryptography
import RecordModel

extension JournalField {
  /// A field with text: codes, names, digests; never a payload's words.
  static func text(_ name: String, _ value: String) -> Self { Self(name, .string(value)) }
  /// A field with a record's id.
  static func id(_ name: String, _ value: RecordID) -> Self { Self(name, .string("\(value)")) }
  /// A field with a whole number.
  static func number(_ name: String, _ value: UInt64) -> Self { Self(name, .integer(value)) }
  /// A field with a digest, in hexadecimal.
  static func digest(_ name: String, _ value: Digest) -> Self { Self(name, .string("\(value)")) }
}
