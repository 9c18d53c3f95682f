/// The names of environment variables that set a key: `SANXIANG_` and the key in capitals, dots as
/// underscores; a capital inside a name begins a new word after an underscore.
enum EnvironmentNames {
  static let prefix = "SANXIANG_"

  /// Read by this program or by the command line, and no key of node.yaml.
  private static let others: Set<String> = ["SANXIANG_PASSPHRASE", "SANXIANG_SOCKET"]

  /// The variable of a key.
  static func variable(_ key: String) -> String {
    var name = prefix
    var last: Character = "."
    for character in key {
      if last.isLowercase, character.isUppercase { name += "_" }
      name += character == "." ? "_" : character.uppercased()
      last = character
    }
    return name
  }

  /// Variables that look like settings and are none, each with the nearest that is one. A slip of the
  /// pen in a unit file would otherwise go unnoticed.
  static func strangers(in environment: [String: String]) -> [(name: String, nearest: String)] {
    let known = Set(Settings.keys.map(variable)).union(others)
    return environment.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted().map {
      name in
      let distances = known.sorted().map { (distance(name, $0), $0) }
      return (name, distances.min { $0.0 < $1.0 }?.1 ?? "")
    }
  }

  /// Levenshtein's: how many letters to add, drop or change.
  private static func distance(_ one: String, _ other: String) -> Int {
    // A name may be of any length; one that is far longer than all of ours needs no more exact an
    // answer.
    let (one, other) = (Array(one.utf8.prefix(100)), Array(other.utf8))
    var row = Array(0...other.count)
    for (i, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, wanted) in other.enumerated() {
        let changed = diagonal + (letter == wanted ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
      }
    }
    return row[other.count]
  }
}
