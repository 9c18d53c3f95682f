extension CodeList {
  /// Where a lead comes from 线索来源.
  /// A public report is a bare value: nothing about who reported.
  public static let source = CodeList(
    "source",
    [
      Entry("enforcement-inspection", "执法检查", "enforcement inspection"),
      Entry("case-handling", "办案发现", "found while handling a case"),
      Entry("audit", "审计发现", "audit"),
      Entry("agency-transfer", "其他机关移送", "transferred by another agency"),
      Entry("superior-assigned", "上级交办", "assigned by a superior"),
      Entry("public-report", "群众举报", "public report"),
    ])
}
