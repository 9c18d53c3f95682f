/// A string format that a schema may name: those of JSON Schema 2020-12, and those of records.
///
/// Every check is decided by the text alone, never by the present time or a locale, so that both
/// ends of a channel reach the same verdict; text of any length takes time in proportion to its
/// length, or less. The raw value is the name that stands in a schema.
public enum Format: String, CaseIterable, Sendable {
  // MARK: JSON Schema 2020-12, Validation, section 7.3

  /// `full-date` of RFC 3339: a real day, `2026-11-23`.
  case date
  /// `full-time` of RFC 3339, with its offset: `09:15:00+08:00`.
  case time
  /// `date-time` of RFC 3339: any offset, any fraction, leap seconds at the end of a UTC day.
  /// Records' own narrower form is ``CodeFormat/isDateTime(_:)``.
  case dateTime = "date-time"
  /// `duration` of RFC 3339, appendix A: `P3D`, `PT24H`, `P2W`.
  case duration
  /// `Mailbox` of RFC 5321, section 4.1.2.
  case email
  /// `Mailbox` as RFC 6531 extends it: UTF-8 in the local part, U-labels in the domain.
  case idnEmail = "idn-email"
  /// A host name of RFC 1123; labels that begin with `xn--` must be A-labels of RFC 5890.
  case hostname
  /// A host name whose labels are of RFC 1123, A-labels or U-labels of RFC 5890.
  case idnHostname = "idn-hostname"
  /// `dotted-quad` of RFC 2673, section 3.2: four decimal numbers without leading zeros.
  case ipv4
  /// An address of RFC 4291, section 2.2, without a zone.
  case ipv6
  /// `URI` of RFC 3986.
  case uri
  /// `URI-reference` of RFC 3986.
  case uriReference = "uri-reference"
  /// `IRI` of RFC 3987.
  case iri
  /// `IRI-reference` of RFC 3987.
  case iriReference = "iri-reference"
  /// `URI-Template` of RFC 6570, of any level.
  case uriTemplate = "uri-template"
  /// `UUID` of RFC 9562, in either case, of any version.
  case uuid
  /// A regular expression of ECMA-262, with the flag `u`.
  case regex
  /// `json-pointer` of RFC 6901, not as a URI fragment.
  case jsonPointer = "json-pointer"
  /// A relative JSON Pointer: `0#`, `1/name`.
  case relativeJSONPointer = "relative-json-pointer"

  // MARK: Records

  /// Unified social credit code 统一社会信用代码, GB 32100-2015.
  case uscc
  /// Citizen identity number 公民身份号码, GB 11643-1999.
  case cnID = "cn-id"
  /// Document number 发文字号, such as 市监移〔2026〕12号.
  case cnDocno = "cn-docno"
  /// Administrative division code 行政区划代码, GB/T 2260.
  case cnRegion = "cn-region"
  /// Lower-case UUID of version 7, RFC 9562.
  case uuidv7

  /// Whether text is of this format.
  ///
  /// - Parameters:
  ///   - text: UTF-8; bytes that are not are of no format.
  ///   - asOf: the day after which the birth date of a `cn-id` must not lie; where nil, only the
  ///     fixed range of years counts.
  public func matches(_ text: UnsafeBufferPointer<UInt8>, asOf: CalendarDate? = nil) -> Bool {
    switch self {
    case .date: CodeFormat.isDate(utf8: text)
    case .time: InternetTime.isTime(text)
    case .dateTime: InternetTime.isDateTime(text)
    case .duration: InternetTime.isDuration(text)
    case .email: Mailbox.isMailbox(text, international: false)
    case .idnEmail: Mailbox.isMailbox(text, international: true)
    case .hostname: HostName.isHostName(text)
    case .idnHostname: HostName.isInternational(text)
    case .ipv4: NetworkAddress.isIPv4(text)
    case .ipv6: NetworkAddress.isIPv6(text)
    case .uri: ResourceIdentifier.isAbsolute(text, .uri)
    case .uriReference: ResourceIdentifier.isReference(text, .uri)
    case .iri: ResourceIdentifier.isAbsolute(text, .iri)
    case .iriReference: ResourceIdentifier.isReference(text, .iri)
    case .uriTemplate: ResourceTemplate.isTemplate(text)
    case .uuid: Self.isUUID(text)
    case .regex: Pattern.isRegularExpression(text)
    case .jsonPointer: PointerSyntax.isPointer(text)
    case .relativeJSONPointer: PointerSyntax.isRelativePointer(text)
    case .uscc: CodeFormat.isCreditCode(utf8: text)
    case .cnID: CodeFormat.isIdentityNumber(utf8: text, today: asOf)
    case .cnDocno: CodeFormat.isDocumentNumber(utf8: text)
    case .cnRegion: CodeFormat.isRegion(utf8: text)
    case .uuidv7: CodeFormat.isUUIDv7(utf8: text)
    }
  }

  /// Whether text is of this format; see ``matches(_:asOf:)``.
  public func matches(_ text: String, asOf: CalendarDate? = nil) -> Bool {
    CodeFormat.withUTF8(text) { matches($0, asOf: asOf) }
  }

  /// Five groups of 8, 4, 4, 4 and 12 hexadecimal digits.
  private static func isUUID(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    for index in 0..<36 {
      switch index {
      case 8, 13, 18, 23: guard text[index] == UInt8(ascii: "-") else { return false }
      default: guard ABNF.isHexDigit(text[index]) else { return false }
      }
    }
    return true
  }
}
