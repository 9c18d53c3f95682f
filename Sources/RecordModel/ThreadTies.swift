public import RecordSchema

/// What a record's payload says of other records: the rules of threads that headers alone cannot
/// decide. Everything here is a pure function of its arguments: two nodes, and an auditor, that pass
/// the same records get the same answer.
///
/// Of a payload that breaks its schema, or that was erased, there are no ties: `none`.
public struct ThreadTies: Hashable, Sendable {
  /// The rules that the payload breaks by itself: `thread:target`, `thread:about`,
  /// `thread:previous`, and of a forwarding, or a corrected one, `forward:header`,
  /// `forward:payload`, `forward:commitment`, `forward:proof`, `forward:nested`.
  public private(set) var violations: [Violation] = []
  /// Of a transfer: the first record of the thread that it sends again.
  public private(set) var previous: RecordID?
  /// Of a correction: the kind whose payload it gives.
  public private(set) var corrected: String?
  /// Of a reminder that opens a thread: the first record of the thread that it is about.
  public private(set) var about: RecordID?
  /// Of a reminder: the time-limit rule on which it rests.
  public private(set) var clock: String?
  /// Of a forwarding: the header of what it forwards.
  public private(set) var original: RecordHeader?
  /// Of a notice of forwarding: what it says.
  public private(set) var forwarded: LeadForwarded?

  /// No ties.
  public static let none = ThreadTies()

  private init() {}

  /// The ties of a record whose payload keeps the schema that its header names. `directory` is the
  /// version that the header names, nil where it is not known; `registry` is asked about what a
  /// forwarding carries.
  public init(
    _ header: RecordHeader, payload: [UInt8], directory: FederationDirectory?,
    registry: SchemaRegistry
  ) {
    // A payload of another kind's schema breaks a rule of the header, and is not this kind's to read.
    guard header.schemaFitsKind else { return }
    switch header.kind {
    case KindName.leadTransfer: readTransfer(header, payload)
    case KindName.recordWithdraw:
      checkTarget(RecordWithdraw(reading: payload)?.target, header)
    case KindName.recordCorrect:
      let check = ForwardCheck(header: header, directory: directory, registry: registry)
      readCorrection(header, payload, check)
    case KindName.noticeRemind: readReminder(header, payload)
    case KindName.leadForward:
      let check = ForwardCheck(header: header, directory: directory, registry: registry)
      (original, violations) = check.judge(payload)
    case KindName.leadForwarded: forwarded = LeadForwarded(reading: payload)
    default: break
    }
  }

  private mutating func readTransfer(_ header: RecordHeader, _ payload: [UInt8]) {
    guard Self.mayName(payload) else { return }
    previous = LeadTransfer(reading: payload)?.previous
    if previous == header.id { violations.append(.previous) }
  }

  /// A forwarding must prove its origin as much when it is corrected.
  private mutating func readCorrection(
    _ header: RecordHeader, _ payload: [UInt8], _ check: ForwardCheck
  ) {
    let correction = RecordCorrect(reading: payload)
    checkTarget(correction?.target, header)
    guard let correction else { return }
    corrected = SchemaName(correction.schema)?.kind ?? correction.schema
    if corrected == KindName.leadForward {
      violations += check.judge(correction.payload).violations
    }
  }

  private mutating func checkTarget(_ target: RecordID?, _ header: RecordHeader) {
    if target == nil || target != header.replyTo { violations.append(.target) }
  }

  private mutating func readReminder(_ header: RecordHeader, _ payload: [UInt8]) {
    let reminder = NoticeRemind(reading: payload)
    clock = reminder?.clock
    let opens = header.replyTo == nil
    if opens { about = reminder?.about }
    if opens != (reminder?.about != nil) { violations.append(opens ? .noAbout : .strayAbout) }
  }

  /// Whether a payload can have a member `previous`; most transfers have none, and are not parsed
  /// once more to learn that.
  ///
  /// Sound: a JSON string spells each of these letters as itself or as `\u` and four digits; no other
  /// escape stands for a letter. So where neither the letters in a row nor `\u` occur, no member is
  /// called so.
  static func mayName(_ payload: [UInt8]) -> Bool {
    payload.withUnsafeBytes { bytes in
      var index = 0
      while index < bytes.count {
        // Nearly all of a payload holds neither: looked at a word at a time.
        if index + 8 <= bytes.count {
          let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          if !holds(Self.escape, word), !holds(Self.letter, word) {
            index += 8
            continue
          }
        }
        let end = min(index + 8, bytes.count)
        while index < end {
          if bytes[index] == Self.escape, index + 1 < bytes.count,
            bytes[index + 1] == UInt8(ascii: "u")
          {
            return true
          }
          if bytes[index] == Self.letter, isPrevious(bytes, around: index) { return true }
          index += 1
        }
      }
      return false
    }
  }

  private static let escape = UInt8(ascii: "\\")
  /// The letter of `previous` that other members' names have least.
  private static let letter = UInt8(ascii: "v")

  /// Whether one of the eight bytes of a word is `byte`: taking one from a byte that is zero borrows,
  /// and sets its highest bit.
  @inline(__always)
  private static func holds(_ byte: UInt8, _ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let difference = word ^ (UInt64(byte) &* ones)
    return (difference &- ones) & ~difference & (ones << 7) != 0
  }

  private static func isPrevious(_ bytes: UnsafeRawBufferPointer, around index: Int) -> Bool {
    let name: StaticString = "previous"
    let start = index - 3
    let end = start + name.utf8CodeUnitCount
    return start >= 0 && end <= bytes.count
      && bytes[start..<end].elementsEqual(
        UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }
}

// MARK: - Against the other threads of the pair

extension ThreadTies {
  /// What the records between the two agencies have against the record at its cut:
  /// `thread:previous`, `thread:about` and `thread:corrected`. `entries` gives what is held of a
  /// thread, or more; what the sender had not seen is left out, as in `ThreadRules.judge`.
  public func violations(
    of header: RecordHeader, epoch: UInt32, entries: (RecordID) throws -> [ThreadEntry]
  ) rethrows -> [Violation] {
    var found: [Violation] = []
    if let previous,
      let standing = ThreadRules.standing(try entries(previous), at: header, epoch: epoch),
      !standing.mayBeSentAgain || standing.opening.direction != header.direction
    {
      found.append(.previous)
    }
    if let about,
      ThreadRules.standing(try entries(about), at: header, epoch: epoch) != nil
    {
      found.append(.ownThread)
    }
    // An id's kind is the same at every cut; what is not there is no answer to judge by.
    if let corrected,
      let target = try entries(header.thread).first(where: { $0.id == header.replyTo }),
      target.kind != corrected
    {
      found.append(.corrected)
    }
    return found
  }

  /// Whether the records between the two agencies have to be asked.
  public var asksOthers: Bool { previous != nil || about != nil || corrected != nil }
}

extension ThreadRules {
  /// Where a thread stands at a record's cut; nil when its first record is not known there.
  public static func standing(
    _ entries: [ThreadEntry], at header: RecordHeader, epoch: UInt32
  ) -> ThreadStanding? {
    standing(ThreadJudge.known(entries, to: ThreadEntry(header, epoch: epoch, refused: false)))
  }
}

extension ThreadStanding {
  /// Whether its lead came back, so that it may be sent again.
  public var mayBeSentAgain: Bool {
    family == .lead && [.returned, .refused, .withdrawn].contains(state)
  }
}

// MARK: - Under another id

extension ThreadTies {
  /// A payload as it must be where the record that it names has been given another id: a withdrawal,
  /// a correction or a transfer that was sealed again in a channel's new epoch with what it names.
  /// The id's characters are replaced, and nothing else.
  public static func renamed(
    _ payload: [UInt8], of kind: String, by renamed: [RecordID: RecordID]
  ) -> [UInt8] {
    let named: RecordID? =
      switch kind {
      case KindName.recordWithdraw: RecordWithdraw(reading: payload)?.target
      case KindName.recordCorrect: RecordCorrect(reading: payload)?.target
      case KindName.leadTransfer where mayName(payload): LeadTransfer(reading: payload)?.previous
      default: nil
      }
    guard let named, let other = renamed[named] else { return payload }
    // With its quotes: within a longer text it would not stand for the member's whole value.
    let (old, new) = (Array("\"\(named)\"".utf8), Array("\"\(other)\"".utf8))
    var changed = payload
    var index = 0
    while index + old.count <= changed.count {
      if changed[index] == old[0], changed[index..<(index + old.count)].elementsEqual(old) {
        changed.replaceSubrange(index..<(index + old.count), with: new)
        index += old.count
      } else {
        index += 1
      }
    }
    return changed
  }
}

// MARK: - Words

extension Violation {
  /// `thread:target`
  static let target = Violation(
    pointer: "/target", rule: "thread:target",
    message: "target must be the record that replyTo names.", messageZH: "target 须与 replyTo 一致。")

  fileprivate static let corrected = Violation(
    pointer: "/schema", rule: "thread:corrected",
    message: "The new payload must be of the kind of the record that it corrects.",
    messageZH: "更正后的内容须与被更正的文书属同一种类。")

  /// `thread:previous`
  public static let previous = Violation(
    pointer: "/previous", rule: "thread:previous",
    message: "previous must be the first record of a thread of the sender's own whose lead was "
      + "returned, refused or withdrawn.",
    messageZH: "previous 须为本机关已被退回、不予受理或者已撤回的移送链的首份文书。")

  fileprivate static let noAbout = Violation(
    pointer: "/about", rule: "thread:about",
    message: "A first record must name the thread that it is about.",
    messageZH: "首份文书须注明被督办的移送链。")

  fileprivate static let strayAbout = Violation(
    pointer: "/about", rule: "thread:about",
    message: "Within a thread a reminder is about that thread; leave about out.",
    messageZH: "移送链内的催办针对该链本身，不得填写 about。")

  fileprivate static let ownThread = Violation(
    pointer: "/about", rule: "thread:about",
    message: "The thread that it is about is one between these two agencies; remind within it.",
    messageZH: "该移送链即在双方之间，应在链内催办。")

  /// `thread:forwarded`
  public static let forwarded = Violation(
    pointer: "/linkedThread", rule: "thread:forwarded",
    message: "linkedThread must be a lead.forward of this node's own, to receiver, of the first "
      + "record of this thread.",
    messageZH: "linkedThread 须为本节点就本移送链首份文书向 receiver 发出的转送。")
}
