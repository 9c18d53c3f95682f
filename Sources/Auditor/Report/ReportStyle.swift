/// How the page looks, on a screen and on paper.
enum ReportStyle {
  static let sheet: StaticString = """
    @page { size: A4; margin: 16mm 14mm; }
    body { font: 14px/1.55 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
      sans-serif; color: #1b1f24; max-width: 1040px; margin: 24px auto; padding: 0 20px; }
    h1 { font-size: 24px; margin: 0 0 12px; }
    h2 { font-size: 17px; margin: 30px 0 8px; padding-bottom: 4px; border-bottom: 2px solid #25476b;
      break-after: avoid; }
    h3 { font-size: 14px; margin: 14px 0 4px; font-weight: 600; overflow-wrap: anywhere; }
    p { margin: 6px 0; }
    table { border-collapse: collapse; width: 100%; margin: 8px 0 12px; font-size: 12.5px; }
    thead { display: table-header-group; }
    tr { break-inside: avoid; }
    th { text-align: left; background: #eef2f6; font-weight: 600; }
    th, td { border: 1px solid #c9d1d9; padding: 4px 7px; vertical-align: top;
      overflow-wrap: anywhere; }
    th { overflow-wrap: normal; }
    .n { text-align: right; white-space: nowrap; }
    .c { font-family: "DejaVu Sans Mono", "Noto Sans Mono CJK SC", Consolas, monospace;
      font-size: 11px; word-break: break-all; }
    .k { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 11px; white-space: nowrap; }
    .plain th { width: 130px; }
    .none { color: #57606a; }
    .box { border: 1px solid; border-left-width: 8px; padding: 8px 14px; margin: 18px 0;
      break-inside: avoid; }
    .good { border-color: #1a7f37; background: #f0faf2; }
    .bad { border-color: #b42318; background: #fdf2f1; }
    .verdict { font-size: 17px; font-weight: 700; }
    svg { width: 100%; height: auto; break-inside: avoid; }
    svg text { font-size: 12px; fill: #1b1f24; }
    svg text.s { font-size: 10px; fill: #57606a; }
    .bar { fill: #3a6ea5; }
    .axis { fill: #c9d1d9; }
    .act { fill: #9a6700; }
    .alarm { fill: #b42318; }
    @media print { body { margin: 0; max-width: none; padding: 0; font-size: 11pt; }
      table { font-size: 9pt; }
      .c, .k { font-size: 7.5pt; } h2 { font-size: 13pt; } }

    """
}
