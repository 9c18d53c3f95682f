import SanxiangTesting
import Testing

@testable import PeerLink

@Suite struct BackoffTests {
  @Test func `Waits double up to the cap, between half and all of it`() {
    let policy = BackoffPolicy(baseMillis: 500, capMillis: 60_000)
    let least = (1...10).map { policy.delayMillis(afterFailures: $0, random: 0) }
    let most = (1...10).map { policy.delayMillis(afterFailures: $0, random: .max) }
    #expect(least == [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    #expect(most == [499, 999, 1999, 3999, 7999, 15_999, 31_999, 59_999, 59_999, 59_999])
  }

  @Test(arguments: [0, -5, 62, 63, 1_000_000, .max])
  func `No number of failures overflows`(failures: Int) {
    let policy = BackoffPolicy(baseMillis: 1, capMillis: .max)
    let delay = policy.delayMillis(afterFailures: failures, random: .max)
    #expect(delay >= 0)
  }

  @Test func `Nonsense settings still give a wait`() {
    let policy = BackoffPolicy(baseMillis: -1, capMillis: -1)
    #expect(policy.baseMillis == 1 && policy.capMillis == 1)
  }

  @Test(arguments: [
    ("peer.example:7443", "peer.example", 7443), ("10.0.0.1:1", "10.0.0.1", 1),
    ("[2001:db8::1]:65535", "2001:db8::1", 65_535), ("[::1]:7443", "::1", 7443),
  ])
  func `An endpoint is read`(text: String, host: String, port: Int) {
    let endpoint = PeerEndpoint(parsing: text)
    #expect(endpoint?.host == host)
    #expect(endpoint?.port == port)
    #expect(endpoint?.description == text)
  }

  @Test(arguments: [
    "", "peer", "peer:", ":7443", "peer:0", "peer:65536", "peer:+80", "peer:8a", "a b:80",
    "2001:db8::1:7443", "[]:80", "peer:000080", "[::1:80", "pe\u{7}er:80",
  ])
  func `What is not host and port is no endpoint`(text: String) {
    #expect(PeerEndpoint(parsing: text) == nil)
  }
}
