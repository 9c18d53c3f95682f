import ArgumentParser
import FoundationEssentials
import NodeClient
import RecordModel
import RecordSchema

/// What is sent: a record that answers one of a thread's, or one that opens a thread.
struct Draft: Sendable {
  enum Destination: Hashable, Sendable {
    /// The record answered, or any of its thread: the node finds the one that this kind answers.
    case answer(String)
    /// The agency with which a thread is opened.
    case open(String)
  }
  var kind: String
  var destination: Destination
  var payload: [UInt8]
}

/// A command that sends records of certain kinds.
protocol RecordSender: ParsableCommand {
  static var kinds: [String] { get }
}

/// A command that writes one record from its flags, or takes its payload from a file.
protocol RecordCommand: AsyncParsableCommand, RecordSender {
  associatedtype Payload: RecordPayload

  var delivery: DeliveryOptions { get }
  /// The file that holds the whole payload.
  var file: String? { get }
  func destination() throws -> Draft.Destination
  func form(at now: Timestamp) -> Form<Payload>
}

extension RecordCommand {
  static var kind: String { SchemaName(Payload.schema)?.kind ?? Payload.schema }
  static var kinds: [String] { [kind] }

  /// What would be sent at that moment. No node is asked.
  func draft(at now: Timestamp) throws -> Draft {
    let destination = try destination()
    let payload = try form(at: now).payload(file: file, takesFile: true)
    let draft = Draft(kind: Self.kind, destination: destination, payload: payload)
    try delivery.check(draft, at: now)
    return draft
  }

  mutating func run() async throws {
    let draft = try draft(at: .now)
    try await delivery.node.withNode { try await delivery.send(draft, through: $0) }
  }
}

// MARK: Where records go

/// An act in a thread that is there.
struct ActOptions: ParsableArguments {
  @Argument(
    help: help(
      "记录编号：所答复的记录，或同一移送链的任一记录", "the record answered, or any other of its thread"))
  var id: String
  @Option(name: .long, help: help("改用此文件为载荷，原样", "send this file as the payload, verbatim"))
  var file: String?
  @OptionGroup var delivery: DeliveryOptions
}

/// A command that acts in a thread.
protocol ActCommand: RecordCommand {
  var act: ActOptions { get }
}

extension ActCommand {
  var delivery: DeliveryOptions { act.delivery }
  var file: String? { act.file }
  func destination() throws -> Draft.Destination { .answer(try Check.id(act.id)) }
}

/// A record that opens a thread.
struct OpeningOptions: ParsableArguments {
  @Option(name: .long, help: help("接收机关代码", "the receiving agency's code")) var to: String
  @Option(name: .long, help: help("改用此文件为载荷，原样", "send this file as the payload, verbatim"))
  var file: String?
  @OptionGroup var delivery: DeliveryOptions
}

/// A command that opens a thread.
protocol OpeningCommand: RecordCommand {
  var opening: OpeningOptions { get }
}

extension OpeningCommand {
  var delivery: DeliveryOptions { opening.delivery }
  var file: String? { opening.file }
  func destination() throws -> Draft.Destination { .open(try Check.code(opening.to)) }
}

/// A record that comes in a thread or opens one.
struct EitherOptions: ParsableArguments {
  @Argument(
    help: help("所在移送链的记录编号；另开一链则改用 --to", "a record of the thread; with --to a thread is opened"))
  var id: String?
  @Option(name: .long, help: help("另开一链：接收机关代码", "open a thread with this agency"))
  var to: String?
  @Option(name: .long, help: help("改用此文件为载荷，原样", "send this file as the payload, verbatim"))
  var file: String?
  @OptionGroup var delivery: DeliveryOptions

  func destination() throws -> Draft.Destination {
    switch (id, to) {
    case (let id?, nil): return .answer(try Check.id(id))
    case (nil, let agency?): return .open(try Check.code(agency))
    case (nil, nil):
      throw Failure(
        .usage, "argument.missing",
        say(
          "须给出移送链的记录编号，或用 --to 另开一链",
          "give the id of a record of the thread, or --to for a thread of its own"))
    case (_?, _?):
      throw FormFailure.conflict(
        "记录编号与 --to 不能同时给：前者用于已有的链，后者另开一链",
        "an id and --to exclude each other: one is for a thread that is there, the other opens one")
    }
  }
}

/// A command that acts in a thread or opens one.
protocol EitherCommand: RecordCommand {
  var either: EitherOptions { get }
}

extension EitherCommand {
  var delivery: DeliveryOptions { either.delivery }
  var file: String? { either.file }
  func destination() throws -> Draft.Destination { try either.destination() }
}
