/// One value of a ``JSONDocument``. Cheap to copy; keeps the document alive.
///
/// Names are compared as UTF-8 bytes, that is by Unicode scalars, never with Swift's `==`, which
/// takes canonically equivalent text for equal.
public struct JSONNode: Sendable {
  /// The seven shapes of a JSON value, `true` and `false` being one.
  public enum Kind: Hashable, Sendable {
    case null, bool, number, string, array, object
  }

  let storage: JSONDocument.Storage
  let index: Int

  /// The value's shape.
  public var kind: Kind {
    switch entry.kind {
    case .null: .null
    case .false, .true: .bool
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }

  /// The text of a string, unescaped; nil for other kinds. In the general profile half a
  /// surrogate pair reads as U+FFFD.
  public var string: String? {
    kind == .string ? storage.withView { $0.string(index) } : nil
  }

  /// The UTF-8 of a string, unescaped; nil for other kinds.
  public var utf8: [UInt8]? {
    kind == .string ? storage.withView { $0.withText(index) { Array($0) } } : nil
  }

  /// A number whose value is whole and fits 64 bits (`1.0` and `1e2` are whole); else nil.
  public var integer: Int64? { storage.withView { $0.integer(index) } }

  /// A number as the nearest double; nil for other kinds and beyond a double's range.
  public var number: Double? {
    guard kind == .number else { return nil }
    return storage.withView { DecimalToken($0.content(index)).double }
  }

  /// `true` or `false`; nil for other kinds.
  public var bool: Bool? {
    switch entry.kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { entry.kind == .null }

  /// Members of an object, elements of an array; 0 for other kinds.
  public var count: Int { entry.count }

  /// The member of that name, or nil. Linear in the number of members.
  public subscript(key: String) -> JSONNode? {
    guard kind == .object else { return nil }
    var key = key
    let found = key.withUTF8 { name in
      storage.withView { view -> Int? in
        var key = index + 1
        while key < view.next(index) {
          if view.equals(key, name) { return key + 1 }
          key = view.next(key + 1)
        }
        return nil
      }
    }
    return found.map { JSONNode(storage: storage, index: $0) }
  }

  /// The element at a position, or nil when there is none. Linear in the position.
  public subscript(position: Int) -> JSONNode? {
    guard kind == .array, position >= 0, position < count else { return nil }
    var elements = elements.makeIterator()
    for _ in 0..<position { _ = elements.next() }
    return elements.next()
  }

  /// An object's members in document order; empty for other kinds.
  public var members: Members {
    Members(node: self, position: index + 1, end: kind == .object ? next : index + 1)
  }

  /// An array's elements in order; empty for other kinds.
  public var elements: Elements {
    Elements(node: self, position: index + 1, end: kind == .array ? next : index + 1)
  }

  /// JSON Pointer to this value, with every name as it is. Costs a walk from the root.
  public var pointer: String {
    storage.withView { view in
      view.tokens(to: index) { JSONPointer.escape(view.string($0)) }.map { "/" + $0 }.joined()
    }
  }

  /// Where the value stands in the document's bytes, quotes and brackets included.
  public var range: Range<Int> {
    let entry = entry
    let quote = entry.kind == .string ? 1 : 0
    return Int(entry.start) - quote..<Int(entry.end) + quote
  }

  /// The value's own bytes, as they were read.
  public var rawBytes: [UInt8] { Array(storage.bytes[range]) }

  private var entry: TapeEntry { storage.withView { $0.tape[index] } }
  private var next: Int { Int(entry.next) }

  /// An object's members, in document order.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    fileprivate let node: JSONNode
    fileprivate var position: Int
    fileprivate let end: Int

    /// The next member.
    public mutating func next() -> (key: String, value: JSONNode)? {
      guard position < end else { return nil }
      let storage = node.storage
      let value = JSONNode(storage: storage, index: position + 1)
      let key = storage.withView { $0.string(position) }
      position = value.next
      return (key, value)
    }
  }

  /// An array's elements, in order.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    fileprivate let node: JSONNode
    fileprivate var position: Int
    fileprivate let end: Int

    /// The next element.
    public mutating func next() -> JSONNode? {
      guard position < end else { return nil }
      let element = JSONNode(storage: node.storage, index: position)
      position = element.next
      return element
    }
  }
}
