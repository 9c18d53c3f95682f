extension NodeClient {
  /// Has the node work deadlines, ties and counts out anew from its records.
  public func rebuildProjections() async throws {
    _ = try await call(APICall(.post, "/v1/deadlines/rebuild"))
  }

  /// Open time limits over all threads, those due first at the head; `ours` nil for both ends'.
  public func deadlines(
    before: String? = nil, ours: Bool? = nil, peer: String? = nil, limit: Int? = nil,
    cursor: String? = nil
  ) async throws -> Decoded<APIDeadlines> {
    try await call(
      APICall(
        .get, "/v1/deadlines",
        query: [
          ("before", before), ("owner", ours.map { $0 ? "ours" : "theirs" }), ("peer", peer),
          ("limit", limit.map(String.init)), ("cursor", cursor),
        ]), as: APIDeadlines.self)
  }

  /// The time-limit rules and calendars in force.
  public func clockRules() async throws -> Decoded<APIClockRules> {
    try await call(APICall(.get, "/v1/deadlines/rules"), as: APIClockRules.self)
  }

  /// What became of leads between two days, both included; without them, this month.
  public func statistics(
    from: String? = nil, to: String? = nil, peer: String? = nil
  ) async throws -> Decoded<APIStatistics> {
    try await call(statisticsCall(from, to, peer), as: APIStatistics.self)
  }

  /// The same as a table for spreadsheets, CSV.
  public func statisticsTable(
    from: String? = nil, to: String? = nil, peer: String? = nil
  ) async throws -> [UInt8] {
    var request = statisticsCall(from, to, peer)
    request.accept = "text/csv"
    return try await call(request).body
  }

  private func statisticsCall(_ from: String?, _ to: String?, _ peer: String?) -> APICall {
    APICall(.get, "/v1/statistics", query: [("from", from), ("to", to), ("peer", peer)])
  }
}
