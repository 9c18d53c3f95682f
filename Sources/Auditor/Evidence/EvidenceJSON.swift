import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

extension EvidenceReport {
  /// The report for programs: one JSON object, keys as in `docs/audit.md`.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("proven", isProven)
      if let fingerprint { json.member("fingerprint", "\(fingerprint)") }
      switch subject {
      case .record(let id): json.member("record", "\(id)")
      case .thread(let id): json.member("thread", "\(id)")
      case .log(let origin): json.member("log", origin)
      case nil: break
      }
      json.member("authorityGiven", isAuthorityGiven)
      if let authority {
        json.member("threshold", authority.threshold)
        json.array("authority") { json in
          for key in authority.keys { json.string(key.description) }
        }
      }
      if let directory { json.member("directory", directory.version) }
      json.array("faults") { json in
        for fault in faults { fault.write(to: &json) }
      }
      json.array("records") { json in
        for record in isProven ? records : [] { record.write(to: &json) }
      }
      json.array("forks") { json in
        for fork in isProven ? forks : [] { fork.write(to: &json) }
      }
      json.array("notProven") { json in
        for limit in isProven ? limits(.en) : [] { json.string(limit) }
      }
    }
    return writer.bytes
  }
}

extension EvidenceFault {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("code", code.rawValue)
      if let place { json.member("place", place.description) }
      json.member("detail", detail)
    }
  }
}

extension ProvenRecord {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("id", "\(header.id)")
      json.member("kind", header.kind)
      json.member("thread", "\(header.thread)")
      json.member("from", "\(header.from)")
      json.member("fromName", senderName)
      json.member("to", "\(header.to)")
      json.member("toName", receiverName)
      json.member("sealedAt", "\(header.time)")
      if let receipt {
        json.member("receivedAt", "\(receipt.time)")
        json.member("receiptKey", receipt.key.description)
      }
      json.member("log", "\(origin)")
      json.member("index", header.seq)
      json.member("leaf", CanonicalBase64.encode(leaf))
      json.member("size", size)
      json.member("root", CanonicalBase64.encode(root))
      json.member("senderKey", senderKey.description)
      json.member("schema", header.schema)
      if case .proven(let bytes, let keepsSchema) = content {
        json.member("payloadBytes", bytes.count)
        if let keepsSchema { json.member("keepsSchema", keepsSchema) }
      }
      json.member("hasPayload", content != .absent)
      if let docNo { json.member("docNo", docNo) }
      if let title { json.member("title", title) }
      if let erasedBy { json.member("erasedBy", "\(erasedBy)") }
      if let refusedBy { json.member("refusedBy", "\(refusedBy)") }
      json.member("belongs", isOfSubject)
    }
  }
}

extension ProvenFork {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("log", origin)
      json.member("signer", "\(signer)")
      json.array("heads") { json in
        for head in heads {
          json.object { json in
            json.member("size", head.size)
            json.member("root", CanonicalBase64.encode(head.root))
            json.member("key", head.key.description)
            if let time = head.receiptTime { json.member("cosignedAt", "\(time)") }
          }
        }
      }
      if let prefixRoot { json.member("prefixRoot", CanonicalBase64.encode(prefixRoot)) }
    }
  }
}
