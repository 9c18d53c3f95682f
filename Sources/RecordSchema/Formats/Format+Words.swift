/// What a value must be, as messages say it: "Must be ….", 必须是…。
extension Format {
  /// An English noun phrase with its article.
  public var english: String {
    switch self {
    case .date: "a real date written YYYY-MM-DD"
    case .time: "a time with its offset, such as 09:15:00+08:00"
    case .dateTime: "a date and time with its offset, such as 2026-11-23T09:15:00+08:00"
    case .duration: "a duration such as P3D or PT24H"
    case .email: "an e-mail address"
    case .idnEmail: "an e-mail address, which may be internationalised"
    case .hostname: "a host name"
    case .idnHostname: "a host name, which may be internationalised"
    case .ipv4: "an IPv4 address of four decimal numbers"
    case .ipv6: "an IPv6 address without a zone"
    case .uri: "a URI with its scheme"
    case .uriReference: "a URI or a relative reference"
    case .iri: "an IRI with its scheme"
    case .iriReference: "an IRI or a relative reference"
    case .uriTemplate: "a URI template of RFC 6570"
    case .uuid: "a UUID"
    case .regex: "a regular expression of ECMA-262"
    case .jsonPointer: "a JSON Pointer"
    case .relativeJSONPointer: "a relative JSON Pointer"
    case .uscc: "a unified social credit code with a right check digit"
    case .cnID: "a citizen identity number with a right check digit and a birth date that is past"
    case .cnDocno: "a document number such as 示移〔2026〕1号"
    case .cnRegion: "a six-digit division code of GB/T 2260"
    case .uuidv7: "a lower-case UUID of version 7"
    }
  }

  /// A Chinese noun phrase.
  public var chinese: String {
    switch self {
    case .date: "真实日期，格式 YYYY-MM-DD"
    case .time: "带时区偏移的时间，例如 09:15:00+08:00"
    case .dateTime: "带时区偏移的日期时间，例如 2026-11-23T09:15:00+08:00"
    case .duration: "时长，例如 P3D 或 PT24H"
    case .email: "电子邮件地址"
    case .idnEmail: "电子邮件地址（可为国际化地址）"
    case .hostname: "主机名"
    case .idnHostname: "主机名（可为国际化域名）"
    case .ipv4: "IPv4 地址（四段十进制数）"
    case .ipv6: "不带区域标识的 IPv6 地址"
    case .uri: "带协议名的 URI"
    case .uriReference: "URI 或相对引用"
    case .iri: "带协议名的 IRI"
    case .iriReference: "IRI 或相对引用"
    case .uriTemplate: "URI 模板（RFC 6570）"
    case .uuid: "UUID"
    case .regex: "正则表达式（ECMA-262）"
    case .jsonPointer: "JSON 指针（RFC 6901）"
    case .relativeJSONPointer: "相对 JSON 指针"
    case .uscc: "校验位正确的统一社会信用代码"
    case .cnID: "校验位正确、出生日期不在将来的公民身份号码"
    case .cnDocno: "规范的发文字号，例如 示移〔2026〕1号"
    case .cnRegion: "六位行政区划代码（GB/T 2260）"
    case .uuidv7: "小写的第7版 UUID"
    }
  }
}
