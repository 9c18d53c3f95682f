/// Runs a program over a document.
///
/// In flag mode the first failure ends it; in full mode every failure is noted. Whatever the
/// document and the schema, time is bounded by ``fuel`` and the stack by ``depthLimit``: what
/// passes them stops the run, and a run that stopped has not found the document valid.
struct Evaluator<Mode: EvaluationMode> {
  /// Schemas applied one inside the other, instance levels included: few enough for a stack of one
  /// megabyte.
  static var depthLimit: Int { 400 }

  let view: JSONView
  let tables: ProgramTables
  let literals: [JSONNode]
  let dynamicTargets: [Program.DynamicKey: UInt32]
  let isDynamic: Bool
  /// The day that no birth date may lie after.
  let asOf: CalendarDate?
  let findingLimit: Int

  /// Steps that may still be taken; running a block is one.
  var fuel: Int
  private(set) var isStopped = false
  private(set) var findings: [Finding] = []
  var frames: [EvaluatedFrame] = []
  private var depth = 0
  /// Above 0 inside branches that are only tried: nothing is noted there.
  private var muted = 0
  private var scopes: [UInt32] = []
  var scratch = UnescapedText()

  init(
    _ program: Program, _ view: JSONView, asOf: CalendarDate?, fuel: Int, findingLimit: Int
  ) {
    self.view = view
    self.tables = program.tables
    self.literals = program.literals
    self.dynamicTargets = program.dynamicTargets
    self.isDynamic = program.isDynamic
    self.asOf = asOf
    self.fuel = fuel
    self.findingLimit = findingLimit
  }

  /// Whether a failure is to be noted and the search to go on.
  @inline(__always)
  var collects: Bool { Mode.collects && muted == 0 && findings.count < findingLimit }

  // MARK: Blocks

  /// Applies a schema to a value. `frame` is where in-place applicators note what they looked at;
  /// ``EvaluatedFrame/none`` where nobody asks.
  mutating func run(_ number: UInt32, _ at: Int, _ frame: Int) -> Bool {
    guard spend(1) else { return false }
    guard depth < Self.depthLimit else {
      isStopped = true
      return false
    }
    depth += 1
    defer { depth -= 1 }
    let block = tables.blocks[Int(number)]
    if isDynamic || block.tracks { return runScoped(block, at, frame) }
    return perform(block, at, frame)
  }

  /// Runs a block that opens a dynamic scope, or that must know what has been looked at.
  private mutating func runScoped(_ block: Block, _ at: Int, _ frame: Int) -> Bool {
    let opensScope = isDynamic && scopes.last != block.resource
    if opensScope { scopes.append(block.resource) }
    defer { if opensScope { scopes.removeLast() } }
    guard block.tracks else { return perform(block, at, frame) }
    frames.append(EvaluatedFrame(count: view.tape[at].count))
    let holds = perform(block, at, frames.count - 1)
    let own = frames.removeLast()
    if holds, frame != EvaluatedFrame.none { frames[frame].formUnion(own) }
    return holds
  }

  private mutating func perform(_ block: Block, _ at: Int, _ frame: Int) -> Bool {
    var holds = true
    let end = block.start + block.count
    var next = block.start
    while next < end {
      if !step(tables.code + Int(next), at, frame) {
        holds = false
        if !collects || isStopped { return false }
      }
      next += 1
    }
    return holds
  }

  @inline(__always)
  private mutating func step(
    _ instruction: UnsafePointer<Instruction>, _ at: Int, _ frame: Int
  ) -> Bool {
    let kind = view.kind(at)
    switch instruction.pointee.code {
    case .type: return type(instruction.pointee, at, kind)
    case .never: return fail(instruction.pointee, at)
    case .const, .enumeration, .codes: return value(instruction.pointee, at)
    case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum, .multipleOf:
      return kind != .number || number(instruction.pointee, at)
    case .minLength, .maxLength, .pattern, .format:
      return kind != .string || string(instruction.pointee, at)
    case .minItems, .maxItems, .uniqueItems, .prefixItems, .items, .contains, .unevaluatedItems:
      return kind != .array || array(instruction.pointee, at, frame)
    case .members:
      return kind != .object || members(instruction.pointee, at, frame)
    case .minProperties, .maxProperties, .required, .propertyNames, .dependentRequired,
      .dependentSchema, .unevaluatedProperties:
      return kind != .object || object(instruction.pointee, at, frame)
    case .call, .not, .dynamicCall, .anyOf, .oneOf, .condition:
      return apply(instruction.pointee, at, frame)
    }
  }

  // MARK: In place

  private mutating func apply(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    switch instruction.code {
    case .call: return run(instruction.a, at, frame)
    case .dynamicCall: return run(dynamicTarget(of: instruction), at, frame)
    case .not: return !attempt(instruction.a, at, EvaluatedFrame.none) || fail(instruction, at)
    case .anyOf: return anyOf(instruction, at, frame)
    case .oneOf: return oneOf(instruction, at, frame)
    default:
      let branch = attempt(instruction.a, at, frame) ? instruction.b : instruction.c
      return branch == Instruction.none || run(branch, at, frame)
    }
  }

  /// The outermost resource of the dynamic scope that has the anchor (Core, section 8.2.3.2).
  private func dynamicTarget(of instruction: Instruction) -> UInt32 {
    for scope in scopes {
      let key = Program.DynamicKey(resource: scope, anchor: instruction.a)
      if let block = dynamicTargets[key] { return block }
    }
    return instruction.b
  }

  /// Tries a schema: notes no failure, and of what it looked at only what holds.
  mutating func attempt(_ block: UInt32, _ at: Int, _ frame: Int) -> Bool {
    muted += 1
    defer { muted -= 1 }
    guard frame != EvaluatedFrame.none else { return run(block, at, frame) }
    let before = frames[frame]
    let holds = run(block, at, frame)
    if !holds { frames[frame] = before }
    return holds
  }

  private mutating func anyOf(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    var holds = false
    for branch in 0..<Int(instruction.b) {
      if attempt(tables.lists[Int(instruction.a) + branch], at, frame) {
        holds = true
        // What the other branches look at matters only to those who ask.
        if frame == EvaluatedFrame.none { return true }
      }
    }
    return holds || failWithBranches(instruction, at)
  }

  private mutating func oneOf(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    var found = 0
    for branch in 0..<Int(instruction.b) {
      let block = tables.lists[Int(instruction.a) + branch]
      // A second success fails the whole, so what it looked at need not be taken back.
      if attempt(block, at, frame) { found += 1 }
      if found > 1 { return fail(instruction, at) }
    }
    return found == 1 || failWithBranches(instruction, at)
  }

  /// None of the branches holds: says so, and then what each of them misses.
  private mutating func failWithBranches(_ instruction: Instruction, _ at: Int) -> Bool {
    _ = fail(instruction, at)
    for branch in 0..<Int(instruction.b) where collects && !isStopped {
      _ = run(tables.lists[Int(instruction.a) + branch], at, EvaluatedFrame.none)
    }
    return false
  }

  // MARK: Failing

  /// Notes a failure at a value, or at a member that is missing from it. Returns false.
  mutating func fail(_ instruction: Instruction, _ at: Int, missing: PoolName? = nil) -> Bool {
    if collects { findings.append(Finding(instruction: instruction, at: at, missing: missing)) }
    return false
  }

  /// Pays for work in steps. False when they do not suffice, and then the run is over.
  @inline(__always)
  mutating func spend(_ steps: Int) -> Bool {
    fuel -= steps
    if fuel < 0 { isStopped = true }
    return fuel >= 0
  }
}

/// Whether failures are collected; known when the code is compiled, so that flag mode pays
/// nothing for full mode.
protocol EvaluationMode {
  static var collects: Bool { get }
}

/// Is it valid?
enum FlagMode: EvaluationMode {
  static var collects: Bool { false }
}

/// Everything that is wrong.
enum FullMode: EvaluationMode {
  static var collects: Bool { true }
}

/// One failure: which instruction, at which value, and which of its members is missing.
struct Finding {
  let instruction: Instruction
  let at: Int
  let missing: PoolName?
}

/// Which members or items of one value have been looked at, by position.
struct EvaluatedFrame {
  /// Stands for the frame of a value that nobody asks about.
  static let none = -1

  private var words: [UInt64]

  init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  mutating func insert(_ position: Int) { words[position >> 6] |= 1 << UInt64(position & 63) }

  func contains(_ position: Int) -> Bool {
    words[position >> 6] & 1 << UInt64(position & 63) != 0
  }

  mutating func formUnion(_ other: EvaluatedFrame) {
    for word in words.indices { words[word] |= other.words[word] }
  }
}

/// The last string that had to be unescaped, kept because several keywords look at it.
struct UnescapedText {
  private var bytes: [UInt8] = []
  private var index = -1

  mutating func text<R>(
    of view: JSONView, _ at: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R
  ) -> R {
    if index != at {
      bytes = Unescape.bytes(view.content(at), lone: .replaced)
      index = at
    }
    return bytes.withUnsafeBufferPointer(body)
  }
}
