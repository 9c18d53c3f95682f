import Cryptography
import Exchange
import NIOCore
import RecordModel
import SwiftProtobuf

@testable import PeerLink

/// One of each message, and the bytes to break them with.
enum Samples {
  static let origin = PeerFederation.origin(PeerFederation.low, PeerFederation.middle)

  static func batch(
    _ count: Int = 3, start: UInt64 = 40, payload: Int = 2048, note: Int = 300
  ) -> Batch {
    let records = (0..<count).map { index in
      WireRecord(
        header: [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 600),
        payload: index % 5 == 4 ? nil : [UInt8](repeating: 0x70, count: payload),
        salt: index % 5 == 4 ? [] : [UInt8](repeating: 0x73, count: 32))
    }
    return Batch(
      origin: origin, start: start, records: records,
      checkpoint: [UInt8](repeating: 0x6E, count: note))
  }

  static func hello(
    software: String = "sanxiangd 1.0", schemas: [String] = ["lead.transfer/1"],
    channels: Int = 2, note: Int = 300, clock: Int64 = 1_795_396_500_000,
    journal: JournalReport? = nil
  ) -> Hello {
    var hello = PeerFederation.hello(PeerFederation.low, to: PeerFederation.middle)
    hello.software = software
    hello.schemas = schemas
    hello.journal = journal
    hello.clock = Timestamp(milliseconds: clock)
    hello.channels = (0..<channels).map { index in
      let origin = PeerFederation.origin(
        PeerFederation.low, PeerFederation.middle, epoch: UInt32(index + 1))
      return ChannelReport(
        origin: origin, size: 7,
        root: Suite.sha256Ed25519.digest([UInt8(truncatingIfNeeded: index)]),
        cosigned: index == 0 ? nil : [UInt8](repeating: 0x6E, count: note),
        window: index == 0 ? nil : Window(origin: origin, records: 64, bytes: 1 << 40))
    }
    return hello
  }

  static let journal = JournalOrigin(
    federation: origin.federation, code: PeerFederation.low, epoch: 3)

  static func head(proof: Int = 63, note: Int = 2048) -> Head {
    Head(
      oldSize: 7, proof: (0..<proof).map { Suite.sha256Ed25519.digest([UInt8($0)]) },
      note: [UInt8](repeating: 0x6E, count: note))
  }

  static let messages: [PeerMessage] = [
    .hello(hello()), .push(batch()), .entries(batch(1, start: 0)),
    .receipt(Receipt(origin: origin, note: [1, 2, 3])),
    .window(Window(origin: origin, records: 0, bytes: 0)),
    .window(Window(origin: origin, records: .max, bytes: .max)),
    .fetch(Fetch(origin: origin, start: .max)),
    .fault(Fault(.gap, "第 40 条之前缺少记录")),
    .fault(Fault(.badRoot, "halted", origin: origin, evidence: [1, 2, 3])),
    .fault(Fault(FaultCode(number: 999), "")),
    .hello(hello(journal: JournalReport(witnessed: nil))),
    .hello(hello(journal: JournalReport(witnessed: [1, 2]))),
    .head(Head(oldSize: 0, proof: [], note: [1])), .head(head()),
    .headCosigned(HeadCosigned(origin: journal, size: .max, cosignature: [1, 2])),
    .headCosigned(HeadCosigned(origin: journal, size: 0, refusal: .headConflict)),
    .headCosigned(HeadCosigned(origin: journal, size: 9, refusal: .headFork, held: [3])),
  ]

  /// Equal when equal; `PeerMessage` itself need not be.
  static func same(_ left: PeerMessage, _ right: PeerMessage) -> Bool {
    switch (left, right) {
    case (.hello(let left), .hello(let right)): left == right
    case (.push(let left), .push(let right)): left == right
    case (.entries(let left), .entries(let right)): left == right
    case (.receipt(let left), .receipt(let right)): left == right
    case (.window(let left), .window(let right)): left == right
    case (.fetch(let left), .fetch(let right)): left == right
    case (.fault(let left), .fault(let right)): left == right
    case (.head(let left), .head(let right)): left == right
    case (.headCosigned(let left), .headCosigned(let right)): left == right
    default: false
    }
  }

  /// A length prefix and a body.
  static func framed(_ body: [UInt8]) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.writeInteger(UInt32(body.count))
    buffer.writeBytes(body)
    return buffer
  }

  /// The body of the frame that these fields make.
  static func body(_ fill: (inout Wire.Frame) -> Void) throws -> ByteBuffer {
    var frame = Wire.Frame()
    fill(&frame)
    let bytes: [UInt8] = try frame.serializedBytes()
    return ByteBuffer(bytes: bytes)
  }

  /// The fault that `work` throws; nil if it throws none.
  static func fault(_ work: () throws(Fault) -> Void) -> Fault? {
    do {
      try work()
      return nil
    } catch {
      return error
    }
  }
}
