/// Turns schemas of a library into a ``Program``.
///
/// Subschemas that look deeper into the instance (`properties`, `items`, …) become blocks that
/// wait in a queue; those that look at the same place (`$ref`, `allOf`, …) are compiled at once,
/// and short ones are copied into their caller. So a reference that leads back to itself without
/// going deeper is found as one that is asked for while it is being compiled.
struct SchemaCompiler {
  /// Schemas that apply to one place, one inside the other, at most.
  static let nestingLimit = 256
  /// Blocks up to this long are copied into their caller.
  private static let inlineLimit = 24

  let library: SchemaLibrary
  let assertsFormats: Bool
  /// Off where `$dynamicRef` is in play: the dynamic scope must see every reference.
  private let inlines: Bool

  var draft = ProgramDraft()
  private var blockBySite: [SchemaSite: UInt32] = [:]
  private var states: [State] = []
  private var queue: [UInt32] = []
  private var nesting = 0
  /// Names of dynamic anchors, and where each stands among the operands.
  private var dynamicNames: [String] = []
  private var needsDynamicScope = false

  private struct State {
    let site: SchemaSite
    let resource: Int
    var phase = Phase.waiting

    enum Phase { case waiting, compiling, done }
  }

  /// Where the keywords that are being compiled stand.
  struct Place {
    let node: JSONNode
    let site: SchemaSite
    let resource: Int
    let dialect: SchemaDialect
    let location: String
    let sentence: Sentence?
  }

  private init(_ library: SchemaLibrary, assertsFormats: Bool, inlines: Bool) {
    self.library = library
    self.assertsFormats = assertsFormats
    self.inlines = inlines
  }

  /// The program for the schema behind an absolute URI, and the block to start with.
  static func compile(
    _ uri: String, in library: SchemaLibrary, assertsFormats: Bool
  ) throws(SchemaError) -> (Program, UInt32) {
    for inlines in [true, false] {
      var compiler = SchemaCompiler(library, assertsFormats: assertsFormats, inlines: inlines)
      let root = try compiler.run(from: uri)
      if compiler.needsDynamicScope && inlines { continue }
      compiler.draft.isDynamic = compiler.needsDynamicScope
      return (Program(compiler.draft), root)
    }
    // The second round never asks for a third.
    preconditionFailure("a compilation without inlining always ends")
  }

  private mutating func run(from uri: String) throws(SchemaError) -> UInt32 {
    guard let target = library.target(of: URIReference(uri)) else {
      throw SchemaError(.unresolvedReference, at: uri, "There is no schema with this URI.")
    }
    let root = child(target.site, in: target.resource)
    repeat {
      while let block = queue.popLast() { try compile(block) }
      addDynamicTargets()
    } while !queue.isEmpty
    return root
  }

  // MARK: Blocks

  /// The block of a subschema that looks deeper: compiled some time, not now.
  mutating func child(_ site: SchemaSite, in parent: Int) -> UInt32 {
    if let block = blockBySite[site] { return block }
    let block = UInt32(states.count)
    blockBySite[site] = block
    states.append(State(site: site, resource: library.resource(of: site) ?? parent))
    draft.blocks.append(Block())
    queue.append(block)
    return block
  }

  /// The block of a subschema that looks at the same place, compiled now.
  mutating func sibling(
    _ site: SchemaSite, in parent: Int, from location: String
  ) throws(SchemaError) -> UInt32 {
    let block = child(site, in: parent)
    if states[Int(block)].phase == .compiling {
      throw SchemaError(
        .referenceLoop, at: location, "References lead back here without going deeper.")
    }
    guard nesting < Self.nestingLimit else {
      throw SchemaError(.tooLarge, at: location, "Schemas apply one inside the other too deeply.")
    }
    nesting += 1
    defer { nesting -= 1 }
    try compile(block)
    return block
  }

  /// The instructions of a sibling: its own where they are few, else a call.
  func inlined(_ block: UInt32, source: UInt32) -> [Instruction] {
    let target = draft.blocks[Int(block)]
    guard inlines, !target.tracks, target.count <= Self.inlineLimit else {
      return [Instruction(code: .call, a: block, source: source)]
    }
    return Array(draft.code[Int(target.start)..<Int(target.start + target.count)])
  }

  private mutating func compile(_ block: UInt32) throws(SchemaError) {
    let state = states[Int(block)]
    guard state.phase == .waiting else { return }
    states[Int(block)].phase = .compiling
    let place = place(of: state)
    let instructions = try instructions(of: place)
    draft.blocks[Int(block)] = Block(
      start: UInt32(draft.code.count), count: UInt32(instructions.count),
      resource: UInt32(state.resource),
      tracks: instructions.contains { $0.isUnevaluated })
    draft.code += instructions
    guard draft.code.count <= CompiledSchema.instructionLimit else {
      throw SchemaError(.tooLarge, at: place.location, "The schema is too large.")
    }
    states[Int(block)].phase = .done
  }

  private func place(of state: State) -> Place {
    let node = library.node(at: state.site)
    let resource = library.resources[state.resource]
    return Place(
      node: node, site: state.site, resource: state.resource, dialect: resource.dialect,
      location: library.location(of: state.site, in: state.resource),
      sentence: Self.sentence(of: node))
  }

  /// `x-error`: what a schema says to people when one of its own keywords fails.
  private static func sentence(of node: JSONNode) -> Sentence? {
    guard node.kind == .object, let texts = node["x-error"], let english = texts["en"]?.string,
      let chinese = texts["zh"]?.string
    else { return nil }
    return Sentence(english: english, chinese: chinese)
  }

  mutating func source(_ keyword: String, _ place: Place) -> UInt32 {
    draft.sources.append(
      InstructionSource(schema: place.location, keyword: keyword, sentence: place.sentence))
    return UInt32(draft.sources.count - 1)
  }

  // MARK: References

  /// What a reference keyword leads to.
  func target(
    of keyword: String, _ place: Place
  ) throws(SchemaError) -> SchemaLibrary.Target? {
    guard let value = place.node[keyword] else { return nil }
    guard let text = value.string else { throw Self.malformed(keyword, place, "a string") }
    let reference = URIReference(text).resolved(against: library.resources[place.resource].uri)
    guard let target = library.target(of: reference) else {
      throw SchemaError(
        .unresolvedReference, at: place.location + "/" + keyword,
        "The reference leads to no schema of the library; nothing is fetched.")
    }
    return target
  }

  mutating func references(_ place: Place) throws(SchemaError) -> [Instruction] {
    var out: [Instruction] = []
    if let target = try target(of: "$ref", place) {
      let block = try sibling(target.site, in: target.resource, from: place.location + "/$ref")
      out += inlined(block, source: source("$ref", place))
    }
    if let target = try target(of: "$dynamicRef", place) {
      out += try dynamicReference(target, place)
    }
    return out
  }

  /// Core, section 8.2.3.2: dynamic only where the reference itself leads to a dynamic anchor of
  /// the name that it uses.
  private mutating func dynamicReference(
    _ target: SchemaLibrary.Target, _ place: Place
  ) throws(SchemaError) -> [Instruction] {
    let source = source("$dynamicRef", place)
    guard let anchor = target.anchor,
      library.resources[target.resource].dynamicAnchors[anchor] == target.site
    else {
      let block = try sibling(
        target.site, in: target.resource, from: place.location + "/$dynamicRef")
      return inlined(block, source: source)
    }
    needsDynamicScope = true
    let name = dynamicNames.firstIndex(of: anchor) ?? dynamicNames.count
    if name == dynamicNames.count { dynamicNames.append(anchor) }
    // Which schema will be meant is known only at run time, so a loop is caught there.
    let fallback = child(target.site, in: target.resource)
    return [Instruction(code: .dynamicCall, a: UInt32(name), b: fallback, source: source)]
  }

  /// Dynamic anchors of all resources that have been reached: any of them may be in the scope.
  private mutating func addDynamicTargets() {
    guard !dynamicNames.isEmpty else { return }
    for resource in Set(states.map(\.resource)) {
      for (name, anchor) in dynamicNames.enumerated() {
        let key = Program.DynamicKey(resource: UInt32(resource), anchor: UInt32(name))
        if draft.dynamicTargets[key] == nil,
          let site = library.resources[resource].dynamicAnchors[anchor]
        {
          draft.dynamicTargets[key] = child(site, in: resource)
        }
      }
    }
  }

  // MARK: Faults

  static func malformed(_ keyword: String, _ place: Place, _ expected: String) -> SchemaError {
    SchemaError(.keyword, at: place.location + "/" + keyword, "\(keyword) must be \(expected).")
  }
}

extension Instruction {
  fileprivate var isUnevaluated: Bool {
    code == .unevaluatedItems || code == .unevaluatedProperties
  }
}
