import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

extension ReportDocument {
  /// The report for programs: one JSON object, keys as in `docs/audit.md`.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("clean", isClean)
      json.member("federation", federation)
      json.member("createdAt", "\(createdAt)")
      json.member("software", software)
      json.member("authorityGiven", isAuthorityGiven)
      json.array("agencies") { json in
        for (code, name) in names.sorted(by: { $0.key < $1.key }) {
          json.object { json in
            json.member("code", "\(code)")
            json.member("name", name)
          }
        }
      }
      json.array("holdings") { json in
        for holding in holdings { holding.write(to: &json) }
      }
      json.object("reconciliation") { reconciliation.write(to: &$0) }
    }
    return writer.bytes
  }
}

extension ReportedHolding {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", name)
      if let owner { json.member("agency", "\(owner)") }
      if let asOf { json.member("asOf", "\(asOf)") }
      json.key("audit")
      json.raw(audit.json)
      json.member("pendingCount", pending.count)
      json.array("pending") { json in
        for item in pending.items { item.write(to: &json) }
      }
      json.member("overdueCount", overdue.count)
      json.array("overdue") { json in
        for item in overdue.items { item.write(to: &json) }
      }
      json.object("clocks") { json in
        for (state, count) in clockStates.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
          json.member(state.rawValue, count)
        }
      }
      json.member("skippedThreads", skippedThreads)
      json.member("actCount", acts.count)
      json.array("acts") { json in
        for item in acts.items { item.write(to: &json) }
      }
    }
  }
}

extension PendingRecord {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("origin", "\(origin)")
      json.member("index", seq)
      json.member("id", "\(id)")
      json.member("kind", kind)
      json.member("sealedAt", "\(time)")
      json.member("late", isLate)
    }
  }
}

extension OverdueClock {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("thread", "\(thread)")
      if let docNo { json.member("docNo", docNo) }
      json.member("agency", "\(owner)")
      json.member("rule", rule.id)
      json.member("title", rule.title)
      json.member("titleZH", rule.titleZH)
      json.member("basis", "\(rule.basis)")
      json.member("verified", rule.verified)
      json.member("startedAt", "\(startedAt)")
      json.member("due", "\(due)")
    }
  }
}

extension ReportedAct {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("journal", "\(journal)")
      json.member("index", seq)
      json.member("time", "\(time)")
      json.member("event", event.rawValue)
      for field in fields {
        switch field.value {
        case .string(let text): json.member("field." + field.name, text)
        case .integer(let number): json.member("field." + field.name, number)
        case .bool(let value): json.member("field." + field.name, value)
        case .null: break
        }
      }
    }
  }
}
