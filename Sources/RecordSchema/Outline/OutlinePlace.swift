/// A value of a document, with what an error about it must name.
struct OutlinePlace {
  let node: JSONNode
  let document: OutlineDocument

  init(_ node: JSONNode, in document: OutlineDocument) {
    self.node = node
    self.document = document
  }

  func failure(_ message: String) -> OutlineError {
    OutlineError(document: document.path, pointer: node.pointer, message: message)
  }

  /// Refuses every member that is not listed.
  func allow(_ keywords: [String]) throws(OutlineError) {
    for (name, _) in node.members
    where !keywords.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
      throw OutlineError(
        document: document.path, pointer: node.pointer + "/" + JSONPointer.escape(name),
        message: "This keyword is not understood here.")
    }
  }

  func expectType(_ name: String) throws(OutlineError) {
    guard let type = node["type"]?.string, type.utf8.elementsEqual(name.utf8) else {
      throw failure("type must be \"\(name)\".")
    }
  }

  /// A member that must be there.
  func member(_ name: String, _ kind: JSONNode.Kind) throws(OutlineError) -> OutlinePlace {
    guard let value = node[name] else { throw failure("\(name) is missing.") }
    let place = OutlinePlace(value, in: document)
    guard value.kind == kind else { throw place.failure("Must be an \(kind).") }
    return place
  }

  /// The elements of an array of objects.
  func elements(_ name: String) throws(OutlineError) -> [OutlinePlace] {
    let list = try member(name, .array)
    var found: [OutlinePlace] = []
    for element in list.node.elements {
      let place = OutlinePlace(element, in: document)
      guard element.kind == .object else { throw place.failure("Must be an object.") }
      found.append(place)
    }
    return found
  }

  /// An array of strings; empty where it is missing.
  func names(_ name: String) throws(OutlineError) -> [String] {
    guard node[name] != nil else { return [] }
    let list = try member(name, .array)
    var found: [String] = []
    for element in list.node.elements {
      guard let text = element.string else { throw list.failure("Must be a list of strings.") }
      found.append(text)
    }
    return found
  }

  /// A number of characters or elements, if it is there.
  func count(_ name: String) throws(OutlineError) -> Int? {
    guard let value = node[name] else { return nil }
    guard let count = value.integer, count >= 0, count <= Int32.max else {
      throw failure("\(name) must be a whole number from 0.")
    }
    return Int(count)
  }

  // MARK: Words

  var hasWords: Bool { OutlineForms.words.contains { node[$0] != nil } }

  /// Title and description, which must be there in both languages.
  func wording() throws(OutlineError) -> Wording {
    let wording = Wording(
      title: BilingualText(of: node, "title"), description: BilingualText(of: node, "description"))
    let texts = [
      wording.title.chinese, wording.title.english, wording.description.chinese,
      wording.description.english,
    ]
    guard texts.allSatisfy({ !$0.isEmpty }) else {
      throw failure("title and description are needed in both languages.")
    }
    if node["x-en"] != nil { try member("x-en", .object).allow(["title", "description"]) }
    return wording
  }

  /// This value as a text in both languages: `{"zh": …, "en": …}`.
  func sentence() throws(OutlineError) -> BilingualText {
    try allow(["zh", "en"])
    guard let chinese = node["zh"]?.string, let english = node["en"]?.string, !chinese.isEmpty,
      !english.isEmpty
    else { throw failure("A text is needed in both languages: zh and en.") }
    return BilingualText(chinese: chinese, english: english)
  }

  /// `x-error`, if it is there.
  func error() throws(OutlineError) -> BilingualText? {
    node["x-error"] == nil ? nil : try member("x-error", .object).sentence()
  }

  /// `pattern` with its sentence, if it is there.
  func pattern() throws(OutlineError) -> TextOutline.Pattern? {
    guard let value = node["pattern"] else { return nil }
    guard let source = value.string else { throw failure("pattern must be a string.") }
    return TextOutline.Pattern(source: source, sentence: try error())
  }
}

extension BilingualText {
  /// A text given in both languages.
  public init(chinese: String, english: String) {
    self.chinese = chinese
    self.english = english
  }
}
