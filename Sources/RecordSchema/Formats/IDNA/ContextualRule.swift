/// The contextual rules of RFC 5892, appendix A: scalars that may stand in some places only.
enum ContextualRule {
  /// Whether the scalar at an index, which has a rule, stands where its rule lets it.
  static func isObeyed(_ label: [UInt32], at index: Int) -> Bool {
    let before = index > 0 ? label[index - 1] : nil
    let after = index + 1 < label.count ? label[index + 1] : nil
    return switch label[index] {
    // Zero width non-joiner, zero width joiner.
    case 0x200C: isVirama(before) || breaksJoining(label, at: index)
    case 0x200D: isVirama(before)
    // Middle dot, between two l, as in Catalan.
    case 0xB7: before == 0x6C && after == 0x6C
    // Greek lower numeral sign.
    case 0x375: script(after) == .greek
    // Hebrew geresh and gershayim.
    case 0x5F3, 0x5F4: script(before) == .hebrew
    // Katakana middle dot.
    case 0x30FB: label.contains { script($0) == .japanese }
    // Arabic-Indic digits and extended ones do not mix.
    case 0x660...0x669: !label.contains { (0x6F0...0x6F9).contains($0) }
    case 0x6F0...0x6F9: !label.contains { (0x660...0x669).contains($0) }
    default: false
    }
  }

  private static func script(_ scalar: UInt32?) -> IDNAProperty.Script? {
    scalar.flatMap { IDNAProperty.of($0)?.script }
  }

  /// Canonical_Combining_Class 9.
  private static func isVirama(_ scalar: UInt32?) -> Bool {
    scalar.map { NFCData.combiningClass($0) == 9 } ?? false
  }

  /// Between scalars that would join across it, past those that are transparent to joining:
  /// `(L|D) T* ZWNJ T* (R|D)`.
  private static func breaksJoining(_ label: [UInt32], at index: Int) -> Bool {
    let before = label[..<index].lazy.reversed().map(joining).first { $0 != .transparent }
    let after = label[(index + 1)...].lazy.map(joining).first { $0 != .transparent }
    guard let before, let after else { return false }
    return (before == .left || before == .dual) && (after == .right || after == .dual)
  }

  private static func joining(_ scalar: UInt32) -> IDNAProperty.Joining {
    IDNAProperty.of(scalar)?.joining ?? .none
  }
}
