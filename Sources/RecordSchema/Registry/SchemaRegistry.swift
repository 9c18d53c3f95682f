/// The record schemas that a node can read, by name and version, compiled.
///
/// The documents of `schemas/` are the contract; the programs carry them verbatim, so a node
/// cannot be made to read others by changing a file. A record is dispatched by the name in its
/// header, never by trying one kind after the other.
public struct SchemaRegistry: Sendable {
  /// No verdict holds more violations than this, unless more are asked for.
  public static let violationLimit = 100

  /// What a payload may cost: 1 MiB, 32 levels.
  public static let payloadLimits = JSONDocument.Limits()

  /// One version of one kind.
  public struct Entry: Sendable {
    /// What stands in a header's `schema`.
    public let name: SchemaName
    /// What the kind is called.
    public let title: BilingualText
    /// What it is for.
    public let summary: BilingualText
    /// The document, verbatim.
    public let document: JSONDocument

    let schema: CompiledSchema
    let rules: [PayloadRules.Rule]
  }

  /// The documents that were given and are part of the contract.
  public let sources: [SchemaSource]
  /// All schemas, by kind and then version.
  public let entries: [Entry]
  private let positions: [String: Int]

  /// The schemas that come with this version of the program.
  public static let builtIn: SchemaRegistry = {
    do throws(SchemaError) {
      return try SchemaRegistry(SchemaSource.builtIn)
    } catch {
      // A test compiles what is embedded, which nothing can change afterwards.
      preconditionFailure("an embedded schema is unusable: \(error)")
    }
  }()

  /// Compiles the record schemas among documents that are given by their paths under `schemas/`.
  ///
  /// Throws ``SchemaError`` for the first that cannot be used.
  public init(_ sources: [SchemaSource]) throws(SchemaError) {
    self.sources = sources.filter(\.isContract)
    var library = SchemaLibrary()
    for source in self.sources { try library.add(source.bytes, at: source.uri) }
    var entries: [Entry] = []
    for source in sources {
      guard let name = source.schemaName else { continue }
      entries.append(try Self.entry(name, source, library))
    }
    entries.sort { $0.name < $1.name }
    self.entries = entries
    self.positions = Dictionary(
      entries.enumerated().map { ($1.name.description, $0) }, uniquingKeysWith: { $1 })
  }

  private static func entry(
    _ name: SchemaName, _ source: SchemaSource, _ library: SchemaLibrary
  ) throws(SchemaError) -> Entry {
    let schema = try CompiledSchema(source.uri, in: library, assertsFormats: true)
    let document = try library.document(of: source.uri)
    let root = document.root
    return Entry(
      name: name, title: BilingualText(of: root, "title"),
      summary: BilingualText(of: root, "description"), document: document, schema: schema,
      rules: PayloadRules.rules(of: name))
  }

  // MARK: What is here

  /// Names of all schemas, in byte order: what a node announces.
  public var readable: [String] {
    entries.map(\.name.description).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a schema of that name is here.
  public func canRead(_ schema: String) -> Bool { positions[schema] != nil }

  /// The schema of that name, for example `lead.transfer/1`.
  public func entry(_ schema: String) -> Entry? { positions[schema].map { entries[$0] } }

  /// The schemas of a kind that are here and, where `announced` is given, there too; the highest
  /// version first.
  public func versions(of kind: String, readBy announced: Set<String>? = nil) -> [String] {
    entries.reversed().filter { $0.name.kind.utf8.elementsEqual(kind.utf8) }
      .map(\.name.description).filter { announced?.contains($0) ?? true }
  }

  // MARK: Checking

  /// Judges payload bytes: strict JSON first, then every rule of the schema, then the kind's rules
  /// that no schema can say.
  ///
  /// Depends on nothing but its arguments: no clock, no locale. A valid payload costs one
  /// allocation, for the parse, unless it has escaped text.
  ///
  /// - Parameters:
  ///   - asOf: the day of the record, in Beijing: no birth date may lie after it.
  ///   - limit: how many violations to tell at most.
  public func check(
    schema: String, payload: [UInt8], asOf: CalendarDate?, limit: Int = violationLimit
  ) -> PayloadVerdict {
    guard let position = positions[schema] else { return .unknownSchema }
    let entry = entries[position]
    return payload.withUnsafeBufferPointer { buffer in
      do throws(JSONError) {
        let tape = try JSONDocument.tape(buffer, profile: .record, limits: Self.payloadLimits)
        // What parsed has at least one byte, so its array has an address.
        return tape.withView(over: buffer.baseAddress.unsafelyUnwrapped) { view in
          verdict(of: entry, on: view, asOf, limit)
        }
      } catch {
        return .invalid([Violation(error)])
      }
    }
  }

  /// The byte at which a payload stops being the strict JSON that is asked for, if that is what
  /// a verdict of ``check(schema:payload:asOf:limit:)`` says of it. Reads the payload again.
  public static func offset(of broken: [Violation], in payload: [UInt8]) -> Int? {
    guard let first = broken.first, first.rule.hasPrefix("json.") else { return nil }
    do throws(JSONError) {
      _ = try JSONDocument(parsing: payload, limits: payloadLimits)
      return nil
    } catch {
      return error.offset
    }
  }

  /// First whether, and only if need be what: a valid payload pays for no report.
  private func verdict(
    of entry: Entry, on view: JSONView, _ asOf: CalendarDate?, _ limit: Int
  ) -> PayloadVerdict {
    guard entry.schema.isValid(view, asOf) else {
      return .invalid(entry.schema.violations(view, asOf, limit: limit))
    }
    let setting = PayloadRules.Setting(registry: self, asOf: asOf)
    let broken = entry.rules.compactMap { $0(view, setting) }
    return broken.isEmpty ? .valid : .invalid(broken)
  }
}

/// What a registry says of a payload.
public enum PayloadVerdict: Hashable, Sendable {
  /// It keeps every rule of its schema.
  case valid
  /// It breaks these rules: at least one, at most as many as were asked for.
  case invalid([Violation])
  /// The registry holds no schema of that name.
  case unknownSchema
}

/// What lists show of a lead without opening it.
public struct LeadFacts: Hashable, Sendable {
  /// 线索名称.
  public let title: String
  /// 移送文号.
  public let docNo: String
}

extension SchemaRegistry {
  /// The title and document number of a payload that has both, such as a lead or a letter; nil
  /// for others. Does not judge the rest: ``check(schema:payload:asOf:limit:)`` does.
  public func facts(schema: String, payload: [UInt8]) -> LeadFacts? {
    guard canRead(schema),
      let document = try? JSONDocument(parsing: payload, limits: Self.payloadLimits),
      let title = document.root["title"]?.string, let docNo = document.root["docNo"]?.string
    else { return nil }
    return LeadFacts(title: title, docNo: docNo)
  }
}
