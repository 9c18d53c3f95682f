import Cryptography
import Exchange
import FoundationEssentials
import NIOCore
import RecordModel
import SwiftProtobuf

/// Reads frames' bodies, strictly: whatever breaks a limit of `WireLimits` or has a field out of
/// form is a `Fault` that names the field and never its value.
enum FrameDecoder {
  /// - Throws: a `Fault` with `FaultCode.frame`.
  static func decode(_ body: ByteBuffer) throws(Fault) -> WireFrame {
    let frame: Wire.Frame
    do {
      var options = BinaryDecodingOptions()
      options.discardUnknownFields = true
      options.messageDepthLimit = 8
      frame = try body.withUnsafeReadableBytes { bytes in
        // The frame copies what it keeps; the span does not outlive this closure.
        try Wire.Frame(serializedBytes: RawSpan(_unsafeBytes: bytes), options: options)
      }
    } catch {
      throw Fault(.frame, "A frame is not a protobuf Frame.")
    }
    return try convert(frame)
  }

  private static func convert(_ frame: Wire.Frame) throws(Fault) -> WireFrame {
    switch frame.body {
    case .hello(let hello)?: return .message(.hello(try convert(hello)))
    case .push(let batch)?: return .message(.push(try convert(batch)))
    case .entries(let batch)?: return .message(.entries(try convert(batch)))
    case .receipt(let receipt)?:
      guard (1...WireLimits.note).contains(receipt.note.count) else {
        throw Fault(.frame, "Receipt.note must have 1 to \(WireLimits.note) bytes.")
      }
      return .message(
        .receipt(Receipt(origin: try origin(receipt.origin), note: bytes(receipt.note))))
    case .window(let window)?:
      guard window.hasGrant else { throw Fault(.frame, "Window.grant is missing.") }
      return .message(.window(convert(window.grant, of: try origin(window.origin))))
    case .fetch(let fetch)?:
      return .message(.fetch(Fetch(origin: try origin(fetch.origin), start: fetch.start)))
    case .head(let head)?: return .message(.head(try convert(head)))
    case .headCosigned(let answer)?: return .message(.headCosigned(try convert(answer)))
    case .ping(let ping)?: return .ping(time: ping.time)
    case .pong(let pong)?:
      return .pong(time: pong.time, clock: try clock(pong.clock))
    case .fault(let fault)?:
      return .message(.fault(try convert(fault)))
    case nil:
      throw Fault(.frame, "A frame's body is missing, or of a kind that is not known here.")
    }
  }

  private static func convert(_ fault: Wire.FaultMessage) throws(Fault) -> Fault {
    guard WireText.isPrintable(fault.text, limit: WireLimits.faultText) else {
      throw Fault(.frame, "Fault.text must be printable and at most 1,024 bytes.")
    }
    guard fault.evidence.count <= WireLimits.note else {
      throw Fault(.frame, "Fault.evidence has more than \(WireLimits.note) bytes.")
    }
    return Fault(
      FaultCode(number: fault.code), fault.text,
      origin: fault.origin.isEmpty ? nil : try origin(fault.origin),
      evidence: Array(fault.evidence))
  }

  private static func convert(_ hello: Wire.Hello) throws(Fault) -> Hello {
    guard hello.channels.count <= WireLimits.channels else {
      throw Fault(.frame, "Hello.channels has more than \(WireLimits.channels) entries.")
    }
    var channels: [ChannelReport] = []
    channels.reserveCapacity(hello.channels.count)
    for report in hello.channels {
      let origin = try origin(report.origin)
      channels.append(
        ChannelReport(
          origin: origin, size: report.size,
          root: try digest(report.root, "Hello.channels.root"),
          cosigned: report.hasCosigned ? bytes(report.cosigned) : nil,
          window: report.hasWindow ? convert(report.window, of: origin) : nil))
    }
    let result = Hello(
      code: try code(hello.code), directoryVersion: hello.directoryVersion,
      directoryDigest: try digest(hello.directoryDigest, "Hello.directory_digest"),
      software: hello.software, clock: Timestamp(milliseconds: hello.clock),
      schemas: hello.schemas, channels: channels,
      journal: hello.hasJournal
        ? JournalReport(
          witnessed: hello.journal.witnessed.isEmpty ? nil : bytes(hello.journal.witnessed))
        : nil)
    try HelloRules.check(result)
    return result
  }

  private static func convert(_ head: Wire.Head) throws(Fault) -> Head {
    guard head.proof.count <= WireLimits.proof else {
      throw Fault(.frame, "Head.proof has more than \(WireLimits.proof) hashes.")
    }
    var proof: [Digest] = []
    for hash in head.proof { proof.append(try digest(hash, "Head.proof")) }
    let result = Head(oldSize: head.oldSize, proof: proof, note: bytes(head.checkpoint))
    try JournalRules.check(result)
    return result
  }

  private static func convert(_ answer: Wire.HeadCosigned) throws(Fault) -> HeadCosigned {
    guard answer.origin.utf8.count <= WireLimits.origin,
      let origin = try? JournalOrigin(parsing: answer.origin)
    else { throw Fault(.frame, "HeadCosigned.origin is not a journal's origin line.") }
    var result = HeadCosigned(
      origin: origin, size: answer.size, cosignature: bytes(answer.cosignature))
    if answer.refusal != 0 { result.refusal = FaultCode(number: answer.refusal) }
    if !answer.held.isEmpty { result.held = bytes(answer.held) }
    try JournalRules.check(result)
    return result
  }

  private static func convert(_ batch: Wire.Batch) throws(Fault) -> Batch {
    try BatchRules.check(
      count: batch.records.count, start: batch.start, note: batch.checkpoint.count)
    var records: [WireRecord] = []
    records.reserveCapacity(batch.records.count)
    for record in batch.records {
      try BatchRules.check(
        header: record.header.count, salt: record.salt.count, payload: record.payload.count,
        erased: record.erased)
      records.append(
        WireRecord(
          header: bytes(record.header), payload: record.erased ? nil : bytes(record.payload),
          salt: bytes(record.salt)))
    }
    return Batch(
      origin: try origin(batch.origin), start: batch.start, records: records,
      checkpoint: bytes(batch.checkpoint))
  }

  private static func convert(_ grant: Wire.Grant, of origin: Origin) -> Window {
    Window(origin: origin, records: grant.records, bytes: grant.bytes)
  }

  private static func clock(_ milliseconds: Int64) throws(Fault) -> Timestamp {
    let clock = Timestamp(milliseconds: milliseconds)
    try HelloRules.check(clock: clock)
    return clock
  }

  private static func bytes(_ data: Data) -> [UInt8] {
    data.withUnsafeBytes { [UInt8]($0) }
  }

  private static func digest(_ data: Data, _ field: String) throws(Fault) -> Digest {
    guard let digest = Digest(bytes(data)) else {
      throw Fault(.frame, "\(field) must have 32 bytes.")
    }
    return digest
  }

  private static func code(_ text: String) throws(Fault) -> AgencyCode {
    do {
      return try AgencyCode(text)
    } catch {
      throw Fault(.frame, "Hello.code is not an agency code.")
    }
  }

  private static func origin(_ text: String) throws(Fault) -> Origin {
    guard text.utf8.count <= WireLimits.origin else {
      throw Fault(.frame, "An origin has more than \(WireLimits.origin) bytes.")
    }
    do {
      return try Origin(parsing: text)
    } catch {
      throw Fault(.frame, "An origin is not a channel's origin line.")
    }
  }
}
