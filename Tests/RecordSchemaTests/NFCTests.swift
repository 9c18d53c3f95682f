import Foundation
import Testing

@testable import RecordSchema

@Suite("Normalisation form C")
struct NFCTests {
  /// Decomposes first: asked for the composed form straight away, the toolchain leaves a Hangul
  /// syllable without a trailing consonant and the consonant after it as they are.
  private static func isToolchainNFC(_ text: String) -> Bool {
    text.decomposedStringWithCanonicalMapping.precomposedStringWithCanonicalMapping.unicodeScalars
      .elementsEqual(text.unicodeScalars)
  }

  /// Scalars that exist in the tables' Unicode version; a newer toolchain may know more.
  private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    let version = NFCTables.unicodeVersion
    return (age.major, age.minor) <= (version.major, version.minor)
  }

  @Test("every scalar alone is judged as the toolchain's Unicode tables judge it")
  func everyScalar() {
    var wrong: [UInt32] = []
    for value in UInt32(0x80)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), Self.isKnown(scalar) else { continue }
      let quick = NFC.quickClass(value)
      if quick & NFC.no == 0,
        UInt8(truncatingIfNeeded: quick) != scalar.properties.canonicalCombiningClass.rawValue
      {
        wrong.append(value)
      }
      // Asking the toolchain is slow: leave out the blocks that nothing composes or decomposes.
      if (0x3400...0xA4FF).contains(value) || (0x17000...0x1B2FF).contains(value) {
        if quick != 0 { wrong.append(value) }
      } else if (quick & NFC.no == 0) != Self.isToolchainNFC(String(scalar)) {
        wrong.append(value)
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test("random sequences of difficult scalars are judged as the toolchain judges them")
  func sequences() {
    let difficult: [UInt32] =
      (0x300..<0x350).map(\.self) + [0x41, 0x65, 0x61, 0x6F, 0x75, 0xE9, 0xD6, 0x1E69, 0x1EA5]
      + [0x1100, 0x1112, 0x1161, 0x1175, 0x11A8, 0x11C2, 0xAC00, 0xAC01, 0xD7A3]
      + [0x3099, 0x304B, 0x304C, 0x0F71, 0x0F72, 0x0F73, 0x0DD9, 0x0DCF, 0x0DCA, 0x0DDC]
      + [0x09C7, 0x09BE, 0x1025, 0x102E, 0x1D157, 0x1D165, 0x110B9, 0x110BA, 0x4E2D, 0x2126]
    var generator = SeededGenerator(seed: 42)
    var counts = (normal: 0, other: 0)
    for _ in 0..<20_000 {
      let length = Int.random(in: 1...6, using: &generator)
      let scalars = (0..<length).map { _ in
        difficult[Int.random(in: difficult.indices, using: &generator)]
      }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars.compactMap(Unicode.Scalar.init))
      // Half of the time, ask about what certainly is normalised.
      if Bool.random(using: &generator) { text = text.precomposedStringWithCanonicalMapping }
      let values = text.unicodeScalars.map(\.value)
      let verdict = NFC.isNormalized(values)
      #expect(verdict == Self.isToolchainNFC(text), "\(values)")
      if verdict { counts.normal += 1 } else { counts.other += 1 }
    }
    #expect(counts.normal > 3000 && counts.other > 3000)
  }

  @Test(
    "Hangul composes by arithmetic, to the last trailing consonant",
    arguments: [
      ([0xAC00, 0x11C2], false), ([0x1100, 0x1161, 0x11C2], false), ([0xAC1B], true),
      ([0xAC00, 0x11A7], true), ([0xAC00, 0x11C3], true), ([0xAC01, 0x11A8], true),
      ([0x1112, 0x1175], false), ([0x1113, 0x1161], true), ([0x1112, 0x1176], true),
    ] as [([UInt32], Bool)])
  func hangul(scalars: [UInt32], isNormal: Bool) {
    #expect(NFC.isNormalized(scalars) == isNormal)
  }

  @Test("a long run of marks out of order is judged without quadratic work")
  func longRuns() {
    let marks = (0..<100_000).map { $0 % 2 == 0 ? UInt32(0x315) : 0x323 }
    #expect(NFC.isNormalized([0x61] + marks) == false)
    #expect(NFC.isNormalized([0x4E2D] + [UInt32](repeating: 0x315, count: 100_000)))
  }
}
