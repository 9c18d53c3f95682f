import Cryptography
import RecordSchema
import TransparencyLog

// The directory's JSON, written in the order of docs/formats.md. Readers take any order.

extension DirectoryContents {
  /// The text to sign: the name line, one line of JSON, a newline after each.
  func signedText() -> String {
    var bytes = Array("\(KeyName.directory(federation: federation))\n".utf8)
    var json = JSONWriter()
    json.object { json in
      json.member("v", Self.formatVersion)
      json.member("federation", federation)
      json.member("version", version)
      json.member("notBefore", notBefore.description)
      json.member("notAfter", notAfter.description)
      json.member("suite", suite.name)
      json.key("authority")
      Self.write(authority, &json)
      if let next {
        json.key("next")
        Self.write(next, &json)
      }
      json.array("nodes") { json in
        for node in nodes.values.sorted(by: { $0.code < $1.code }) { Self.write(node, &json) }
      }
      json.array("witnesses") { json in
        for witness in witnesses { Self.write(witness, &json) }
      }
      json.object("policy") { json in
        json.array("allow") { json in
          for rule in policy.allow { Self.write(rule, &json) }
        }
      }
      if let clocks { json.member("clocks", CanonicalBase64.encode(clocks)) }
      json.array("calendars") { json in
        for (year, digest) in calendars.sorted(by: { $0.key < $1.key }) {
          json.object { json in
            json.member("year", year)
            json.member("digest", CanonicalBase64.encode(digest))
          }
        }
      }
    }
    bytes.append(contentsOf: json.bytes)
    bytes.append(0x0A)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ authority: Authority, _ json: inout JSONWriter) {
    json.object { json in
      json.member("threshold", authority.threshold)
      strings("keys", authority.keys.map(\.description), &json)
    }
  }

  private static func write(_ node: NodeEntry, _ json: inout JSONWriter) {
    json.object { json in
      json.member("code", node.code.rawValue)
      json.member("name", node.name)
      json.member("role", node.role.rawValue)
      if let endpoint = node.endpoint { json.member("endpoint", endpoint) }
      write("recordKeys", node.recordKeys, &json)
      write("receiptKeys", node.receiptKeys, &json)
      write("witnessKeys", node.witnessKeys, &json)
      strings("tlsAnchors", node.tlsAnchors, &json)
    }
  }

  private static func write(_ witness: WitnessEntry, _ json: inout JSONWriter) {
    json.object { json in
      json.member("name", witness.name)
      if let endpoint = witness.endpoint { json.member("endpoint", endpoint) }
      write("keys", witness.keys, &json)
    }
  }

  private static func write(_ rule: DirectoryPolicy.Rule, _ json: inout JSONWriter) {
    json.object { json in
      strings("from", rule.from.map(\.rawValue), &json)
      strings("to", rule.to.map(\.rawValue), &json)
      strings("kinds", rule.kinds, &json)
    }
  }

  private static func write(_ name: String, _ keys: [DatedKey], _ json: inout JSONWriter) {
    json.key(name)
    json.array { json in
      for key in keys {
        json.object { json in
          json.member("key", CanonicalBase64.encode(key.key.raw))
          json.member("notBefore", key.notBefore.description)
          if let notAfter = key.notAfter { json.member("notAfter", notAfter.description) }
        }
      }
    }
  }

  private static func strings(_ name: String, _ values: [String], _ json: inout JSONWriter) {
    json.key(name)
    json.array { json in
      for value in values { json.string(value) }
    }
  }
}
