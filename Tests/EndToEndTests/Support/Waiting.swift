import NodeClient

/// What a test could not do, in words.
struct Trouble: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

/// Asks again and again until it is so. A loaded machine is slow, hence the generous deadline; a
/// node that is just starting or has just died does not answer, which is no "no".
func eventually(
  _ what: String, within limit: Duration = .seconds(90), _ isSo: () async throws -> Bool
) async throws {
  let start = ContinuousClock.now
  while true {
    do {
      if try await isSo() { return }
    } catch let error as ClientError where error.isAboutConnection {}
    guard ContinuousClock.now - start < limit else {
      throw Trouble("waited \(limit) in vain until \(what)")
    }
    try await Task.sleep(for: .milliseconds(15))
  }
}

extension ClientError {
  /// Nobody was there to answer: neither yes nor no, and asking again under a key does no harm. A
  /// minute without an answer is none of these: it is a defect.
  var isAboutConnection: Bool { [.unreachable, .connection].contains(code) }
}
