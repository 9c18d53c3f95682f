extension OutlineReader {
  /// An object whose members are listed; `place` has been asked for its keywords already.
  mutating func object(
    _ place: OutlinePlace, wording: Wording
  ) throws(OutlineError) -> ObjectOutline {
    try place.expectType("object")
    guard place.node["additionalProperties"]?.bool == false else {
      throw place.failure("additionalProperties must be false: records are closed.")
    }
    let required = try place.names("required")
    let properties = try place.member("properties", .object)
    var fields: [FieldOutline] = []
    for (name, _) in properties.node.members {
      let member = try properties.member(name, .object)
      let (wording, shape) = try value(member)
      guard let wording, member.node["title"] != nil else {
        throw member.failure("A field needs a title and a description of its own.")
      }
      fields.append(
        FieldOutline(
          name: name, wording: wording, shape: shape, isRequired: required.contains(name)))
    }
    let names = Set(fields.map(\.name))
    if let stray = required.first(where: { !names.contains($0) }) {
      throw place.failure("required names \"\(stray)\", which is not among the properties.")
    }
    return ObjectOutline(
      wording: wording, fields: fields, conditions: try conditions(place, names))
  }

  /// `if` one member has one of some values `then` other members are required.
  private func conditions(
    _ place: OutlinePlace, _ names: Set<String>
  ) throws(OutlineError) -> [ConditionOutline] {
    guard place.node["if"] != nil || place.node["then"] != nil else { return [] }
    let test = try place.member("if", .object)
    try test.allow(["properties", "required"])
    let tested = try test.member("properties", .object)
    let required = try test.names("required")
    guard tested.node.count == 1, let field = required.first, required.count == 1,
      tested.node[field] != nil, names.contains(field)
    else { throw test.failure("A condition must require and test one field of the object.") }
    let value = try tested.member(field, .object)
    try value.allow(["const", "enum"])
    guard value.node.count == 1 else { throw value.failure("Either const or enum is needed.") }
    var values: [String] = []
    if value.node["enum"] != nil {
      values = try value.names("enum")
    } else if let constant = value.node["const"]?.string {
      values = [constant]
    } else {
      throw value.failure("A condition must compare with a string.")
    }
    let consequence = try place.member("then", .object)
    try consequence.allow(["required", "x-error"])
    let needed = try consequence.names("required")
    guard !needed.isEmpty, needed.allSatisfy(names.contains) else {
      throw consequence.failure("A condition must require fields of the object.")
    }
    return [
      ConditionOutline(
        field: field, values: values, required: needed, sentence: try consequence.error())
    ]
  }

  /// `if` any of some members is there, one object, `else` another.
  mutating func choice(
    _ place: OutlinePlace
  ) throws(OutlineError) -> (wording: Wording?, shape: ValueShape) {
    try place.allow(OutlineForms.words + OutlineForms.choice)
    let test = try place.member("if", .object)
    try test.allow(["anyOf"])
    var marks: [String] = []
    for branch in try test.elements("anyOf") {
      try branch.allow(["required"])
      let names = try branch.names("required")
      guard let name = names.first, names.count == 1 else {
        throw branch.failure("A branch must require one member.")
      }
      marks.append(name)
    }
    let marked = try branch(place, "then")
    let unmarked = try branch(place, "else")
    guard marks.allSatisfy({ mark in marked.fields.contains { $0.name == mark } }),
      !unmarked.fields.contains(where: { marks.contains($0.name) })
    else { throw test.failure("The members that decide must be those of the first object alone.") }
    let wording = try place.wording()
    return (
      wording,
      .choice(ChoiceOutline(wording: wording, marks: marks, marked: marked, unmarked: unmarked))
    )
  }

  private mutating func branch(
    _ place: OutlinePlace, _ keyword: String
  ) throws(OutlineError) -> ObjectOutline {
    let branch = try place.member(keyword, .object)
    try branch.allow(OutlineForms.words + OutlineForms.object)
    return try object(branch, wording: try branch.wording())
  }
}
