/// JSON Pointers, as text (RFC 6901), and relative ones (draft-bhutton-relative-json-pointer).
enum PointerSyntax {
  /// Empty, or reference tokens that each begin with `/` and hold `~` only as `~0` or `~1`.
  static func isPointer(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isPointer(text, from: 0)
  }

  /// A number of levels without leading zeros, a shift of the index such as `+1` if any, and then
  /// `#` or a JSON Pointer.
  static func isRelativePointer(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    guard readNumber(text, &index) else { return false }
    if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
      index += 1
      guard index < text.count, text[index] != UInt8(ascii: "0"), readNumber(text, &index) else {
        return false
      }
    }
    if index + 1 == text.count, text[index] == UInt8(ascii: "#") { return true }
    return isPointer(text, from: index)
  }

  private static func isPointer(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
    guard start < text.count else { return true }
    guard text[start] == UInt8(ascii: "/") else { return false }
    for index in start..<text.count where text[index] == UInt8(ascii: "~") {
      guard index + 1 < text.count, text[index + 1] & 0xFE == UInt8(ascii: "0") else {
        return false
      }
    }
    return true
  }

  /// `0`, or digits of which the first is not `0`.
  private static func readNumber(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Bool {
    let start = index
    while index < text.count, ABNF.isDigit(text[index]) { index += 1 }
    return index - start == 1 || index > start && text[start] != UInt8(ascii: "0")
  }
}
