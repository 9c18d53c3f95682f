/// A name or title taken apart, so that words are found as words: `race` in `raceCode` and not in
/// `trace`.
struct NameWords {
  /// Latin words in lower case, split at a change from small to capital letters, at digits, and at
  /// everything that is no letter.
  let words: [[UInt8]]
  /// The text itself, for Chinese, which has no gaps between words; empty where it is all ASCII.
  let chinese: [UInt8]

  init(_ text: String) {
    let bytes = Array(text.utf8)
    chinese = bytes.contains { $0 >= 0x80 } ? bytes : []
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      guard Self.isLetter(byte) else {
        words.append(word)
        word = []
        continue
      }
      if index > 0, Self.beginsWord(bytes, at: index) {
        words.append(word)
        word = []
      }
      word.append(byte | 0x20)
    }
    self.words = (words + [word]).filter { !$0.isEmpty }
  }

  /// A capital behind a small letter (`isParty`), or the last of several (`IDNumber`).
  private static func beginsWord(_ bytes: [UInt8], at index: Int) -> Bool {
    guard isCapital(bytes[index]) else { return false }
    if !isCapital(bytes[index - 1]) { return true }
    return index + 1 < bytes.count && isLetter(bytes[index + 1]) && !isCapital(bytes[index + 1])
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

  /// Whether a run of whole words, written together, is the term, or begins with it.
  ///
  /// - Parameter except: words that make it something else when they stand before it.
  func contains(_ term: [UInt8], asStem: Bool, except: [[UInt8]]) -> Bool {
    for start in words.indices where words[start].first == term.first {
      if start > 0, except.contains(words[start - 1]) { continue }
      var run: [UInt8] = []
      for word in words[start...] {
        run += word
        guard run.count >= term.count else { continue }
        if asStem ? run.starts(with: term) : isTerm(run, term) { return true }
        break
      }
    }
    return false
  }

  /// The term itself or its plural.
  private func isTerm(_ run: [UInt8], _ term: [UInt8]) -> Bool {
    run == term || run == term + Array("s".utf8)
  }

  /// Whether the text holds a Chinese term, other than behind what makes it something else.
  func contains(chinese term: [UInt8], except: [[UInt8]]) -> Bool {
    guard let first = term.first, chinese.count >= term.count else { return false }
    for start in 0...chinese.count - term.count where chinese[start] == first {
      guard chinese[start..<start + term.count].elementsEqual(term) else { continue }
      if !except.contains(where: { chinese[..<start].reversed().starts(with: $0.reversed()) }) {
        return true
      }
    }
    return false
  }
}
