import RecordModel
public import RecordSchema

// Schemas: what this node reads, and judging a payload that nobody submits.

extension Node {
  /// The record schemas that this node reads.
  public var schemas: SchemaRegistry { runtime.registry }

  /// Judges a payload as of today by the schemas that submissions are judged by. Nothing is kept.
  /// - Parameter limit: how many violations to tell at most.
  public func check(_ payload: [UInt8], schema: String, limit: Int) -> PayloadVerdict {
    runtime.registry.check(
      schema: schema, payload: payload, asOf: environment.now().day, limit: limit)
  }
}
