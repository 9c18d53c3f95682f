public import RecordModel

/// Invented agencies of the reserved region 000000, with computed check characters.
public enum SampleAgency {
  /// The agency with this number, 0 to 99,999,999; the same number is always the same agency.
  public static func code(_ number: Int) -> AgencyCode {
    precondition((0..<100_000_000).contains(number), "a sample agency has at most eight digits")
    let digits = String(number)
    let stem = "11000000" + String(repeating: "0", count: 8 - digits.count) + digits + "X"
    for check in "0123456789ABCDEFGHJKLMNPQRTUWXY" {
      if let code = try? AgencyCode(stem + String(check)) { return code }
    }
    // The check character has weight 1 modulo 31 and takes all 31 values, so one of them fits.
    preconditionFailure("no check character fits")
  }
}
