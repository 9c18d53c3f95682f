import RecordSchema

// Reading rules strictly: every object is closed, and a combination that could not mean anything is
// refused, so that no slip turns a time limit off in silence.

extension ClockRule {
  private static let members: Set<String> = [
    "id", "title", "titleZH", "basis", "verified", "on", "owner", "duty", "family", "roles",
    "opening", "start", "limit", "lastDay", "stop", "cancel", "pause", "follows", "hindsight",
    "warnHours", "remind", "days", "atMost", "note", "noteZH",
  ]

  init(_ object: ClockObject) throws(RecordModelError) {
    try object.allow(Self.members)
    id = try Self.identifier(object)
    title = try object.text("title", length: 1...200)
    titleZH = try object.text("titleZH", length: 1...200)
    basis = try ClockBasis(try object.object("basis"))
    verified = try object.bool("verified")
    isOn = try object.bool("on")
    owner = try object.choice("owner")
    isDuty = try object.bool("duty")
    family = object.has("family") ? try object.choice("family") : nil
    let roles = object.has("roles") ? try object.object("roles") : nil
    try roles?.allow(["opener", "receiver"])
    openerRoles =
      try roles.map { roles throws(RecordModelError) in
        try Self.roles("opener", roles)
      } ?? []
    receiverRoles =
      try roles.map { roles throws(RecordModelError) in
        try Self.roles("receiver", roles)
      } ?? []
    opening =
      object.has("opening")
      ? try ClockCondition.list(try object.object("opening")) : []
    start = try ClockStart.optional(try object.object("start"))
    limit = try ClockLimit.optional(object)
    lastDay = try object.choice("lastDay")
    stop = try ClockStop.list(object)
    cancel = try ClockMatch.list(object)
    pause = try ClockPauseRule.list(object)
    follows = object.has("follows") ? try object.pointer("follows") : nil
    isHindsight = object.has("hindsight") ? try object.bool("hindsight") : false
    warnHours = try Self.warnings(object)
    remind =
      object.has("remind") ? (try object.choice("remind") as Codes.RemindLevel).rawValue : nil
    reminderDays = object.has("days") ? try object.integer("days", 1...365) : 0
    atMost = object.has("atMost") ? try object.integer("atMost", 1...100) : nil
    note = object.has("note") ? try object.text("note", length: 1...1000) : nil
    noteZH = object.has("noteZH") ? try object.text("noteZH", length: 1...1000) : nil
    try check(object)
  }

  /// What must hold between members.
  private func check(_ object: ClockObject) throws(RecordModelError) {
    if isOn, !verified { throw object.problem("on", "must be false while verified is") }
    if object.has("roles"), openerRoles.isEmpty, receiverRoles.isEmpty {
      throw object.problem("roles", "must name a role")
    }
    if remind != nil, !isDuty { throw object.problem("remind", "has no place where duty is false") }
    if (remind == nil) != (reminderDays == 0) {
      throw object.problem("days", "must stand where remind does, and only there")
    }
    if (note == nil) != (noteZH == nil) {
      throw object.problem("note", "must stand where noteZH does, and only there")
    }
    if isHindsight, remind != nil || !warnHours.isEmpty {
      throw object.problem("hindsight", "leaves nothing to warn or remind of")
    }
    try checkCounting(object)
    try checkEnds(object)
  }

  private func checkCounting(_ object: ClockObject) throws(RecordModelError) {
    switch limit {
    case .counted(let amount) where amount.unit == .hours:
      if lastDay != .asIs {
        throw object.problem("lastDay", "must be asIs where hours are counted")
      }
    case .counted, nil: break
    case .date:
      if !pause.isEmpty { throw object.problem("pause", "has no place where a day is named") }
    }
    if follows != nil {
      guard case .date = limit else {
        throw object.problem("follows", "has no place where no day is named")
      }
      if !stop.isEmpty || !cancel.isEmpty || isHindsight {
        throw object.problem("follows", "takes the place of stop, cancel and hindsight")
      }
    }
  }

  private func checkEnds(_ object: ClockObject) throws(RecordModelError) {
    guard let start else {
      if !stop.isEmpty || !cancel.isEmpty || !pause.isEmpty || follows != nil || isHindsight
        || remind != nil || !warnHours.isEmpty || atMost != nil
      {
        throw object.problem("start", "must name a kind where anything else depends on it")
      }
      return
    }
    for (place, stop) in stop.enumerated()
    where stop.match.tie == .itself && stop.match.kind != start.kind {
      throw object.problem("stop/\(place)/kind", "must be the starting kind, as it answers self")
    }
    if isHindsight, stop.isEmpty { throw object.problem("hindsight", "needs something that stops") }
  }

  private static func identifier(_ object: ClockObject) throws(RecordModelError) -> String {
    let id = try object.text("id", length: 1...64)
    let first = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let letter = id.utf8.first, first.contains(letter),
      id.utf8.allSatisfy({ first.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") })
    else {
      throw object.problem("id", "must be lower-case letters, digits and hyphens, a letter first")
    }
    return id
  }

  private static func roles(
    _ name: String, _ object: ClockObject
  ) throws(RecordModelError) -> [AgencyRole] {
    guard object.has(name) else { return [] }
    var roles: [AgencyRole] = []
    let texts = try object.texts(name, 1...AgencyRole.allCases.count, length: 1...100)
    for (place, text) in texts.enumerated() {
      guard let role = AgencyRole(rawValue: text), !roles.contains(role) else {
        throw object.problem("\(name)/\(place)", "must be a role, and each only once")
      }
      roles.append(role)
    }
    return roles
  }

  private static func warnings(_ object: ClockObject) throws(RecordModelError) -> [Int] {
    var hours: [Int] = []
    for (place, element) in try object.elements("warnHours", 0...10).enumerated() {
      guard let value = element.integer, let whole = Int(exactly: value),
        (1...8784).contains(whole), hours.last.map({ whole < $0 }) ?? true
      else {
        throw object.problem(
          "warnHours/\(place)", "must be a whole number from 1 to 8784, less than the one before")
      }
      hours.append(whole)
    }
    return hours
  }
}

extension ClockBasis {
  fileprivate init(_ object: ClockObject) throws(RecordModelError) {
    try object.allow(["law", "article"])
    law = try object.text("law", length: 2...100)
    article = try object.text("article", length: 1...100)
  }
}

extension ClockLimit {
  fileprivate static func optional(_ rule: ClockObject) throws(RecordModelError) -> ClockLimit? {
    if try rule.member("limit").isNull { return nil }
    let object = try rule.object("limit")
    if object.has("date") {
      try object.allow(["date"])
      return .date(try object.pointer("date"))
    }
    try object.allow(["count", "unit"])
    return .counted(
      ClockAmount(try object.integer("count", 1...1000), try object.choice("unit")))
  }
}

extension ClockStart {
  fileprivate static func optional(_ object: ClockObject) throws(RecordModelError) -> ClockStart? {
    if try object.member("kind").isNull {
      try object.allow(["kind"])
      return nil
    }
    try object.allow(["kind", "time", "where", "answering"])
    return ClockStart(
      kind: try object.kind("kind"), time: try ClockTime(object),
      conditions: try ClockCondition.optional(object),
      answering: object.has("answering") ? try object.kinds("answering") : nil)
  }
}

extension ClockTime {
  fileprivate init(_ rule: ClockObject) throws(RecordModelError) {
    let time = try rule.member("time")
    if time.kind == .string {
      guard time.string == "header" else {
        throw rule.problem("time", "must be \"header\" or an object with payload")
      }
      self = .header
    } else {
      let object = try rule.object("time")
      try object.allow(["payload"])
      self = .payload(try object.pointer("payload"))
    }
  }
}

extension ClockMatch {
  fileprivate init(_ object: ClockObject) throws(RecordModelError) {
    kind = try object.kind("kind")
    tie = try object.choice("answers")
    conditions = try ClockCondition.optional(object)
  }

  fileprivate static func list(_ rule: ClockObject) throws(RecordModelError) -> [ClockMatch] {
    var matches: [ClockMatch] = []
    for object in try rule.objects("cancel", 0...10) {
      try object.allow(["kind", "answers", "where"])
      let match = try ClockMatch(object)
      if match.tie == .itself {
        throw object.problem("answers", "must not be self: no record cancels what it starts")
      }
      matches.append(match)
    }
    return matches
  }
}

extension ClockStop {
  fileprivate static func list(_ rule: ClockObject) throws(RecordModelError) -> [ClockStop] {
    var stops: [ClockStop] = []
    for object in try rule.objects("stop", 0...10) {
      try object.allow(["kind", "answers", "where", "time"])
      stops.append(ClockStop(match: try ClockMatch(object), time: try ClockTime(object)))
    }
    return stops
  }
}

extension ClockPauseRule {
  fileprivate static func list(_ rule: ClockObject) throws(RecordModelError) -> [ClockPauseRule] {
    var pauses: [ClockPauseRule] = []
    for object in try rule.objects("pause", 0...10) {
      try object.allow(["from", "until"])
      let pause = ClockPauseRule(from: try object.kind("from"), until: try object.kind("until"))
      guard pause.from != pause.until else {
        throw object.problem("until", "must be another kind than from")
      }
      pauses.append(pause)
    }
    return pauses
  }
}

extension ClockCondition {
  fileprivate static func optional(
    _ object: ClockObject
  ) throws(RecordModelError) -> [ClockCondition] {
    object.has("where") ? try list(try object.object("where")) : []
  }

  /// Sorted by pointer, so that the order of members means nothing.
  fileprivate static func list(_ object: ClockObject) throws(RecordModelError) -> [ClockCondition] {
    guard (1...10).contains(object.node.count) else {
      throw object.problem("", "must have 1 to 10 members")
    }
    var conditions: [ClockCondition] = []
    for (pointer, list) in object.node.members {
      guard ClockObject.isPointer(pointer) else {
        throw object.problem("", "must have JSON Pointers of at most 128 bytes for names")
      }
      let place = JSONPointer.escape(pointer)
      guard list.kind == .array, (1...50).contains(list.count) else {
        throw object.problem(place, "must be a list of 1 to 50 values")
      }
      var values: [ClockValue] = []
      for element in list.elements {
        guard let value = ClockValue(element), !values.contains(value) else {
          throw object.problem(place, "must hold strings, true, false or null, each only once")
        }
        values.append(value)
      }
      conditions.append(ClockCondition(pointer: pointer, values: values))
    }
    return conditions.sorted { $0.pointer.utf8.lexicographicallyPrecedes($1.pointer.utf8) }
  }
}

extension ClockValue {
  /// Nil for what conditions cannot ask for.
  fileprivate init?(_ node: JSONNode) {
    switch node.kind {
    case .null: self = .absent
    case .bool: self = .flag(node.bool == true)
    case .string: self = .text(node.string ?? "")
    case .number, .array, .object: return nil
    }
  }
}

extension ClockObject {
  /// A kind that can stand in a thread.
  fileprivate func kind(_ name: String) throws(RecordModelError) -> String {
    let kind = try text(name, length: 1...64)
    guard KindName.all.contains(kind), !KindName.isSystem(kind) else {
      throw problem(name, "must be a kind of record that threads hold")
    }
    return kind
  }

  fileprivate func kinds(_ name: String) throws(RecordModelError) -> [String] {
    var kinds: [String] = []
    for (place, kind) in try texts(name, 0...20, length: 1...64).enumerated() {
      guard KindName.all.contains(kind), !KindName.isSystem(kind), !kinds.contains(kind) else {
        throw problem("\(name)/\(place)", "must be a kind that threads hold, and each only once")
      }
      kinds.append(kind)
    }
    return kinds
  }

  fileprivate func pointer(_ name: String) throws(RecordModelError) -> String {
    let pointer = try text(name, length: 1...128)
    guard Self.isPointer(pointer) else {
      throw problem(name, "must be a JSON Pointer of at most 128 bytes")
    }
    return pointer
  }

  /// A pointer to a member, in printable ASCII.
  fileprivate static func isPointer(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard (2...128).contains(bytes.count), bytes[0] == UInt8(ascii: "/"),
      bytes.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return false }
    return bytes.indices.allSatisfy { index in
      bytes[index] != UInt8(ascii: "~")
        || (index + 1 < bytes.count && bytes[index + 1] & 0xFE == UInt8(ascii: "0"))
    }
  }
}
