import Cryptography
import Exchange
import Foundation
import NIOCore
import RecordModel
import SanxiangTesting
import Testing

@testable import PeerLink

@Suite struct FrameCodecTests {
  private static func body(of frame: WireFrame) throws(Fault) -> ByteBuffer {
    var buffer = try FrameEncoder.encode(frame)
    guard let length = buffer.readInteger(as: UInt32.self), Int(length) == buffer.readableBytes
    else { throw Fault(.frame, "The prefix is not the length.") }
    return buffer
  }

  @Test(arguments: Samples.messages.indices)
  func `A message comes back as it went`(index: Int) throws {
    let message = Samples.messages[index]
    let decoded = try FrameDecoder.decode(Self.body(of: .message(message)))
    guard case .message(let result) = decoded else {
      Issue.record("not a message")
      return
    }
    #expect(Samples.same(message, result))
  }

  @Test func `Ping and Pong come back as they went`() throws {
    let ping = try FrameDecoder.decode(Self.body(of: .ping(time: .max)))
    let clock = Timestamp(milliseconds: 1_795_396_500_123)
    let pong = try FrameDecoder.decode(Self.body(of: .pong(time: 5, clock: clock)))
    guard case .ping(.max) = ping, case .pong(5, clock) = pong else {
      Issue.record("got \(ping) and \(pong)")
      return
    }
  }

  @Test func `A batch of 700 records of 2.7 KB fits into a frame`() throws {
    let batch = Samples.batch(700, payload: 2048)
    #expect(batch.byteCount <= WireLimits.batchBytes(records: 700, noteBytes: 300))
    let decoded = try FrameDecoder.decode(Self.body(of: .message(.push(batch))))
    guard case .message(.push(batch)) = decoded else {
      Issue.record("another batch came back")
      return
    }
  }

  @Test func `What batchBytes allows always fits`() throws {
    // The worst case for overhead: as many and as small records as may be.
    let count = WireLimits.records
    let room = WireLimits.batchBytes(records: count, noteBytes: WireLimits.note)
    let each = room / count
    let batch = Batch(
      origin: Samples.origin, start: .max - UInt64(count),
      records: Array(
        repeating: WireRecord(
          header: [UInt8](repeating: 1, count: each - 32 - 200),
          payload: [UInt8](repeating: 2, count: 200), salt: [UInt8](repeating: 3, count: 32)),
        count: count),
      checkpoint: [UInt8](repeating: 4, count: WireLimits.note))
    #expect(batch.byteCount <= room)
    _ = try FrameEncoder.encode(.message(.push(batch)))
  }

  private static let tooMuch: [(String, PeerMessage, FaultCode)] = [
    ("no records", .push(Samples.batch(0)), .frame),
    ("too many records", .push(Samples.batch(4097, payload: 0)), .frame),
    ("no checkpoint", .push(Samples.batch(note: 0)), .frame),
    ("a long checkpoint", .push(Samples.batch(note: WireLimits.note + 1)), .frame),
    ("a long payload", .push(Samples.batch(1, payload: WireLimits.payload + 1)), .frame),
    ("a seq beyond the last", .push(Samples.batch(2, start: .max - 1)), .frame),
    ("a long frame", .push(Samples.batch(3, payload: WireLimits.payload)), .frameTooLarge),
    ("an empty receipt", .receipt(Receipt(origin: Samples.origin, note: [])), .frame),
    (
      "a long receipt",
      .receipt(Receipt(origin: Samples.origin, note: [UInt8](repeating: 0, count: 65_537))), .frame
    ),
    ("long software", .hello(Samples.hello(software: String(repeating: "s", count: 129))), .frame),
    ("software with a newline", .hello(Samples.hello(software: "a\nb")), .frame),
    ("schemas out of order", .hello(Samples.hello(schemas: ["b/1", "a/1"])), .frame),
    ("a schema twice", .hello(Samples.hello(schemas: ["a/1", "a/1"])), .frame),
    ("an empty schema", .hello(Samples.hello(schemas: [""])), .frame),
    ("a schema with a space", .hello(Samples.hello(schemas: ["a 1"])), .frame),
    (
      "too many schemas",
      .hello(Samples.hello(schemas: (100..<357).map { "s/\($0)" })), .frame
    ),
    ("too many channels", .hello(Samples.hello(channels: 65)), .frame),
    ("a long note in Hello", .hello(Samples.hello(note: WireLimits.note + 1)), .frame),
    ("a clock before 1970", .hello(Samples.hello(clock: -1)), .frame),
    ("a clock after 9999", .hello(Samples.hello(clock: .max)), .frame),
    (
      "a long witnessed head",
      .hello(Samples.hello(journal: JournalReport(witnessed: [UInt8](repeating: 1, count: 2049)))),
      .frame
    ),
    ("a long proof", .head(Samples.head(proof: 64)), .frame),
    ("a head without a note", .head(Samples.head(note: 0)), .frame),
    ("a long head", .head(Samples.head(note: 2049)), .frame),
    (
      "no cosignature",
      .headCosigned(HeadCosigned(origin: Samples.journal, size: 1, cosignature: [])), .frame
    ),
    (
      "a long held head",
      .headCosigned(
        HeadCosigned(
          origin: Samples.journal, size: 1, refusal: .headFork,
          held: [UInt8](repeating: 1, count: 2049))), .frame
    ),
  ]

  @Test(arguments: tooMuch.indices)
  func `A message that breaks a limit is not sent`(index: Int) {
    let (what, message, code) = Self.tooMuch[index]
    let fault = Samples.fault { () throws(Fault) in
      _ = try FrameEncoder.encode(.message(message))
    }
    #expect(fault?.code == code, "\(what)")
  }

  @Test func `A Hello larger than strangers may send is not sent`() {
    let hello = PeerMessage.hello(Samples.hello(channels: 64))
    let fault = Samples.fault { () throws(Fault) in
      _ = try FrameEncoder.encode(.message(hello), limit: WireLimits.frameBeforeHello)
    }
    #expect(fault?.code == .frameTooLarge)
  }

  private static let origin = Samples.origin.description
  private static let note = Data([1])
  private static let fullRecord: Wire.Record = {
    var record = Wire.Record()
    record.header = Data([1])
    record.salt = Data(repeating: 2, count: 32)
    return record
  }()

  private static func batch(_ change: (inout Wire.Record) -> Void) -> Wire.Batch {
    var batch = Wire.Batch()
    batch.origin = origin
    batch.checkpoint = note
    var record = fullRecord
    change(&record)
    batch.records = [record]
    return batch
  }

  private static func hello(_ change: (inout Wire.Hello) -> Void) -> Wire.Hello {
    var hello = Wire.Hello()
    hello.code = PeerFederation.low.rawValue
    hello.directoryDigest = Data(count: 32)
    change(&hello)
    return hello
  }

  private static func head(_ change: (inout Wire.Head) -> Void) -> Wire.Head {
    var head = Wire.Head()
    head.checkpoint = note
    change(&head)
    return head
  }

  private static func answer(_ change: (inout Wire.HeadCosigned) -> Void) -> Wire.HeadCosigned {
    var answer = Wire.HeadCosigned()
    answer.origin = Samples.journal.description
    answer.size = 1
    answer.cosignature = note
    change(&answer)
    return answer
  }

  private static let malformed: [(String, @Sendable (inout Wire.Frame) -> Void)] = [
    ("no body", { _ in }),
    ("an origin that is none", { $0.fetch.origin = "example/sanxiang/x/y/1" }),
    ("a long origin", { $0.fetch.origin = String(repeating: "a", count: 161) }),
    ("a window without a grant", { $0.window.origin = origin }),
    ("an empty receipt", { $0.receipt.origin = origin }),
    ("no header", { $0.push = batch { $0.header = Data() } }),
    ("a long header", { $0.push = batch { $0.header = Data(count: 16_385) } }),
    ("a short salt", { $0.push = batch { $0.salt = Data(count: 31) } }),
    ("no salt", { $0.push = batch { $0.salt = Data() } }),
    ("erased with a salt", { $0.push = batch { $0.erased = true } }),
    (
      "erased with a payload",
      {
        $0.push = batch {
          $0.erased = true
          $0.salt = Data()
          $0.payload = Data([1])
        }
      }
    ),
    ("a long payload", { $0.entries = batch { $0.payload = Data(count: 1_048_577) } }),
    ("no records", { $0.push.origin = origin }),
    ("a code that is none", { $0.hello = hello { $0.code = "91350100M000100Y4Z" } }),
    ("a short digest", { $0.hello = hello { $0.directoryDigest = Data(count: 31) } }),
    ("software with an escape", { $0.hello = hello { $0.software = "\u{1B}[2J" } }),
    ("a clock that cannot be", { $0.hello = hello { $0.clock = .min } }),
    (
      "an origin twice",
      {
        $0.hello = hello {
          var report = Wire.ChannelReport()
          report.origin = origin
          report.root = Data(count: 32)
          $0.channels = [report, report]
        }
      }
    ),
    (
      "too many channels",
      { $0.hello = hello { $0.channels = Array(repeating: Wire.ChannelReport(), count: 65) } }
    ),
    ("a Pong with a clock that cannot be", { $0.pong.clock = -1 }),
    ("a short hash", { $0.head = head { $0.proof = [Data(count: 31)] } }),
    (
      "a long proof", { $0.head = head { $0.proof = Array(repeating: Data(count: 32), count: 64) } }
    ),
    ("a head without a note", { $0.head = head { $0.checkpoint = Data() } }),
    ("a long head", { $0.head = head { $0.checkpoint = Data(count: 2049) } }),
    ("a channel's origin for a journal", { $0.headCosigned = answer { $0.origin = origin } }),
    (
      "a long journal origin",
      { $0.headCosigned = answer { $0.origin += String(repeating: "1", count: 160) } }
    ),
    ("neither cosigned nor refused", { $0.headCosigned = answer { $0.cosignature = Data() } }),
    ("cosigned and refused", { $0.headCosigned = answer { $0.refusal = 320 } }),
    ("cosigned, and another held", { $0.headCosigned = answer { $0.held = note } }),
    ("a long cosignature", { $0.headCosigned = answer { $0.cosignature = Data(count: 2049) } }),
    (
      "a long witnessed head",
      { $0.hello = hello { $0.journal.witnessed = Data(count: 2049) } }
    ),
    ("a long fault", { $0.fault.text = String(repeating: "x", count: 1025) }),
    ("a fault with a control character", { $0.fault.text = "a\u{7}" }),
    ("a fault with text turned round", { $0.fault.text = "a\u{202E}b" }),
  ]

  @Test(arguments: malformed.indices)
  func `A frame that breaks a rule is a fault`(index: Int) throws {
    let (what, fill) = Self.malformed[index]
    let body = try Samples.body(fill)
    let fault = Samples.fault { () throws(Fault) in _ = try FrameDecoder.decode(body) }
    #expect(fault?.code == .frame, "\(what)")
  }

  @Test func `A fault's text is made fit to send`() throws {
    let long = Fault(.gap, "a\nb" + String(repeating: "汉", count: 500))
    let decoded = try FrameDecoder.decode(Self.body(of: .message(.fault(long))))
    guard case .message(.fault(let fault)) = decoded else {
      Issue.record("not a fault")
      return
    }
    #expect(fault.code == .gap)
    #expect(fault.text.hasPrefix("a b汉"))
    #expect(fault.text.utf8.count == 1023 && fault.text.hasSuffix("汉"))
  }

  @Test func `A field that this version does not know is passed over`() throws {
    // Field 1000 of Fetch, length-delimited.
    var body = try Samples.body { $0.fetch.origin = Self.origin }
    var inner = Array(body.readableBytesView.dropFirst(2))
    inner += [0xC2, 0x3E, 0x01, 0x00]
    body = ByteBuffer(bytes: [0x2A, UInt8(inner.count)] + inner)
    guard case .message(.fetch(let fetch)) = try FrameDecoder.decode(body) else {
      Issue.record("not a fetch")
      return
    }
    #expect(fetch.origin == Samples.origin)
  }

  @Test(arguments: 0..<40)
  func `A frame with flipped bytes never does worse than a fault`(seed: UInt64) throws {
    let random = SeededRandom(seed: seed)
    let message = Samples.messages[random.below(Samples.messages.count)]
    let whole = Array(try Self.body(of: .message(message)).readableBytesView)
    for _ in 0..<100 {
      var bytes = whole
      for _ in 0...random.below(4) {
        bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      bytes.removeLast(random.below(min(bytes.count, 20)))
      let fault = Samples.fault { () throws(Fault) in
        _ = try FrameDecoder.decode(ByteBuffer(bytes: bytes))
      }
      #expect(fault == nil || fault?.code == .frame)
    }
  }
}
