import RecordSchema

extension ReferenceWriter {
  // MARK: Shared definitions

  func sharedObjects(_ page: inout Markdown) {
    page.heading(2, tongue.say("Shared objects", "公用对象"), anchor: "objects")
    for definition in outline.definitions {
      guard case .object(let object) = definition.shape else { continue }
      heading(definition, &page)
      page.paragraph(tongue.of(definition.wording.description))
      self.object(object, path: "", &page)
    }
  }

  private func heading(_ definition: DefinitionOutline, _ page: inout Markdown) {
    let (name, title) = (definition.name, definition.wording.title)
    let version = name.version == 1 ? "" : "/\(name.version)"
    page.heading(
      3,
      tongue.say(
        "`\(name.name)\(version)` \(title.english) \(title.chinese)",
        "`\(name.name)\(version)` \(title.chinese)"),
      anchor: ShapeWords.anchor(definition: name))
  }

  /// Definitions of text, as a table: fields give bounds of length to some of them.
  func texts(_ page: inout Markdown) {
    page.heading(2, tongue.say("Kinds of text", "文字类型"), anchor: "texts")
    page.paragraph(tongue.of(ReferenceText.texts))
    var rows: [[String]] = []
    for definition in outline.definitions {
      guard case .text(let text) = definition.shape else { continue }
      let title = definition.wording.title
      let anchor = "<a id=\"\(ShapeWords.anchor(definition: definition.name))\"></a>"
      rows.append([
        anchor + tongue.say("\(title.english) \(title.chinese)", title.chinese),
        tongue.of(definition.wording.description),
        text.format.map { "[`\($0.rawValue)`](#format-\($0.rawValue))" } ?? tongue.say("–", "无"),
      ])
    }
    page.table(
      [
        tongue.say("kind of text", "类型"), tongue.say("what it is", "说明"),
        tongue.say("format", "格式"),
      ], rows)
  }

  // MARK: Code lists

  func codeLists(_ page: inout Markdown) {
    page.heading(2, tongue.say("Code lists", "代码表"), anchor: "codes")
    page.paragraph(tongue.of(ReferenceText.codeLists))
    for list in outline.codeLists {
      let version = list.name.version == 1 ? "" : "/\(list.name.version)"
      page.heading(
        3,
        tongue.say(
          "`\(list.name.name)\(version)` \(list.wording.title.english) \(list.wording.title.chinese)",
          "`\(list.name.name)\(version)` \(list.wording.title.chinese)"),
        anchor: ShapeWords.anchor(codeList: list.name))
      page.paragraph(tongue.of(list.wording.description))
      page.table(
        [tongue.say("code", "代码"), "中文", tongue.say("English", "英文")],
        list.codes.map { ["`\($0.code)`", $0.label.chinese, $0.label.english] })
      if let refusal = list.refusal { page.paragraph(tongue.of(refusal)) }
    }
  }

  // MARK: Formats and other rules

  /// Formats that any schema uses, in their published order.
  func formats(_ page: inout Markdown) {
    page.heading(2, tongue.say("Formats", "格式"), anchor: "formats")
    page.paragraph(tongue.of(ReferenceText.formats))
    let used = usedFormats()
    page.table(
      [
        tongue.say("format", "格式"), tongue.say("a value is", "取值"),
        tongue.say("rule", "规则"),
      ],
      Format.allCases.filter(used.contains).map { format in
        [
          "<a id=\"format-\(format.rawValue)\"></a>`\(format.rawValue)`",
          tongue.say(format.english, ShapeWords.fullWidth(format.chinese)),
          ReferenceText.rules[format].map(tongue.of) ?? "",
        ]
      })
  }

  private func usedFormats() -> Set<Format> {
    var used: Set<Format> = []
    for definition in outline.definitions { collect(definition.shape, &used) }
    for record in outline.records { collect(.object(record.payload), &used) }
    return used
  }

  private func collect(_ shape: ValueShape, _ used: inout Set<Format>) {
    switch shape {
    case .text(let text): if let format = text.format { used.insert(format) }
    case .list(let list): collect(list.element, &used)
    case .object(let object): for field in object.fields { collect(field.shape, &used) }
    case .choice(let choice):
      for object in [choice.marked, choice.unmarked] { collect(.object(object), &used) }
    case .integer, .number, .boolean, .code, .shared: break
    }
  }

  func outsideRules(_ page: inout Markdown) {
    page.heading(2, tongue.say("Rules outside the schemas", "模式以外的规则"), anchor: "outside")
    page.paragraph(tongue.of(ReferenceText.outside))
    page.table(
      [
        tongue.say("where", "适用"), tongue.say("rule", "规则名称"),
        tongue.say("what it says", "内容"),
      ],
      ReferenceText.outsideRules.map { rule in
        [
          rule.kinds.map { "[`\($0)`](#\($0))" }.joined(separator: tongue.say(", ", "、")),
          rule.name.map { "`\($0)`" } ?? tongue.say("–", "无"), tongue.of(rule.text),
        ]
      })
  }
}
