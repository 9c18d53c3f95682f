/// How the bytes of UTF-8 lead to the classes of an alphabet.
struct UTF8Trie {
  /// Nodes: what a pattern with large classes may need.
  static let nodeLimit = 4_096

  enum Child {
    /// No well-formed text goes there.
    case unused
    /// After this many more bytes, whatever they are, a member of this class is complete.
    case members(Int, length: Int)
    case node(Int)
  }

  /// For each node, what each of the 64 bytes from 0x80 on leads to.
  private(set) var nodes: [[Child]] = []
  /// What first bytes lead to.
  private(set) var leads: [(bytes: ClosedRange<UInt8>, child: Child)] = []

  private let alphabet: PatternAlphabet

  /// Every byte that can be a character's first.
  static let firstBytes = Array(UInt8(0x00)...0x7F) + Array(UInt8(0xC2)...0xF4)

  /// How many bytes follow a first byte.
  static func length(of first: UInt8) -> Int {
    first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
  }

  /// Nil when it would be too large.
  init?(_ alphabet: PatternAlphabet) {
    self.alphabet = alphabet
    for byte in Self.firstBytes {
      let length = Self.length(of: byte)
      let base = UInt32(byte) & (length == 0 ? 0x7F : 0x3F >> UInt32(length))
      guard let child = child(base, length: length, depth: length) else { return nil }
      leads.append((byte...byte, child))
    }
  }

  /// What lies behind the bits of a character that are known, of which `length` bytes more come.
  private mutating func child(_ bits: UInt32, length: Int, depth: Int) -> Child? {
    let shift = UInt32(6 * length)
    var first = bits << shift
    var last = first | ((1 << shift) - 1)
    // Overlong forms, surrogates and what lies beyond the last plane do not come.
    first = max(first, [0, 0x80, 0x800, 0x10000][depth])
    last = min(last, ScalarSet.largest)
    if first >= 0xD800, first <= 0xDFFF { first = 0xE000 }
    if last >= 0xD800, last <= 0xDFFF { last = 0xD7FF }
    if first > last { return .unused }
    if let member = alphabet.uniform(first, last) { return .members(member, length: length) }
    var row: [Child] = []
    for low in 0..<UInt32(64) {
      guard let child = child(bits << 6 | low, length: length - 1, depth: depth) else { return nil }
      row.append(child)
    }
    guard nodes.count < Self.nodeLimit else { return nil }
    nodes.append(row)
    return .node(nodes.count - 1)
  }
}
