import Exchange
import RecordModel

/// The limits of a Hello, the same whether it comes or goes.
enum HelloRules {
  static func check(_ hello: Hello) throws(Fault) {
    guard WireText.isPrintable(hello.software, limit: WireLimits.software) else {
      throw Fault(.frame, "Hello.software must be printable and at most 128 bytes.")
    }
    try check(clock: hello.clock)
    try check(schemas: hello.schemas)
    if let note = hello.journal?.witnessed {
      try JournalRules.check(note: note, "Hello.journal.witnessed")
    }
    guard hello.channels.count <= WireLimits.channels else {
      throw Fault(.frame, "Hello.channels has more than \(WireLimits.channels) entries.")
    }
    guard Set(hello.channels.map(\.origin)).count == hello.channels.count else {
      throw Fault(.frame, "Hello.channels names an origin twice.")
    }
    for channel in hello.channels {
      if let note = channel.cosigned, note.isEmpty || note.count > WireLimits.note {
        throw Fault(.frame, "Hello.channels.cosigned must have 1 to \(WireLimits.note) bytes.")
      }
      if let window = channel.window, window.origin != channel.origin {
        throw Fault(.frame, "Hello.channels.window belongs to another channel.")
      }
    }
  }

  /// A clock must lie in the years 1970 to 9999: what lies outside has no written form.
  static func check(clock: Timestamp) throws(Fault) {
    guard (0..<253_402_272_000_000).contains(clock.milliseconds) else {
      throw Fault(.frame, "A clock is outside the years 1970 to 9999.")
    }
  }

  private static func check(schemas: [String]) throws(Fault) {
    guard schemas.count <= WireLimits.schemas else {
      throw Fault(.frame, "Hello.schemas has more than \(WireLimits.schemas) entries.")
    }
    guard schemas.allSatisfy(WireText.isSchemaName) else {
      throw Fault(.frame, "Hello.schemas holds what is not a schema version.")
    }
    // ASCII only, as checked above, so Swift's order is byte order.
    guard zip(schemas, schemas.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw Fault(.frame, "Hello.schemas must ascend, each once.")
    }
  }
}

/// The limits of a batch, the same whether it comes or goes.
enum BatchRules {
  static func check(_ batch: Batch) throws(Fault) {
    try check(count: batch.records.count, start: batch.start, note: batch.checkpoint.count)
    for record in batch.records {
      try check(
        header: record.header.count, salt: record.salt.count, payload: record.payload?.count ?? 0,
        erased: record.payload == nil)
    }
  }

  static func check(count: Int, start: UInt64, note: Int) throws(Fault) {
    guard (1...WireLimits.records).contains(count) else {
      throw Fault(.frame, "A batch must have 1 to \(WireLimits.records) records.")
    }
    guard !start.addingReportingOverflow(UInt64(count)).overflow else {
      throw Fault(.frame, "A batch goes beyond the greatest seq.")
    }
    guard (1...WireLimits.note).contains(note) else {
      throw Fault(.frame, "A batch's checkpoint must have 1 to \(WireLimits.note) bytes.")
    }
  }

  static func check(header: Int, salt: Int, payload: Int, erased: Bool) throws(Fault) {
    guard (1...WireLimits.header).contains(header) else {
      throw Fault(.frame, "A record's header must have 1 to \(WireLimits.header) bytes.")
    }
    guard payload <= WireLimits.payload else {
      throw Fault(.frame, "A record's payload has more than \(WireLimits.payload) bytes.")
    }
    guard salt == (erased ? 0 : WireLimits.salt), !erased || payload == 0 else {
      throw Fault(.frame, "A record must have a salt of 32 bytes, or be erased and have nothing.")
    }
  }
}

/// The limits of what is said of journals, the same whether it comes or goes.
enum JournalRules {
  static func check(note: [UInt8], _ field: String) throws(Fault) {
    guard (1...WireLimits.journalNote).contains(note.count) else {
      throw Fault(.frame, "\(field) must have 1 to \(WireLimits.journalNote) bytes.")
    }
  }

  static func check(_ head: Head) throws(Fault) {
    guard head.proof.count <= WireLimits.proof else {
      throw Fault(.frame, "Head.proof has more than \(WireLimits.proof) hashes.")
    }
    try check(note: head.note, "Head.checkpoint")
  }

  static func check(_ answer: HeadCosigned) throws(Fault) {
    guard answer.cosignature.isEmpty == (answer.refusal != nil) else {
      throw Fault(.frame, "HeadCosigned must have a cosignature or a refusal, and not both.")
    }
    if answer.refusal == nil { try check(note: answer.cosignature, "HeadCosigned.cosignature") }
    if let held = answer.held {
      guard answer.refusal != nil else {
        throw Fault(.frame, "HeadCosigned.held goes with a refusal.")
      }
      try check(note: held, "HeadCosigned.held")
    }
  }
}
