/// Why an evidence file cannot be made or read, or what in it does not hold. The codes are stable:
/// `docs/errors.md` explains them.
public struct EvidenceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong: open to callers, closed here.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The dotted name.
    public let rawValue: String
    private init(_ rawValue: String) { self.rawValue = rawValue }
    /// The dotted name.
    public var description: String { rawValue }

    /// A file over a limit of bytes or of members.
    public static let size = Self("evidence.size")
    /// A file that is not exactly in the format.
    public static let form = Self("evidence.form")
    /// A file whose digest is not that of its bytes: it was damaged or edited.
    public static let digest = Self("evidence.digest")
    /// A directory that does not follow from the authority's keys, or is not there.
    public static let directory = Self("evidence.directory")
    /// A certificate that no directory lists for that agency.
    public static let certificate = Self("evidence.certificate")
    /// A header that is none, or not one of its place in the log.
    public static let header = Self("evidence.header")
    /// A proof that does not show that the record is in its log.
    public static let proof = Self("evidence.proof")
    /// A checkpoint that no key of the sender valid then has signed.
    public static let signature = Self("evidence.signature")
    /// A receipt that no key of the receiver valid then has signed, or of an impossible time.
    public static let receipt = Self("evidence.receipt")
    /// A payload that is not the one committed to.
    public static let payload = Self("evidence.payload")
    /// Two signed heads, in what must be one log, that exclude each other.
    public static let contradiction = Self("evidence.contradiction")
    /// What the file says that it is about is not in it, or something is twice.
    public static let subject = Self("evidence.subject")
    /// Two notes that do not contradict each other.
    public static let fork = Self("evidence.fork")
    /// The record or the thread is in none of the sources.
    public static let notFound = Self("evidence.notFound")
    /// The record is under no signed head, or its log does not give the signed root.
    public static let unprovable = Self("evidence.unprovable")
  }

  /// What went wrong.
  public var code: Code
  /// For people, in English; names fields and rules, never values.
  public var message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// `code: message`.
  public var description: String { "\(code): \(message)" }
}
