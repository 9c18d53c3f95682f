extension CodeList {
  /// Why a lead goes back 退回理由.
  public static let returnReason = CodeList(
    "return-reason",
    [
      Entry("incomplete-materials", "材料不全", "incomplete materials"),
      Entry("no-jurisdiction", "不属于本机关管辖", "no jurisdiction"),
      Entry("facts-unclear", "事实不清", "facts unclear"),
      Entry("wrong-recipient", "移送对象错误", "wrong recipient"),
      Entry("other", "其他", "other"),
    ])
}
