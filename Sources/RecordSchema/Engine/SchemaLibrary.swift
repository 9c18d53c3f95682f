/// Schema documents by URI: what references resolve against. Nothing is ever fetched.
///
/// A value: adding a document to a copy leaves the original as it was.
public struct SchemaLibrary: Sendable {
  /// What a schema document may cost: 16 MiB, 128 levels.
  public static let documentLimits = JSONDocument.Limits(depth: 128, size: 16 << 20)

  private(set) var documents: [JSONDocument] = []
  private(set) var resources: [SchemaResource] = []
  /// Resource by absolute URI without fragment. A document is found under the URI at which it was
  /// added and under its own `$id`.
  ///
  /// Keyed by bytes: Swift takes canonically equivalent texts for one.
  private var resourceByURI: [[UInt8]: Int] = [:]
  /// Every subschema that the specification's keywords lead to.
  private var standingBySite: [SchemaSite: Standing] = [:]

  /// The resource that a subschema belongs to, and where in it that stands.
  private struct Standing {
    let resource: Int
    let pointer: String
  }

  /// A library that knows the specification's own meta-schemas.
  public init() { self = EmbeddedSchemas.metaSchemas }

  /// A library without any schema.
  init(empty: ()) {}

  /// Adds a document under a URI and under every `$id` in it.
  ///
  /// Throws ``SchemaError``: not strict JSON, not a schema, an identifier that is taken, or a
  /// dialect that is not known.
  public mutating func add(_ bytes: [UInt8], at uri: String) throws(SchemaError) {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(
        parsing: bytes, profile: .general, limits: Self.documentLimits)
    } catch {
      throw SchemaError(.json, at: uri, error.description)
    }
    try add(document, at: uri)
  }

  /// Adds a document that has been parsed already. See ``add(_:at:)-([UInt8],_)``.
  public mutating func add(_ document: JSONDocument, at uri: String) throws(SchemaError) {
    guard document.root.isSchema else {
      throw SchemaError(.keyword, at: uri, "A schema must be an object or a boolean.")
    }
    var trial = self
    trial.documents.append(document)
    let retrieval = URIReference(uri).withoutFragment
    let opened = try trial.open(document.root, retrieval, within: .standard)
    var pending = [(document.root, Standing(resource: opened, pointer: ""))]
    while let (node, standing) = pending.popLast() {
      let site = SchemaSite(document: documents.count, index: node.index)
      trial.standingBySite[site] = standing
      try trial.noteAnchors(of: node, at: site, in: standing.resource)
      for (tokens, child) in SubschemaPlaces.of(node).reversed() {
        guard child.hasIdentifier else {
          let pointer = tokens.reduce(standing.pointer) { $0 + "/" + JSONPointer.escape($1) }
          pending.append((child, Standing(resource: standing.resource, pointer: pointer)))
          continue
        }
        let outer = trial.resources[standing.resource]
        let inner = try trial.open(child, outer.uri, within: outer.dialect)
        pending.append((child, Standing(resource: inner, pointer: "")))
      }
    }
    try trial.register(retrieval, as: opened, at: uri)
    self = trial
  }

  private mutating func open(
    _ node: JSONNode, _ base: URIReference, within outer: SchemaDialect
  ) throws(SchemaError) -> Int {
    var uri = base
    if let id = node.kind == .object ? node["$id"] : nil {
      guard let text = id.string else {
        throw SchemaError(.keyword, at: base.text, "$id must be a string.")
      }
      let reference = URIReference(text)
      guard reference.fragment?.isEmpty ?? true else {
        throw SchemaError(.keyword, at: base.text, "$id must not have a fragment.")
      }
      uri = reference.resolved(against: base).withoutFragment
    }
    let dialect = try dialect(of: node, at: uri, within: outer)
    resources.append(
      SchemaResource(
        uri: uri, root: SchemaSite(document: documents.count - 1, index: node.index),
        dialect: dialect))
    try register(uri, as: resources.count - 1, at: uri.text)
    return resources.count - 1
  }

  private mutating func register(
    _ uri: URIReference, as resource: Int, at location: String
  ) throws(SchemaError) {
    let key = Array(uri.text.utf8)
    if let other = resourceByURI[key], other != resource {
      throw SchemaError(.duplicateIdentifier, at: location, "Another schema has this URI.")
    }
    resourceByURI[key] = resource
  }

  /// A resource that says nothing of its dialect has that of the resource around it.
  private func dialect(
    of node: JSONNode, at uri: URIReference, within outer: SchemaDialect
  ) throws(SchemaError) -> SchemaDialect {
    guard node.kind == .object, let name = node["$schema"] else { return outer }
    guard let text = name.string else {
      throw SchemaError(.keyword, at: uri.text, "$schema must be a string.")
    }
    let meta = URIReference(text).withoutFragment
    if meta.text == SchemaDialect.standardURI { return .standard }
    // A meta-schema may describe itself.
    let own = meta.text.utf8.elementsEqual(uri.text.utf8) ? node : nil
    let other = resourceByURI[Array(meta.text.utf8)].map { self.node(at: resources[$0].root) }
    guard let description = own ?? other else {
      throw SchemaError(.dialect, at: uri.text, "$schema names a meta-schema that is not here.")
    }
    do throws(SchemaDialect.UnknownVocabulary) {
      return try .described(by: description["$vocabulary"])
    } catch {
      throw SchemaError(
        .dialect, at: uri.text, "The meta-schema requires a vocabulary that is not known here.")
    }
  }

  private mutating func noteAnchors(
    of node: JSONNode, at site: SchemaSite, in resource: Int
  ) throws(SchemaError) {
    guard node.kind == .object else { return }
    for keyword in ["$anchor", "$dynamicAnchor"] {
      guard let value = node[keyword] else { continue }
      let location = resources[resource].uri.text
      guard let name = value.string, Self.isAnchor(name.utf8) else {
        throw SchemaError(
          .keyword, at: location,
          "\(keyword) must be a letter or _, then letters, digits, -, _ and full stops.")
      }
      if let other = resources[resource].anchors[name], other != site {
        throw SchemaError(.duplicateIdentifier, at: location, "Two subschemas have one anchor.")
      }
      resources[resource].anchors[name] = site
      if keyword == "$dynamicAnchor" { resources[resource].dynamicAnchors[name] = site }
    }
  }

  private static func isAnchor(_ name: String.UTF8View) -> Bool {
    guard let first = name.first, isLetter(first) else { return false }
    return name.allSatisfy { byte in
      isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: ".")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
  }

  // MARK: Looking up

  func node(at site: SchemaSite) -> JSONNode {
    JSONNode(storage: documents[site.document].storage, index: site.index)
  }

  /// The resource that a subschema belongs to, where a keyword of the specification leads to it.
  func resource(of site: SchemaSite) -> Int? { standingBySite[site]?.resource }

  /// Where a schema stands that is looked at as part of a resource: URI, `#`, JSON Pointer.
  func location(of site: SchemaSite, in resource: Int) -> String {
    let (uri, root) = (resources[resource].uri.text, resources[resource].root)
    if let standing = standingBySite[site], standing.resource == resource {
      return uri + "#" + standing.pointer
    }
    let outer = node(at: root).pointer.unicodeScalars.count
    return uri + "#" + String(node(at: site).pointer.unicodeScalars.dropFirst(outer))
  }

  /// URIs of all resources, in the order in which they were added.
  public var uris: [String] { resources.map(\.uri.text) }

  /// What an absolute reference leads to.
  struct Target {
    let site: SchemaSite
    let resource: Int
    /// The anchor that the fragment names, where it names one.
    let anchor: String?
  }

  /// The schema behind an absolute reference; nil when there is none.
  func target(of reference: URIReference) -> Target? {
    let key = Array(reference.withoutFragment.text.utf8)
    guard let resource = resourceByURI[key] else { return nil }
    let root = resources[resource].root
    guard let raw = reference.fragment, !raw.isEmpty else {
      return Target(site: root, resource: resource, anchor: nil)
    }
    guard let fragment = URIReference.decodedFragment(raw) else { return nil }
    if fragment.utf8.first != UInt8(ascii: "/") {
      return resources[resource].anchors[fragment].map {
        Target(site: $0, resource: resource, anchor: fragment)
      }
    }
    guard let node = Self.follow(fragment, from: node(at: root)), node.isSchema else {
      return nil
    }
    let site = SchemaSite(document: root.document, index: node.index)
    // A pointer may lead into an embedded resource, or to where no keyword leads.
    return Target(site: site, resource: self.resource(of: site) ?? resource, anchor: nil)
  }

  /// RFC 6901.
  private static func follow(_ pointer: String, from root: JSONNode) -> JSONNode? {
    var node = root
    // By scalars: a name may begin with a mark that combines with the slash before it.
    let tokens = pointer.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
    for token in tokens.dropFirst().map(Substring.init) {
      guard let name = JSONPointer.unescape(token) else { return nil }
      switch node.kind {
      case .object:
        guard let member = node[name] else { return nil }
        node = member
      case .array:
        guard let position = JSONPointer.position(name), let element = node[position] else {
          return nil
        }
        node = element
      default: return nil
      }
    }
    return node
  }
}

extension JSONNode {
  fileprivate var hasIdentifier: Bool { kind == .object && self["$id"] != nil }
}

extension JSONPointer {
  /// A reference token as the member name it stands for: `~1` is `/`, `~0` is `~`; nil where a
  /// tilde stands before anything else.
  fileprivate static func unescape(_ token: Substring) -> String? {
    var out = String.UnicodeScalarView()
    var isEscape = false
    for scalar in token.unicodeScalars {
      switch (isEscape, scalar) {
      case (false, "~"):
        isEscape = true
        continue
      case (true, "0"): out.append("~")
      case (true, "1"): out.append("/")
      case (true, _): return nil
      case (false, _): out.append(scalar)
      }
      isEscape = false
    }
    return isEscape ? nil : String(out)
  }

  /// An array index: digits alone, without leading zeros.
  fileprivate static func position(_ token: String) -> Int? {
    guard token.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      token.utf8.first != 0x30 || token.utf8.count == 1
    else { return nil }
    return Int(token)
  }
}

extension SchemaLibrary {
  /// The document that holds the schema with this URI.
  func document(of uri: String) throws(SchemaError) -> JSONDocument {
    guard let target = target(of: URIReference(uri)) else {
      throw SchemaError(.unresolvedReference, at: uri, "There is no schema with this URI.")
    }
    return documents[target.site.document]
  }
}
