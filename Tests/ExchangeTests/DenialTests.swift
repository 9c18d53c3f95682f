import Exchange
import SanxiangTesting
import Testing

@Suite("Denied calls")
struct DenialTests {
  @Test("They are journalled as one entry with their number, and none as nothing")
  func journalled() throws {
    let world = try TestWorld()
    let node = world.nodes[0].node
    try world.call { try await node.noteDenied(0) }
    try world.call { try await node.noteDenied(3) }
    let told = try world.nodes[0].journal().filter { $0.contains("access.denied") }
    #expect(told.count == 1)
    #expect(told.first?.hasSuffix(#""event":"access.denied","count":3}"#) == true)
  }
}
