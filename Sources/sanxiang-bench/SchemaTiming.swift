import RecordModel
import RecordSchema

/// What checking one record costs on one thread.
struct SchemaTiming: Codable, Equatable {
  var mode = "validate"
  var schema: String
  /// The record's length.
  var payloadBytes: Int
  /// Each of so many records.
  var rounds: Int
  var records: Int
  /// Medians of the rounds, per record: bytes to parsed document.
  var parseMicros: Double
  /// Flag mode on a parsed document: valid or not.
  var flagMicros: Double
  /// Full mode on a parsed document: every rule is tried, every broken one would be told.
  var fullMicros: Double
  /// The whole check from bytes to verdict, as nodes do it.
  var checkMicros: Double
  /// Whole checks in a second.
  var perSecond: Double

  /// The lines for a person.
  var text: String {
    """
    validate: \(records) × \(payloadBytes) B (\(schema)), median of \(rounds) rounds, one thread
      parse \(Self.micros(parseMicros))   flag \(Self.micros(flagMicros))   \
    full \(Self.micros(fullMicros))   whole check \(Self.micros(checkMicros))
      \(Int(perSecond.rounded())) records /s
    """
  }

  private static func micros(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) µs"
  }
}

/// Times one payload under one schema of the contract.
struct SchemaBench {
  let payload: [UInt8]
  /// For example `lead.transfer/1`.
  let schema: String
  /// The day that birth dates must not lie after, as a node would give it.
  let today: CalendarDate?

  private let document: JSONDocument
  private let compiled: CompiledSchema

  /// Throws ``BenchError`` for a payload that is not valid: what breaks a rule early costs less.
  init(payload: [UInt8], schema: String, today: CalendarDate?) throws {
    self.payload = payload
    self.schema = schema
    self.today = today
    let registry = SchemaRegistry.builtIn
    switch registry.check(schema: schema, payload: payload, asOf: today) {
    case .valid: break
    case .invalid(let broken):
      throw BenchError(
        "the record is not a valid \(schema): "
          + broken.map(\.description).joined(separator: "; "))
    case .unknownSchema:
      throw BenchError(
        "there is no schema \(schema); there are: "
          + registry.readable.joined(separator: ", "))
    }
    document = try JSONDocument(parsing: payload, limits: SchemaRegistry.payloadLimits)
    compiled = try Self.compile(schema, in: registry)
  }

  private static func compile(
    _ schema: String, in registry: SchemaRegistry
  ) throws -> CompiledSchema {
    var library = SchemaLibrary()
    for source in registry.sources {
      let id = try JSONDocument(parsing: source.bytes, profile: .general).root["$id"]?.string
      try library.add(source.bytes, at: id ?? source.path)
    }
    let id = registry.entry(schema)?.document.root["$id"]?.string
    return try CompiledSchema(id ?? "", in: library, assertsFormats: true)
  }

  /// Runs the rounds, each part in turn so that a busy moment of the machine hits all of them.
  func run(rounds: Int, records: Int) throws -> SchemaTiming {
    let registry = SchemaRegistry.builtIn
    let limits = SchemaRegistry.payloadLimits
    // What is counted up keeps the compiler from leaving the work out.
    var right = 0
    let parts: [() throws -> Bool] = [
      { try JSONDocument(parsing: payload, limits: limits).root.kind == .object },
      { compiled.isValid(document, asOf: today) },
      { compiled.violations(in: document, asOf: today).isEmpty },
      { registry.check(schema: schema, payload: payload, asOf: today) == .valid },
    ]
    var times = [[Double]](repeating: [], count: parts.count)
    // The first two rounds only warm up.
    for round in -2..<rounds {
      for (part, body) in parts.enumerated() {
        let start = ContinuousClock.now
        for _ in 0..<records where try body() { right += 1 }
        let micros = (ContinuousClock.now - start).milliseconds * 1000 / Double(records)
        if round >= 0 { times[part].append(micros) }
      }
    }
    guard right == (rounds + 2) * records * parts.count else {
      throw BenchError("a record was valid once and not another time")
    }
    let medians = times.map(Self.median)
    return SchemaTiming(
      schema: schema, payloadBytes: payload.count, rounds: rounds, records: records,
      parseMicros: medians[0], flagMicros: medians[1], fullMicros: medians[2],
      checkMicros: medians[3], perSecond: 1_000_000 / medians[3])
  }

  /// The middle one; of an even number the mean of the two in the middle. Not of none.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
