extension CodeList {
  /// What kind of wrongdoing a lead points to 线索类别.
  public static let category = CodeList(
    "category",
    [
      Entry("duty-violation", "职务违法", "duty-related violation"),
      Entry("duty-crime", "职务犯罪", "duty crime"),
      Entry("protective-umbrella", "充当“保护伞”", "protective umbrella"),
      Entry("organised-crime", "涉黑涉恶", "organised crime"),
      Entry("economic-crime", "经济犯罪", "economic crime"),
      Entry("food-drug-safety", "食品药品安全", "food and drug safety"),
      Entry("environment-public-interest", "生态环境和公益损害", "environment and public interest"),
      Entry("workplace-safety", "安全生产", "workplace safety"),
      Entry("wage-arrears", "拖欠劳动报酬", "wage arrears"),
      Entry("poverty-relief-misuse", "侵占挪用帮扶资金", "misuse of poverty-relief funds"),
      Entry("other-crime", "其他犯罪", "other crime"),
      Entry("other-violation", "其他行政违法", "other administrative violation"),
    ])
}
