import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The command line.
struct Sanxiang: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sanxiang",
    abstract: say(
      "三向移送：检察、纪检监察、行政执法机关之间的线索移送",
      "Sanxiang: agencies hand case leads to each other, with proof"),
    discussion: say(
      "退出码：0 成功，1 失败，3 记录不合规，4 验证不通过，5 节点不可达，64 用法错误。",
      "Exit codes: 0 fine, 1 failed, 3 invalid record, 4 verification failed, 5 not reachable, "
        + "64 usage."),
    version: Version.text,
    subcommands: [
      FederationCommand.self, NodeCommand.self, OperatorCommand.self, LeadCommand.self,
      InboxCommand.self, SupplementCommand.self, ReviewCommand.self, LetterCommand.self,
      ConsultCommand.self, NoticeCommand.self, RecordGroup.self, DeadlineCommand.self,
      StatisticsCommand.self, SchemaCommand.self,
      QueueCommand.self, PeerCommand.self, AuditCommand.self,
    ])
}

/// What this program calls itself.
enum Version {
  static let text = "0.1.0"
}

@main
enum Entry {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try Sanxiang.parseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(error, json: wantsJSON(arguments))
    }
  }

  /// Errors before the arguments are understood must be told in the right form too.
  static func wantsJSON(_ arguments: [String]) -> Bool {
    arguments.contains("--output=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--output" && $1 == "json" }
  }

  private static func end(_ error: any Error, json: Bool) -> Never {
    let code = Sanxiang.exitCode(for: error)
    if code == .success {
      // --help, --version.
      Console.line(HelpText.of(error))
      exit(0)
    }
    if let code = error as? ExitCode { exit(code.rawValue) }
    if code == .validationFailure {
      let failure = Failure(.usage, "command.usage", Sanxiang.message(for: error))
      Console.error(json ? failure.json : HelpText.of(error))
      exit(ExitStatus.usage.rawValue)
    }
    let failure = Failure(error)
    Console.error(json ? failure.json : failure.text)
    exit(failure.status.rawValue)
  }
}
