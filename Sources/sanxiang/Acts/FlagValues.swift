import ArgumentParser
import RecordModel
import RecordSchema

/// What was typed behind a flag, and what it stands for in a payload. Parsing takes any text in:
/// what is wrong with it is said in the caller's language, with a stable code, once it is read.
protocol FlagValue {
  associatedtype Value

  /// What it stands for. Throws a `Failure` that names the flag.
  func value(of flag: String) throws -> Value
}

extension String: FlagValue {
  func value(of flag: String) throws -> String { self }
}

/// A code of one of the contract's code lists.
struct CodeFlag<Code: PayloadCode>: FlagValue, ExpressibleByArgument, Sendable {
  let text: String

  init(argument: String) { text = argument }

  static var defaultCompletionKind: CompletionKind { .list(Code.allCases.map(\.rawValue)) }

  func value(of flag: String) throws -> Code {
    guard let code = Code(rawValue: text) else {
      throw Failure(
        .usage, "argument.choice",
        say(
          "\(flag)：没有代码“\(DisplayWidth.safe(text))”；可用：\(Code.list)",
          "\(flag): there is no code \"\(DisplayWidth.safe(text))\"; there are: \(Code.list)"))
    }
    return code
  }
}

extension PayloadCode {
  /// The label in the caller's language.
  var label: String { say(chinese, english) }

  /// All codes with their labels.
  static var list: String {
    allCases.map { say("\($0.rawValue)（\($0.label)）", "\($0.rawValue) (\($0.label))") }
      .joined(separator: say("、", ", "))
  }
}

extension ArgumentHelp {
  /// A help text, then the codes that the flag takes.
  init<Code: PayloadCode>(_ zh: String, _ en: String, _ codes: Code.Type) {
    self.init(say("\(zh)：", "\(en): ") + Code.list)
  }
}

/// A day.
struct DayFlag: FlagValue, ExpressibleByArgument, Sendable {
  let text: String

  init(argument: String) { text = argument }

  func value(of flag: String) throws -> CalendarDate {
    guard let date = CalendarDate(parsing: text) else {
      throw Failure(
        .usage, "argument.date",
        say("\(flag) 须为真实日期，如 2026-11-23", "\(flag) must be a real day, such as 2026-11-23"))
    }
    return date
  }
}

/// A record's or a thread's id.
struct IDFlag: FlagValue, ExpressibleByArgument, Sendable {
  let text: String

  init(argument: String) { text = argument }

  func value(of flag: String) throws -> RecordID {
    guard let id = try? RecordID(parsing: text) else {
      throw Failure(
        .usage, "argument.id",
        say("\(flag) 须为小写 UUIDv7 编号", "\(flag) must be an id: a UUIDv7 in lower case"))
    }
    return id
  }
}

/// An agency's code.
struct AgencyFlag: FlagValue, ExpressibleByArgument, Sendable {
  let text: String

  init(argument: String) { text = argument }

  func value(of flag: String) throws -> AgencyCode {
    guard let code = try? AgencyCode(text) else {
      throw Failure(
        .usage, "argument.code",
        say(
          "\(flag) 须为 18 位统一社会信用代码，校验码须正确",
          "\(flag) must be a unified social credit code with its check digit"))
    }
    return code
  }
}

/// A file's bytes.
struct FileFlag: FlagValue, ExpressibleByArgument, Sendable {
  let path: String

  init(argument: String) { path = argument }

  func value(of flag: String) throws -> [UInt8] { try Files.read(path) }
}
