import RecordModel
import Testing

@testable import PeerLink

@Suite struct KeepAliveTests {
  @Test func `The first Ping is due at once, the next after the interval`() {
    var keepAlive = KeepAlive(interval: 10, deadline: 35, now: 100)
    #expect(keepAlive.wait(now: 100) == 0)
    #expect(keepAlive.tick(now: 100) == .ping(time: 100))
    #expect(keepAlive.wait(now: 100) == 10)
    #expect(keepAlive.tick(now: 109) == .none)
    #expect(keepAlive.tick(now: 110) == .ping(time: 110))
  }

  @Test func `A peer that says nothing is given up at the deadline, not before`() {
    var keepAlive = KeepAlive(interval: 10, deadline: 35, now: 0)
    for now in stride(from: UInt64(0), through: 30, by: 10) {
      #expect(keepAlive.tick(now: now) == .ping(time: now))
    }
    #expect(keepAlive.wait(now: 30) == 5)
    #expect(keepAlive.tick(now: 34) == .none)
    #expect(keepAlive.tick(now: 35) == .giveUp)
  }

  @Test func `Anything heard moves the deadline`() {
    var keepAlive = KeepAlive(interval: 100, deadline: 35, now: 0)
    _ = keepAlive.tick(now: 0)
    keepAlive.heard(now: 20)
    #expect(keepAlive.tick(now: 54) == .none)
    #expect(keepAlive.tick(now: 55) == .giveUp)
  }

  @Test func `Only the Pong to the newest Ping counts, and once`() {
    var keepAlive = KeepAlive(interval: 10, deadline: 100, now: 0)
    #expect(keepAlive.pong(time: 0, now: 5) == nil)
    _ = keepAlive.tick(now: 0)
    _ = keepAlive.tick(now: 10)
    #expect(keepAlive.pong(time: 0, now: 15) == nil)
    #expect(keepAlive.pong(time: 10, now: 17) == 7)
    #expect(keepAlive.pong(time: 10, now: 18) == nil)
  }

  @Test(arguments: [
    // The peer's clock when it answered, ours when the answer came, in ms; the round trip in ms.
    (1_000, 1_050, 100, 0), (6_000, 1_050, 100, 5_000), (1_000, 6_050, 100, -5_000),
    (1_000, 1_000, 0, 0),
  ])
  func `The difference of the clocks is corrected by half the round trip`(
    peer: Int64, own: Int64, roundTrip: UInt64, difference: Int64
  ) {
    let measurement = ClockMeasurement(
      roundTrip: roundTrip * 1_000_000, clock: Timestamp(milliseconds: peer),
      now: Timestamp(milliseconds: own))
    #expect(measurement.difference == difference)
  }
}
