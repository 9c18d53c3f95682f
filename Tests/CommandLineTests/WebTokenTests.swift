import Testing

@testable import sanxiang

@Suite("Tokens for nodes' URLs")
struct WebTokenTests {
  private static let lines = """
    # for everything else
    common
    http://10.0.0.1:7444 first
    http://10.0.0.1:7444/city second
    http://10.0.0.2:7444/ third

    """

  @Test(
    "a token is shown at its own URL and below it, the longest line first",
    arguments: [
      ("http://10.0.0.1:7444", "first"), ("http://10.0.0.1:7444/", "first"),
      ("http://10.0.0.1:7444/a", "first"), ("http://10.0.0.1:7444/city/b", "second"),
      // Another port, another folder, another host: no part of the line's URL.
      ("http://10.0.0.1:74445/", "common"), ("http://10.0.0.1:7444.evil.example/", "common"),
      ("http://10.0.0.1:7444/cityscape", "first"), ("http://10.0.0.2:7444/a", "third"),
    ])
  func token(url: String, token: String) throws {
    let folder = try TemporaryFolder()
    try Files.write(Array(Self.lines.utf8), to: folder.path + "/tokens")
    #expect(try WebTokens(reading: folder.path + "/tokens").token(for: url) == token)
  }

  @Test("a line of three words is none")
  func malformed() throws {
    let folder = try TemporaryFolder()
    try Files.write(Array("a b c\n".utf8), to: folder.path + "/tokens")
    #expect(throws: Failure.self) { try WebTokens(reading: folder.path + "/tokens") }
  }
}
