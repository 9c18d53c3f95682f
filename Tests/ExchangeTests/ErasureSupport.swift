import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

extension TestWorld {
  static let law = "中华人民共和国个人信息保护法"
  static let article = "第四十七条"

  /// What operators of a node would sign for a record's erasure.
  func proposal(_ id: RecordID, at number: Int, seq: UInt64? = nil) throws -> ErasureProposal {
    let node = nodes[number].node
    return try call {
      try await node.erasureStatement(id, seq: seq, law: Self.law, article: Self.article)
    }
  }

  /// Two operators of a node approve a record's erasure.
  @discardableResult
  func erase(_ id: RecordID, at number: Int, by operators: [Int] = [0, 1]) throws -> ErasureReceipt
  {
    let text = try proposal(id, at: number).statement.text
    return try erase(
      approved: federation.approve(text, at: nodes[number].code, by: operators), at: number)
  }

  @discardableResult
  func erase(approved note: [UInt8], at number: Int) throws -> ErasureReceipt {
    let node = nodes[number].node
    return try call { try await node.erase(approved: note, by: "operator") }
  }

  /// A record as it is stored at a node, by its id.
  func stored(_ id: RecordID, at number: Int) throws -> StoredRecord? {
    try nodes[number].store.base.read { reader in
      try reader.entry(id).flatMap { try reader.record(at: $0.position) }
    }
  }

  /// The view of a record's erasure at a node.
  func erasure(of id: RecordID, at number: Int) throws -> ErasureView? {
    let node = nodes[number].node
    return try call { try await node.record(id) }.erasure
  }

  /// The code of the error with which something fails; nil when it does not.
  func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? ExchangeError)?.code.rawValue ?? "\(error)" }
  }

  func erasureAlarms(_ code: String, at number: Int) throws -> Int {
    try nodes[number].journal().count { $0.contains("\"code\":\"\(code)\"") }
  }
}
