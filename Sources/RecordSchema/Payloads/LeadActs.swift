/// What a receiver answers to a lead: 签收, 受理, 不予受理, 退回.
enum LeadActs {
  private static let unit = Checks.text(2...100)
  private static let reasonText = Checks.text(2...2000, lines: true)

  /// `lead.sign/1`: a named unit signs for the lead, which starts legal clocks.
  static let sign = ObjectShape([
    .required("handlingUnit", unit),
    .required("signedAt", Checks.format(.dateTime)),
  ])

  /// `lead.accept/1`: the lead is taken up.
  static let accept = ObjectShape([
    .optional("docNo", Checks.format(.documentNumber)),
    .required("handlingUnit", unit),
    .required("acceptedAt", Checks.format(.dateTime)),
  ])

  /// `lead.refuse/1`: the lead is not taken up.
  static let refuse = ObjectShape([
    .required("reason", Checks.code(.refuseReason)),
    .required("text", reasonText),
    .optional("suggestedAgency", Checks.format(.creditCode)),
  ])

  /// `lead.return/1`: the lead goes back, to be sent again when mended.
  static let giveBack = ObjectShape([
    .required("reason", Checks.code(.returnReason)),
    .required("text", reasonText),
  ])
}
