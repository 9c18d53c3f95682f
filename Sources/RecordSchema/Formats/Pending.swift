enum InternetTime {
  static func isTime(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
  static func isDateTime(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
  static func isDuration(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
}
enum Mailbox {
  static func isMailbox(_ text: UnsafeBufferPointer<UInt8>, international: Bool) -> Bool { false }
}
enum HostName {
  static func isHostName(_ text: UnsafeBufferPointer<UInt8>, international: Bool) -> Bool { false }
}
enum NetworkAddress {
  static func isIPv4(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
  static func isIPv6(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
}
struct ResourceIdentifier {
  enum Grammar { case uri, iri }
  init(_ text: UnsafeBufferPointer<UInt8>, _ grammar: Grammar) {}
  var isAbsolute: Bool { false }
  var isReference: Bool { false }
}
enum ResourceTemplate { static func isTemplate(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false } }
enum PointerSyntax {
  static func isPointer(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
  static func isRelativePointer(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
}
extension Format {
  static func isRegularExpression(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
}
