extension PatternParser {
  /// `[…]` or `[^…]`; nil when no tree is built.
  mutating func characterClass() throws(PatternError) -> ScalarSet? {
    let start = at
    at += 1
    let inverted = take(UInt8(ascii: "^"))
    var ranges: [ScalarRange] = []
    while let byte, byte != UInt8(ascii: "]") {
      let place = at
      let first = try classAtom()
      // A hyphen is itself unless it stands between two atoms.
      guard self.byte == UInt8(ascii: "-"), at + 1 < text.count,
        text[at + 1] != UInt8(ascii: "]")
      else {
        if builds { Self.add(first, to: &ranges) }
        continue
      }
      at += 1
      let last = try classAtom()
      guard case .scalar(let low) = first, case .scalar(let high) = last else {
        throw PatternError(.classEscape, at: place)
      }
      guard low <= high else { throw PatternError(.classRange, at: place) }
      if builds { ranges.append(ScalarRange(low, high)) }
    }
    guard take(UInt8(ascii: "]")) else { throw PatternError(.openClass, at: start) }
    guard builds else { return nil }
    let set = ScalarSet(ranges)
    return inverted ? set.inverted : set
  }

  /// One character or escape; not at the end of the text, nor at the class's closing bracket.
  private mutating func classAtom() throws(PatternError) -> Escape {
    byte == UInt8(ascii: "\\") ? try escape(inClass: true) : .scalar(takeScalar())
  }

  private static func add(_ atom: Escape, to ranges: inout [ScalarRange]) {
    switch atom {
    case .scalar(let scalar): ranges.append(ScalarRange(scalar, scalar))
    case .set(let set): ranges += set.ranges
    }
  }
}
