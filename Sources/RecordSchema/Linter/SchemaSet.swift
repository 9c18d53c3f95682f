/// The documents of one run: what each schema says, and where references lead.
struct SchemaSet {
  private(set) var documents: [LintDocument] = []
  /// All schemas of all documents, in document order.
  private(set) var places: [SchemaPlace] = []
  private(set) var facts: [SchemaSite: SchemaFacts] = [:]
  private(set) var library = SchemaLibrary()
  /// Whether everything can be compiled, as far as is known before trying.
  private(set) var isCompilable = true
  /// URIs of documents that could not be read: references to them are not told of.
  private var unreadable: Set<String> = []
  /// Where schemas stand.
  private var sites: Set<SchemaSite> = []
  /// Patterns that were met, and whether each bounds the text; nil for what cannot be used.
  private var patterns: [String: PatternVerdict] = [:]
  /// Documents of the set, by their number in the library.
  private var numberInSet: [Int: Int] = [:]

  /// The specification's own meta-schema. Where it were unusable every document would be told.
  private static let metaSchema = try? CompiledSchema(
    SchemaDialect.standardURI, in: SchemaLibrary())

  init(_ sources: [SchemaSource], _ issues: inout IssueList) {
    let meta = Self.metaSchema
    var paths: Set<String> = []
    for source in sources where !source.path.utf8.starts(with: "meta/".utf8) {
      switch SchemaRole.of(source.path) {
      case .failure(let misplaced): issues.add(misplaced.rule, source.path, "")
      case .success(let role):
        guard paths.insert(source.path).inserted else {
          issues.add(.path, source.path, "")
          continue
        }
        read(source, as: role, by: meta, &issues)
      }
    }
    for document in documents {
      let own = document.places
      places += own
      addToLibrary(document, own, &issues)
    }
    sites = Set(places.map(\.site))
    for place in places { read(place, &issues) }
  }

  private mutating func read(
    _ source: SchemaSource, as role: SchemaRole, by meta: CompiledSchema?,
    _ issues: inout IssueList
  ) {
    let document = LintDocument.read(
      source, as: role, number: documents.count, by: meta, &issues)
    if let document { documents.append(document) } else { giveUp(on: source) }
  }

  private mutating func giveUp(on source: SchemaSource) {
    unreadable.insert(source.uri)
    isCompilable = false
  }

  // MARK: Identity

  /// A document that is not what it should be called is kept out: it might take another's name.
  private mutating func addToLibrary(
    _ document: LintDocument, _ own: [SchemaPlace], _ issues: inout IssueList
  ) {
    let root = document.parsed.root
    var isSound = true
    if root["$schema"]?.string != SchemaDialect.standardURI {
      issues.add(.dialect, document.path, "/$schema")
      isSound = false
    }
    if root["$id"]?.string != document.source.uri {
      issues.add(.identifier, document.path, "/$id")
      isSound = false
    }
    for place in own {
      for (name, _) in place.node.members {
        let isAllowed =
          LintKeyword(rawValue: name)?.isAllowed(at: place.position, of: document.role) ?? false
        if isAllowed { continue }
        let isBag = name == "patternProperties" || name == "propertyNames"
        issues.add(isBag ? .bag : .keyword, place, name)
        // `$id` inside, anchors: they would be found by other documents.
        if name.utf8.first == UInt8(ascii: "$") { isSound = false }
      }
    }
    guard isSound else { return giveUp(on: document.source) }
    do throws(SchemaError) {
      let number = library.documents.count
      try library.add(document.parsed, at: document.source.uri)
      numberInSet[number] = document.number
    } catch {
      issues.add(issue(error))
      giveUp(on: document.source)
    }
  }

  // MARK: Facts

  private mutating func read(_ place: SchemaPlace, _ issues: inout IssueList) {
    let node = place.node
    for keyword in ["additionalProperties", "unevaluatedProperties"] {
      if let value = node[keyword], value.bool != false { issues.add(.openObject, place, keyword) }
    }
    if let format = node["format"]?.string, Format(rawValue: format) == nil {
      issues.add(.format, place, "format")
    }
    let boundsText = judgePattern(place, &issues) || node["maxLength"] != nil
    var facts = SchemaFacts(place, boundsText: boundsText)
    if let text = node["$ref"]?.string { facts.reference = resolve(text, place, &issues) }
    self.facts[place.site] = facts
  }

  /// Whether a schema's pattern bounds the text. Notes what is wrong with it.
  private mutating func judgePattern(_ place: SchemaPlace, _ issues: inout IssueList) -> Bool {
    guard let source = place.node["pattern"]?.string else { return false }
    guard patterns.count < SchemaLinter.patternLimit || patterns[source] != nil else {
      isCompilable = false
      issues.add(.tooLarge, place.path, "")
      return true
    }
    let verdict = patterns[source] ?? PatternVerdict(source)
    patterns[source] = verdict
    if let error = verdict.error {
      isCompilable = false
      issues.add(
        SchemaIssue(
          document: place.path, pointer: place.pointer(["pattern"]),
          rule: SchemaError.Code.pattern.rawValue, Sentence(error.english, error.chinese)))
    } else if let objection = verdict.objection {
      issues.add(
        SchemaIssue(
          document: place.path, pointer: place.pointer(["pattern"]),
          rule: LintRule.pattern.rawValue, Sentence(objection.english, objection.chinese)))
    }
    return verdict.boundsText
  }

  private mutating func resolve(
    _ text: String, _ place: SchemaPlace, _ issues: inout IssueList
  ) -> SchemaFacts.Reference {
    let reference = URIReference(text)
    guard text.utf8.starts(with: "urn:sanxiang:".utf8) else {
      issues.add(.reference, place, "$ref")
      isCompilable = false
      return .opaque
    }
    if unreadable.contains(reference.withoutFragment.text) { return .opaque }
    guard let target = library.target(of: reference), let number = numberInSet[target.site.document]
    else {
      isCompilable = false
      let error = SchemaError(.unresolvedReference, at: "", "")
      issues.add(
        SchemaIssue(
          document: place.path, pointer: place.pointer(["$ref"]), rule: error.code.rawValue,
          error.sentence))
      return .opaque
    }
    let site = SchemaSite(document: number, index: target.site.index)
    // A pointer may also lead to where no keyword leads, such as into an `enum`.
    guard sites.contains(site) else {
      issues.add(.reference, place, "$ref")
      return .opaque
    }
    return .leads(site)
  }

  // MARK: Errors of the engine

  /// An error of the engine as a place of one of the documents.
  func issue(_ error: SchemaError) -> SchemaIssue {
    let reference = URIReference(error.location)
    let uri = reference.withoutFragment.text
    let document = documents.first { $0.source.uri == uri }
    return SchemaIssue(
      document: document?.path ?? "", pointer: document == nil ? "" : reference.fragment ?? "",
      rule: error.code.rawValue, error.sentence)
  }
}
