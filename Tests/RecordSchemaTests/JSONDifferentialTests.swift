import Foundation
import RecordSchema
import Testing

@Suite("The parser against Foundation's")
struct JSONDifferentialTests {
  private static func foundation(_ bytes: [UInt8]) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
  }

  /// Where two readings of a document part, or nil.
  private static func difference(_ node: JSONNode, _ other: Any) -> String? {
    switch node.kind {
    case .array:
      guard let other = other as? [Any], other.count == node.count else { return node.pointer }
      return zip(node.elements, other).lazy.compactMap { difference($0, $1) }.first
    case .object:
      guard let other = other as? [String: Any], other.count == node.count else {
        return node.pointer
      }
      return node.members.lazy.compactMap { key, value in
        other[key].map { difference(value, $0) } ?? value.pointer
      }.first
    default: return isSameScalar(node, other) ? nil : "\(node.pointer) \(other)"
    }
  }

  private static func isSameScalar(_ node: JSONNode, _ other: Any) -> Bool {
    switch node.kind {
    case .null: return other is NSNull
    case .bool: return node.bool.map { $0 == other as? Bool } ?? false
    case .string:
      guard let other = other as? String, let text = node.string else { return false }
      return text.unicodeScalars.elementsEqual(other.unicodeScalars)
    default:
      // Foundation goes through decimals and may miss the nearest double by a few units in the
      // last place; that ours does not is tested on its own.
      guard let other = (other as? NSNumber)?.doubleValue, let number = node.number else {
        return false
      }
      return abs(other - number) <= 8 * number.ulp
    }
  }

  @Test("reads valid documents as Foundation does", arguments: 1...4)
  func valid(seed: UInt64) throws {
    for isRecord in [true, false] {
      var generator = JSONGenerator(seed: seed &* 1_000_003, isRecord: isRecord)
      for _ in 0..<100 {
        let text = generator.document()
        let other = try #require(Self.foundation(Array(text.utf8)), "\(text)")
        let difference = Self.difference(try parse(text, .general), other)
        #expect(difference == nil, "\(text)")
        guard isRecord else { continue }
        let asRecord = Self.difference(try parse(text), other)
        #expect(asRecord == nil, "\(text)")
      }
    }
  }

  /// Whether a document holds what Foundation refuses although RFC 8259 allows it, as
  /// ``exceptions`` lists it.
  private static func isKnownException(_ node: JSONNode) -> Bool {
    switch node.kind {
    case .array: node.elements.contains(where: isKnownException)
    case .object:
      node.members.contains { $0.key.contains("\u{FFFD}") || isKnownException($0.value) }
    case .string: node.string?.contains("\u{FFFD}") == true
    case .number: node.number == nil
    default: false
    }
  }

  @Test(
    "knows where it takes what Foundation refuses",
    arguments: [
      // The grammar allows half a surrogate pair; the general profile reads it as U+FFFD.
      #"["\ud800"]"#, #"["\udc00"]"#, #"{"\ud800\ud800":1}"#,
      // The grammar bounds no number; whoever asks for a double gets none.
      "[1e400]", "[-1e99999999999999999999]",
      // Foundation's own limit of 512 levels.
      String(repeating: "[", count: 513) + String(repeating: "]", count: 513),
    ])
  func exceptions(text: String) throws {
    #expect(Self.foundation(Array(text.utf8)) == nil)
    _ = try parse(text, .general, limits: .init(depth: 1000))
  }

  @Test("takes nothing that Foundation refuses, but for the known exceptions", arguments: 1...4)
  func mutated(seed: UInt64) {
    var generator = JSONGenerator(seed: seed &* 7_919, isRecord: seed.isMultiple(of: 2))
    var mutator = Mutator(seed: seed)
    var counts = (taken: 0, refused: 0)
    for _ in 0..<250 {
      let bytes = mutator.mutate(Array(generator.document().utf8))
      for profile in [JSONDocument.Profile.general, .record] {
        guard let document = try? JSONDocument(parsing: bytes, profile: profile) else {
          counts.refused += 1
          continue
        }
        counts.taken += 1
        guard let other = Self.foundation(bytes) else {
          let isKnown = profile == .general && Self.isKnownException(document.root)
          #expect(isKnown, "\(String(decoding: bytes, as: UTF8.self))")
          continue
        }
        let difference = Self.difference(document.root, other)
        #expect(difference == nil, "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
    #expect(counts.taken > 20 && counts.refused > 20)
  }
}
