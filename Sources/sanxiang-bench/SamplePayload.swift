/// Valid `lead.transfer/1` payloads of an exact length, each different from every other.
struct SamplePayload {
  /// The lengths in bytes that can be made.
  static let sizes = 1024...11_000

  private let head: String
  private let filling: [UInt8]

  /// A maker of payloads of `bytes` bytes each.
  init(bytes: Int) {
    head =
      #""title":"示例工程招标线索","category":"duty-violation","industry":"construction","#
      + #""source":"enforcement-inspection","legalBasis":[{"law":"中华人民共和国招标投标法","#
      + #""article":"第五十三条"}],"period":{"from":"2026-01-05","to":"2026-06-30"},"#
      + #""place":"000000","subjects":[{"type":"organisation","name":"示例建设工程有限公司","#
      + #""role":"suspect"}],"handler":{"unit":"执法稽查科"},"classification":"工作秘密","facts":""#
    let sentence = Array("检查发现，投标文件制作机器码一致，报价呈规律性差异，涉嫌串通投标。".utf8)
    let room = bytes - Self.docNo(0).utf8.count - head.utf8.count - 3
    var text: [UInt8] = []
    while text.count + sentence.count <= room { text += sentence }
    text += Array(repeating: UInt8(ascii: "."), count: room - text.count)
    filling = text
  }

  /// The payload with a number of its own.
  func make(_ number: Int) -> [UInt8] {
    var bytes = Array(Self.docNo(number).utf8)
    bytes += Array(head.utf8)
    bytes += filling
    bytes += Array(#""}"#.utf8)
    // The comma-free tail is one byte shorter than planned for: keep the length exact.
    bytes.insert(UInt8(ascii: " "), at: bytes.count - 1)
    return bytes
  }

  /// Nine digits, so that every payload is equally long; a document number is not padded, so the
  /// first digit is never 0.
  private static func docNo(_ number: Int) -> String {
    #"{"docNo":"市监移〔2026〕\#(100_000_000 + number)号","#
  }
}
