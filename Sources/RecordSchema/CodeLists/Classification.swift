extension CodeList {
  /// How secret a lead may be 密级.
  /// State secrets must not enter this network.
  public static let classification = CodeList(
    "classification",
    [
      Entry("非密", "非密", "not classified"),
      Entry("工作秘密", "工作秘密", "work secret"),
    ])
}
