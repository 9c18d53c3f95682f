/// The building blocks of the hand-written schemas.
enum Checks {
  static func object(_ shape: ObjectShape) -> Check {
    { view, index, findings in shape.check(view, index, &findings) }
  }

  /// Text of `bounds` code points on one line, or on several where `lines` is true, that is not
  /// blank and hides nothing from its reader.
  static func text(_ bounds: ClosedRange<Int>, lines: Bool = false) -> Check {
    { view, index, findings in
      guard isString(view, index, &findings) else { return }
      view.withText(index) { text in
        let survey = TextScalars.survey(text)
        if survey.count < bounds.lowerBound {
          findings.fail(view, index, .minLength(bounds.lowerBound))
        } else if survey.count > bounds.upperBound {
          findings.fail(view, index, .maxLength(bounds.upperBound))
        } else if survey.isBlank {
          findings.fail(view, index, .blank)
        }
        let entry = view.tape[index]
        if survey.holdsDelete || entry.mayHoldControls || entry.holdsLines && !lines,
          TextScalars.holdsControl(text, lines: lines)
        {
          findings.fail(view, index, .control)
        }
      }
    }
  }

  static func format(_ name: CodeFormat.Name) -> Check {
    matching(.format(name)) { CodeFormat.matches(name, utf8: $0) }
  }

  /// A string of which `predicate` is true; `failure` is worked out only when it is not.
  static func matching(
    _ failure: @autoclosure @escaping @Sendable () -> Failure,
    _ predicate: @escaping @Sendable (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Check {
    { view, index, findings in
      guard isString(view, index, &findings) else { return }
      if !view.withText(index, predicate) { findings.fail(view, index, failure()) }
    }
  }

  static func code(_ list: CodeList) -> Check {
    matching(.code(list)) { list.position(of: $0) != nil }
  }

  static let boolean: Check = { view, index, findings in
    let kind = view.kind(index)
    if kind != .true && kind != .false { findings.fail(view, index, .type(.boolean)) }
  }

  /// A whole number within bounds, however it is written.
  static func integer(_ bounds: ClosedRange<Int64>) -> Check {
    { view, index, findings in
      guard let value = view.integer(index) else {
        findings.fail(view, index, .type(.integer))
        return
      }
      if value < bounds.lowerBound {
        findings.fail(view, index, .minimum(bounds.lowerBound))
      } else if value > bounds.upperBound {
        findings.fail(view, index, .maximum(bounds.upperBound))
      }
    }
  }

  /// A number above 0 and up to `limit`.
  static func positiveNumber(upTo limit: Int64) -> Check {
    { view, index, findings in
      guard view.kind(index) == .number, let value = DecimalToken(view.content(index)).double
      else {
        findings.fail(view, index, .type(.number))
        return
      }
      if value <= 0 {
        findings.fail(view, index, .exclusiveMinimum)
      } else if value > Double(limit) {
        findings.fail(view, index, .maximum(limit))
      }
    }
  }

  static func array(_ bounds: ClosedRange<Int>, of element: @escaping Check) -> Check {
    { view, index, findings in
      guard hasItems(bounds, view, index, &findings) else { return }
      var child = index + 1
      while child < view.next(index), !findings.isSettled {
        element(view, child, &findings)
        child = view.next(child)
      }
    }
  }

  /// An array of codes, each at most once.
  static func codes(_ bounds: ClosedRange<Int>, of list: CodeList) -> Check {
    { view, index, findings in
      guard hasItems(bounds, view, index, &findings) else { return }
      var seen: UInt64 = 0
      var child = index + 1
      while child < view.next(index), !findings.isSettled {
        if isString(view, child, &findings) {
          if let position = view.withText(child, list.position) {
            if seen & 1 << UInt64(position) != 0 { findings.fail(view, child, .uniqueItems) }
            seen |= 1 << UInt64(position)
          } else {
            findings.fail(view, child, .code(list))
          }
        }
        child = view.next(child)
      }
    }
  }

  /// Whether an array's size is right. Of one that is too long no element is looked at.
  private static func hasItems(
    _ bounds: ClosedRange<Int>, _ view: JSONView, _ index: Int, _ findings: inout Findings
  ) -> Bool {
    guard view.kind(index) == .array else {
      findings.fail(view, index, .type(.array))
      return false
    }
    let count = view.tape[index].count
    if count < bounds.lowerBound {
      findings.fail(view, index, .minItems(bounds.lowerBound))
    } else if count > bounds.upperBound {
      findings.fail(view, index, .maxItems(bounds.upperBound))
      return false
    }
    return !findings.isSettled
  }

  @inline(__always)
  static func isString(_ view: JSONView, _ index: Int, _ findings: inout Findings) -> Bool {
    if view.kind(index) == .string { return true }
    findings.fail(view, index, .type(.string))
    return false
  }
}
