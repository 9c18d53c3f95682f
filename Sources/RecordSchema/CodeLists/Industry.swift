extension CodeList {
  /// The ten key industries 十大重点行业领域.
  public static let industry = CodeList(
    "industry",
    [
      Entry("social-order", "社会治安", "social order"),
      Entry("rural-governance", "乡村治理", "rural governance"),
      Entry("financial-lending", "金融放贷", "financial lending"),
      Entry("construction", "工程建设", "construction"),
      Entry("transport", "交通运输", "transport"),
      Entry("markets", "市场流通", "markets"),
      Entry("resources-environment", "资源环保", "resources and environment"),
      Entry("information-networks", "信息网络", "information networks"),
      Entry("culture-tourism", "文化旅游", "culture and tourism"),
      Entry("education-health", "教育卫生", "education and health"),
    ])
}
