import Cryptography
import RecordModel
import TransparencyLog

/// A channel's durable state and the edge of its tiles.
struct ChannelBook: Sendable {
  var state: ChannelState
  var tiles: TileBuilder
}

/// What the exchange keeps in memory of the store: the heads of all logs and the outbox counters.
///
/// A value: a transaction works on a copy, and the copy replaces the original only after the commit.
/// So memory never knows more than the disk.
struct Ledger: Sendable {
  var channels: [ChannelNumber: ChannelBook] = [:]
  /// The newest epoch's channel to, and from, each peer.
  var outbound: [AgencyCode: ChannelNumber] = [:]
  var inbound: [AgencyCode: ChannelNumber] = [:]
  var journal: JournalState
  /// The edge of the journal's tiles.
  var journalTiles: TileEdge
  /// By the name of its key, what each witness has cosigned of this node's journal, newest epoch.
  var cosigned: [String: WitnessedHead] = [:]
  /// What this node has cosigned of each agency's journal, newest epoch.
  var held: [AgencyCode: WitnessedHead] = [:]
  /// How many epochs of each agency's journal this node has cosigned.
  var heldEpochs: [AgencyCode: Int] = [:]
  /// Journal heads are signed once a second when they moved.
  var journalSignedSize: UInt64 = 0
  /// The epoch that the journal had when the node started: a rollback opens one more, once.
  var journalEpochAtStart: UInt32 = 1
  var outbox: [AgencyCode: OutboxCount] = [:]
  /// The directory in force, and every earlier one by version: a record is judged under its own.
  var directory: FederationDirectory
  var directories: [UInt64: FederationDirectory]
  /// Clocks and calendar files, and what follows from them for the threads begun under each
  /// directory version.
  var clockFiles: ClockFiles
  var clockBooks: [UInt64: ClockBook] = [:]

  func outboundBook(_ peer: AgencyCode) -> ChannelBook? {
    outbound[peer].flatMap { channels[$0] }
  }

  func inboundBook(_ peer: AgencyCode) -> ChannelBook? {
    inbound[peer].flatMap { channels[$0] }
  }

  /// The book of an origin, if it is a channel held here.
  func book(_ origin: Origin) -> ChannelBook? {
    channels.values.first { $0.state.origin == origin }
  }

  /// Whether a record of ours had no receipt when a later epoch took its channel's place: it was
  /// submitted again under another id, and the old one counts no more.
  func gaveUp(_ position: RecordPosition) -> Bool {
    guard let state = channels[position.channel]?.state, state.role == .outbound else {
      return false
    }
    return position.seq >= state.receiptedSize
      && outbound[state.origin.direction.to] != position.channel
  }

  /// The receipt keys of an agency, valid at `time`, that any directory known here lists: what was
  /// receipted under a key stays receipted when the key goes.
  func receiptVerifiers(of code: AgencyCode, at time: Timestamp?) -> [VerifierKey] {
    everListed { $0.receiptVerifiers(of: code, at: time) }
  }

  /// The record keys of an origin's sender that any directory known here lists.
  func recordVerifiers(origin: Origin) -> [VerifierKey] {
    everListed { $0.recordVerifiers(origin: origin, at: nil) }
  }

  /// The record keys that any directory known here lists for a journal.
  func journalVerifiers(_ origin: JournalOrigin) -> [VerifierKey] {
    everListed { $0.journalVerifiers(origin: origin) }
  }

  /// The keys under a name, valid at `time`, with which a node or an auditor cosigns journals.
  func witnessVerifiers(named name: String, at time: Timestamp?) -> [VerifierKey] {
    everListed { directory in
      (directory.nodes.keys.flatMap { directory.witnessVerifiers(of: $0, at: time) }
        + directory.independentWitnessVerifiers(at: time))
        .filter { $0.name.utf8.elementsEqual(name.utf8) }
    }
  }

  private func everListed(_ keys: (FederationDirectory) -> [VerifierKey]) -> [VerifierKey] {
    var found: [VerifierKey] = []
    for directory in directories.values {
      for key in keys(directory) where !found.contains(key) { found.append(key) }
    }
    return found
  }

  /// Takes a channel in: the newest epoch wins the index.
  mutating func adopt(_ book: ChannelBook) {
    channels[book.state.number] = book
    let origin = book.state.origin
    switch book.state.role {
    case .outbound:
      if newest(outbound[origin.direction.to], origin) {
        outbound[origin.direction.to] = book.state.number
      }
    case .inbound:
      if newest(inbound[origin.direction.from], origin) {
        inbound[origin.direction.from] = book.state.number
      }
    }
  }

  private func newest(_ number: ChannelNumber?, _ origin: Origin) -> Bool {
    guard let number, let held = channels[number] else { return true }
    return held.state.origin.epoch <= origin.epoch
  }
}
