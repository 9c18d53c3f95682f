import Auditor
import Testing

/// How a history is made.
struct History: Sendable {
  var make: @Sendable () throws -> SampleWorld
  init(_ make: @escaping @Sendable () throws -> SampleWorld) { self.make = make }
}

/// One thing done to a history or to what a node holds of it, and all that an audit must say.
struct AuditCase: Sendable, CustomTestStringConvertible {
  enum Place: Sendable { case out, back, journal, witnessed, directories }

  var name: String
  /// The finding that names the damage.
  var kind: FindingKind
  var place: Place
  var index: UInt64?
  /// Every other kind that follows from it; nothing else may be found.
  var also: Set<FindingKind> = []
  /// The history that is then changed.
  var world = History { try .usual() }
  /// Changes what the node holds of it.
  var tamper: @Sendable (inout SampleSource, SampleWorld) throws -> Void = { _, _ in }

  var testDescription: String { name }

  static var all: [AuditCase] {
    EntryCases.all + HeadCases.all + SealingCases.all + ErasureCases.all + WitnessCases.all
      + DirectoryCases.all
  }
}

extension AuditReport {
  func findings(_ place: AuditCase.Place) -> [Finding] {
    switch place {
    case .out: channels.filter(\.isOutbound).flatMap(\.findings.kept)
    case .back: channels.filter { !$0.isOutbound }.flatMap(\.findings.kept)
    case .journal: journals.flatMap(\.findings.kept)
    case .witnessed: witnessed.flatMap(\.findings.kept)
    case .directories: directories.findings.kept
    }
  }

  var all: [Finding] {
    [.out, .back, .journal, .witnessed, .directories].flatMap { findings($0) }
  }
}
