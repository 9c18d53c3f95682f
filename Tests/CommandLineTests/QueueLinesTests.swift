import Testing

@testable import NodeClient
@testable import sanxiang

@Suite("The queues as a table")
struct QueueLinesTests {
  private static let peer = "11000000MB0000027Q"

  private func channel(
    _ role: String, size: UInt64, receipted: UInt64 = 0, halt: String? = nil,
    needsNewEpoch: Bool = false, paused: Bool = false, recovering: Bool = false
  ) -> APIChannel {
    APIChannel(
      origin: "o", role: role, size: size, root: "", receiptedSize: receipted,
      halt: halt.map { .init(code: $0, detail: "", at: "", needsNewEpoch: needsNewEpoch) },
      paused: paused, recovering: recovering, windowRecords: 0, windowBytes: 0)
  }

  private func queue(
    out: APIChannel?, in inbound: APIChannel?, blocked: String? = nil
  ) -> APIQueue {
    APIQueue(
      peer: Self.peer, queued: 1, dead: 2,
      unreceipted: (out?.size ?? 0) - (out?.receiptedSize ?? 0),
      unreceiptedBytes: 0, oldest: "2026-11-23T09:15:00.123+08:00", outbound: out,
      inbound: inbound, connected: true, sealingBlocked: blocked)
  }

  @Test("Each way is counted: sent, receipted, pending, received")
  func counts() {
    let lines = Lines.queues([
      queue(
        out: channel("outbound", size: 41, receipted: 36), in: channel("inbound", size: 17))
    ])
    #expect(lines.count == 2)
    let cells = lines[1].split(separator: " ").map(String.init)
    #expect(
      cells == [Self.peer, cells[1], "1", "41", "36", "5", "17", "2", "2026-11-23", "09:15"])
  }

  @Test("A peer with which there is no channel yet counts nothing")
  func nothing() {
    let lines = Lines.queues([queue(out: nil, in: nil)])
    #expect(lines[1].split(separator: " ")[3...6].map(String.init) == ["0", "0", "0", "0"])
  }

  @Test("Whatever is in the way has a line of its own under its peer, and no line is too long")
  func obstacles() {
    let held = queue(
      out: channel(
        "outbound", size: 999_999, receipted: 1, halt: "channel.otherBytes", needsNewEpoch: true),
      in: channel("inbound", size: 888_888, halt: "channel.badSignature", paused: true),
      blocked: "halted")
    let slow = queue(
      out: channel("outbound", size: 1, recovering: true), in: nil, blocked: "recovering")
    let lines = Lines.queues([held, slow])
    #expect(
      lines.map { $0.hasPrefix("  ! ") } == [false, false, true, true, true, false, true, true])
    #expect(lines[2].contains("channel.otherBytes"))
    #expect(lines[2].hasSuffix("sanxiang queue epoch show \(Self.peer)"))
    #expect(lines[3].contains("channel.badSignature"))
    #expect(lines[3].hasSuffix("sanxiang queue resume \(Self.peer)"))
    #expect(lines[7].hasSuffix("recovering"))
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= 100 })
  }

  @Test("Time limits that run out are told under the peer; where none do, nothing is")
  func clocks() {
    func lines(_ overdue: Int, _ dueSoon: Int, _ theirs: Int, _ unknown: Int) -> [String] {
      var queue = queue(out: nil, in: nil)
      queue.clocks = .init(
        overdue: overdue, dueSoon: dueSoon, peerOverdue: theirs, uncomputable: unknown)
      return Language.$current.withValue(.en) { Lines.queues([queue]) }
    }
    #expect(lines(0, 0, 0, 0).count == 2)
    let told = lines(2, 0, 1, 0)
    #expect(told.count == 3)
    #expect(told[2].hasPrefix("  ! time limits: ours overdue 2, theirs overdue 1; see: "))
    #expect(told[2].hasSuffix("sanxiang deadline list"))
    #expect(lines(9999, 9999, 9999, 9999).allSatisfy { DisplayWidth.of($0) <= 100 })
  }
}
