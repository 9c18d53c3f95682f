// Helpers for the line formats of this module. They work on bytes: Swift's characters would
// join "\r\n" and its string comparison takes canonically equivalent texts for equal.

let newline = UInt8(ascii: "\n")
let space = UInt8(ascii: " ")

/// Hands out newline-terminated lines, without their newline.
struct LineReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// What has not been read yet.
  var rest: ArraySlice<UInt8> { bytes[position...] }

  /// The next line, or nil where nothing or only an unterminated line is left.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let end = bytes[position...].firstIndex(of: newline) else { return nil }
    defer { position = end + 1 }
    return bytes[position..<end]
  }
}

/// Reads an ASCII decimal below 2^64 without sign or leading zeros.
func parseDecimal(_ digits: some Collection<UInt8>) -> UInt64? {
  guard let first = digits.first, digits.count <= 20 else { return nil }
  if first == UInt8(ascii: "0") { return digits.count == 1 ? 0 : nil }
  var value: UInt64 = 0
  for digit in digits {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
    let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
    let (sum, carried) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
    guard !overflowed, !carried else { return nil }
    value = sum
  }
  return value
}

/// Whether two strings are the same scalars; `==` also equates different normal forms.
func sameBytes(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

/// Whether `bytes` hold an ASCII control character (below U+0020) that is not a newline.
func holdsControl(_ bytes: some Sequence<UInt8>) -> Bool {
  bytes.contains { $0 < 0x20 && $0 != newline }
}

/// The four leading bytes of a digest, big-endian: a key ID.
func leadingWord(_ bytes: some Sequence<UInt8>) -> UInt32 {
  bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
}

func appendBigEndian(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
  withUnsafeBytes(of: value.bigEndian) { out.append(contentsOf: $0) }
}
