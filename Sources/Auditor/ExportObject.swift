import Cryptography
import RecordSchema
import TransparencyLog

/// A JSON object of an export being read strictly; its errors name the file and the field.
struct ExportObject {
  private let node: JSONNode
  private let name: String

  init(parsing bytes: [UInt8], name: String, limit: Int) throws(ExportError) {
    do {
      node = try JSONDocument(
        parsing: bytes, profile: .general, limits: .init(depth: 8, size: limit)
      ).root
    } catch {
      throw ExportError(.malformed, "\(name): no strict JSON")
    }
    self.name = name
    guard node.kind == .object else { throw wrong("(whole)") }
  }

  private init(_ node: JSONNode, name: String) {
    self.node = node
    self.name = name
  }

  func wrong(_ field: String) -> ExportError {
    ExportError(.malformed, "\(name): the field \(field) is missing or wrong")
  }

  func allow(_ fields: Set<String>) throws(ExportError) {
    // Not `for … in`, which would lose the type of the error.
    var members = node.members
    while let member = members.next() {
      guard fields.contains(member.key) else { throw wrong(member.key) }
    }
  }

  func has(_ field: String) -> Bool { node[field] != nil }

  func string(_ field: String) throws(ExportError) -> String {
    guard let value = node[field]?.string else { throw wrong(field) }
    return value
  }

  func bool(_ field: String) throws(ExportError) -> Bool {
    guard let value = node[field]?.bool else { throw wrong(field) }
    return value
  }

  func integer(_ field: String) throws(ExportError) -> UInt64 {
    guard let value = node[field]?.integer, let value = UInt64(exactly: value) else {
      throw wrong(field)
    }
    return value
  }

  func integers(_ field: String) throws(ExportError) -> [UInt64] {
    guard let list = node[field], list.kind == .array else { throw wrong(field) }
    var values: [UInt64] = []
    values.reserveCapacity(list.count)
    var elements = list.elements
    while let element = elements.next() {
      guard let value = element.integer, let value = UInt64(exactly: value) else {
        throw wrong(field)
      }
      values.append(value)
    }
    return values
  }

  func objects(_ field: String) throws(ExportError) -> [ExportObject] {
    guard let list = node[field], list.kind == .array else { throw wrong(field) }
    var found: [ExportObject] = []
    var elements = list.elements
    while let element = elements.next() {
      guard element.kind == .object else { throw wrong(field) }
      found.append(ExportObject(element, name: "\(name) \(field) \(found.count)"))
    }
    return found
  }

  func object(_ field: String) throws(ExportError) -> ExportObject {
    guard let value = node[field], value.kind == .object else { throw wrong(field) }
    return ExportObject(value, name: "\(name) \(field)")
  }

  /// 64 lower-case hexadecimal digits.
  func digest(_ field: String) throws(ExportError) -> Digest {
    guard let digest = Digest(hexadecimal: try string(field)) else { throw wrong(field) }
    return digest
  }
}
