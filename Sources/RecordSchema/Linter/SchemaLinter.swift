/// Keeps record schemas closed: judges documents of `schemas/` by rules that JSON Schema itself
/// does not have, so that no later edit opens a place for what no record may hold.
///
/// Depends on nothing but its argument, never traps, and its work is bounded whatever it is given.
public enum SchemaLinter {
  /// What one document may cost: 128 KiB, 32 levels.
  public static let documentLimits = JSONDocument.Limits(depth: 32, size: 128 << 10)
  /// Bytes of all documents together.
  public static let setLimit = 4 << 20
  /// Different patterns of all documents together.
  public static let patternLimit = 100
  /// Steps of judging; each looks at one schema, or at one member of one.
  public static let stepLimit = 200_000

  /// Everything that is wrong with a set of schema documents, by document and place; empty when
  /// all is well.
  ///
  /// - Parameter documents: the documents by their paths under `schemas/`. Those under `meta/` are
  ///   passed over: the specification's own meta-schemas come with the program.
  public static func lint(_ documents: [SchemaSource]) -> [SchemaIssue] {
    var issues = IssueList()
    guard documents.reduce(0, { $0 + $1.bytes.count }) <= setLimit else {
      issues.add(.tooLarge, documents[0].path, "")
      return issues.sorted
    }
    let set = SchemaSet(documents, &issues)
    OpennessJudge.judge(set, &issues)
    MemberJudge.judge(set, &issues)
    for place in set.places {
      WordingRules.judge(place, &issues)
      BarredNames.judge(place, &issues)
    }
    for document in set.documents {
      BarredNames.judge(document, &issues)
      if document.role.isCodes { CodeListRules.judge(document, &issues) }
    }
    if set.isCompilable, let error = set.compileError { issues.add(set.issue(error)) }
    return issues.sorted
  }
}

extension SchemaSet {
  /// What the engine itself has against the schemas. All are compiled as one, so that what they
  /// share is compiled once.
  var compileError: SchemaError? {
    let uri = "urn:sanxiang:lint"
    let applied = places.filter { $0.position == .definition || isApplied($0) }
    guard !applied.isEmpty else { return nil }
    var writer = JSONWriter()
    writer.object { schema in
      schema.array("prefixItems") { list in
        for place in applied { list.object { $0.member("$ref", reference(to: place)) } }
      }
    }
    do throws(SchemaError) {
      var library = library
      try library.add(writer.bytes, at: uri)
      _ = try CompiledSchema(uri, in: library, assertsFormats: true)
      return nil
    } catch {
      return error
    }
  }

  private func isApplied(_ place: SchemaPlace) -> Bool {
    place.position == .root && !documents[place.site.document].role.isCommon
  }

  /// Everything but letters and digits is percent-encoded, which a fragment always may be.
  private func reference(to place: SchemaPlace) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var out = documents[place.site.document].source.uri + "#"
    for byte in place.pointer.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "/"):
        out.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        out += "%"
        out.unicodeScalars.append(digits[Int(byte >> 4)])
        out.unicodeScalars.append(digits[Int(byte & 15)])
      }
    }
    return out
  }
}
