import ArgumentParser
import FoundationEssentials

/// The language that a person is spoken to in. Machine output has none.
enum Language: String, Sendable, CaseIterable, ExpressibleByArgument {
  case zh, en

  /// Decided once, before the arguments are parsed, since help texts need it.
  @TaskLocal static var current = detect(
    arguments: CommandLine.arguments, environment: ProcessInfo.processInfo.environment)

  /// `--lang` first, then LC_ALL, LC_MESSAGES, LANG as in setlocale(3).
  static func detect(arguments: [String], environment: [String: String]) -> Language {
    for (index, argument) in arguments.enumerated() {
      if argument == "--lang", index + 1 < arguments.count,
        let language = Language(rawValue: arguments[index + 1])
      {
        return language
      }
      if argument.hasPrefix("--lang="),
        let language = Language(rawValue: String(argument.dropFirst("--lang=".count)))
      {
        return language
      }
    }
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      guard let value = environment[name], !value.isEmpty else { continue }
      return value.lowercased().hasPrefix("zh") ? .zh : .en
    }
    return .en
  }
}

/// The words in the caller's language.
func say(_ zh: String, _ en: String) -> String { Language.current == .zh ? zh : en }

/// A help text in the caller's language.
func help(_ zh: String, _ en: String) -> ArgumentHelp { ArgumentHelp(say(zh, en)) }

/// A command's name, what it is for, and how it is called where that is not plain.
func describe(
  _ name: String, _ zh: String, _ en: String, example: String? = nil,
  subcommands: [any ParsableCommand.Type] = [], aliases: [String] = []
) -> CommandConfiguration {
  let lines = example?.split(separator: "\n").map { "  " + $0 } ?? []
  return CommandConfiguration(
    commandName: name, abstract: say(zh, en),
    discussion: lines.isEmpty ? "" : ([say("例：", "Example:")] + lines).joined(separator: "\n"),
    subcommands: subcommands, aliases: aliases)
}
