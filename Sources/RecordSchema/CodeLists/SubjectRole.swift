extension CodeList {
  /// What part a subject has in a lead 涉及对象作用.
  public static let subjectRole = CodeList(
    "subject-role",
    [
      Entry("principal", "主要涉案", "principally involved"),
      Entry("participant", "参与涉案", "took part"),
      Entry("responsible", "直接责任人员", "directly responsible"),
      Entry("legal-representative", "法定代表人", "legal representative"),
      Entry("protector", "充当“保护伞”", "protector"),
      Entry("beneficiary", "受益方", "beneficiary"),
      Entry("affected", "受害方", "affected party"),
      Entry("related", "关联方", "related party"),
    ])
}
