import RecordSchema
import TransparencyLog

/// What stands in the payloads of a thread, corrections included.
///
/// The newest standing correction of a record takes the place of its payload. Where it was erased,
/// nobody can tell what it put there, so the record counts as erased.
struct ClockReading {
  /// What is found in a payload.
  enum Found {
    case value(JSONNode)
    case absent
    /// The payload was erased.
    case erased
  }

  /// Whether something holds.
  enum Answer {
    case yes, no
    /// The payload was erased.
    case unknown
  }

  private var documents: [RecordID: JSONDocument] = [:]

  /// The kinds whose payloads rules look into.
  static func kinds(of rules: [ClockRule]) -> Set<String> {
    // What a reminder rests on is always read, and corrections may be of anything.
    var kinds: Set<String> = [KindName.noticeRemind, KindName.recordCorrect]
    for rule in rules where rule.isOn && rule.isMeasured {
      guard let start = rule.start else { continue }
      if !rule.opening.isEmpty { kinds.formUnion(ThreadRules.openings) }
      var readsStart = !start.conditions.isEmpty || start.time != .header || rule.follows != nil
      if case .date = rule.limit { readsStart = true }
      if readsStart { kinds.insert(start.kind) }
      for stop in rule.stop where stop.time != .header || !stop.match.conditions.isEmpty {
        kinds.insert(stop.match.kind)
      }
      for cancel in rule.cancel where !cancel.conditions.isEmpty { kinds.insert(cancel.kind) }
    }
    return kinds
  }

  /// Parses what rules look into. `acts` are the standing ones, in the thread's order.
  init(_ acts: [ThreadEntry], payloads: [RecordID: [UInt8]], kinds: Set<String>) {
    var corrections: [RecordID: [RecordID]] = [:]
    for act in acts where act.kind == KindName.recordCorrect {
      if let target = act.replyTo { corrections[target, default: []].append(act.id) }
    }
    for act in acts where kinds.contains(act.kind) && act.kind != KindName.recordCorrect {
      let bytes = Self.current(
        payloads[act.id], kind: act.kind, corrections: corrections[act.id] ?? [], payloads)
      documents[act.id] = bytes.flatMap { try? JSONDocument(parsing: $0) }
    }
  }

  /// A record's payload as its corrections, the newest last, leave it. All of them are of one log,
  /// so their order is the same wherever one looks. What claims to be of another kind corrects
  /// nothing.
  private static func current(
    _ payload: [UInt8]?, kind: String, corrections: [RecordID], _ payloads: [RecordID: [UInt8]]
  ) -> [UInt8]? {
    for correction in corrections.reversed() {
      guard let root = payloads[correction].flatMap({ try? JSONDocument(parsing: $0) })?.root
      else { return nil }
      if let schema = root["schema"]?.string, schema.utf8.starts(with: "\(kind)/".utf8) {
        return root["payload"]?.string.flatMap(CanonicalBase64.decode)
      }
    }
    return payload
  }

  func find(_ pointer: String, in record: RecordID) -> Found {
    guard let document = documents[record] else { return .erased }
    var node = document.root
    for token in pointer.utf8.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false) {
      guard let next = Self.step(node, String(decoding: token, as: UTF8.self)) else {
        return .absent
      }
      node = next
    }
    return .value(node)
  }

  private static func step(_ node: JSONNode, _ token: String) -> JSONNode? {
    switch node.kind {
    case .object: return node[unescaped(token)]
    case .array:
      guard let index = Int(token), String(index) == token else { return nil }
      return node[index]
    case .null, .bool, .number, .string: return nil
    }
  }

  /// `~1` is a slash, `~0` a tilde.
  private static func unescaped(_ token: String) -> String {
    var (bytes, isEscape): ([UInt8], Bool) = ([], false)
    for byte in token.utf8 {
      switch (isEscape, byte) {
      case (false, UInt8(ascii: "~")): isEscape = true
      case (false, _): bytes.append(byte)
      case (true, _):
        bytes.append(UInt8(ascii: byte == UInt8(ascii: "1") ? "/" : "~"))
        isEscape = false
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func holds(_ conditions: [ClockCondition], of record: RecordID) -> Answer {
    for condition in conditions {
      switch find(condition.pointer, in: record) {
      case .erased: return .unknown
      case .absent: if !condition.values.contains(.absent) { return .no }
      case .value(let node):
        if !condition.values.contains(where: { $0.equals(node) }) { return .no }
      }
    }
    return .yes
  }
}

extension ClockValue {
  fileprivate func equals(_ node: JSONNode) -> Bool {
    switch self {
    case .text(let text): node.utf8.map { $0.elementsEqual(text.utf8) } ?? false
    case .flag(let flag): node.bool == flag
    case .absent: false
    }
  }
}
