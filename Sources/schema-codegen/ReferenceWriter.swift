import RecordSchema

/// Writes the field reference in one language, as Markdown.
struct ReferenceWriter {
  let outline: SchemaOutline
  let tongue: Tongue
  let words: ShapeWords

  init(_ outline: SchemaOutline, in tongue: Tongue) {
    self.outline = outline
    self.tongue = tongue
    self.words = ShapeWords(outline, in: tongue, links: true)
  }

  func document() -> String {
    var page = Markdown()
    page.paragraph(
      tongue.say(
        """
        *Generated from `schemas/` by `\(Generator.command)`; do not edit. \
        [中文](\(Tongue.chinese.referenceFile))*
        """,
        """
        *本文件由 `\(Generator.command)` 根据 `schemas/` 生成，请勿直接修改。\
        [English](\(Tongue.english.referenceFile))*
        """))
    page.heading(1, tongue.say("Records: field reference", "记录字段说明"))
    introduction(&page)
    contents(&page)
    page.heading(2, tongue.say("Kinds of record", "记录种类"))
    for kind in kinds { self.kind(kind, &page) }
    sharedObjects(&page)
    texts(&page)
    codeLists(&page)
    formats(&page)
    outsideRules(&page)
    return page.text
  }

  /// Kinds in the order of a thread's life; one that the order does not know comes last.
  private var kinds: [String] {
    var found: [String] = []
    for record in outline.records where !found.contains(record.name.kind) {
      found.append(record.name.kind)
    }
    let order = ReferenceText.order
    return order.filter(found.contains) + found.filter { !order.contains($0) }
  }

  /// Versions of a kind, the newest first.
  private func versions(of kind: String) -> [RecordOutline] {
    outline.records.filter { $0.name.kind == kind }.reversed()
  }

  // MARK: Head

  private func introduction(_ page: inout Markdown) {
    for paragraph in ReferenceText.introduction { page.paragraph(tongue.of(paragraph)) }
    page.list(ReferenceText.payloadRules.map(tongue.of))
  }

  private func contents(_ page: inout Markdown) {
    page.heading(2, tongue.say("Contents", "目录"))
    page.table(
      [
        tongue.say("kind", "种类"), tongue.say("what it is", "名称"),
        tongue.say("中文", "英文名称"), tongue.say("versions", "版本"),
      ],
      kinds.map { kind in
        let versions = versions(of: kind)
        let title = versions.first?.payload.wording.title
        return [
          "[`\(kind)`](#\(kind))", title.map(tongue.of) ?? "",
          title.map { tongue == .english ? $0.chinese : $0.english } ?? "",
          versions.map { String($0.name.version) }.joined(separator: ", "),
        ]
      })
    let sections = [
      ("objects", tongue.say("Shared objects", "公用对象")),
      ("texts", tongue.say("Kinds of text", "文字类型")),
      ("codes", tongue.say("Code lists", "代码表")),
      ("formats", tongue.say("Formats", "格式")),
      ("outside", tongue.say("Rules outside the schemas", "模式以外的规则")),
    ]
    page.paragraph(
      tongue.say("Then: ", "另见：")
        + sections.map { "[\($0.1)](#\($0.0))" }.joined(separator: tongue.say(", ", "、"))
        + tongue.say(".", "。"))
  }

  // MARK: Kinds

  private func kind(_ kind: String, _ page: inout Markdown) {
    let versions = versions(of: kind)
    guard let newest = versions.first else { return }
    let wording = newest.payload.wording
    page.heading(3, "`\(kind)` \(title(wording))", anchor: kind)
    page.paragraph(tongue.of(wording.description))
    for record in versions {
      if versions.count > 1 { page.heading(4, "`\(record.name)`") }
      let schema = "[`\(record.name)`](../schemas/records/\(record.name).json)"
      page.paragraph(tongue.say("Schema: \(schema).", "模式：\(schema)。"))
      object(record.payload, path: "", &page)
    }
  }

  /// The table of an object's fields, what it requires under conditions, and its inner objects.
  func object(_ object: ObjectOutline, path: String, _ page: inout Markdown) {
    page.table(
      [
        tongue.say("field", "字段"), tongue.say("title", "名称"),
        tongue.say("type and bounds", "类型和范围"), tongue.say("required", "必填"),
        tongue.say("description", "说明"),
      ],
      object.fields.map { field in
        [
          "`\(field.name)`", title(field.wording), words.phrase(field.shape),
          necessity(of: field, in: object), tongue.of(field.wording.description),
        ]
      })
    page.list(object.conditions.map(condition))
    for field in object.fields {
      inner(field.shape, path: path.isEmpty ? field.name : "\(path).\(field.name)", &page)
    }
  }

  private func title(_ wording: Wording) -> String {
    tongue.say("\(wording.title.english) \(wording.title.chinese)", wording.title.chinese)
  }

  private func necessity(of field: FieldOutline, in object: ObjectOutline) -> String {
    if field.isRequired { return tongue.say("yes", "是") }
    return object.conditions.contains { $0.required.contains(field.name) }
      ? tongue.say("conditional", "视情形") : tongue.say("no", "否")
  }

  private func condition(_ condition: ConditionOutline) -> String {
    let values = condition.values.map { "`\($0)`" }
      .joined(separator: tongue.say(" or ", "或者"))
    let names = condition.required.map { "`\($0)`" }.joined(separator: tongue.say(", ", "、"))
    let rule = tongue.say(
      "Where `\(condition.field)` is \(values), \(names) must be given.",
      "`\(condition.field)` 为 \(values) 的，必须填写 \(names)。")
    guard let sentence = condition.sentence else { return rule }
    return rule + tongue.say(" ", "") + tongue.of(sentence)
  }

  private func inner(_ shape: ValueShape, path: String, _ page: inout Markdown) {
    switch shape {
    case .list(let list): inner(list.element, path: path + "[]", &page)
    case .object(let object): innerObject(object, path: path, &page)
    case .choice(let choice):
      let marks = choice.marks.map { "`\($0)`" }.joined(separator: tongue.say(", ", "、"))
      page.paragraph(
        tongue.say(
          """
          `\(path)`: \(choice.marked.wording.title.english) where any of \(marks) is there, \
          \(choice.unmarked.wording.title.english) where none is.
          """,
          """
          `\(path)`：\(marks) 中任何一项已填的，是\(choice.marked.wording.title.chinese)；\
          均未填的，是\(choice.unmarked.wording.title.chinese)。
          """))
      innerObject(choice.marked, path: path, &page)
      innerObject(choice.unmarked, path: path, &page)
    default: break
    }
  }

  private func innerObject(_ object: ObjectOutline, path: String, _ page: inout Markdown) {
    page.paragraph(
      tongue.say(
        "**`\(path)`: \(title(object.wording))**. ", "**`\(path)`：\(title(object.wording))**。")
        + tongue.of(object.wording.description))
    self.object(object, path: path, &page)
  }
}
