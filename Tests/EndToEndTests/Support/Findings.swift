import Foundation
import NodeClient
import Testing

/// What must hold at the end of every test that moved records.
extension Federation {
  /// Both ends of every channel hold the same records under receipts, and nothing is halted.
  func expectEqualRoots(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    var ends: [String: [APIChannel]] = [:]
    for node in nodes {
      for channel in try await node.client.channels().value.items {
        ends[channel.origin, default: []].append(channel)
        #expect(channel.halt == nil, sourceLocation: sourceLocation)
      }
    }
    for (origin, both) in ends where both.count == 2 {
      #expect(Set(both.map(\.size)).count == 1, "\(origin)", sourceLocation: sourceLocation)
      #expect(Set(both.map(\.root)).count == 1, "\(origin)", sourceLocation: sourceLocation)
      #expect(
        both.allSatisfy { $0.receiptedSize == $0.size }, "\(origin)",
        sourceLocation: sourceLocation)
    }
    #expect(
      ends.values.count { $0.count == 2 } == nodes.count * (nodes.count - 1),
      sourceLocation: sourceLocation)
  }

  /// Ends every process in order; the command line then finds nothing wrong with any of the stores,
  /// nor between them.
  func stopAndAudit(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for node in nodes where node.isRunning {
      let ending = try await node.stop()
      #expect(ending == .exited(0), "\(node.code)", sourceLocation: sourceLocation)
    }
    for node in nodes {
      let spoken = try await Spoken.sanxiang(["audit", "verify", node.folder])
      #expect(spoken.status == 0, "\(node.code): \(spoken)", sourceLocation: sourceLocation)
    }
    let spoken = try await Spoken.sanxiang(["audit", "reconcile"] + nodes.map(\.folder))
    #expect(spoken.status == 0, "\(spoken)", sourceLocation: sourceLocation)
  }
}
