import RecordModel
import RecordSchema

/// One flag of a record's form: its name, whether it was given, and what it comes to.
protocol FormField {
  associatedtype Value

  /// The flag as it is typed.
  var flag: String { get }
  var isGiven: Bool { get }
  /// Whether the payload cannot be made for want of it.
  var isMissing: Bool { get }
  func value() throws -> Value
}

/// A flag without which there is no payload.
struct Needed<Flag: FlagValue>: FormField {
  let flag: String
  private let given: Flag?

  init(_ flag: String, _ given: Flag?) {
    self.flag = flag
    self.given = given
  }

  var isGiven: Bool { given != nil }
  var isMissing: Bool { given == nil }

  func value() throws -> Flag.Value {
    guard let given else { throw FormFailure.missing([flag], orFile: false) }
    return try given.value(of: flag)
  }
}

/// A flag that may be left out.
struct Maybe<Flag: FlagValue>: FormField {
  let flag: String
  private let given: Flag?

  init(_ flag: String, _ given: Flag?) {
    self.flag = flag
    self.given = given
  }

  var isGiven: Bool { given != nil }
  var isMissing: Bool { false }
  func value() throws -> Flag.Value? { try given?.value(of: flag) }
}

/// A day that is today in Beijing unless the flag says otherwise.
struct Day: FormField {
  let flag: String
  private let given: DayFlag?
  private let now: Timestamp

  init(_ flag: String, _ given: DayFlag?, _ now: Timestamp) {
    self.flag = flag
    self.given = given
    self.now = now
  }

  var isGiven: Bool { given != nil }
  /// A clock beyond the year 9999 tells no day.
  var isMissing: Bool { given == nil && now.day == nil }

  func value() throws -> CalendarDate {
    if let given { return try given.value(of: flag) }
    guard let today = now.day else { throw FormFailure.missing([flag], orFile: false) }
    return today
  }
}

/// A flag that may be given more than once.
struct Several<Flag: FlagValue>: FormField {
  let flag: String
  let isMissing: Bool
  private let given: [Flag]

  init(_ flag: String, _ given: [Flag], needed: Bool) {
    self.flag = flag
    self.given = given
    isMissing = needed && given.isEmpty
  }

  var isGiven: Bool { !given.isEmpty }
  func value() throws -> [Flag.Value] { try given.map { try $0.value(of: flag) } }
}

/// A flag that says yes; nil where it is not there.
struct Yes: FormField {
  let flag: String
  let isGiven: Bool

  init(_ flag: String, _ given: Bool) {
    self.flag = flag
    isGiven = given
  }

  var isMissing: Bool { false }
  func value() throws -> Bool? { isGiven ? true : nil }
}

/// A payload from its flags.
struct Form<Payload: RecordPayload> {
  /// The flags that were given.
  let given: [String]
  /// The flags without which the payload cannot be made.
  let missing: [String]
  private let made: Result<Payload, any Error>

  /// - Parameter make: the payload from the flags' values, in their order; not called where a flag
  ///   is missing or wrong.
  init<each Field: FormField>(
    _ field: repeat each Field, make: (repeat (each Field).Value) throws -> Payload
  ) {
    var given: [String] = []
    var missing: [String] = []
    for one in repeat each field {
      if one.isGiven { given.append(one.flag) }
      if one.isMissing { missing.append(one.flag) }
    }
    self.given = given
    self.missing = missing
    do {
      guard missing.isEmpty else { throw FormFailure.missing(missing, orFile: false) }
      made = .success(try make(repeat try (each field).value()))
    } catch {
      made = .failure(error)
    }
  }

  /// The payload's bytes: those of `file`, verbatim, where one is given, and then no other flag may
  /// be.
  func payload(file: String?, takesFile: Bool) throws -> [UInt8] {
    if let file {
      guard given.isEmpty else { throw FormFailure.besideFile(given) }
      return try Files.read(file)
    }
    guard missing.isEmpty else { throw FormFailure.missing(missing, orFile: takesFile) }
    return try made.get().json
  }
}

/// How a form is filled in wrongly.
enum FormFailure {
  static func missing(_ flags: [String], orFile: Bool) -> Failure {
    let zh = "须给出 " + flags.joined(separator: "、")
    let en = "give " + flags.joined(separator: ", ")
    return Failure(
      .usage, "argument.missing",
      orFile ? say(zh + "，或用 --file 给出载荷", en + ", or the payload with --file") : say(zh, en))
  }

  static func besideFile(_ flags: [String]) -> Failure {
    let names = flags.joined(separator: say("、", ", "))
    return conflict(
      "--file 已是完整载荷，不能再给 \(names)", "--file holds the whole payload: leave out \(names)")
  }

  static func conflict(_ zh: String, _ en: String) -> Failure {
    Failure(.usage, "argument.conflict", say(zh, en))
  }
}
