extension OutlineReader {
  /// Any schema at a place of use, and its words: its own, or those of what it refers to.
  mutating func value(
    _ place: OutlinePlace
  ) throws(OutlineError) -> (wording: Wording?, shape: ValueShape) {
    if place.node["$ref"] != nil { return try reference(place) }
    if place.node["if"] != nil, place.node["type"] == nil { return try choice(place) }
    let wording = place.hasWords ? try place.wording() : nil
    guard let type = place.node["type"]?.string else {
      throw place.failure("type must be one name.")
    }
    func allow(_ form: [String]) throws(OutlineError) {
      try place.allow(OutlineForms.words + form)
    }
    switch type {
    case "object":
      try allow(OutlineForms.object)
      return (wording, .object(try object(place, wording: try place.wording())))
    case "array":
      try allow(OutlineForms.list)
      return (wording, .list(try list(place)))
    case "string":
      try allow(OutlineForms.text)
      return (wording, .text(try text(place)))
    case "integer":
      try allow(OutlineForms.integer)
      return (wording, .integer(try integerRange(place)))
    case "number":
      try allow(OutlineForms.number)
      return (wording, try number(place))
    case "boolean":
      try allow(["type"])
      return (wording, .boolean)
    default: throw place.failure("Records have no values of type \(type).")
    }
  }

  /// A reference; a text may be given bounds of length where it is used.
  private mutating func reference(
    _ place: OutlinePlace
  ) throws(OutlineError) -> (wording: Wording?, shape: ValueShape) {
    try place.allow(OutlineForms.words + OutlineForms.reference)
    guard let uri = place.node["$ref"]?.string else {
      throw place.failure("$ref must be a string.")
    }
    var (wording, shape) = try target(of: uri, at: place)
    if place.hasWords { wording = try place.wording() }
    guard place.node["minLength"] != nil || place.node["maxLength"] != nil else {
      return (wording, shape)
    }
    guard case .text(var text) = shape else {
      throw place.failure("Bounds of length stand beside a reference to what is no text.")
    }
    if let least = try place.count("minLength") { text.minLength = max(text.minLength, least) }
    if let most = try place.count("maxLength") {
      text.maxLength = min(text.maxLength ?? most, most)
    }
    shape = .text(text)
    return (wording, shape)
  }

  private mutating func list(_ place: OutlinePlace) throws(OutlineError) -> ListOutline {
    guard let most = try place.count("maxItems") else {
      throw place.failure("maxItems is missing.")
    }
    let least = try place.count("minItems") ?? 0
    guard least <= most else { throw place.failure("minItems is above maxItems.") }
    if let unique = place.node["uniqueItems"], unique.bool == nil {
      throw place.failure("uniqueItems must be true or false.")
    }
    let (wording, element) = try value(try place.member("items", .object))
    return ListOutline(
      wording: wording, element: element, count: least...most,
      isUnique: place.node["uniqueItems"]?.bool ?? false)
  }

  private func text(_ place: OutlinePlace) throws(OutlineError) -> TextOutline {
    var patterns: [TextOutline.Pattern] = []
    if let pattern = try place.pattern() { patterns.append(pattern) }
    if place.node["allOf"] != nil {
      for part in try place.elements("allOf") {
        try part.allow(["pattern", "x-error"])
        guard let pattern = try part.pattern() else {
          throw part.failure("A part of allOf must have a pattern.")
        }
        patterns.append(pattern)
      }
    }
    return TextOutline(
      format: try format(place), patterns: patterns,
      minLength: try place.count("minLength") ?? 0, maxLength: try place.count("maxLength"))
  }

  private func format(_ place: OutlinePlace) throws(OutlineError) -> Format? {
    guard let node = place.node["format"] else { return nil }
    guard let format = node.string.flatMap(Format.init) else {
      throw place.failure("format has no meaning here.")
    }
    return format
  }

  private func integerRange(_ place: OutlinePlace) throws(OutlineError) -> ClosedRange<Int64> {
    guard let least = place.node["minimum"]?.integer, let most = place.node["maximum"]?.integer,
      least <= most
    else { throw place.failure("minimum and maximum must be whole numbers, in this order.") }
    return least...most
  }

  private func number(_ place: OutlinePlace) throws(OutlineError) -> ValueShape {
    func bound(_ included: String, _ excluded: String) throws(OutlineError) -> NumberBound {
      switch (place.node[included], place.node[excluded]) {
      case (let node?, nil) where node.kind == .number:
        return NumberBound(value: String(decoding: node.rawBytes, as: UTF8.self), isIncluded: true)
      case (nil, let node?) where node.kind == .number:
        return NumberBound(value: String(decoding: node.rawBytes, as: UTF8.self), isIncluded: false)
      default: throw place.failure("One number is needed: \(included) or \(excluded).")
      }
    }
    return .number(
      minimum: try bound("minimum", "exclusiveMinimum"),
      maximum: try bound("maximum", "exclusiveMaximum"))
  }
}
