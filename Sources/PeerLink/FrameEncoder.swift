import Cryptography
import Exchange
import FoundationEssentials
import NIOCore
import RecordModel
import SwiftProtobuf

/// Short names for the generated types.
enum Wire {
  typealias Frame = Sanxiang_Wire_V1_Frame
  typealias FaultMessage = Sanxiang_Wire_V1_Fault
  typealias Hello = Sanxiang_Wire_V1_Hello
  typealias ChannelReport = Sanxiang_Wire_V1_ChannelReport
  typealias Grant = Sanxiang_Wire_V1_Grant
  typealias Batch = Sanxiang_Wire_V1_Batch
  typealias Record = Sanxiang_Wire_V1_Record
  typealias JournalReport = Sanxiang_Wire_V1_JournalReport
  typealias Head = Sanxiang_Wire_V1_Head
  typealias HeadCosigned = Sanxiang_Wire_V1_HeadCosigned
}

/// Makes frames, length prefix included. What would break a limit at the peer is refused here, so
/// that a mistake shows where it was made.
enum FrameEncoder {
  /// - Throws: a `Fault` that says which limit the message breaks.
  static func encode(_ frame: WireFrame, limit: Int = WireLimits.frame) throws(Fault)
    -> ByteBuffer
  {
    var message = Wire.Frame()
    switch frame {
    case .message(.hello(let hello)): message.hello = try wire(hello)
    case .message(.push(let batch)): message.push = try wire(batch, limit: limit)
    case .message(.entries(let batch)): message.entries = try wire(batch, limit: limit)
    case .message(.receipt(let receipt)):
      try check(note: receipt.note)
      message.receipt.origin = receipt.origin.description
      message.receipt.note = Data(receipt.note)
    case .message(.window(let window)):
      message.window.origin = window.origin.description
      message.window.grant = wire(window)
    case .message(.fetch(let fetch)):
      message.fetch.origin = fetch.origin.description
      message.fetch.start = fetch.start
    case .message(.fault(let fault)):
      message.fault.code = fault.code.number
      message.fault.text = WireText.printable(fault.text, limit: WireLimits.faultText)
      message.fault.origin = fault.origin?.description ?? ""
      message.fault.evidence = Data(fault.evidence.prefix(WireLimits.note))
    case .message(.head(let head)): message.head = try wire(head)
    case .message(.headCosigned(let answer)): message.headCosigned = try wire(answer)
    case .ping(let time): message.ping.time = time
    case .pong(let time, let clock):
      message.pong.time = time
      message.pong.clock = clock.milliseconds
    }
    return try serialise(message, limit: limit)
  }

  private static func serialise(_ message: Wire.Frame, limit: Int) throws(Fault) -> ByteBuffer {
    let bytes: FrameBytes
    do {
      bytes = try message.serializedBytes()
    } catch {
      throw Fault(.frame, "The frame cannot be serialised.")
    }
    guard bytes.count <= limit else {
      throw Fault(.frameTooLarge, "A frame of \(bytes.count) bytes; at most \(limit) may be sent.")
    }
    return bytes.buffer
  }

  private static func wire(_ hello: Hello) throws(Fault) -> Wire.Hello {
    try HelloRules.check(hello)
    var message = Wire.Hello()
    message.code = hello.code.rawValue
    message.directoryVersion = hello.directoryVersion
    message.directoryDigest = Data(hello.directoryDigest.bytes)
    message.software = hello.software
    message.clock = hello.clock.milliseconds
    message.schemas = hello.schemas
    message.channels = hello.channels.map { channel in
      var report = Wire.ChannelReport()
      report.origin = channel.origin.description
      report.size = channel.size
      report.root = Data(channel.root.bytes)
      if let note = channel.cosigned { report.cosigned = Data(note) }
      if let window = channel.window { report.window = wire(window) }
      return report
    }
    if let journal = hello.journal {
      var report = Wire.JournalReport()
      report.witnessed = Data(journal.witnessed ?? [])
      message.journal = report
    }
    return message
  }

  private static func wire(_ head: Head) throws(Fault) -> Wire.Head {
    try JournalRules.check(head)
    var message = Wire.Head()
    message.oldSize = head.oldSize
    message.proof = head.proof.map { Data($0.bytes) }
    message.checkpoint = Data(head.note)
    return message
  }

  private static func wire(_ answer: HeadCosigned) throws(Fault) -> Wire.HeadCosigned {
    try JournalRules.check(answer)
    var message = Wire.HeadCosigned()
    message.origin = answer.origin.description
    message.size = answer.size
    message.cosignature = Data(answer.cosignature)
    message.refusal = answer.refusal?.number ?? 0
    message.held = Data(answer.held ?? [])
    return message
  }

  private static func wire(_ window: Window) -> Wire.Grant {
    var grant = Wire.Grant()
    grant.records = window.records
    grant.bytes = window.bytes
    return grant
  }

  /// The hot path: every record's bytes are copied once into one block, and the message's fields are
  /// slices of it, so that a batch costs one allocation however many records it has.
  private static func wire(_ batch: Batch, limit: Int) throws(Fault) -> Wire.Batch {
    try BatchRules.check(batch)
    let total = batch.byteCount
    guard total <= limit else {
      throw Fault(.frameTooLarge, "A batch of \(total) bytes; at most \(limit) may be sent.")
    }
    var block = Data(count: total)
    block.withUnsafeMutableBytes { (target: UnsafeMutableRawBufferPointer) in
      var offset = 0
      func append(_ bytes: [UInt8]) {
        UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyBytes(from: bytes)
        offset += bytes.count
      }
      for record in batch.records {
        append(record.header)
        append(record.salt)
        if let payload = record.payload { append(payload) }
      }
    }
    var offset = 0
    func next(_ count: Int) -> Data {
      defer { offset += count }
      return block[offset..<offset + count]
    }
    var message = Wire.Batch()
    message.origin = batch.origin.description
    message.start = batch.start
    message.checkpoint = Data(batch.checkpoint)
    message.records.reserveCapacity(batch.records.count)
    for record in batch.records {
      var wire = Wire.Record()
      wire.header = next(record.header.count)
      wire.salt = next(record.salt.count)
      if let payload = record.payload {
        wire.payload = next(payload.count)
      } else {
        wire.erased = true
      }
      message.records.append(wire)
    }
    return message
  }

  private static func check(note: [UInt8]) throws(Fault) {
    guard !note.isEmpty, note.count <= WireLimits.note else {
      throw Fault(.frame, "A signed note must have 1 to \(WireLimits.note) bytes.")
    }
  }
}

/// A `ByteBuffer` that swift-protobuf writes a frame's body into, behind room for the length.
private struct FrameBytes: SwiftProtobufContiguousBytes {
  private(set) var buffer: ByteBuffer

  init(repeating byte: UInt8, count: Int) {
    buffer = ByteBufferAllocator().buffer(capacity: FrameBuffer.prefix + count)
    // swift-protobuf refuses a message of 2 GiB before it comes here.
    buffer.writeInteger(UInt32(count))
    buffer.writeRepeatingByte(byte, count: count)
  }

  init<Bytes: Sequence>(_ sequence: Bytes) where Bytes.Element == UInt8 {
    let bytes = Array(sequence)
    self.init(repeating: 0, count: bytes.count)
    withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
  }

  var count: Int { buffer.readableBytes - FrameBuffer.prefix }

  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    try buffer.withUnsafeReadableBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0[FrameBuffer.prefix...]))
    }
  }

  mutating func withUnsafeMutableBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try buffer.withUnsafeMutableReadableBytes {
      try body(UnsafeMutableRawBufferPointer(rebasing: $0[FrameBuffer.prefix...]))
    }
  }
}
