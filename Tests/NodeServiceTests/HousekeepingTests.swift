import Exchange
import Testing

@testable import NodeService

@Suite("Housekeeping")
struct HousekeepingTests {
  private let node: FakeNode
  private let denials = DenialCounter()
  private let work: Housekeeping

  init() throws {
    node = try FakeNode()
    work = Housekeeping(node: node, denials: denials, logger: APIWorld.silent)
  }

  private func minute() async {
    for _ in 0..<Housekeeping.turnsBetween { await work.turn() }
  }

  private var told: [String] { node.calls.filter { $0 != "tick" } }

  @Test("The node ticks each second, and once a minute hears how many calls were denied")
  func denied() async {
    denials.add(2)
    for _ in 1..<Housekeeping.turnsBetween { await work.turn() }
    #expect(told == [])
    denials.add(1)
    await work.turn()
    #expect(told == ["denied 3"])
    await minute()
    #expect(told == ["denied 3"])
    #expect(node.calls.count == 2 * Housekeeping.turnsBetween + 1)
  }

  @Test("What could not be journalled is counted on")
  func failing() async {
    denials.add(4)
    node.fail(ExchangeError(.storage, "the store failed"))
    await minute()
    node.fail(nil)
    denials.add(1)
    await minute()
    #expect(told == ["denied 4", "denied 5"])
  }

  @Test("What was denied in the last minute is told at the end")
  func end() async throws {
    denials.add(7)
    let ticker = Ticker(node: node, denials: denials, logger: APIWorld.silent)
    await ticker.end()
    await ticker.end()
    #expect(told == ["denied 7"])
  }
}
