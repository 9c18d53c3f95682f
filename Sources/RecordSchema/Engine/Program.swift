/// Elements at a fixed address: written once, only read afterwards, freed with their owner.
struct FrozenTable<Element>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  private let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    base = .allocate(capacity: max(count, 1))
    for (index, element) in elements.enumerated() {
      base.advanced(by: index).initialize(to: element)
    }
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  /// Valid as long as this table lives.
  var address: UnsafePointer<Element> { UnsafePointer(base) }
}

/// A program's tables as bare addresses, so that running it counts no references. Valid as long
/// as the ``Program`` lives. Indices are not checked: the compiler wrote them.
struct ProgramTables {
  let blocks: UnsafePointer<Block>
  let code: UnsafePointer<Instruction>
  let lists: UnsafePointer<UInt32>
  let shapes: UnsafePointer<Shape>
  let members: UnsafePointer<MemberEntry>
  let names: UnsafePointer<PoolName>
  let pool: UnsafePointer<UInt8>
  let numbers: UnsafePointer<NumberLiteral>
  let patterns: UnsafePointer<Pattern>
  let formats: UnsafePointer<Format>

  @inline(__always)
  func text(_ name: PoolName) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: pool + Int(name.offset), count: Int(name.length))
  }

  func string(_ name: PoolName) -> String { String(decoding: text(name), as: UTF8.self) }
}

/// Compiled schemas as flat tables.
///
/// Unchecked because the tables are raw memory: each is written before this object exists, owned
/// here alone, never changed, and freed when the last reference goes. The evaluator keeps a
/// reference while it runs.
final class Program: @unchecked Sendable {
  private let blocks: FrozenTable<Block>
  private let code: FrozenTable<Instruction>
  private let lists: FrozenTable<UInt32>
  private let shapes: FrozenTable<Shape>
  private let members: FrozenTable<MemberEntry>
  private let names: FrozenTable<PoolName>
  private let pool: FrozenTable<UInt8>
  private let numbers: FrozenTable<NumberLiteral>
  private let patterns: FrozenTable<Pattern>
  private let formats: FrozenTable<Format>
  let literals: [JSONNode]
  let sources: [InstructionSource]
  /// Blocks by resource and dynamic anchor; empty where no `$dynamicRef` can be reached.
  let dynamicTargets: [DynamicKey: UInt32]
  /// Whether the evaluator must keep the dynamic scope.
  let isDynamic: Bool

  struct DynamicKey: Hashable {
    let resource: UInt32
    let anchor: UInt32
  }

  init(_ draft: ProgramDraft) {
    blocks = FrozenTable(draft.blocks)
    code = FrozenTable(draft.code)
    lists = FrozenTable(draft.lists)
    shapes = FrozenTable(draft.shapes)
    members = FrozenTable(draft.members)
    names = FrozenTable(draft.names)
    pool = FrozenTable(draft.pool)
    numbers = FrozenTable(draft.numbers)
    patterns = FrozenTable(draft.patterns)
    formats = FrozenTable(draft.formats)
    literals = draft.literals
    sources = draft.sources
    dynamicTargets = draft.dynamicTargets
    isDynamic = draft.isDynamic
  }

  var tables: ProgramTables {
    ProgramTables(
      blocks: blocks.address, code: code.address, lists: lists.address, shapes: shapes.address,
      members: members.address, names: names.address, pool: pool.address,
      numbers: numbers.address, patterns: patterns.address, formats: formats.address)
  }
}

/// A number of a schema: its value where that is whole and fits, and its text for all else.
struct NumberLiteral {
  let integer: Int64?
  let text: PoolName
}

/// A program while it is being written.
struct ProgramDraft {
  var blocks: [Block] = []
  var code: [Instruction] = []
  var lists: [UInt32] = []
  var shapes: [Shape] = []
  var members: [MemberEntry] = []
  var names: [PoolName] = []
  var pool: [UInt8] = []
  var numbers: [NumberLiteral] = []
  var patterns: [Pattern] = []
  var formats: [Format] = []
  var literals: [JSONNode] = []
  var sources: [InstructionSource] = []
  var dynamicTargets: [Program.DynamicKey: UInt32] = [:]
  var isDynamic = false

  mutating func intern(_ text: [UInt8]) -> PoolName {
    defer { pool += text }
    return PoolName(offset: UInt32(pool.count), length: UInt32(text.count))
  }

  /// Notes names side by side and gives the position of the first.
  mutating func append(names texts: [[UInt8]]) -> UInt32 {
    let first = UInt32(names.count)
    for text in texts { names.append(intern(text)) }
    return first
  }

  mutating func append(list: [UInt32]) -> UInt32 {
    defer { lists += list }
    return UInt32(lists.count)
  }
}
