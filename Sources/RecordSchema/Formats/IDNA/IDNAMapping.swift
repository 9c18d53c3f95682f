/// The mapping of Unicode Technical Standard 46, section 4, non-transitional: folds case and width,
/// drops what is ignored, and leaves alone what the rules of labels judge later.
enum IDNAMapping {
  private struct Run {
    let range: ClosedRange<UInt32>
    let target: UInt32
    let step: UInt32
  }

  private struct Sequence {
    let range: ClosedRange<UInt32>
    let targets: [UInt32]
  }

  private static let runs: [Run] = {
    var runs: [Run] = []
    RunTable.forEach(IDNAMappingTable.runs) { numbers in
      guard numbers.count >= 2 else { return }
      let step = numbers.count > 3 ? numbers[3] : 1
      let last = numbers[0] + (numbers.count > 2 ? numbers[2] : 0) * step
      runs.append(Run(range: numbers[0]...last, target: numbers[1], step: step))
    }
    return runs
  }()

  private static let sequences: [Sequence] = {
    var sequences: [Sequence] = []
    RunTable.forEach(IDNASequenceTable.runs) { numbers in
      guard numbers.count >= 2 else { return }
      sequences.append(
        Sequence(
          range: numbers[0]...numbers[0] + numbers[1], targets: Array(numbers.dropFirst(2))))
    }
    return sequences
  }()

  /// Appends what a scalar becomes.
  static func append(_ scalar: UInt32, to label: inout [UInt32]) {
    if scalar < 0x80 {
      label.append((0x41...0x5A).contains(scalar) ? scalar | 0x20 : scalar)
    } else if let run = RunTable.find(scalar, in: runs, \.range) {
      let distance = scalar - run.range.lowerBound
      label.append(distance.isMultiple(of: run.step) ? run.target + distance : scalar)
    } else if let sequence = RunTable.find(scalar, in: sequences, \.range) {
      label.append(contentsOf: sequence.targets)
    } else {
      label.append(scalar)
    }
  }
}
