import Cryptography
import RecordModel

/// What can be said of the parts of an evidence file only together.
struct WholeEvidence {
  private(set) var records: [ProvenRecord]
  private(set) var faults: [EvidenceFault] = []

  init(subject: EvidenceFile.Subject, found: [EvidencedRecord], forks: [ProvenFork]) {
    records = found.map(\.record)
    checkPlaces()
    markRefusals(found)
    switch subject {
    case .record(let id):
      require(records.contains { $0.header.id == id }, "the record that it is about is not in it")
      require(forks.isEmpty, "it holds forks, and is about a record")
    case .thread(let id):
      require(records.contains { $0.header.thread == id }, "no record of the case is in it")
      require(forks.isEmpty, "it holds forks, and is about a case")
      markCase(id, found)
    case .log(let origin):
      require(
        !forks.isEmpty && forks.allSatisfy { $0.origin.utf8.elementsEqual(origin.utf8) },
        "no fork of that log is in it, or one of another log")
      require(records.isEmpty, "it holds records, and is about a fork")
    }
  }

  private mutating func require(_ holds: Bool, _ detail: String) {
    guard !holds else { return }
    faults.append(EvidenceFault(code: .subject, place: nil, detail: detail))
  }

  private struct Place: Hashable {
    var origin: Origin
    var number: UInt64
  }

  /// One place of a log has one record, and one size of it one root.
  private mutating func checkPlaces() {
    var leaves: [Place: Digest] = [:]
    var roots: [Place: Digest] = [:]
    for (index, record) in records.enumerated() {
      let leaf = leaves.updateValue(
        record.leaf, forKey: Place(origin: record.origin, number: record.header.seq))
      let root = roots.updateValue(
        record.root, forKey: Place(origin: record.origin, number: record.size))
      if let leaf, leaf == record.leaf {
        faults.append(
          EvidenceFault(code: .subject, place: .record(index), detail: "it is there twice"))
      } else if leaf != nil || (root != nil && root != record.root) {
        faults.append(
          EvidenceFault(
            code: .contradiction, place: .record(index),
            detail: "another record of the file is proven under a head that excludes this one"))
      }
    }
  }

  private mutating func markRefusals(_ found: [EvidencedRecord]) {
    for record in found {
      guard let target = record.erasure else { continue }
      let direction = record.record.header.direction
      for index in records.indices
      where [direction, direction.reversed].contains(records[index].header.direction)
        && target.names(records[index].header.id, records[index].origin, records[index].header.seq)
        && records[index].content == .absent
        && Self.isApproved(target, by: direction.from, records[index].leaf)
      {
        records[index].erasedBy = record.record.header.id
      }
    }
    for refusal in found {
      guard let target = refusal.refusal else { continue }
      for index in records.indices
      where records[index].header.id == target.id
        && records[index].header.direction == refusal.record.header.direction.reversed
        && (target.seq == nil || target.seq == records[index].header.seq)
      {
        records[index].refusedBy = refusal.record.header.id
      }
    }
  }

  /// Whether two operators approved it, as far as the record's payload is in the file.
  private static func isApproved(
    _ target: ErasureTarget, by agency: AgencyCode, _ leaf: Digest
  ) -> Bool {
    switch target.payload {
    case .unknown: true
    case .malformed: false
    case .whole(let payload):
      ErasureStatement(payload.erasure, of: agency, leaf: leaf)?
        .verifies(payload.erasure.approvals, suite: .sha256Ed25519) ?? false
    }
  }

  /// The two agencies between which each thread was opened, as far as its first record is there.
  private var pairs: [RecordID: Set<AgencyCode>] {
    records.reduce(into: [:]) { pairs, record in
      guard record.header.id == record.header.thread else { return }
      pairs[record.header.thread] = [record.header.from, record.header.to]
    }
  }

  /// A case is its thread, and every thread in the file that is tied to one of it, either way.
  private mutating func markCase(_ thread: RecordID, _ found: [EvidencedRecord]) {
    var tied: [RecordID: Set<RecordID>] = [:]
    for evidence in found {
      let own = evidence.record.header.thread
      for other in evidence.ties {
        tied[own, default: []].insert(other)
        tied[other, default: []].insert(own)
      }
    }
    var threads: Set<RecordID> = [thread]
    var waiting = [thread]
    while let next = waiting.popLast() {
      for other in tied[next] ?? [] where threads.insert(other).inserted { waiting.append(other) }
    }
    let pairs = pairs
    for index in records.indices {
      let header = records[index].header
      // Whoever writes a thread's id into a record to a third agency does not make it part of the case.
      let isOfPair = pairs[header.thread].map { $0 == [header.from, header.to] } ?? true
      records[index].isOfSubject = threads.contains(header.thread) && isOfPair
    }
  }
}
