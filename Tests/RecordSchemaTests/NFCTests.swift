@_spi(_Unicode) import Swift
import Testing

@testable import RecordSchema

@Suite("Normalisation form C")
struct NFCTests {
  private static func text(_ scalars: [UInt32]) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars.compactMap(Unicode.Scalar.init))
    return text
  }

  private static func isNormalized(_ scalars: [UInt32]) -> Bool {
    var text = text(scalars)
    return text.withUTF8(NFC.isNormalized)
  }

  /// What the standard library's own tables say.
  private static func isToolchainNFC(_ scalars: [UInt32]) -> Bool {
    text(scalars)._nfc.map(\.value) == scalars
  }

  /// Scalars that exist in the tables' Unicode version; a newer toolchain may know more.
  private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    let version = NFCTables.unicodeVersion
    return (age.major, age.minor) <= (version.major, version.minor)
  }

  private static let knownScalars: [Unicode.Scalar] = (UInt32(0x80)...0x10FFFF)
    .compactMap(Unicode.Scalar.init).filter(isKnown)

  @Test("every scalar alone is judged as the toolchain's Unicode tables judge it")
  func everyScalar() {
    var wrong: [UInt32] = []
    for scalar in Self.knownScalars {
      let quickClass = NFCData.quickClass(scalar.value)
      // Asking for the form is slow: leave out the blocks that nothing composes or decomposes.
      if (0x3400...0xA4FF).contains(scalar.value) || (0x17000...0x1B2FF).contains(scalar.value) {
        if quickClass != 0, scalar.properties.canonicalCombiningClass == .notReordered {
          wrong.append(scalar.value)
        }
      } else if (quickClass & NFC.no == 0) != Self.isToolchainNFC([scalar.value]) {
        wrong.append(scalar.value)
      }
      let combiningClass = UInt8(truncatingIfNeeded: quickClass)
      if quickClass & NFC.no == 0,
        combiningClass != scalar.properties.canonicalCombiningClass.rawValue
      {
        wrong.append(scalar.value)
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test("every scalar decomposes as the toolchain decomposes it, into four parts at most")
  func decompositions() {
    var wrong: [UInt32] = []
    for scalar in Self.knownScalars {
      let isHan = (0x3400...0xA4FF).contains(scalar.value)
      if isHan || NFCData.quickClass(scalar.value) & NFC.no != 0 { continue }
      var parts = SIMD4<UInt32>()
      let count = NFCData.decompose(scalar.value, into: &parts)
      let expected = String(scalar)._nfd.map(\.value)
      if (0..<count).map({ parts[$0] }) != expected { wrong.append(scalar.value) }
      // Only what begins with something that combines backwards may be marked as doing so.
      let isMaybe = NFCData.quickClass(scalar.value) & NFC.maybe != 0
      if count > 1, isMaybe != (NFCData.quickClass(parts[0]) & NFC.maybe != 0) {
        wrong.append(scalar.value)
      }
    }
    #expect(wrong.isEmpty)
  }

  /// Scalars that combine, or are combined, in every way that there is.
  private static let difficult: [UInt32] =
    (0x300..<0x350).map(\.self) + [0x41, 0x65, 0x61, 0x6F, 0x75, 0xE9, 0xD6, 0x1E69, 0x1EA5]
    + [0x1100, 0x1112, 0x1161, 0x1175, 0x11A8, 0x11C2, 0xAC00, 0xAC01, 0xD7A3]
    + [0x3099, 0x304B, 0x304C, 0x0F71, 0x0F72, 0x0F73, 0x0DD9, 0x0DCF, 0x0DCA, 0x0DDC]
    + [0x09C7, 0x09BE, 0x1025, 0x102E, 0x1D157, 0x1D165, 0x110B9, 0x110BA, 0x4E2D, 0x2126]
    + [0x11382, 0x113C9, 0x11383, 0x113C2, 0x113C5, 0x113B8, 0x113C7]
    + [0x1611E, 0x1611F, 0x16120, 0x16121, 0x16122, 0x16126, 0x16129, 0x16D63, 0x16D67]
    + [0x16D68, 0x16D69, 0x16D6A, 0x105D2, 0x105C9, 0x1ECD, 0x1ED9, 0x1B0, 0x1EF1, 0x31B]

  @Test("random sequences of difficult scalars are judged as the toolchain judges them")
  func sequences() {
    var generator = SeededGenerator(seed: 42)
    var counts = (normal: 0, other: 0)
    for _ in 0..<40_000 {
      let length = Int.random(in: 1...6, using: &generator)
      var scalars = (0..<length).map { _ in
        Self.difficult[Int.random(in: Self.difficult.indices, using: &generator)]
      }
      // Half of the time, ask about what certainly is normalised.
      if Bool.random(using: &generator) { scalars = Self.text(scalars)._nfc.map(\.value) }
      let verdict = Self.isNormalized(scalars)
      #expect(verdict == Self.isToolchainNFC(scalars), "\(scalars)")
      if verdict { counts.normal += 1 } else { counts.other += 1 }
    }
    #expect(counts.normal > 6000 && counts.other > 6000)
  }

  @Test("every pair of difficult scalars, and every scalar behind one that combines")
  func pairs() {
    let combining = Self.knownScalars.map(\.value)
      .filter { NFCData.quickClass($0) & NFC.maybe != 0 }
    #expect(combining.count > 100)
    for first in Self.difficult {
      for second in Self.difficult + combining {
        #expect(
          Self.isNormalized([first, second]) == Self.isToolchainNFC([first, second]),
          "\(first) \(second)")
      }
    }
  }

  @Test(
    "Hangul composes by arithmetic, to the last trailing consonant",
    arguments: [
      ([0xAC00, 0x11C2], false), ([0x1100, 0x1161, 0x11C2], false), ([0xAC1B], true),
      ([0xAC00, 0x11A7], true), ([0xAC00, 0x11C3], true), ([0xAC01, 0x11A8], true),
      ([0x1112, 0x1175], false), ([0x1113, 0x1161], true), ([0x1112, 0x1176], true),
    ] as [([UInt32], Bool)])
  func hangul(scalars: [UInt32], isNormal: Bool) {
    #expect(Self.isNormalized(scalars) == isNormal)
  }

  @Test(
    "scripts of Unicode 16, whose composites combine with what stands before them",
    arguments: [
      ([0x11382, 0x113C9], false), ([0x11383], true), ([0x1611E, 0x1611E], false),
      ([0x1611E, 0x16121], false), ([0x16121, 0x1611E], true), ([0x16D67, 0x16D68], false),
      ([0x16D69, 0x16D67], false), ([0x16D63, 0x16D67], false), ([0x16D6A], true),
      ([0x105D2, 0x307], false), ([0x113C2, 0x113C5], false),
    ] as [([UInt32], Bool)])
  func unicode16(scalars: [UInt32], isNormal: Bool) {
    #expect(Self.isNormalized(scalars) == isNormal)
  }

  @Test("millions of marks behind one letter are judged, in order or not")
  func longRuns() {
    let ordered =
      [UInt32](repeating: 0x323, count: 400_000) + Array(repeating: 0x301, count: 400_000)
    #expect(Self.isNormalized([0x78] + ordered))
    #expect(Self.isNormalized([0x1E69] + ordered))
    // The last mark of a million finds its letter only where nothing stands between.
    #expect(!Self.isNormalized([0x61] + ordered))
    #expect(!Self.isNormalized([0x78] + ordered + [0x323]))
    #expect(!Self.isNormalized([0x1ED9] + [UInt32](repeating: 0x31B, count: 400_000)))
    #expect(Self.isNormalized([0x4E2D] + [UInt32](repeating: 0x315, count: 800_000)))
  }
}
