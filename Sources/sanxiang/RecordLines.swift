import NodeClient

extension Lines {
  enum Other { case to, from }

  /// A list of records: a row for each, below it its id where the row has no room for that.
  static func records(
    _ list: APIList<APIRecordSummary>, other: Other, names: AgencyNames = AgencyNames(),
    width: Int = Terminal.width
  ) -> [String] {
    guard !list.items.isEmpty else { return [say("（无）", "(none)")] }
    var columns: [TextTable.Column] = [
      .init(say("时间", "TIME")),
      .init(other == .to ? say("接收机关", "TO") : say("发送机关", "FROM"), wraps: true),
      .init(say("文号", "DOC NO"), wraps: true), .init(say("名称", "TITLE"), wraps: true),
      .init(say("投递", "DELIVERY")), .init(say("状态", "STATE")),
    ]
    let hasRoom = width >= 120
    if hasRoom { columns.append(.init(say("编号", "ID"))) }
    var table = TextTable(columns)
    for item in list.items {
      let cells = [
        minute(item.time), names[other == .to ? item.to : item.from], item.docNo ?? "-",
        title(of: item), deliveryName(item.delivery), stateName(item.state),
      ]
      table.rows.append(
        hasRoom ? .init(cells + [item.id]) : .init(cells, notes: [say("编号 ", "id ") + item.id]))
    }
    let more = list.next.map { [say("下一页：--cursor \($0)", "next page: --cursor \($0)")] } ?? []
    return table.lines(fitting: width) + more
  }

  /// What a record is about; before it what kind it is, where it is no lead.
  private static func title(of item: APIRecordSummary) -> String {
    if item.erased == true { return kindName(item.kind) + ErasureLines.stub }
    guard item.kind != "lead.transfer" else { return item.title ?? kindName(item.kind) }
    return item.title.map { kindName(item.kind) + say("：", ": ") + $0 } ?? kindName(item.kind)
  }
}
