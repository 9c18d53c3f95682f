/// The strict parser: one pass over the bytes, one tape, no recursion, no strings.
///
/// Names are compared when an object closes; every other rule is applied where it is broken, so
/// of several faults the first by place is reported, except that a repeated name is found at its
/// object's end.
struct JSONParser: ~Copyable {
  let bytes: UnsafePointer<UInt8>
  let end: Int
  let isRecord: Bool
  private let depthLimit: Int
  var tape: TapeBuffer
  var offset = 0
  /// Tape index of the innermost open container, or -1.
  private var container = -1
  private var depth = 0
  /// A value of `container` (or the root) has been announced and is not yet on the tape.
  private var isInValue = true

  /// `bytes` must outlive the parser.
  init(
    _ bytes: UnsafePointer<UInt8>, count: Int, profile: JSONDocument.Profile, depthLimit: Int
  ) {
    self.bytes = bytes
    self.end = count
    self.isRecord = profile == .record
    self.depthLimit = depthLimit
    self.tape = TapeBuffer(capacity: min(count, count / 10 + 24) + 1)
  }

  consuming func takeTape() -> TapeBuffer { tape }

  /// Fills the tape with exactly one value and white space round it.
  mutating func parse() throws(JSONError) {
    skipSpace()
    value: while true {
      guard offset < end else { throw error(.syntax) }
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        try string()
      case UInt8(ascii: "{"):
        try open(.object)
        if offset < end, bytes[offset] == UInt8(ascii: "}") { break }
        try name()
        continue value
      case UInt8(ascii: "["):
        try open(.array)
        if offset < end, bytes[offset] == UInt8(ascii: "]") { break }
        announceElement()
        continue value
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
      case UInt8(ascii: "t"): try literal("true", .true)
      case UInt8(ascii: "f"): try literal("false", .false)
      case UInt8(ascii: "n"): try literal("null", .null)
      default: throw error(.syntax)
      }
      guard try afterValue() else { break }
    }
    skipSpace()
    if offset < end { throw error(.trailing) }
  }

  /// Goes on behind a value: to the next one of its container (true), or, closing containers as
  /// they end, to the end of the root (false).
  @inline(__always)
  private mutating func afterValue() throws(JSONError) -> Bool {
    while container >= 0 {
      isInValue = false
      skipSpace()
      guard offset < end else { throw error(.syntax) }
      let isObject = tape.base[container].kind == .object
      switch bytes[offset] {
      case UInt8(ascii: ","):
        offset += 1
        skipSpace()
        if isObject { try name() } else { announceElement() }
        return true
      case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
        try close()
      default: throw error(.syntax)
      }
    }
    isInValue = false
    return false
  }

  // MARK: Containers

  private mutating func open(_ kind: TapeEntry.Kind) throws(JSONError) {
    depth += 1
    if depth > depthLimit { throw error(.depth) }
    let index = tape.count
    tape.append(TapeEntry(kind, start: offset, end: 0, next: container))
    container = index
    isInValue = false
    offset += 1
    skipSpace()
  }

  private mutating func close() throws(JSONError) {
    offset += 1
    let index = container
    let parent = Int(Int32(truncatingIfNeeded: tape.base[index].next))
    tape.base[index].end = UInt32(truncatingIfNeeded: offset)
    tape.base[index].next = UInt32(truncatingIfNeeded: tape.count)
    if tape.base[index].kind == .object, tape.base[index].count > 1,
      let key = duplicateName(of: index)
    {
      throw duplicate(key: key, parent: parent, object: index)
    }
    container = parent
    depth -= 1
  }

  @inline(__always)
  private mutating func announceElement() {
    tape.base[container].countOneMore()
    isInValue = true
  }

  /// A member's name and its colon.
  @inline(__always)
  private mutating func name() throws(JSONError) {
    guard offset < end, bytes[offset] == UInt8(ascii: "\"") else { throw error(.syntax) }
    try string()
    tape.base[container].countOneMore()
    isInValue = true
    skipSpace()
    guard offset < end, bytes[offset] == UInt8(ascii: ":") else { throw error(.syntax) }
    offset += 1
    skipSpace()
  }

  // MARK: Scalars

  private mutating func literal(
    _ text: StaticString, _ kind: TapeEntry.Kind
  ) throws(JSONError) {
    let start = offset
    for index in 0..<text.utf8CodeUnitCount {
      guard offset < end, bytes[offset] == text.utf8Start[index] else { throw error(.syntax) }
      offset += 1
    }
    tape.append(TapeEntry(kind, start: start, end: offset, next: tape.count + 1))
  }

  private mutating func number() throws(JSONError) {
    let start = offset
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    if offset < end, bytes[offset] == UInt8(ascii: "0") {
      offset += 1
      if offset < end, bytes[offset] &- 0x30 < 10 { throw error(.syntax) }
    } else {
      try digits()
    }
    if offset < end, bytes[offset] == UInt8(ascii: ".") {
      offset += 1
      try digits()
    }
    if offset < end, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if offset < end, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
        offset += 1
      }
      try digits()
    }
    let text = UnsafeBufferPointer(start: bytes + start, count: offset - start)
    if isRecord, !DecimalToken(text).isSafe { throw error(.number, at: start) }
    tape.append(TapeEntry(.number, start: start, end: offset, next: tape.count + 1))
  }

  private mutating func digits() throws(JSONError) {
    let start = offset
    while offset < end, bytes[offset] &- 0x30 < 10 { offset += 1 }
    if offset == start { throw error(.syntax) }
  }

  @inline(__always)
  mutating func skipSpace() {
    while offset < end {
      switch bytes[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  // MARK: Errors

  func error(_ code: JSONError.Code) -> JSONError { error(code, at: offset) }

  func error(_ code: JSONError.Code, at offset: Int) -> JSONError {
    var tokens: [String] = []
    if container >= 0, isInValue { tokens.append(token(child: tape.count, of: container)) }
    return JSONError(
      code, offset: offset, pointer: JSONPointer.join(path(to: container) + tokens))
  }

  private func duplicate(key: Int, parent: Int, object: Int) -> JSONError {
    // The object is closed on the tape but still the innermost container here, which `path`
    // must not follow through `next`: that now leads forward.
    var tokens = path(to: parent)
    if parent >= 0 { tokens.append(token(child: object, of: parent)) }
    tokens.append(view.safeToken(key))
    return JSONError(
      .duplicateKey, offset: Int(tape.base[key].start) - 1, pointer: JSONPointer.join(tokens))
  }

  private var view: JSONView { JSONView(bytes: bytes, tape: UnsafePointer(tape.base)) }

  /// Tokens from the root to an open container.
  private func path(to container: Int) -> [String] {
    var tokens: [String] = []
    var child = container
    while child > 0 {
      let parent = Int(Int32(truncatingIfNeeded: tape.base[child].next))
      tokens.append(token(child: child, of: parent))
      child = parent
    }
    return tokens.reversed()
  }

  /// The token of the last value of an open container; its entry is, or will be, at `child`, and
  /// in an object its name stands just before.
  private func token(child: Int, of parent: Int) -> String {
    tape.base[parent].kind == .object
      ? view.safeToken(child - 1) : String(tape.base[parent].count - 1)
  }
}
