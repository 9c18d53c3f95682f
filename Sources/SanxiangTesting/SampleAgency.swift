public import RecordModel
import RecordSchema

/// Invented agencies of the reserved region 000000, with computed check characters.
public enum SampleAgency {
  /// The agency with this number, 0 to 99,999,999; the same number is always the same agency.
  public static func code(_ number: Int) -> AgencyCode {
    precondition((0..<100_000_000).contains(number), "a sample agency has at most eight digits")
    let digits = String(number)
    let stem = "11000000" + String(repeating: "0", count: 8 - digits.count) + digits + "X"
    guard let check = CodeFormat.creditCodeCheckDigit(stem),
      let code = try? AgencyCode(stem + String(check))
    else {
      // The stem is seventeen characters of the alphabet, so it has a check character, and with
      // that it is a code.
      preconditionFailure("the stem is no stem of a credit code")
    }
    return code
  }
}
