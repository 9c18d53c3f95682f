import Testing

@testable import RecordSchema

@Suite("Tables, simulation and the plain meaning of patterns agree")
struct PatternDifferentialTests {
  @Test("on random patterns and texts", arguments: 0..<8)
  func random(seed: Int) throws {
    var generator = PatternGenerator(random: SeededGenerator(seed: UInt64(seed)))
    var (found, notFound, byTable, bySimulation) = (0, 0, 0, 0)
    for _ in 0..<100 {
      let reference = generator.pattern()
      let both = try BothMachines(reference.source)
      for _ in 0..<6 {
        let scalars = generator.text()
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        let expected = reference.isFound(in: scalars)
        if expected { found += 1 } else { notFound += 1 }
        #expect(
          both.simulate(text).isFound == expected, "\(reference.source) in \(Array(text.utf8))")
        if let table = both.runTable(text) {
          byTable += 1
          #expect(table == expected, "\(reference.source) in \(Array(text.utf8))")
        } else {
          bySimulation += 1
        }
      }
    }
    #expect(found > 50 && notFound > 50, "\(found) found, \(notFound) not: too few to be believed")
    #expect(byTable > 500, "tables were too large for \(bySimulation) texts")
  }

  @Test(
    "one bad character is found wherever it stands in texts of every length",
    arguments: [
      (RecordPatterns.line, "移", "\u{202A}"), (RecordPatterns.line, "a", "\u{7F}"),
      (RecordPatterns.line, "“", "\u{2028}"), (RecordPatterns.line, ",", "\u{FEFF}"),
      (RecordPatterns.line, "é", "\u{85}"), (RecordPatterns.line, "😀", "\n"),
      ("^[^😀]*$", "😃", "😀"), ("^[a-zA-Z]*$", "q", "é"), ("^[^é]+$", "è", "é"),
    ])
  func everyPlace(source: String, good: String, bad: String) throws {
    let pattern = try Pattern(source)
    #expect(pattern.hasTables)
    for count in 1...80 {
      var units = [String](repeating: good, count: count)
      #expect(pattern.matches(units.joined()), "\(count)")
      for place in 0..<count {
        units[place] = bad
        #expect(!pattern.matches(units.joined()), "\(place) of \(count)")
        units[place] = good
      }
    }
  }

  @Test(
    "a state that is skipped in is left and come back to", arguments: [1, 3, 31, 32, 33, 64, 100])
  func leavesAndReturns(count: Int) throws {
    let pattern = try Pattern("^(?:[A-Z]:[^;]*;)*$")
    let part = "A:" + String(repeating: "移,", count: count) + ";"
    for parts in 0...5 {
      let text = String(repeating: part, count: parts)
      #expect(pattern.matches(text))
      #expect(!pattern.matches(text + "x"))
      #expect(!pattern.matches(text + "B:" + String(repeating: "a", count: count)))
    }
  }

  @Test("bytes that are no UTF-8 are answered somehow, and nothing beyond them is read")
  func illFormed() throws {
    var random = SeededGenerator(seed: 7)
    let sources = [RecordPatterns.line, RecordPatterns.instant, #"\S\b移"#, #"^\p{Lu}"#]
    for source in sources {
      let both = try BothMachines(source)
      for _ in 0..<300 {
        let count = Int.random(in: 0...70, using: &random)
        let bytes = (0..<count).map { _ in UInt8.random(in: 0x70...0xFF, using: &random) }
        // The buffer ends where the allocation does.
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        defer { copy.deallocate() }
        _ = copy.initialize(from: bytes)
        let text = UnsafeBufferPointer(copy)
        let steps = both.simulate(text).steps
        #expect(steps <= (count + 1) * both.program.instructions.count)
        #expect(both.runTable(text) == both.runTable(text))
        _ = Pattern.isRegularExpression(text)
      }
    }
  }

  @Test("an empty buffer without memory is an empty text")
  func noMemory() throws {
    let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    #expect(try Pattern("^$").matches(nothing))
    #expect(try Pattern(RecordPatterns.line).matches(nothing))
    #expect(try !Pattern("a").matches(nothing))
    #expect(try BothMachines("^$").simulate(nothing).isFound)
    #expect(Pattern.isRegularExpression(nothing))
  }

  @Test("one pattern matches in many tasks at once")
  func concurrent() async throws {
    let patterns = try [RecordPatterns.line, #"^(?:\p{L}|\p{N}){1,1000}$"#].map { try Pattern($0) }
    #expect(patterns.map(\.hasTables) == [true, false])
    let good = String(repeating: "移送", count: 200)
    let answers = await withTaskGroup(of: Bool.self) { group in
      for task in 0..<32 {
        group.addTask {
          (0..<4).allSatisfy { _ in
            patterns.allSatisfy { pattern in
              task % 2 == 0 ? pattern.matches(good) : !pattern.matches(good + "\n" + good)
            }
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers == [Bool](repeating: true, count: 32))
  }
}
