extension CodeList {
  /// Why a lead is not taken up 不予受理理由.
  public static let refuseReason = CodeList(
    "refuse-reason",
    [
      Entry("no-jurisdiction", "不属于本机关管辖", "no jurisdiction"),
      Entry("out-of-scope", "不属于受理范围", "out of scope"),
      Entry("duplicate", "重复移送", "duplicate"),
    ])
}
