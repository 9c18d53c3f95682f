/// A broken rule: its stable name and what it says to people. The sentences hold limits and names
/// from the schema, nothing from the payload.
struct Failure {
  let rule: String
  let english: String
  let chinese: String

  init(_ rule: String, _ english: String, _ chinese: String) {
    self.rule = rule
    self.english = english
    self.chinese = chinese
  }

  enum TypeName: String {
    case object, array, string, integer, number, boolean

    var chinese: String {
      switch self {
      case .object: "对象"
      case .array: "数组"
      case .string: "字符串"
      case .integer: "整数"
      case .number: "数字"
      case .boolean: "布尔值"
      }
    }
  }

  static func type(_ name: TypeName) -> Failure {
    Failure("type", "Must be of type \(name.rawValue).", "类型必须是\(name.chinese)。")
  }

  static func required(_ name: StaticString) -> Failure {
    Failure("required", "The member \(name) is required.", "缺少必填项 \(name)。")
  }

  static let additionalProperties = Failure(
    "additionalProperties", "The schema has no such member here.", "此处不允许出现该项。")

  static func minLength(_ limit: Int) -> Failure {
    Failure(
      "minLength", "Must have at least \(limit) characters.", "长度不得少于\(limit)个字符。")
  }

  static func maxLength(_ limit: Int) -> Failure {
    Failure(
      "maxLength", "Must have at most \(limit) characters.", "长度不得超过\(limit)个字符。")
  }

  static func minItems(_ limit: Int) -> Failure {
    Failure("minItems", "Must have at least \(limit) items.", "至少应有\(limit)项。")
  }

  static func maxItems(_ limit: Int) -> Failure {
    Failure("maxItems", "Must have at most \(limit) items.", "至多可有\(limit)项。")
  }

  static let uniqueItems = Failure(
    "uniqueItems", "The same item stands here twice.", "存在重复项。")

  static func minimum(_ limit: Int64) -> Failure {
    Failure("minimum", "Must be at least \(limit).", "不得小于\(limit)。")
  }

  static func maximum(_ limit: Int64) -> Failure {
    Failure("maximum", "Must be at most \(limit).", "不得大于\(limit)。")
  }

  static let exclusiveMinimum = Failure(
    "exclusiveMinimum", "Must be greater than 0.", "必须大于0。")

  static func code(_ list: CodeList) -> Failure {
    Failure(
      "enum", "Must be a code of the list \(list.name).", "必须是代码表 \(list.name) 中的代码。")
  }

  static func pattern(_ name: String, _ english: String, _ chinese: String) -> Failure {
    Failure("pattern:\(name)", english, chinese)
  }

  static let control = Failure(
    "text:control", "Must hold no control or text-direction characters.",
    "不得含有控制字符或文字方向字符。")

  static let blank = Failure(
    "text:blank", "Must not be made of white space alone.", "不得全为空白字符。")

  static let classification = Failure(
    "classification:notPermitted",
    "Only 非密 or 工作秘密 may be sent: state secrets must not enter this network.",
    "密级只能为“非密”或“工作秘密”:国家秘密不得进入本网络。")

  static let attachments = Failure(
    "attachments:unsupported", "Attachments cannot be sent in this version: leave the list empty.",
    "本版本暂不支持附件,附件列表应为空。")

  static let periodOrder = Failure(
    "period:order", "The period must not end before it starts.", "发生期间的止日不得早于起日。")

  static let distinctParties = Failure(
    "origin:parties", "The two agencies of an origin must differ.", "通道的两端机关不得相同。")

  static func format(_ name: CodeFormat.Name) -> Failure {
    let (english, chinese) =
      switch name {
      case .creditCode:
        ("a unified social credit code with a right check digit", "校验位正确的统一社会信用代码")
      case .identityNumber:
        ("a citizen identity number with a right check digit", "校验位正确的公民身份号码")
      case .documentNumber:
        ("a document number such as 示移〔2026〕1号", "规范的发文字号,例如 示移〔2026〕1号")
      case .region: ("a six-digit division code of GB/T 2260", "六位行政区划代码(GB/T 2260)")
      case .date: ("a real date written YYYY-MM-DD", "真实日期,格式 YYYY-MM-DD")
      case .dateTime:
        ("a time written YYYY-MM-DDThh:mm:ss.mmm+08:00", "时间,格式 YYYY-MM-DDThh:mm:ss.mmm+08:00")
      case .uuidv7: ("a lower-case UUID of version 7", "小写的第7版 UUID")
      }
    return Failure("format:\(name.rawValue)", "Must be \(english).", "必须是\(chinese)。")
  }

  static func json(_ code: JSONError.Code) -> Failure {
    let (english, chinese) =
      switch code {
      case .duplicateKey: ("Two members have the same name.", "对象中有重名项。")
      case .utf8: ("The bytes are not well-formed UTF-8.", "不是合法的 UTF-8 编码。")
      case .surrogate: ("An escape is half of a surrogate pair.", "转义只含代理对的一半。")
      case .nfc:
        ("Text must be in Unicode normalisation form C.", "文本必须采用 Unicode 规范化形式 C。")
      case .number: ("A number lies beyond ±(2^53−1).", "数字超出 ±(2^53−1)。")
      case .depth: ("Values are nested too deeply.", "嵌套层数过多。")
      case .size: ("There are more bytes than the limit.", "字节数超过上限。")
      case .trailing: ("Something follows the value.", "值之后还有多余内容。")
      default: ("Not JSON as RFC 8259 defines it.", "不符合 RFC 8259 规定的 JSON 语法。")
      }
    return Failure(code.rawValue, english, chinese)
  }
}
