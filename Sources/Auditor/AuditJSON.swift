import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

extension AuditReport {
  /// The report for programs: one JSON object, keys as in `docs/audit.md`.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("clean", isClean)
      json.member("authorityGiven", isAuthorityGiven)
      json.member("findingCount", findingCount)
      json.object("directories") { json in
        json.member("verified", directories.verified)
        if let version = directories.version { json.member("version", version) }
        directories.findings.write(to: &json)
      }
      json.array("channels") { json in
        for channel in channels { channel.write(to: &json) }
      }
      json.array("journals") { json in
        for journal in journals { journal.write(to: &json) }
      }
      json.array("witnessed") { json in
        for held in witnessed { held.write(to: &json) }
      }
    }
    return writer.bytes
  }
}

extension ChannelReport {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("origin", origin.description)
      json.member("role", isOutbound ? "outbound" : "inbound")
      json.member("size", entries)
      json.member("root", CanonicalBase64.encode(root))
      json.member("receipted", receipted)
      json.member("refused", refused)
      json.member("erased", erased)
      json.array("erasures") { json in
        for erasure in erasures {
          json.object { json in
            json.member("index", erasure.seq)
            json.member("origin", erasure.origin.description)
            json.member("under", erasure.under)
          }
        }
      }
      json.member("leftOut", leftOut)
      json.member("checkpoints", checkpoints)
      findings.write(to: &json)
    }
  }
}

extension JournalReport {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("origin", origin.description)
      json.member("size", entries)
      json.member("root", CanonicalBase64.encode(root))
      json.member("signed", signed)
      json.member("heads", heads)
      json.member("witnessed", witnessed)
      json.array("witnesses") { json in
        for witness in witnesses { json.string(witness) }
      }
      findings.write(to: &json)
    }
  }
}

extension WitnessedReport {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("origin", origin.description)
      json.member("heads", heads)
      json.member("newest", newest)
      findings.write(to: &json)
    }
  }
}

extension FindingList {
  /// Members of the object that is being written.
  fileprivate func write(to json: inout JSONWriter) {
    if let firstBadEntry { json.member("firstBadEntry", firstBadEntry) }
    json.array("findings") { json in
      for finding in kept {
        json.object { json in
          json.member("kind", finding.kind.rawValue)
          if let index = finding.index { json.member("index", index) }
          json.member("title", finding.kind.title)
          json.member("titleZH", finding.kind.titleZH)
          if !finding.detail.en.isEmpty { json.member("detail", finding.detail.en) }
        }
      }
    }
    if omitted > 0 { json.member("findingsOmitted", omitted) }
  }
}
