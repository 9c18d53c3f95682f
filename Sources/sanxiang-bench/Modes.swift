import ArgumentParser
import NodeClient
import RecordModel

extension BenchWorld {
  /// Resident memory of both nodes, now.
  var memoryNow: BenchResult.PerNode {
    .init(sender: sender.memory.now, receiver: receiver.memory.now)
  }

  /// The most that both nodes took so far.
  var memoryPeak: BenchResult.PerNode {
    .init(sender: sender.memory.peak, receiver: receiver.memory.peak)
  }
}

/// A backlog sealed at the sender leaves when the receiver opens its window.
struct DrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain",
    abstract: "积压清空：从首次推送到最后一张回执落盘 / drains a sealed backlog, first push to last receipt")
  @OptionGroup var options: BenchOptions

  func run() async throws {
    let result = try await BenchWorld.run(options) { world in
      let idle = world.memoryNow
      try await world.receiver.client.setIntake(
        from: world.sender.member.code.rawValue, paused: true)
      try await world.waitUntil("the window is shut") {
        try await world.queue().outbound?.windowRecords == 0
      }
      let submitted = try await world.submit(
        options.records, payload: SamplePayload(bytes: options.payload), clients: options.clients)
      try await world.waitUntil("the backlog is sealed") {
        let queue = try await world.queue()
        return queue.queued == 0 && queue.unreceipted == UInt64(options.records)
      }
      let backlog = world.memoryNow
      try await world.receiver.client.setIntake(
        from: world.sender.member.code.rawValue, paused: false)
      try await world.waitUntil("the backlog is receipted") {
        try await world.queue().unreceipted == 0
      }
      guard let flow = try await world.queue().outbound?.flow else {
        throw BenchError("the sender has pushed nothing")
      }
      let seconds = Double(flow.lastReceipt - flow.firstPush) / 1e9
      return BenchResult(
        mode: "drain", records: options.records, payloadBytes: options.payload, seconds: seconds,
        perSecond: Double(flow.receipted) / seconds, p50Ms: Double(flow.p50Micros) / 1000,
        p99Ms: Double(flow.p99Micros) / 1000, peakRSSBytes: world.memoryPeak, idleRSSBytes: idle,
        backlogRSSBytes: backlog, commitsPerSecond: world.commitsPerSecond,
        submittedPerSecond: Double(options.records) / submitted.seconds)
    }
    try result.show(json: options.json)
  }
}

/// Durable submissions: every one is on the sender's disk when it is answered.
struct SubmitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "并发提交，落盘后应答 / durable submissions by concurrent clients")
  @OptionGroup var options: BenchOptions

  func run() async throws {
    let result = try await BenchWorld.run(options) { world in
      let idle = world.memoryNow
      try await world.receiver.client.setIntake(
        from: world.sender.member.code.rawValue, paused: true)
      let done = try await world.submit(
        options.records, payload: SamplePayload(bytes: options.payload), clients: options.clients)
      return BenchResult(
        mode: "submit", records: options.records, payloadBytes: options.payload,
        seconds: done.seconds, perSecond: Double(options.records) / done.seconds,
        p50Ms: BenchResult.percentile(done.latencies, 0.5),
        p99Ms: BenchResult.percentile(done.latencies, 0.99), peakRSSBytes: world.memoryPeak,
        idleRSSBytes: idle, commitsPerSecond: world.commitsPerSecond)
    }
    try result.show(json: options.json)
  }
}

/// One lead at a time, until its receipt is durable at the sender.
struct RoundtripCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roundtrip",
    abstract: "逐条往返：提交到回执落盘 / one at a time, submission to durable receipt")
  @OptionGroup var options: BenchOptions

  func run() async throws {
    let result = try await BenchWorld.run(options) { world in
      let idle = world.memoryNow
      let payload = SamplePayload(bytes: options.payload)
      for number in 0..<50 { _ = try await Self.once(world, payload.make(number)) }
      var latencies: [Double] = []
      let start = ContinuousClock.now
      for number in 0..<options.records {
        latencies.append(try await Self.once(world, payload.make(1000 + number)))
      }
      let seconds = (ContinuousClock.now - start).milliseconds / 1000
      latencies.sort()
      return BenchResult(
        mode: "roundtrip", records: options.records, payloadBytes: options.payload,
        seconds: seconds, perSecond: Double(options.records) / seconds,
        p50Ms: BenchResult.percentile(latencies, 0.5),
        p99Ms: BenchResult.percentile(latencies, 0.99), peakRSSBytes: world.memoryPeak,
        idleRSSBytes: idle, commitsPerSecond: world.commitsPerSecond)
    }
    try result.show(json: options.json)
  }

  private static func once(_ world: BenchWorld, _ payload: [UInt8]) async throws -> Double {
    let begin = ContinuousClock.now
    let id = try await world.sender.client.submit(payload, to: world.peer).value.id
    let summary = try await world.sender.client.wait(id, seconds: 30).value
    guard summary.delivery == "receipted" else {
      throw BenchError("lead \(id) is \(summary.delivery) after 30 seconds")
    }
    return (ContinuousClock.now - begin).milliseconds
  }
}
