/// Calls and attributes that a reader would stop at: forbidden ones, and ones that must carry the
/// sentence that proves them.
enum BannedCalls {
  /// Where a rule applies.
  enum Scope {
    case everywhere
    /// Sources that are not executables and not the testing library.
    case libraries
    /// Sources other than the executables.
    case outsideExecutables
    case tests
    case sources
    /// Modules without files, sockets, processes or a clock.
    case pure
  }

  struct Rule {
    var name: String
    var scope: Scope
    /// The words looked for in code; a word begins and ends at a word's edge where it has one.
    var words: [String]
    /// Whether a neighbouring comment makes it right.
    var provable: Bool
    var why: String
  }

  static let rules: [Rule] = [
    Rule(
      name: "call.forceTry", scope: .everywhere, words: ["try!"], provable: false,
      why: "an error must be thrown on or handled"),
    Rule(
      name: "call.forceCast", scope: .everywhere, words: ["as!"], provable: false,
      why: "a failed cast must be handled"),
    Rule(
      name: "call.trap", scope: .sources,
      words: ["fatalError(", "preconditionFailure(", "assertionFailure("], provable: true,
      why: "says nothing about why this is never reached"),
    Rule(
      name: "call.unchecked", scope: .everywhere,
      words: ["@unchecked Sendable", "nonisolated(unsafe)", "unsafeBitCast("], provable: true,
      why: "says nothing about why this is safe"),
    Rule(
      name: "call.print", scope: .libraries,
      words: ["print(", "debugPrint(", "dump(", "NSLog("],
      provable: false, why: "a library logs, or returns"),
    Rule(
      name: "call.sleep", scope: .tests,
      words: ["Thread.sleep", "usleep(", "sleep(", "nanosleep("],
      provable: false, why: "a test that waits by the clock is slow or flaky"),
    Rule(
      name: "call.clock", scope: .outsideExecutables,
      words: ["Date()", "Date.now", "timeIntervalSinceNow:"],
      provable: false, why: "the time comes in through an initialiser"),
    Rule(
      name: "call.effect", scope: .pure,
      words: [
        "FileManager", "FileHandle", "URLSession", "Process()", "ProcessInfo", "getenv(",
        "fopen(", "socket(", "ContinuousClock", "SuspendingClock", "Task.sleep",
        "SystemRandomNumberGenerator", ".random(in:", "gettimeofday(", "clock_gettime(",
        "Thread(",
      ],
      provable: false, why: "this module has no files, sockets, processes, clock or chance"),
  ]

  private static let executables = [
    "sanxiangd", "sanxiang", "sanxiang-bench", "schema-codegen",
  ]

  /// What one file says that it must not.
  static func breaches(in source: SourceText) -> [Breach] {
    var found: [Breach] = []
    let rules = rules.filter { applies($0.scope, to: source.path) }
      .flatMap { rule in rule.words.map { (rule: rule, word: $0, bytes: Array($0.utf8)) } }
    for (index, line) in source.code.enumerated() {
      let bytes = Array(line.utf8)
      if bytes.allSatisfy({ $0 == 0x20 }) { continue }
      for (rule, word, wanted) in rules where contains(bytes, word: wanted) {
        if rule.provable, source.hasNeighbouringComment(line: index) { continue }
        if rule.name == "call.trap", saysWhy(source, line: index) { continue }
        found.append(
          Breach(
            rule: rule.name, path: source.path, line: index + 1, detail: "\(word) \(rule.why)"))
      }
    }
    if applies(.sources, to: source.path) { found += forceUnwraps(in: source) }
    return found
  }

  /// Whether a trap's own message, on its line or the next, is a sentence of at least three words.
  private static func saysWhy(_ source: SourceText, line: Int) -> Bool {
    (line...min(line + 1, source.raw.count - 1)).contains { index in
      let parts = source.raw[index].split(separator: "\"", omittingEmptySubsequences: false)
      return parts.count >= 3 && parts[1].split(separator: " ").count >= 3
    }
  }

  /// Force unwraps and implicitly unwrapped types without a comment that proves them.
  private static func forceUnwraps(in source: SourceText) -> [Breach] {
    source.code.enumerated().compactMap { index, line in
      guard isForceUnwrap(line), !source.hasNeighbouringComment(line: index) else { return nil }
      return Breach(
        rule: "call.forceUnwrap", path: source.path, line: index + 1,
        detail: "a force unwrap without the sentence that proves it")
    }
  }

  /// Whether a `!` stands directly behind a value: after a name, a closing bracket or a literal, and
  /// not as part of `!=`, `try!` or `as!`.
  static func isForceUnwrap(_ line: String) -> Bool {
    guard line.utf8.contains(UInt8(ascii: "!")) else { return false }
    let characters = Array(line)
    for (index, character) in characters.enumerated() where character == "!" && index > 0 {
      let before = characters[index - 1]
      guard before.isLetter || before.isNumber || "_)]}\"`?".contains(before) else { continue }
      if index + 1 < characters.count, characters[index + 1] == "=" { continue }
      var start = index
      while start > 0, characters[start - 1].isLetter { start -= 1 }
      if ["try", "as", "init"].contains(String(characters[start..<index])) { continue }
      return true
    }
    return false
  }

  private static func applies(_ scope: Scope, to path: String) -> Bool {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count >= 2 else { return false }
    let inSources = parts[0] == "Sources"
    let module = parts[1]
    switch scope {
    case .everywhere: return inSources || parts[0] == "Tests"
    case .sources: return inSources
    case .tests: return parts[0] == "Tests"
    case .libraries, .outsideExecutables: return inSources && !executables.contains(module)
    case .pure: return inSources && ImportRules.pureModules.contains(module)
    }
  }

  /// Whether `word` stands in `line` as a word: not as the end or the beginning of a longer name.
  static func contains(_ line: String, word: String) -> Bool {
    contains(Array(line.utf8), word: Array(word.utf8))
  }

  /// The same over UTF-8, in which all of the words that are looked for are ASCII.
  private static func contains(_ line: [UInt8], word: [UInt8]) -> Bool {
    guard let first = word.first, let last = word.last, line.count >= word.count else {
      return false
    }
    for start in 0...(line.count - word.count) where line[start] == first {
      guard line[start..<(start + word.count)].elementsEqual(word) else { continue }
      let before = start > 0 ? line[start - 1] : 0x20
      let end = start + word.count
      let after = end < line.count ? line[end] : 0x20
      let beginsFree = !isWord(first) || !(isWord(before) || before == UInt8(ascii: "."))
      let endsFree = !isWord(last) || !isWord(after)
      if beginsFree && endsFree { return true }
    }
    return false
  }

  /// A letter, a digit or an underscore; beyond ASCII everything counts as a letter.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
    default: false
    }
  }
}
