public import Cryptography
import TransparencyLog

/// What a journal entry tells of. docs/formats.md lists each with its fields and an example.
public struct JournalEvent: Hashable, Sendable, CustomStringConvertible {
  /// The event's name: words of `a-z 0-9 -` joined by dots.
  public let rawValue: String

  /// Wraps an event's name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The event's name.
  public var description: String { rawValue }

  /// The node started: `software`.
  public static let nodeStart = Self(rawValue: "node.start")
  /// The node stopped in order.
  public static let nodeStop = Self(rawValue: "node.stop")
  /// A submission was taken, before it is sealed: `id`, `to`, `commitment`.
  public static let submission = Self(rawValue: "submission")
  /// A submission was cancelled before it was sealed: `id`.
  public static let submissionCancelled = Self(rawValue: "submission.cancelled")
  /// A submission became a dead letter: `id`, `code`, `rules`?.
  public static let submissionDead = Self(rawValue: "submission.dead")
  /// A channel's head moved (at most one each second): `origin`, `size`, `root`.
  public static let channelHead = Self(rawValue: "channel.head")
  /// A channel was halted: `origin`, `code`, `detail`?.
  public static let channelHalted = Self(rawValue: "channel.halted")
  /// A halted channel runs again: `origin`, `size`?.
  public static let channelResumed = Self(rawValue: "channel.resumed")
  /// A new epoch was opened: `origin` (the new one), `size` and `root` of the old one's head.
  public static let channelEpoch = Self(rawValue: "channel.epoch")
  /// This node refused a record: `target`, `rules`, and whose it was: `index`?, `to`?.
  public static let refusalSent = Self(rawValue: "refusal.sent")
  /// A record of this node was refused: `target`, `rules`, and by whom: `index`?, `from`?.
  public static let refusalReceived = Self(rawValue: "refusal.received")
  /// Two operators approved the erasure of a payload, which waits to be sealed: `id` of the
  /// erasure's own record, and its target: `origin`, `target`, `index`.
  public static let erasureApproved = Self(rawValue: "erasure.approved")
  /// A peer has erased its copy of a payload: `id` of its erasure record, `from`, and the target.
  public static let erasureReceived = Self(rawValue: "erasure.received")
  /// A payload and its salt were destroyed here: the target, and the erasure record that rules it,
  /// `id`; `reason` where it was not that record's first time: `restored`.
  public static let erasureApplied = Self(rawValue: "erasure.applied")
  /// What erased payloads left in the store's files has been overwritten: `count` of payloads.
  public static let erasureScrubbed = Self(rawValue: "erasure.scrubbed")
  /// A federation directory came into force: `version`, `digest`.
  public static let directoryLoaded = Self(rawValue: "directory.loaded")
  /// A private key was unlocked: `name`, `key` (digest of the raw public key).
  public static let keyLoaded = Self(rawValue: "key.loaded")
  /// Submissions are turned away: `code`.
  public static let intakePaused = Self(rawValue: "intake.paused")
  /// Submissions are taken again.
  public static let intakeResumed = Self(rawValue: "intake.resumed")
  /// This journal's first entry: `reason`, and of the epoch before, if any, `previousEpoch`, `size`
  /// and `root` of its last witnessed head.
  public static let journalOpened = Self(rawValue: "journal.opened")
  /// An operator or administrator did something: `act`, `target`?, `by`? (the account).
  public static let administration = Self(rawValue: "administration")
  /// Calls denied during the minute before: `count`.
  public static let accessDenied = Self(rawValue: "access.denied")
  /// An alarm was raised: `code`, `origin`?, `from`?, `subject`?.
  public static let alarm = Self(rawValue: "alarm")
}

extension JournalField {
  /// Text as it is.
  public static func text(_ name: String, _ value: String) -> JournalField {
    JournalField(name, .string(value))
  }

  /// A whole number, at most 2^53−1.
  public static func number(_ name: String, _ value: UInt64) -> JournalField {
    JournalField(name, .integer(value))
  }

  /// True or false.
  public static func flag(_ name: String, _ value: Bool) -> JournalField {
    JournalField(name, .bool(value))
  }

  /// A record's id.
  public static func id(_ name: String, _ value: RecordID) -> JournalField {
    text(name, value.description)
  }

  /// An agency.
  public static func agency(_ name: String, _ value: AgencyCode) -> JournalField {
    text(name, value.rawValue)
  }

  /// A digest, in base64.
  public static func digest(_ name: String, _ value: Digest) -> JournalField {
    text(name, CanonicalBase64.encode(value))
  }

  /// Rule names, joined by single spaces.
  public static func rules(_ name: String, _ rules: [String]) -> JournalField {
    text(name, rules.joined(separator: " "))
  }
}

// MARK: - The fields of each event

/// The forms that a field of a known event may have.
enum JournalFieldForm: Sendable {
  case text, number, id, agency, digest, origin

  func fits(_ value: JournalScalar) -> Bool {
    switch (self, value) {
    case (.number, .integer): true
    case (.text, .string(let text)): !text.isEmpty && text.utf8.count <= 1024
    case (.id, .string(let text)): RecordID(ascii: Array(text.utf8)[...]) != nil
    case (.agency, .string(let text)): AgencyCode(ascii: Array(text.utf8)[...]) != nil
    case (.digest, .string(let text)): Digest(base64: text) != nil
    case (.origin, .string(let text)): (try? Origin(parsing: text)) != nil
    default: false
    }
  }
}

extension JournalEvent {
  struct Shape: Sendable {
    var required: [String: JournalFieldForm] = [:]
    var optional: [String: JournalFieldForm] = [:]
  }

  static let shapes: [JournalEvent: Shape] = [
    .nodeStart: Shape(required: ["software": .text]),
    .nodeStop: Shape(),
    .submission: Shape(required: ["id": .id, "to": .agency, "commitment": .digest]),
    .submissionCancelled: Shape(required: ["id": .id]),
    .submissionDead: Shape(required: ["id": .id, "code": .text], optional: ["rules": .text]),
    .channelHead: Shape(required: ["origin": .origin, "size": .number, "root": .digest]),
    .channelHalted: Shape(
      required: ["origin": .origin, "code": .text], optional: ["detail": .text]),
    .channelResumed: Shape(required: ["origin": .origin], optional: ["size": .number]),
    .channelEpoch: Shape(required: ["origin": .origin, "size": .number, "root": .digest]),
    .refusalSent: Shape(
      required: ["target": .id, "rules": .text], optional: ["index": .number, "to": .agency]),
    .refusalReceived: Shape(
      required: ["target": .id, "rules": .text], optional: ["index": .number, "from": .agency]),
    .erasureApproved: Shape(
      required: ["id": .id, "origin": .origin, "target": .id, "index": .number]),
    .erasureReceived: Shape(
      required: ["id": .id, "from": .agency, "origin": .origin, "target": .id, "index": .number]),
    .erasureApplied: Shape(
      required: ["id": .id, "origin": .origin, "target": .id, "index": .number],
      optional: ["reason": .text]),
    .erasureScrubbed: Shape(required: ["count": .number]),
    .directoryLoaded: Shape(required: ["version": .number, "digest": .digest]),
    .keyLoaded: Shape(required: ["name": .text, "key": .digest]),
    .intakePaused: Shape(required: ["code": .text]),
    .intakeResumed: Shape(),
    .journalOpened: Shape(
      required: ["reason": .text],
      optional: ["previousEpoch": .number, "size": .number, "root": .digest]),
    .administration: Shape(required: ["act": .text], optional: ["target": .text, "by": .text]),
    .accessDenied: Shape(required: ["count": .number]),
    .alarm: Shape(
      required: ["code": .text], optional: ["origin": .text, "from": .agency, "subject": .text]),
  ]

  /// Every event that this version knows, sorted by name.
  public static let all: [JournalEvent] = shapes.keys.sorted { $0.rawValue < $1.rawValue }
}

extension JournalEntry {
  /// How this entry departs from docs/formats.md: an event that is not known, or a field of it
  /// that is missing, not known or not in its form. Nil when it does not.
  public var problem: String? {
    guard let shape = JournalEvent.shapes[event] else { return "not an event that is known" }
    for name in shape.required.keys.sorted() where self[name] == nil {
      return "'\(name)' is missing"
    }
    for field in fields {
      guard let form = shape.required[field.name] ?? shape.optional[field.name] else {
        return "a field is not one of the event's"
      }
      guard form.fits(field.value) else { return "'\(field.name)' is not in its form" }
    }
    return nil
  }
}
