/// What one schema object says, read once, so that judging it needs no look at the document.
struct SchemaFacts {
  /// How a schema keeps members out that it does not list.
  enum Closure {
    case open
    /// `additionalProperties: false`: against its own `properties`.
    case additional
    /// `unevaluatedProperties: false`: against all that applies to the same object.
    case unevaluated
    /// One of the two with anything but `false`: told where it stands, and not again.
    case told
  }

  /// Where `$ref` leads.
  enum Reference: Equatable {
    case none
    case leads(SchemaSite)
    /// To something that is told of elsewhere: nothing can be said about what it allows.
    case opaque
  }

  let place: SchemaPlace
  /// Of the schema `true` or `false`.
  let verdict: Bool?
  /// Types by `type`, `integer` counting as `number`; nil where it says nothing.
  let types: TypeSet?
  /// `enum` or `const` of values that hold no others.
  let isFinite: Bool
  /// `maxLength`, or a pattern of bounded length.
  let boundsText: Bool
  let boundsNumber: (below: Bool, above: Bool)
  let boundsItems: Bool
  let items: SchemaSite?
  let prefix: [SchemaSite]
  let closure: Closure
  let properties: [(name: String, site: SchemaSite)]
  /// Text in the record profile is in NFC, so that Swift's `==` tells names apart as bytes do.
  let siteByName: [String: SchemaSite]
  /// Whether anything but `$ref` says something about values.
  let isPlainReference: Bool
  let allOf: [SchemaSite]
  /// Alternatives: branches of which one holds at least. nil stands for a branch that is not there
  /// (`then` without `else`).
  let groups: [[SchemaSite?]]
  /// `if`, which also counts as having looked at what it holds of.
  let condition: SchemaSite?
  /// `not`.
  let negation: SchemaSite?
  let dependents: [SchemaSite]
  var reference = Reference.none

  /// Subschemas that apply to the same value and refuse what they do not hold of.
  var inPlace: [SchemaSite] { allOf + groups.joined().compactMap { $0 } + dependents }

  init(_ place: SchemaPlace, boundsText: Bool) {
    let node = place.node
    let site = { (node: JSONNode) in SchemaSite(document: place.site.document, index: node.index) }
    let sites = { (keyword: String) -> [SchemaSite] in
      node[keyword]?.elements.filter(\.isSchema).map(site) ?? []
    }
    let one = { (keyword: String) in node[keyword].flatMap { $0.isSchema ? site($0) : nil } }
    self.place = place
    verdict = node.bool
    types = Self.types(node["type"])
    isFinite = Self.isFinite(node)
    self.boundsText = boundsText
    boundsNumber = (
      node["minimum"] != nil || node["exclusiveMinimum"] != nil,
      node["maximum"] != nil || node["exclusiveMaximum"] != nil
    )
    boundsItems = node["maxItems"] != nil
    items = one("items")
    prefix = sites("prefixItems")
    closure = Self.closure(node)
    properties =
      node["properties"]?.members.filter(\.value.isSchema).map { ($0.key, site($0.value)) } ?? []
    siteByName = Dictionary(properties.map { ($0.name, $0.site) }, uniquingKeysWith: { $1 })
    isPlainReference =
      node["$ref"] != nil
      && node.members.allSatisfy { member in
        member.key == "$ref" || LintKeyword(rawValue: member.key)?.isAnnotation ?? false
      }
    allOf = sites("allOf")
    groups =
      [sites("anyOf"), sites("oneOf")].filter { !$0.isEmpty }
      + (node["if"] == nil ? [] : [[one("then"), one("else")]])
    condition = one("if")
    negation = one("not")
    dependents =
      node["dependentSchemas"]?.members.filter(\.value.isSchema).map { site($0.value) } ?? []
  }

  private static func types(_ value: JSONNode?) -> TypeSet? {
    guard let value else { return nil }
    var set = TypeSet([])
    for name in value.kind == .array ? Array(value.elements) : [value] {
      let text = name.string == "integer" ? "number" : name.string
      if let known = TypeSet.named.first(where: { $0.name == text }) { set.formUnion(known.set) }
    }
    return set
  }

  private static func isFinite(_ node: JSONNode) -> Bool {
    let isScalar = { (value: JSONNode) in value.kind != .array && value.kind != .object }
    if let value = node["const"] { return isScalar(value) }
    guard let list = node["enum"] else { return false }
    return list.elements.allSatisfy(isScalar)
  }

  private static func closure(_ node: JSONNode) -> Closure {
    let additional = node["additionalProperties"]
    let unevaluated = node["unevaluatedProperties"]
    if additional?.bool == false { return .additional }
    if unevaluated?.bool == false { return .unevaluated }
    return additional == nil && unevaluated == nil ? .open : .told
  }
}
