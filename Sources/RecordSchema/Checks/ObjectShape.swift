/// Judges one value: notes what is wrong with it, and returns early once that is settled.
typealias Check = @Sendable (_ view: JSONView, _ index: Int, _ findings: inout Findings) -> Void

/// One member that an object may have.
struct Field: Sendable {
  let name: StaticString
  let isRequired: Bool
  let check: Check

  static func required(_ name: StaticString, _ check: @escaping Check) -> Field {
    Field(name: name, isRequired: true, check: check)
  }

  static func optional(_ name: StaticString, _ check: @escaping Check) -> Field {
    Field(name: name, isRequired: false, check: check)
  }
}

/// A closed object: its members, and a rule over several of them.
struct ObjectShape: Sendable {
  let fields: [Field]
  private let requiredMask: UInt64
  private let whole: Check?

  /// At most 64 fields, the shapes being written by hand.
  init(_ fields: [Field], whole: Check? = nil) {
    precondition(fields.count <= 64)
    self.fields = fields
    self.whole = whole
    self.requiredMask = fields.indices.reduce(0) { mask, index in
      fields[index].isRequired ? mask | 1 << UInt64(index) : mask
    }
  }

  func check(_ view: JSONView, _ index: Int, _ findings: inout Findings) {
    guard view.kind(index) == .object else {
      findings.fail(view, index, .type(.object))
      return
    }
    var seen: UInt64 = 0
    var expected = 0
    var key = index + 1
    let end = view.next(index)
    while key < end {
      if let position = position(of: key, from: expected, view) {
        seen |= 1 << UInt64(position)
        expected = position + 1
        fields[position].check(view, key + 1, &findings)
      } else {
        findings.fail(view, key + 1, .additionalProperties)
      }
      if findings.isSettled { return }
      key = view.next(key + 1)
    }
    let missing = requiredMask & ~seen
    if missing != 0 {
      for position in fields.indices where missing & 1 << UInt64(position) != 0 {
        let name = fields[position].name
        findings.fail(view, index, .required(name), missing: name)
      }
    }
    if let whole, !findings.isSettled { whole(view, index, &findings) }
  }

  /// Members mostly come in the schema's order: the search starts behind the last one found.
  @inline(__always)
  private func position(of key: Int, from expected: Int, _ view: JSONView) -> Int? {
    for position in expected..<fields.count where view.equals(key, fields[position].name) {
      return position
    }
    for position in 0..<expected where view.equals(key, fields[position].name) {
      return position
    }
    return nil
  }
}
