/// Valid `lead.transfer/1` payloads of an exact length, each different from every other.
struct SamplePayload {
  /// The lengths in bytes that can be made.
  static let sizes = 1024...11_000

  private static let tail = #""}"#

  private let head: String
  private let filling: [UInt8]

  /// A maker of payloads of `bytes` bytes each.
  init(bytes: Int) {
    head =
      #"","category":"duty-violation","industry":"construction","#
      + #""source":"enforcement-inspection","legalBasis":[{"law":"中华人民共和国招标投标法","#
      + #""article":"第五十三条"}],"period":{"from":"2026-01-05","to":"2026-06-30"},"#
      + #""place":"000000","subjects":[{"name":"示例建设工程有限公司","role":"participant"}],"#
      + #""handler":{"unit":"执法稽查科"},"classification":"工作秘密","facts":""#
    let sentence = Array("检查发现，投标文件制作机器码一致，报价呈规律性差异，涉嫌串通投标。".utf8)
    let room = bytes - Self.start(0).utf8.count - head.utf8.count - Self.tail.utf8.count
    var text: [UInt8] = []
    while text.count + sentence.count <= room { text += sentence }
    text += Array(repeating: UInt8(ascii: "."), count: room - text.count)
    filling = text
  }

  /// The payload with a number of its own.
  func make(_ number: Int) -> [UInt8] {
    var bytes = Array(Self.start(number).utf8)
    bytes += Array(head.utf8)
    bytes += filling
    bytes += Array(Self.tail.utf8)
    return bytes
  }

  /// Document number and title; nine digits, so that every payload is equally long.
  private static func start(_ number: Int) -> String {
    #"{"docNo":"市监移〔2026〕1号","title":"示例工程招标线索\#(100_000_000 + number)"#
  }
}
