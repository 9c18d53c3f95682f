extension CodeList {
  /// Measures taken on goods and funds 已采取措施.
  public static let measure = CodeList(
    "measures",
    [
      Entry("seal", "查封", "sealed"),
      Entry("seize", "扣押", "seized"),
      Entry("freeze", "冻结", "frozen"),
      Entry("register-preserve", "先行登记保存", "registered and preserved"),
    ])
}
