import Cryptography
import Exchange
import GRDB
import GRDBSQLite
import RecordModel

/// A value for a statement's parameter.
enum Binding {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
  case id(RecordID)

  static func optional(_ value: Int64?) -> Binding { value.map(integer) ?? .null }
  static func optional(_ value: String?) -> Binding { value.map(text) ?? .null }
  static func optional(_ value: [UInt8]?) -> Binding { value.map(blob) ?? .null }
  static func optional(_ value: Digest?) -> Binding { value.map(digest) ?? .null }
  static func digest(_ value: Digest) -> Binding { .blob(value.bytes) }
  static func flag(_ value: Bool) -> Binding { .integer(value ? 1 : 0) }
  static func time(_ value: Timestamp) -> Binding { .integer(value.milliseconds) }
  /// All 64 bits, for numbers that SQL never compares.
  static func bits(_ value: UInt64) -> Binding { .integer(Int64(bitPattern: value)) }
}

/// A prepared statement of one connection, which GRDB owns and finalises. Its parameters and columns
/// go straight to SQLite, because GRDB's own values would copy each blob through `Data`.
///
/// It is always reset when a call returns, so no read outlives its caller's transaction.
struct Query {
  private let statement: Statement
  /// Valid as long as `statement` lives.
  let handle: OpaquePointer
  /// The connection outlives its statements: it removes them before it closes.
  private unowned let connection: Connection

  init(_ statement: Statement, connection: Connection) {
    self.statement = statement
    handle = statement.sqliteStatement
    self.connection = connection
  }

  /// Runs a statement that answers no rows.
  func run(_ values: Binding...) throws {
    try execute(values) { while try step() {} }
  }

  /// The first row, or nil.
  func first<T>(_ values: Binding..., map: (Columns) throws -> T) throws -> T? {
    try execute(values) { try step() ? try map(Columns(handle: handle)) : nil }
  }

  /// Every row.
  func all<T>(_ values: Binding..., map: (Columns) throws -> T) throws -> [T] {
    try execute(values) { try rows(map) }
  }

  /// How many parameters the text names.
  var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

  /// The rows that are left; for use inside `execute`.
  func rows<T>(_ map: (Columns) throws -> T) throws -> [T] {
    var rows: [T] = []
    while try step() { rows.append(try map(Columns(handle: handle))) }
    return rows
  }

  /// Runs a statement and says how many rows it changed.
  func change(_ values: Binding...) throws -> Int {
    try execute(values) {
      while try step() {}
      return Int(sqlite3_changes(sqlite3_db_handle(handle)))
    }
  }

  /// Binds, runs `body`, and resets whatever happens.
  func execute<R>(_ values: [Binding], _ body: () throws -> R) throws -> R {
    try connection.checkUndoomed()
    defer { reset() }
    for (index, value) in values.enumerated() { try bind(value, at: CInt(index + 1)) }
    return try body()
  }

  /// Goes to the next row; false after the last.
  func step() throws -> Bool {
    let code = sqlite3_step(handle)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.fail(code, handle)
    }
  }

  /// Makes the statement ready for its next use and forgets its parameters.
  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  func bind(_ value: Binding, at index: CInt) throws {
    switch value {
    case .null: try check(sqlite3_bind_null(handle, index))
    case .integer(let number): try check(sqlite3_bind_int64(handle, index, number))
    case .text(var text):
      try text.withUTF8 { bytes in
        // An empty string has no address, and SQLite takes no address for NULL.
        try check(
          bytes.baseAddress == nil
            ? sqlite3_bind_text64(handle, index, "", 0, Self.copied, UInt8(SQLITE_UTF8))
            : bytes.withMemoryRebound(to: CChar.self) {
              sqlite3_bind_text64(
                handle, index, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
            })
      }
    case .blob(let bytes):
      try bytes.withUnsafeBytes { try bind(borrowed: $0, at: index, Self.copied) }
    case .id(let id):
      try withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) {
        try bind(borrowed: $0, at: index, Self.copied)
      }
    }
  }

  /// Binds bytes that stay where they are until the statement is reset.
  func bind(borrowed bytes: UnsafeRawBufferPointer, at index: CInt) throws {
    try bind(borrowed: bytes, at: index, nil)
  }

  private func bind(
    borrowed bytes: UnsafeRawBufferPointer, at index: CInt, _ destructor: sqlite3_destructor_type?
  ) throws {
    // SQLite takes an address of nothing for NULL; no bytes is a value of its own.
    guard let address = bytes.baseAddress, !bytes.isEmpty else {
      return try check(sqlite3_bind_zeroblob(handle, index, 0))
    }
    try check(sqlite3_bind_blob64(handle, index, address, UInt64(bytes.count), destructor))
  }

  private func check(_ code: CInt) throws {
    guard code == SQLITE_OK else { throw connection.fail(code, handle) }
  }

  /// SQLITE_TRANSIENT, a macro that Swift cannot see: -1 in place of a function, which SQLite
  /// compares and never calls.
  private static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }
}

/// The current row of a statement. What it lends is copied before the next step.
struct Columns {
  let handle: OpaquePointer

  func isNull(_ column: CInt) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(handle, column) }

  func bits(_ column: CInt) -> UInt64 { UInt64(bitPattern: integer(column)) }

  func flag(_ column: CInt) -> Bool { integer(column) != 0 }

  func time(_ column: CInt) -> Timestamp { Timestamp(milliseconds: integer(column)) }

  /// The bytes of a blob or a text where SQLite keeps them, until the next step.
  func borrowed(_ column: CInt) -> UnsafeRawBufferPointer {
    let address = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(
      start: address, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func blob(_ column: CInt) -> [UInt8] { Array(borrowed(column)) }

  func text(_ column: CInt) -> String { String(decoding: borrowed(column), as: UTF8.self) }

  func digest(_ column: CInt) throws -> Digest {
    let bytes = borrowed(column)
    guard bytes.count == Digest.byteCount else { throw corrupt(column, "a digest") }
    return Digest(unsafeBytes: bytes)
  }

  func id(_ column: CInt) throws -> RecordID {
    guard let id = RecordID(bytes: blob(column)) else { throw corrupt(column, "a record id") }
    return id
  }

  /// A value in its written form, such as an origin or a code.
  func parsed<T>(_ column: CInt, _ parse: (String) throws -> T?) throws -> T {
    guard let value = try? parse(text(column)) else { throw corrupt(column, "\(T.self)") }
    return value
  }

  /// Nil for NULL, else what `read` makes of it.
  func optional<T>(_ column: CInt, _ read: (CInt) throws -> T) rethrows -> T? {
    isNull(column) ? nil : try read(column)
  }

  func corrupt(_ column: CInt, _ what: String) -> StoreFailure {
    let name = sqlite3_column_name(handle, column).map { String(cString: $0) } ?? "?"
    return .corrupt("the column \(name) does not hold \(what)")
  }
}
