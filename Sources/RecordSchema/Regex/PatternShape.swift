/// What a pattern says, where that is simple enough for its caller to find out in another way.
enum PatternShape: Hashable, Sendable {
  /// `^[…]*$`: every character belongs to a set.
  case every(ScalarSet)
  /// `[…]`: some character belongs to a set.
  case some(ScalarSet)
  case other
}

extension PatternTree {
  /// The shape of the pattern with this root.
  func shape(root: Int) -> PatternShape {
    switch nodes[root] {
    case .set(let place): return .some(sets[place])
    case .sequence(let terms) where terms.count == 3:
      guard case .assertion(.start) = nodes[terms[0]],
        case .repetition(let body, least: 0, most: nil) = nodes[terms[1]],
        case .assertion(.end) = nodes[terms[2]], case .set(let place) = nodes[body]
      else { return .other }
      return .every(sets[place])
    default: return .other
    }
  }
}
