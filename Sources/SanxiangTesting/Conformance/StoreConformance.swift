public import Exchange

/// The contract of `Store` as checks that run on any backend. Each is one test:
/// ```swift
/// @Test(arguments: StoreConformance.checks)
/// func `Keeps the contract`(check: StoreConformance.Check) throws { try check.run(subject) }
/// ```
public enum StoreConformance {
  /// The backend under test.
  public struct Subject: Sendable {
    /// Makes an empty store on a medium of its own.
    public var make: @Sendable () throws -> any Store
    /// Closes a store that `make` or this returned, and opens its medium again. Nil when the backend
    /// keeps nothing; the checks that need it then do nothing.
    public var reopen: (@Sendable (any Store) throws -> any Store)?

    /// A backend by how it is opened.
    public init(
      make: @escaping @Sendable () throws -> any Store,
      reopen: (@Sendable (any Store) throws -> any Store)? = nil
    ) {
      self.make = make
      self.reopen = reopen
    }
  }

  /// One clause of the contract.
  public struct Check: Sendable, CustomStringConvertible {
    /// The clause as a sentence.
    public let name: String
    private let body: @Sendable (Subject) throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (Subject) throws -> Void) {
      self.name = name
      self.body = body
    }

    /// A check on one fresh store, given as a fixture.
    init(_ name: String, on body: @escaping @Sendable (StoreFixture) throws -> Void) {
      self.init(name) { subject in
        let fixture = StoreFixture(try subject.make())
        try body(fixture)
        try fixture.store.close()
      }
    }

    /// The clause as a sentence.
    public var description: String { name }

    /// Runs the check.
    /// - Throws: `Failure` when the backend breaks the clause; what the backend throws otherwise.
    public func run(_ subject: Subject) throws { try body(subject) }
  }

  /// A clause that a backend breaks.
  public struct Failure: Error, CustomStringConvertible {
    /// What was expected, what was found, and where in the suite.
    public let description: String
  }

  /// Every clause.
  public static let checks: [Check] =
    atomicity + order + channels + records + index + checkpoints + outbox + erasures + journal
    + witness + small
    + reopening + projections + counts + clocks
}

// MARK: - Expectations

func expect(
  _ condition: Bool, _ what: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) throws {
  if !condition { throw StoreConformance.Failure(description: "\(what()) (\(file):\(line))") }
}

func expectEqual<T: Equatable>(
  _ found: T?, _ expected: T?, _ what: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) throws {
  try expect(
    found == expected, "\(what()): found \(text(found)), expected \(text(expected))", file: file,
    line: line)
}

/// Returns the store's own failure; anything else that is thrown, or nothing, breaks the clause.
@discardableResult
func expectFailure(
  _ what: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line,
  _ body: () throws -> Void
) throws -> StoreFailure {
  do { try body() } catch let failure as StoreFailure { return failure }
  throw StoreConformance.Failure(
    description: "\(what()) should throw a StoreFailure (\(file):\(line))")
}

/// An element that a store which keeps the contract has delivered.
func element<T>(
  _ index: Int, of list: [T], file: StaticString = #fileID, line: UInt = #line
) throws -> T {
  try expect(index < list.count, "only \(list.count) were found", file: file, line: line)
  return list[index]
}

private func text<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "nil" }
