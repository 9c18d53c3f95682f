import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

extension ReconciliationReport {
  /// The comparison for programs: one JSON object, keys as in `docs/audit.md`.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { write(to: &$0) }
    return writer.bytes
  }

  /// Members of the object that is being written.
  func write(to json: inout JSONWriter) {
    json.member("clean", isClean)
    json.member("authorityGiven", isAuthorityGiven)
    json.member("receiptLimitHours", receiptLimit / 3_600_000)
    json.array("comparisons") { json in
      for comparison in comparisons { comparison.write(to: &json) }
    }
    json.array("findings") { json in
      for finding in findings { finding.write(to: &json) }
    }
    json.array("numbers") { json in
      for series in numbers { series.write(to: &json) }
    }
  }
}

extension ReconcileFinding {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("kind", kind.rawValue)
      json.member("notice", kind.isNotice)
      json.member("subject", subject)
      if let index { json.member("index", index) }
      json.member("count", count)
      if let time { json.member("time", "\(time)") }
      json.member("title", kind.title)
      json.member("titleZH", kind.titleZH)
      if !holders.isEmpty {
        json.array("holders") { json in
          for holder in holders { json.string(holder) }
        }
      }
      if !detail.en.isEmpty { json.member("detail", detail.en) }
    }
  }
}

extension NumberSeries {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("agency", "\(agency)")
      json.member("prefix", prefix)
      json.member("year", year)
      json.member("first", first)
      json.member("last", last)
      json.member("count", count)
      json.member("missingCount", missingCount)
      json.array("missing") { json in
        for number in missing { json.integer(number) }
      }
      json.array("repeated") { json in
        for number in repeated { json.integer(number) }
      }
      json.member("whole", isWhole)
    }
  }
}

extension ChannelComparison {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("origin", origin.description)
      switch verdict {
      case .equal: json.member("verdict", "equal")
      case .behind(let side):
        json.member("verdict", "behind")
        json.member("side", names[side])
      case .different(let index):
        json.member("verdict", "different")
        json.member("firstDifference", index)
      case .onlyIn(let side):
        json.member("verdict", "only")
        json.member("side", names[side])
      }
      json.member("comparedSize", comparedSize)
      json.array("stores") { json in
        for side in names.indices {
          json.object { json in
            json.member("name", names[side])
            json.member("size", sizes[side])
            json.member("root", CanonicalBase64.encode(roots[side]))
          }
        }
      }
    }
  }
}
