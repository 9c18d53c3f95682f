import ArgumentParser
import AuditService
import Auditor
import Cryptography
import Exchange
import FoundationEssentials
import NodeClient
import RecordModel
import RecordSchema
import TransparencyLog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How the program ends.
enum ExitStatus: Int32, Sendable {
  case fine = 0
  case failed = 1
  case invalidRecord = 3
  case verificationFailed = 4
  case unreachable = 5
  case usage = 64
}

/// Why a command did not do what it was asked.
struct Failure: Error, Sendable, CustomStringConvertible {
  var description: String { "\(code): \(message)" }

  var status: ExitStatus
  /// Stable.
  var code: String
  /// In the caller's language where it is ours, in English where it is the node's.
  var message: String
  var problem: Problem?
  /// Broken rules, for an invalid record.
  var findings: [Finding]

  init(
    _ status: ExitStatus, _ code: String, _ message: String, problem: Problem? = nil,
    findings: [Finding] = []
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.problem = problem
    self.findings = findings
  }

  /// What any error is to the caller.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as ClientError:
      self.init(
        Self.status(of: error.code.rawValue), error.code.rawValue, error.message,
        problem: error.problem, findings: (error.problem?.violations ?? []).map { Finding($0) })
    case let error as ExchangeError: self.init(.failed, error.code.rawValue, error.message)
    case let error as RecordModelError: self.init(.failed, error.code.rawValue, error.message)
    case let error as ExportError:
      self.init(
        error.code == .unfinished ? .unreachable : .verificationFailed, error.code.rawValue,
        error.message)
    case let error as EvidenceError:
      self.init(
        error.code == .notFound ? .failed : .verificationFailed, error.code.rawValue,
        error.message)
    case let error as WatchError: self.init(.failed, error.code.rawValue, error.message)
    case let error as CryptographyError: self.init(.failed, error.code.rawValue, error.message)
    case let error as TransparencyLogError:
      self.init(.verificationFailed, error.code.rawValue, error.message)
    default: self.init(.failed, "command.failed", "\(error)")
    }
  }

  private static func status(of code: String) -> ExitStatus {
    switch code {
    case "client.unreachable", "client.timeout", "client.connection": .unreachable
    case "record.invalid", "record.schemaUnknown": .invalidRecord
    default: .failed
    }
  }

  /// One JSON document.
  var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("code", code)
      writer.member("message", message)
      writer.member("exit", status.rawValue)
      guard !findings.isEmpty else { return }
      writer.array("violations") { writer in
        for finding in findings { finding.write(to: &writer) }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Lines for a person.
  var text: String {
    var lines = [say("错误", "error") + " [\(code)]: " + DisplayWidth.safe(message)]
    lines += findings.flatMap(\.lines)
    for reason in problem?.problems ?? [] {
      lines.append("  \(reason.code): \(DisplayWidth.safe(reason.detail))")
    }
    return lines.joined(separator: "\n")
  }
}

/// Standard output and error, and the two ways to speak on them.
enum Console {
  /// A line, or many, on standard output.
  static func line(_ text: String) { write(Array((text + "\n").utf8), to: 1) }

  /// Bytes as they are on standard output.
  static func bytes(_ bytes: [UInt8]) { write(bytes, to: 1) }

  /// A line on standard error.
  static func error(_ text: String) { write(Array((text + "\n").utf8), to: 2) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var sent = 0
    bytes.withUnsafeBytes { buffer in
      while sent < buffer.count {
        let part = UnsafeRawBufferPointer(rebasing: buffer[sent...])
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, part.baseAddress, part.count)
        #else
          let count = Musl.write(descriptor, part.baseAddress, part.count)
        #endif
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        sent += count
      }
    }
  }
}
