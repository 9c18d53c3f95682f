/// Everything that is done to exports, by what it is done to.
enum TamperTable {
  static let all: [TamperCase] =
    entries + payloads + tiles + heads + receipts + journal + directories + claims + manifest
    + stolen + histories + together
}
