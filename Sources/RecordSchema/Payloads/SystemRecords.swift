/// Records that nodes, not people, write.
enum SystemRecords {
  /// `system.refusal/1`: which record breaks which rules where; never a value.
  static let refusal = ObjectShape([
    .required("target", Checks.format(.uuidv7)),
    // An id may be repeated, a place in the log can't: both together name the refused entry.
    .required("seq", Checks.integer(0...Int64(DecimalToken.safeLimit))),
    .required("violations", Checks.array(1...20, of: Checks.object(violation))),
  ])

  private static let violation = ObjectShape([
    .required(
      "pointer",
      Checks.matching(
        .pattern(
          "json-pointer", "Must be a JSON Pointer of at most 512 bytes.",
          "必须是不超过512字节的 JSON Pointer。"), isPointer)),
    .required(
      "rule",
      Checks.matching(
        .pattern(
          "rule", "Must be a rule's name: 1 to 64 letters, digits and . : - _ characters.",
          "必须是规则名:1至64个字母、数字或 . : - _ 字符。"), isRuleName)),
  ])

  /// `system.epoch/1`: the head of the channel's epoch that this one follows.
  static let epoch = ObjectShape([
    .required("previous", origin),
    .required("size", Checks.integer(0...Int64(DecimalToken.safeLimit))),
    .required(
      "root",
      Checks.matching(
        .pattern(
          "base64-32", "Must be 32 bytes in base64 with padding.",
          "必须是32字节的 Base64(含填充)。"), isDigest)),
  ])

  private static let isPointer: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool = { text in
    guard text.count <= JSONPointer.byteLimit else { return false }
    guard let first = text.first else { return true }
    guard first == UInt8(ascii: "/") else { return false }
    for (index, byte) in text.enumerated() {
      guard (0x20...0x7E).contains(byte) else { return false }
      if byte == UInt8(ascii: "~") {
        guard index + 1 < text.count,
          text[index + 1] == UInt8(ascii: "0") || text[index + 1] == UInt8(ascii: "1")
        else { return false }
      }
    }
    return true
  }

  private static let isRuleName: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool = { text in
    (1...64).contains(text.count) && text.allSatisfy { isWord($0, or: ".:-_") }
  }

  @inline(__always)
  private static func isWord(_ byte: UInt8, or others: StaticString) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default:
      (0..<others.utf8CodeUnitCount).contains { others.utf8Start[$0] == byte }
    }
  }

  // MARK: Origins

  /// `<federation>/sanxiang/<code>/<code>/<epoch>`.
  private static let origin: Check = { view, index, findings in
    guard Checks.isString(view, index, &findings) else { return }
    let verdict = view.withText(index) { text -> (isOrigin: Bool, areDistinct: Bool) in
      let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        .map { UnsafeBufferPointer(rebasing: $0) }
      guard parts.count >= 5, text.count <= 255 else { return (false, false) }
      let tail = parts.suffix(4)
      let (from, to) = (tail[tail.startIndex + 1], tail[tail.startIndex + 2])
      let isOrigin =
        parts.dropLast(4).allSatisfy(isFederationPart)
        && tail[tail.startIndex].elementsEqual("sanxiang".utf8)
        && CodeFormat.isCreditCode(utf8: from) && CodeFormat.isCreditCode(utf8: to)
        && isEpoch(tail[tail.startIndex + 3])
      return (isOrigin, !from.elementsEqual(to))
    }
    if !verdict.isOrigin {
      findings.fail(
        view, index,
        .pattern(
          "origin", "Must be a channel's origin: federation/sanxiang/code/code/epoch.",
          "必须是通道标识:federation/sanxiang/代码/代码/epoch。"))
    } else if !verdict.areDistinct {
      findings.fail(view, index, .distinctParties)
    }
  }

  private static func isFederationPart(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    !text.isEmpty && text.allSatisfy { isWord($0, or: ".-_") }
  }

  /// 1 to 2^32−1, not padded.
  private static func isEpoch(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (1...10).contains(text.count), text[0] != UInt8(ascii: "0"),
      let value = CodeFormat.number(text, 0, text.count)
    else { return false }
    return value <= Int(UInt32.max)
  }

  // MARK: Base64

  /// 43 characters of the standard alphabet and one `=`, unused bits zero.
  private static let isDigest: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool = { text in
    guard text.count == 44, text[43] == UInt8(ascii: "=") else { return false }
    guard text.prefix(43).allSatisfy({ isWord($0, or: "+/") }) else { return false }
    // The last character carries four bits of the digest: its value is a multiple of four.
    let whole: StaticString = "AEIMQUYcgkosw048"
    return (0..<16).contains { whole.utf8Start[$0] == text[42] }
  }
}
