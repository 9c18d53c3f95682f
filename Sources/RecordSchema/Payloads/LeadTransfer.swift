/// `lead.transfer/1`: a case lead 案件线索, from its document number to its handler.
///
/// No field can hold ethnicity, religion, political opinion, petitioning history or who reported
/// something; free text remains the sender's duty.
enum LeadTransfer {
  static let schema: StaticString = "lead.transfer/1"

  /// 2^53−1 fen: every reader keeps it exact.
  private static let amountLimit = Int64(DecimalToken.safeLimit)

  static let shape = ObjectShape(
    [
      .required("docNo", Checks.format(.documentNumber)),
      .required("title", Checks.text(4...80)),
      .required("category", Checks.code(.category)),
      .optional("industry", Checks.code(.industry)),
      .required("source", Checks.code(.source)),
      .required("legalBasis", Checks.array(1...10, of: Checks.object(legalBasis))),
      .required("period", Checks.object(period)),
      .required("place", Checks.format(.region)),
      .required("subjects", Checks.array(1...50, of: subject)),
      .optional("amountFen", Checks.integer(0...amountLimit)),
      .optional("measures", Checks.codes(0...4, of: .measure)),
      .required("facts", Checks.text(1...4000, lines: true)),
      .optional("items", Checks.array(0...500, of: Checks.object(item))),
      .required("handler", Checks.object(handler)),
      .required("classification", classification),
      .optional("previous", Checks.format(.uuidv7)),
      .optional("replyBy", Checks.format(.date)),
      .optional("attachments", attachments),
    ])

  private static let legalBasis = ObjectShape([
    .required("law", Checks.text(2...100)),
    .required("article", Checks.text(1...100)),
  ])

  private static let period = ObjectShape(
    [
      .required("from", Checks.format(.date)),
      .optional("to", Checks.format(.date)),
    ],
    whole: { view, index, findings in
      guard let from = view.member(of: index, "from"), let to = view.member(of: index, "to"),
        view.kind(from) == .string, view.kind(to) == .string
      else { return }
      // Dates of this format sort as their bytes do; those of another are reported as such.
      let isBackwards = view.withText(from) { from in
        view.withText(to) { to in
          CodeFormat.isDate(utf8: from) && CodeFormat.isDate(utf8: to)
            && to.lexicographicallyPrecedes(from)
        }
      }
      if isBackwards { findings.fail(view, to, .periodOrder) }
    })

  private static let organisation = ObjectShape([
    .required("name", Checks.text(1...100)),
    .optional("uscc", Checks.format(.creditCode)),
    .required("role", Checks.code(.subjectRole)),
  ])

  private static let person = ObjectShape([
    .required("name", Checks.text(1...50)),
    .optional("idNumber", Checks.format(.identityNumber)),
    .required("role", Checks.code(.subjectRole)),
    .optional("employer", Checks.text(1...100)),
    .required("isPublicOfficial", Checks.boolean),
  ])

  /// A subject with any of a person's own members is a person; every other is an organisation.
  private static let subject: Check = { view, index, findings in
    let isPerson =
      view.kind(index) == .object
      && (view.member(of: index, "isPublicOfficial") != nil
        || view.member(of: index, "idNumber") != nil
        || view.member(of: index, "employer") != nil)
    (isPerson ? person : organisation).check(view, index, &findings)
  }

  private static let item = ObjectShape([
    .required("name", Checks.text(1...100)),
    .required("quantity", Checks.positiveNumber(upTo: 1_000_000_000_000)),
    .required("unit", Checks.text(1...20)),
    .required("place", Checks.text(1...200)),
  ])

  private static let handler = ObjectShape([
    .required("unit", Checks.text(2...100)),
    .optional("phone", Checks.matching(phoneFailure, isPhone)),
  ])

  private static var phoneFailure: Failure {
    .pattern(
      "phone", "Must be a telephone number of 5 to 20 digits and hyphens.",
      "必须是由5至20位数字和连字符组成的电话号码。")
  }

  /// Digits and hyphens, first and last a digit.
  private static let isPhone: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool = { text in
    guard (5...20).contains(text.count), text.first != 0x2D, text.last != 0x2D else {
      return false
    }
    return text.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D }
  }

  private static let classification = Checks.matching(.classification) { text in
    CodeList.classification.position(of: text) != nil
  }

  /// Files do not travel in this version, so a payload that lists one could not be kept whole.
  private static let attachments: Check = { view, index, findings in
    guard view.kind(index) == .array else {
      findings.fail(view, index, .type(.array))
      return
    }
    if view.tape[index].count > 0 { findings.fail(view, index, .attachments) }
  }
}
