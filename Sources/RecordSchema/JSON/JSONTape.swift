/// One value, or one member name, of a parsed document. Sixteen bytes.
///
/// Entries stand in document order; an object's members are a name entry followed by the value's
/// entries. `start` and `end` are byte offsets: a string's content without its quotes, every
/// other value with its brackets. `next` is the entry after the value and all that it holds;
/// while a container is still open it holds the parent's index instead.
struct TapeEntry {
  var start: UInt32
  var end: UInt32
  var next: UInt32
  private var meta: UInt32

  enum Kind: UInt32 {
    case null, `false`, `true`, number, string, array, object
  }

  private static let escapedBit: UInt32 = 1 << 3
  private static let controlBit: UInt32 = 1 << 4
  private static let linesBit: UInt32 = 1 << 5
  private static let countShift: UInt32 = 6
  /// More bytes than this cannot be counted or addressed; the size limit is capped here.
  static let byteLimit = 1 << 26 - 1

  init(_ kind: Kind, start: Int, end: Int, next: Int) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.next = UInt32(truncatingIfNeeded: next)
    self.meta = kind.rawValue
  }

  /// The bits come from `init` alone, so one of the seven cases always fits.
  var kind: Kind { Kind(rawValue: meta & 7).unsafelyUnwrapped }
  /// A string whose content holds at least one backslash.
  var isEscaped: Bool {
    get { meta & Self.escapedBit != 0 }
    set { meta = newValue ? meta | Self.escapedBit : meta & ~Self.escapedBit }
  }
  /// A string that holds a scalar of ``TextScalars/isControl(_:)`` other than line feed and tab.
  var mayHoldControls: Bool {
    get { meta & Self.controlBit != 0 }
    set { meta = newValue ? meta | Self.controlBit : meta & ~Self.controlBit }
  }
  /// A string that holds a line feed or a tab.
  var holdsLines: Bool {
    get { meta & Self.linesBit != 0 }
    set { meta = newValue ? meta | Self.linesBit : meta & ~Self.linesBit }
  }
  /// Members of an object or elements of an array.
  var count: Int { Int(meta >> Self.countShift) }
  mutating func countOneMore() { meta &+= 1 << Self.countShift }
}

/// The one allocation of a parse: a growing run of entries that frees itself.
struct TapeBuffer: ~Copyable {
  private(set) var base: UnsafeMutablePointer<TapeEntry>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    self.base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// Lends the tape with the bytes it was made from. The tape cannot be freed before `body` ends,
  /// because a borrowed value outlives the call that borrows it.
  @inline(__always)
  borrowing func withView<R>(over bytes: UnsafePointer<UInt8>, _ body: (JSONView) -> R) -> R {
    body(JSONView(bytes: bytes, tape: UnsafePointer(base)))
  }

  @inline(__always)
  mutating func append(_ entry: TapeEntry) {
    if count == capacity { grow() }
    base.advanced(by: count).initialize(to: entry)
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<TapeEntry>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: base, count: count)
    base.deallocate()
    base = larger
    capacity *= 2
  }
}

/// A parsed document as two borrowed pointers: valid only inside the scope that made it.
struct JSONView {
  let bytes: UnsafePointer<UInt8>
  let tape: UnsafePointer<TapeEntry>

  static let root = 0

  @inline(__always)
  func kind(_ index: Int) -> TapeEntry.Kind { tape[index].kind }

  @inline(__always)
  func next(_ index: Int) -> Int { Int(tape[index].next) }

  /// The bytes between a string's quotes, or a value's own text, as they stand in the document.
  @inline(__always)
  func content(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let entry = tape[index]
    return UnsafeBufferPointer(
      start: bytes + Int(entry.start), count: Int(entry.end - entry.start))
  }

  /// Calls `body` with a string's unescaped UTF-8.
  @inline(__always)
  func withText<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    guard tape[index].isEscaped else { return body(content(index)) }
    return Unescape.bytes(content(index), lone: .replaced).withUnsafeBufferPointer(body)
  }

  func string(_ index: Int) -> String {
    withText(index) { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether a string or member name is, byte for byte, `text`.
  @inline(__always)
  func equals(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    withText(index) { content in
      content.count == text.count && content.elementsEqual(text)
    }
  }

  @inline(__always)
  func equals(_ index: Int, _ text: StaticString) -> Bool {
    equals(index, UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// The value of a member, or nil.
  func member(of object: Int, _ name: StaticString) -> Int? {
    var key = object + 1
    while key < next(object) {
      if equals(key, name) { return key + 1 }
      key = next(key + 1)
    }
    return nil
  }

  /// A number whose value is whole and fits.
  func integer(_ index: Int) -> Int64? {
    kind(index) == .number ? DecimalToken(content(index)).integer : nil
  }

  // MARK: Pointers

  /// Reference tokens from the root to a value. Costs a walk; used only for what is reported.
  func tokens(to target: Int, name: (Int) -> String) -> [String] {
    var tokens: [String] = []
    var container = Self.root
    while container < target {
      let isObject = kind(container) == .object
      var child = container + (isObject ? 2 : 1)
      var position = 0
      while next(child) <= target {
        child = next(child) + (isObject ? 1 : 0)
        position += 1
      }
      tokens.append(isObject ? name(child - 1) : String(position))
      container = child
    }
    return tokens
  }

  /// A member name as a token that may be shown in an error.
  func safeToken(_ key: Int) -> String {
    withText(key) { name in
      JSONPointer.isPlain(name) ? JSONPointer.escape(String(decoding: name, as: UTF8.self)) : "*"
    }
  }
}
