import Cryptography
import RecordModel
import TransparencyLog

/// Reads the ledger out of a store when a node starts, and recomputes what can be recomputed: a store
/// that contradicts itself is not started on.
struct LedgerLoader {
  let identity: NodeIdentity
  let pinned: Authority
  /// Clocks and calendar files, beside the program's own.
  let files: [[UInt8]]

  func load(_ store: any Store, publishedNote: [UInt8]?) throws -> Ledger {
    try store.read { reader in
      let chain = try directories(reader, publishedNote: publishedNote)
      guard let newest = chain.last else {
        throw ExchangeError(.notFound, "no federation directory is stored or given")
      }
      guard newest.federation == identity.federation, newest.nodes[identity.code] != nil else {
        throw ExchangeError(.unknownAgency, "the directory does not name this node")
      }
      let journal = try reader.journalState() ?? JournalState(epoch: 1, suite: newest.suite)
      var ledger = Ledger(
        journal: journal, journalTiles: try journalEdge(journal, reader), directory: newest,
        directories: Dictionary(uniqueKeysWithValues: chain.map { ($0.version, $0) }),
        clockFiles: ClockFiles(files, suite: newest.suite))
      for digest in chain.flatMap(ClockFiles.named) {
        if let file = try reader.setting(ClockFiles.setting(digest)) {
          ledger.clockFiles.add(file, as: digest, newest.suite)
        }
      }
      // A directory in force is lived with; a first one is not taken without its files.
      if try reader.directoryNote() == nil { try ledger.clockFiles.check(newest) }
      ledger.refreshClockBooks()
      ledger.journalEpochAtStart = ledger.journal.epoch
      ledger.outbox = try reader.outboxCounts()
      for state in try reader.channels() {
        ledger.adopt(ChannelBook(state: state, tiles: try tiles(state, reader)))
      }
      try loadHeads(&ledger, reader)
      return ledger
    }
  }

  /// What others have cosigned of this node's journal, and what it has of theirs: newest epochs.
  private func loadHeads(_ ledger: inout Ledger, _ reader: any StoreReader) throws {
    let own = KeyName.witness(federation: identity.federation, code: identity.code)
    for text in try reader.witnessedOrigins() {
      guard let origin = try? JournalOrigin(parsing: text) else { continue }
      if origin.code == identity.code {
        for head in try reader.witnessedHeads(origin: text) { ledger.adopt(cosigned: head) }
      } else if let head = try reader.witnessedHead(origin: text, witness: own) {
        ledger.adopt(held: head)
        ledger.heldEpochs[origin.code, default: 0] += 1
      }
    }
  }

  /// The edge of the journal's tiles from the last tiles and leaves: what the stored head must follow
  /// from. The entries themselves are the auditor's to read again.
  private func journalEdge(_ journal: JournalState, _ reader: any StoreReader) throws -> TileEdge {
    let full = journal.size / UInt64(TileBuilder.width) * UInt64(TileBuilder.width)
    let corrupt = ExchangeError(.storageCorrupt, "the journal's tiles are not those of its head")
    var edge = try TileEdge(suite: journal.frontier.suite, size: full) { tile in
      guard
        let bytes = try reader.journalTile(
          epoch: journal.epoch, level: tile.level, index: tile.index)
      else { throw corrupt }
      return bytes
    }
    for leaf in try reader.journalLeaves(epoch: journal.epoch, full..<journal.size) {
      _ = edge.append(leaf: leaf)
    }
    guard edge.root == journal.frontier.root else { throw corrupt }
    return edge
  }

  /// Every directory once in force, each verified by the one before it, the first by the pinned keys.
  private func directories(
    _ reader: any StoreReader, publishedNote: [UInt8]?
  ) throws -> [FederationDirectory] {
    var chain: [FederationDirectory] = []
    for note in try reader.directoryNotes() {
      chain.append(
        try chain.last.map { try FederationDirectory(verifying: note, successorOf: $0) }
          ?? FederationDirectory(verifying: note, pinned: pinned))
    }
    // A later one is loaded by `start`, once the node can journal it.
    if chain.isEmpty, let publishedNote {
      chain.append(try FederationDirectory(verifying: publishedNote, pinned: pinned))
    }
    return chain
  }

  /// Rebuilds the tiles' edge from leaves and tiles, and the head with it.
  private func tiles(_ state: ChannelState, _ reader: any StoreReader) throws -> TileBuilder {
    let suite = state.frontier.suite
    var builder = TileBuilder(suite: suite)
    var frontier = Frontier(suite: suite)
    let full = UInt64(TileBuilder.width)
    for index in 0..<(state.size / full) {
      guard let tile = try reader.tile(state.number, level: 0, index: index),
        let hashes = TileBuilder.hashes(of: tile)
      else { throw corrupt(state, "tile 0/\(index) is missing") }
      for hash in hashes {
        frontier.append(leaf: hash)
        _ = builder.append(leaf: hash)
      }
    }
    let rest = (state.size / full * full)..<state.size
    let leaves = try reader.leaves(state.number, rest)
    guard leaves.count == rest.count else { throw corrupt(state, "records are missing") }
    for leaf in leaves {
      frontier.append(leaf: leaf)
      _ = builder.append(leaf: leaf)
    }
    guard frontier == state.frontier else { throw corrupt(state, "the stored head is another") }
    if let last = leaves.last, last != state.lastLeaf { throw corrupt(state, "the last leaf") }
    return builder
  }

  private func corrupt(_ state: ChannelState, _ detail: String) -> ExchangeError {
    ExchangeError(.storageCorrupt, "\(state.origin): \(detail)")
  }
}

/// Putting directories into force.
enum Directories {
  /// Stores the directory in force if it is not stored yet.
  static func record(_ runtime: Runtime, _ turn: inout Turn) throws {
    guard try turn.store.directoryNote() == nil else { return }
    try store(turn.ledger.directory, &turn)
  }

  /// Stores and journals a directory, and the files that it names: threads keep the rules that they
  /// began under, whatever becomes of the files outside.
  static func store(_ directory: FederationDirectory, _ turn: inout Turn) throws {
    try turn.store.addDirectory(version: directory.version, note: directory.note.encoded)
    try turn.journal(
      .directoryLoaded,
      [.number("version", directory.version), .digest("digest", directory.digest)])
    try keepFiles(of: directory, &turn)
    turn.ledger.refreshClockBooks()
  }

  /// Keeps the files that a directory names, as far as they are here and not kept yet.
  static func keepFiles(of directory: FederationDirectory, _ turn: inout Turn) throws {
    for digest in ClockFiles.named(by: directory) {
      let name = ClockFiles.setting(digest)
      if let file = turn.ledger.clockFiles[digest], try turn.store.setting(name) == nil {
        try turn.store.set(name, to: file)
      }
    }
  }

  /// Opens the channels to and from agencies that have none yet.
  static func openChannels(_ identity: NodeIdentity, _ turn: inout Turn) throws {
    for code in turn.ledger.directory.nodes.keys.sorted() where code != identity.code {
      if turn.ledger.outbound[code] == nil {
        _ = try turn.open(identity.outbound(to: code, epoch: 1), role: .outbound)
      }
      if turn.ledger.inbound[code] == nil {
        _ = try turn.open(identity.inbound(from: code, epoch: 1), role: .inbound)
      }
    }
  }
}
