import Cryptography
import Exchange
import RecordModel
import Synchronization

extension FakeNode {
  static var erasureStatement: ErasureStatement {
    get throws {
      ErasureStatement(
        agency: try AgencyCode(own),
        channel: Origin(
          federation: "t",
          direction: Direction(from: try AgencyCode(own), to: try AgencyCode(peer)), epoch: 1),
        seq: 3, target: id(1), leaf: .zero,
        legalBasis: Common.LegalBasis(law: "示例法", article: "第一条"))
    }
  }

  static var carrier: ErasureCarrier {
    get throws {
      ErasureCarrier(
        id: id(2), kind: KindName.leadForward, from: try AgencyCode(own),
        to: try AgencyCode(peer), place: .elsewhere)
    }
  }

  func erasureStatement(
    _ id: RecordID, seq: UInt64?, law: String, article: String
  ) async throws -> ErasureProposal {
    try note("erasureStatement \(id) \(seq.map { "\($0)" } ?? "-") \(law) \(article)")
    return ErasureProposal(
      statement: try Self.erasureStatement, carriers: [try Self.carrier])
  }

  func erase(approved note: [UInt8], by: String) async throws -> ErasureReceipt {
    try self.note("erase \(note.count) \(by)")
    return ErasureReceipt(
      id: Self.id(9), target: Self.id(1), peer: other, carriers: [try Self.carrier])
  }

  func erasures(after cursor: RecordPosition?, limit: Int) async throws -> [ErasureView] {
    try note("erasures \(cursor.map { "\($0.channel.rawValue)/\($0.seq)" } ?? "-") \(limit)")
    return state.withLock { $0.erasures }
  }
}
