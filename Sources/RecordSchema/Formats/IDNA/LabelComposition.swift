/// Brings a label into normalisation form C. Unlike the check of whole texts (``NFC``) it has to
/// produce the form, but only of labels, which are short.
enum LabelComposition {
  /// The scalars decomposed, put in order and composed again. What the form never holds stays as
  /// it is: no label may hold it either.
  static func composed(_ label: [UInt32]) -> [UInt32] {
    var decomposed: [UInt32] = []
    decomposed.reserveCapacity(label.count)
    var parts = SIMD4<UInt32>()
    for scalar in label {
      for index in 0..<NFCData.decompose(scalar, into: &parts) {
        insert(parts[index], into: &decomposed)
      }
    }
    return compose(decomposed)
  }

  /// Appends a scalar behind the marks of its own and lower classes.
  private static func insert(_ scalar: UInt32, into scalars: inout [UInt32]) {
    let combiningClass = NFCData.combiningClass(scalar)
    var place = scalars.count
    if combiningClass != 0 {
      while place > 0, NFCData.combiningClass(scalars[place - 1]) > combiningClass { place -= 1 }
    }
    scalars.insert(scalar, at: place)
  }

  private static func compose(_ scalars: [UInt32]) -> [UInt32] {
    var out: [UInt32] = []
    out.reserveCapacity(scalars.count)
    var starter: Int?
    var lastClass: UInt8 = 0
    for scalar in scalars {
      let combiningClass = NFCData.combiningClass(scalar)
      // Blocked when something of an equal or higher class, or a starter, stands between.
      if let starter, starter == out.count - 1 || lastClass != 0 && lastClass < combiningClass,
        let composite = NFCData.composite(out[starter], scalar)
      {
        out[starter] = composite
        continue
      }
      if combiningClass == 0 { starter = out.count }
      lastClass = combiningClass
      out.append(scalar)
    }
    return out
  }
}
