public import Cryptography
public import RecordModel
import TransparencyLog

/// Who a node is, and its unlocked signing keys. Each key has one use.
public struct NodeIdentity: Sendable {
  /// The agency's code, as the directory and the TLS certificate name it.
  public let code: AgencyCode
  /// The federation's name: the first part of every origin.
  public let federation: String
  /// Signs the checkpoints of every channel out of here and of the journal.
  public let recordKey: SigningKey
  /// Cosigns the channels into here: receipts 送达回执.
  public let receiptKey: SigningKey
  /// Cosigns other nodes' journals.
  public let witnessKey: SigningKey

  /// Unlocked keys; the directory must list their public halves under `code`.
  public init(
    code: AgencyCode, federation: String, recordKey: SigningKey, receiptKey: SigningKey,
    witnessKey: SigningKey
  ) {
    self.code = code
    self.federation = federation
    self.recordKey = recordKey
    self.receiptKey = receiptKey
    self.witnessKey = witnessKey
  }

  /// The channel from here to `peer`.
  func outbound(to peer: AgencyCode, epoch: UInt32) -> Origin {
    Origin(federation: federation, direction: Direction(from: code, to: peer), epoch: epoch)
  }

  /// The channel from `peer` to here.
  func inbound(from peer: AgencyCode, epoch: UInt32) -> Origin {
    Origin(federation: federation, direction: Direction(from: peer, to: code), epoch: epoch)
  }
}
