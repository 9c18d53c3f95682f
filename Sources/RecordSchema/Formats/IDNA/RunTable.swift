/// Reads the tables of this folder: entries between white space, each of hexadecimal numbers
/// between commas.
enum RunTable {
  static func forEach(_ table: StaticString, _ body: ([UInt32]) -> Void) {
    var numbers: [UInt32] = []
    var number: UInt32 = 0
    var isOpen = false
    for index in 0..<table.utf8CodeUnitCount {
      let byte = table.utf8Start[index]
      if ABNF.isHexDigit(byte) {
        number = number << 4 | UInt32(ABNF.isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x57)
        isOpen = true
        continue
      }
      if isOpen { numbers.append(number) }
      number = 0
      isOpen = false
      if byte != UInt8(ascii: ","), !numbers.isEmpty {
        body(numbers)
        numbers.removeAll(keepingCapacity: true)
      }
    }
    if isOpen { numbers.append(number) }
    if !numbers.isEmpty { body(numbers) }
  }

  /// The element whose range holds the scalar, of elements in ascending order.
  static func find<Run>(
    _ scalar: UInt32, in runs: [Run], _ range: (Run) -> ClosedRange<UInt32>
  ) -> Run? {
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if range(runs[middle]).upperBound < scalar { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, range(runs[low]).contains(scalar) else { return nil }
    return runs[low]
  }
}
