import Auditor
import RecordModel

/// Payloads that keep their schemas.
enum SamplePayload {
  static let transfer = """
    {"docNo":"示市监移〔2026〕18号","title":"示例线索名称","category":"economic-crime",\
    "source":"enforcement-inspection","legalBasis":[{"law":"示例法","article":"第三条"}],\
    "period":{"from":"2025-11-01"},"place":"000000",\
    "subjects":[{"name":"示例商贸有限公司","role":"principal"}],"facts":"示例事实",\
    "handler":{"unit":"示例支队"},"classification":"非密"}
    """
  static let sign =
    #"{"handlingUnit":"示例监督管理室","signedAt":"2026-11-23T10:32:05.000+08:00"}"#
  static let accept =
    #"{"handlingUnit":"示例监督检查室","acceptedAt":"2026-11-23T16:20:00.000+08:00"}"#

  static func refusal(of target: RecordID, seq: UInt64) -> String {
    #"{"target":"\#(target)","seq":\#(seq),"violations":[{"pointer":"/title","rule":"required"}]}"#
  }
}

extension SampleWorld {
  /// A certificate of 2026 to 2126 of which nobody has the key.
  static let anchor = """
    -----BEGIN CERTIFICATE-----
    MIIBRjCB+aADAgECAhQduDM4mFR1sK51Stbkw8Ak0dno1jAFBgMrZXAwGDEWMBQG
    A1UEAwwNU2FtcGxlIGFuY2hvcjAgFw0yNjExMjMxMTUwMzVaGA8yMTI2MTAzMDEx
    NTAzNVowGDEWMBQGA1UEAwwNU2FtcGxlIGFuY2hvcjAqMAUGAytlcAMhACHi6GND
    kxgt8tqW4MvTY1VMFanAAuneyQY1cagxmwW5o1MwUTAdBgNVHQ4EFgQUnbHF1+Wq
    PRl0ZRcwysGqsN8RGW4wHwYDVR0jBBgwFoAUnbHF1+WqPRl0ZRcwysGqsN8RGW4w
    DwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQBLSl9ECdxoH56Pb0mFUFDQ1pG2CfkB
    XkC0yJETH2bwGnPvHE137YcNP7w0/4TgNBuhHdxsVtAvDJNgstjYkDkG
    -----END CERTIFICATE-----

    """

  /// Four records out, three back: a lead that is signed for and accepted, one that waits, one that
  /// was refused, another that waits. Ids are those of `id(1)` to `id(7)`, in this order.
  static func usual() throws -> SampleWorld {
    var world = try SampleWorld()
    let lead = world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try world.sign(.out)
    let sign = world.seal(
      .back, KindName.leadSign, SamplePayload.sign, thread: lead, replyTo: lead)
    try world.sign(.back)
    world.seal(.back, KindName.leadAccept, SamplePayload.accept, thread: lead, replyTo: sign)
    try world.sign(.back)
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    let bad = world.seal(.out, KindName.leadTransfer, "{}", isRefused: true)
    try world.sign(.out)
    world.seal(
      .back, KindName.systemRefusal, SamplePayload.refusal(of: bad, seq: 2), thread: bad,
      replyTo: bad)
    try world.sign(.back)
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try world.sign(.out)
    return world
  }

  /// The usual history, the last lead's payload erased under entry 4 of its own channel.
  static func erased() throws -> SampleWorld {
    var world = try SampleWorld.usual()
    try world.seal(erasureOf: world.id(7), .out)
    world.erase(.out, 3)
    return world
  }

  /// Seals a record of an erasure, whose payload the audited holdings leave out: it answers what it
  /// erases.
  mutating func seal(erasureOf target: RecordID, _ way: Way) throws {
    seal(way, KindName.systemErasure, "{}", thread: target, replyTo: target)
    logs[way.rawValue].entries[logs[way.rawValue].entries.count - 1].isLeftOut = true
    logs[way.rawValue].entries[logs[way.rawValue].entries.count - 1].payload = nil
    try sign(way)
  }

  /// Takes a payload and its salt out of what is held.
  mutating func erase(_ way: Way, _ index: Int) {
    logs[way.rawValue].entries[index].payload = nil
    logs[way.rawValue].entries[index].salt = []
  }

  /// The usual history, and an hour later another lead: the journal names both heads.
  static func later() throws -> SampleWorld {
    var world = try SampleWorld.usual()
    world.journalHead(.out)
    world.journalHead(.back)
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try world.sign(.out)
    world.journalHead(.out)
    world.now = world.now.advanced(byMilliseconds: 3_600_000)
    return world
  }

  /// 260 leads out in batches, more than one tile, and nothing back.
  static func long() throws -> SampleWorld {
    var world = try SampleWorld()
    for number in 0..<260 {
      let id = RecordID.generate(at: world.now) { count in
        Array(repeating: UInt8(number / 128), count: count - 1) + [UInt8(number % 128)]
      }
      world.seal(.out, KindName.leadTransfer, SamplePayload.transfer) { header in
        header.id = id
        header.thread = id
      }
      if number % 100 == 99 || number == 259 { try world.sign(.out) }
    }
    return world
  }
}
