import Foundation
import Testing

@Suite("The programs link the system's OpenSSL and no BoringSSL")
struct LinkageTests {
  private static let programs = ["sanxiangd", "sanxiang", "sanxiang-bench"]

  @Test("no object file of a product comes from BoringSSL or what carries it")
  func objects() throws {
    let lists = try Linkage.objectLists(in: Linkage.buildFolder())
    #expect(Set(lists.keys).isSuperset(of: Self.programs), "built: \(lists.keys.sorted())")
    for (product, list) in lists {
      let modules = Linkage.modules(in: list)
      if Self.programs.contains(product) {
        #expect(modules.contains("Cryptography"), "\(product)'s list was not understood")
      }
      for breach in Linkage.breaches(product: product, modules: modules) {
        Issue.record("\(breach)")
      }
    }
  }

  @Test("no program holds BoringSSL's names", arguments: programs)
  func symbols(program: String) throws {
    let file = try Linkage.buildFolder().appending(path: program)
    let bytes = try Data(contentsOf: file, options: .alwaysMapped)
    for breach in Linkage.breaches(product: program, bytes: bytes) { Issue.record("\(breach)") }
  }

  @Test("the daemon loads the system's libssl, so the bytes searched are the right ones")
  func systemLibrary() throws {
    let file = try Linkage.buildFolder().appending(path: "sanxiangd")
    let bytes = try Data(contentsOf: file, options: .alwaysMapped)
    #expect(bytes.range(of: Data("libssl.so".utf8)) != nil)
    #expect(bytes.range(of: Data("libcrypto.so".utf8)) != nil)
  }

  @Test("a product that links BoringSSL is found")
  func samples() {
    let list = """
      /b/debug/NIOCore.build/Channel.swift.o
      /b/debug/CNIOBoringSSL.build/crypto/bio/bio.cc.o
      /b/debug/NIOSSL.build/SSLContext.swift.o
      """
    let modules = Linkage.modules(in: list)
    #expect(modules == ["NIOCore", "CNIOBoringSSL", "NIOSSL"])
    #expect(
      Linkage.breaches(product: "p", modules: modules).map(\.rule) == [
        "link.module", "link.module",
      ])
    let bytes = Data([0, 1]) + Data((Linkage.symbolPrefixes[0] + "SSL_read").utf8) + Data([0])
    #expect(Linkage.breaches(product: "p", bytes: bytes).map(\.rule) == ["link.symbol"])
    #expect(Linkage.breaches(product: "p", bytes: Data("SSL_read".utf8)) == [])
  }
}
