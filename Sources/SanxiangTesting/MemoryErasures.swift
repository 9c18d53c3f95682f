import Cryptography
import Exchange
import RecordModel

extension MemoryReading {
  func erasure(of target: RecordPosition) throws -> StoredErasure? { state.erasures[target] }

  func erasures(after target: RecordPosition?, limit: Int) throws -> [StoredErasure] {
    let all = state.erasures.values.sorted { $0.target.place < $1.target.place }
    let rest = all.drop { erasure in target.map { erasure.target.place <= $0.place } ?? false }
    return Array(rest.prefix(limit))
  }
}

extension MemoryTransaction {
  func put(_ erasure: StoredErasure) throws {
    setErasure(erasure)
  }

  func erase(_ position: RecordPosition, id: RecordID) throws -> Bool {
    guard let record = state.record(at: position) else {
      throw StoreFailure.failed("there is no record \(position.seq) on the channel")
    }
    forget(id)
    guard record.payload != nil else { return false }
    eraseRecord(at: position)
    return true
  }
}

extension RecordPosition {
  fileprivate var place: (Int64, UInt64) { (channel.rawValue, seq) }
}
