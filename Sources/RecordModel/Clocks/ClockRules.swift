public import Cryptography
import RecordSchema

/// A clocks file: the time limits of a federation. docs/clocks.md has the format.
public struct ClockRules: Hashable, Sendable {
  /// Most bytes of a file.
  public static let byteLimit = 1 << 20
  /// Most rules of a file.
  public static let ruleLimit = 500
  /// Where the file that comes with the program stands under schemas/.
  static let path = "clocks.json"

  /// The file as it stands.
  public let bytes: [UInt8]
  /// Its digest, by which a directory names it.
  public let digest: Digest
  /// What it is called, in English.
  public let title: String
  /// The same in Chinese.
  public let titleZH: String
  /// The rules, in the file's order.
  public let rules: [ClockRule]

  private let places: [String: Int]

  /// Reads a file.
  /// - Throws: `RecordModelError` with `.clockRulesInvalid`, the place in `field` and message.
  public init(parsing bytes: [UInt8], suite: Suite) throws(RecordModelError) {
    let root = try ClockObject.root(bytes, limit: Self.byteLimit, code: .clockRulesInvalid)
    try root.allow(["v", "title", "titleZH", "rules"])
    _ = try root.integer("v", 1...1)
    title = try root.text("title", length: 1...200)
    titleZH = try root.text("titleZH", length: 1...200)
    var rules: [ClockRule] = []
    var places: [String: Int] = [:]
    for (place, object) in try root.objects("rules", 1...Self.ruleLimit).enumerated() {
      let rule = try ClockRule(object)
      guard places.updateValue(place, forKey: rule.id) == nil else {
        throw object.problem("id", "stands for two rules")
      }
      rules.append(rule)
    }
    self.rules = rules
    self.places = places
    self.bytes = bytes
    digest = suite.digest(bytes)
  }

  /// The rule of that id; nil where there is none.
  public func rule(_ id: String) -> ClockRule? { places[id].map { rules[$0] } }

  /// The rule of that id, which must be there.
  /// - Throws: `RecordModelError` with `.clockRulesUnknown`.
  public func known(_ id: String) throws(RecordModelError) -> ClockRule {
    guard let rule = rule(id) else {
      throw RecordModelError(.clockRulesUnknown, "The clocks file has no rule of that id.")
    }
    return rule
  }

  /// Same bytes, same rules.
  public static func == (first: ClockRules, second: ClockRules) -> Bool {
    first.bytes == second.bytes && first.digest == second.digest
  }

  /// Feeds the digest to the hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension ClockRules {
  /// The rules that come with the program.
  public static let builtIn: ClockRules = {
    guard let source = SchemaSource.builtInClocks.first(where: { $0.path == path }) else {
      // A test reads what is embedded, which nothing can change afterwards.
      preconditionFailure("no clocks file is embedded")
    }
    do throws(RecordModelError) {
      return try ClockRules(parsing: source.bytes, suite: .sha256Ed25519)
    } catch {
      // As above.
      preconditionFailure("the embedded clocks file is unusable: \(error)")
    }
  }()
}
