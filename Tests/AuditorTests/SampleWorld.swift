import Auditor
import Cryptography
import RecordModel
import TransparencyLog

/// Two agencies with real keys that seal, sign and cosign whatever a test tells them to, true or not.
struct SampleWorld {
  enum Way: Int { case out, back }

  struct Party {
    var code: AgencyCode
    var role: AgencyRole
    var record: SigningKey
    var receipt: SigningKey
    var witness: SigningKey
  }

  struct Log {
    var origin: Origin
    var frontier = Frontier(suite: .sha256Ed25519)
    var lastLeaf = Digest.zero
    var entries: [AuditEntry] = []
    var checkpoints: [AuditCheckpoint] = []
  }

  static let federation = "example.org"
  static let start = Timestamp(milliseconds: 1_795_396_500_000)
  static let suite = Suite.sha256Ed25519

  /// The audited node first.
  let parties: [Party]
  let authorityKey: SigningKey
  let authority: Authority
  /// The directory's contents; `change` them before the source is made.
  var contents: DirectoryContents
  var logs: [Log]
  var now = Self.start
  /// Whether the journal names the head of what was sent.
  var namesHeads = true
  var journalEntries: [AuditJournalEntry] = []
  var journalFrontier = Frontier(suite: Self.suite)
  private var journalLeaf = Digest.zero
  private var serial: UInt8 = 0

  init() throws {
    func key() throws -> SigningKey { try Self.suite.generateSigningKey() }
    func party(_ code: String, _ role: AgencyRole) throws -> Party {
      Party(
        code: try AgencyCode(code), role: role, record: try key(), receipt: try key(),
        witness: try key())
    }
    parties = [
      try party("11000000MB0000035K", .enforcement), try party("11000000MB0000027Q", .discipline),
    ]
    authorityKey = try key()
    authority = try Authority(
      threshold: 1,
      keys: [
        try VerifierKey(
          name: KeyName.authority(federation: Self.federation, label: "1"),
          key: authorityKey.verificationKey, type: Self.suite.noteSignatureType)
      ])
    contents = try Self.contents(parties, authority)
    let forward = Direction(from: parties[0].code, to: parties[1].code)
    logs = [forward, forward.reversed].map {
      Log(origin: Origin(federation: Self.federation, direction: $0, epoch: 1))
    }
    journal(.journalOpened, [.text("reason", "first")])
  }

  private static func contents(
    _ parties: [Party], _ authority: Authority
  ) throws -> DirectoryContents {
    let day: Int64 = 86_400_000
    var contents = DirectoryContents(
      federation: federation, version: 1, notBefore: start.advanced(byMilliseconds: -day),
      notAfter: start.advanced(byMilliseconds: 365 * day), suite: suite, authority: authority)
    for party in parties {
      func dated(_ key: SigningKey) -> [DatedKey] {
        [DatedKey(key: key.verificationKey, notBefore: contents.notBefore, notAfter: nil)]
      }
      contents.nodes[party.code] = NodeEntry(
        code: party.code, name: "示例", role: party.role, endpoint: nil,
        recordKeys: dated(party.record), receiptKeys: dated(party.receipt),
        witnessKeys: dated(party.witness),
        tlsAnchors: [Self.anchor])
    }
    contents.policy = .unrestricted
    return contents
  }

  // MARK: Acts

  func id(_ serial: UInt8) -> RecordID {
    RecordID.generate(at: Self.start) { count in Array(repeating: serial, count: count) }
  }

  /// Seals a record, and journals its submission where it is the audited node's. `edit` changes the
  /// header before it is sealed.
  @discardableResult
  mutating func seal(
    _ way: Way, _ kind: String, _ payload: String, thread: RecordID? = nil,
    replyTo: RecordID? = nil, isRefused: Bool = false, isJournalled: Bool = true,
    _ edit: (inout RecordHeader) -> Void = { _ in }
  ) -> RecordID {
    serial &+= 1
    now = now.advanced(byMilliseconds: 1000)
    let other = logs[1 - way.rawValue]
    let salt = [UInt8](repeating: serial, count: Commitment.saltBytes)
    let bytes = Array(payload.utf8)
    var header = RecordHeader(
      id: id(serial), from: logs[way.rawValue].origin.direction.from,
      to: logs[way.rawValue].origin.direction.to, seq: logs[way.rawValue].frontier.size,
      prev: logs[way.rawValue].lastLeaf, time: now,
      seen: Seen(epoch: 1, size: other.frontier.size), directory: 1, kind: kind,
      schema: kind + "/1", thread: thread ?? id(serial), replyTo: replyTo, urgency: .normal,
      payload: PayloadReference(
        commitment: Commitment.make(salt: salt, payload: bytes, suite: Self.suite),
        size: bytes.count))
    edit(&header)
    if way == .out, isJournalled, !KindName.isSystem(kind) {
      journal(
        .submission,
        [
          .id("id", header.id), .agency("to", header.to),
          .digest("commitment", header.payload.commitment),
        ])
    }
    let encoded = header.encoded()
    let leaf = Merkle.leaf(encoded, suite: Self.suite)
    logs[way.rawValue].entries.append(
      AuditEntry(
        seq: logs[way.rawValue].frontier.size, header: encoded, claimedLeaf: leaf,
        payload: bytes, salt: salt, isRefused: isRefused))
    logs[way.rawValue].frontier.append(leaf: leaf)
    logs[way.rawValue].lastLeaf = leaf
    return header.id
  }

  /// Signs and cosigns the head of a log.
  mutating func sign(_ way: Way, isReceipted: Bool = true) throws {
    let log = logs[way.rawValue]
    let checkpoint = Checkpoint(origin: log.origin.description, frontier: log.frontier)
    logs[way.rawValue].checkpoints.append(
      try signed(
        checkpoint, way, record: parties[way.rawValue].record,
        receipt: isReceipted ? parties[1 - way.rawValue].receipt : nil,
        time: UInt64(now.seconds)))
  }

  /// A head of a party's journal, cosigned by a witness key under a name.
  func journalHead(
    of party: Int, size: UInt64, root: Digest, signedBy key: SigningKey? = nil,
    witness: (name: String, key: SigningKey)? = nil, time: UInt64? = nil
  ) throws -> AuditCheckpoint {
    let origin = JournalOrigin(federation: Self.federation, code: parties[party].code, epoch: 1)
    let head = Checkpoint(origin: origin.description, size: size, root: root)
    var note = try head.signed(by: key ?? parties[party].record)
    if let witness {
      note.add(
        try Cosignature.cosign(
          checkpointText: note.text, name: witness.name, key: witness.key,
          time: time ?? UInt64(now.seconds)))
    }
    return AuditCheckpoint(size: size, root: root, note: note.encoded, receiptTime: nil)
  }

  /// The name and the key with which a party cosigns journals.
  func witness(_ party: Int) -> (name: String, key: SigningKey) {
    (
      KeyName.witness(federation: Self.federation, code: parties[party].code),
      parties[party].witness
    )
  }

  /// A checkpoint as a store keeps it, signed by any keys.
  func signed(
    _ checkpoint: Checkpoint, _ way: Way, record: SigningKey, receipt: SigningKey?, time: UInt64
  ) throws -> AuditCheckpoint {
    var note = try checkpoint.signed(by: record)
    if let receipt {
      note.add(
        try Cosignature.cosign(
          checkpointText: note.text,
          name: KeyName.receipt(
            federation: Self.federation, code: logs[way.rawValue].origin.direction.to),
          key: receipt, time: time))
    }
    return AuditCheckpoint(
      size: checkpoint.size, root: checkpoint.root, note: note.encoded,
      receiptTime: receipt == nil ? nil : time)
  }

  mutating func journal(_ event: JournalEvent, _ fields: [JournalField]) {
    let entry = JournalEntry(
      seq: journalFrontier.size, prev: journalLeaf, time: now, event: event, fields: fields)
    let bytes = entry.encoded()
    journalEntries.append(AuditJournalEntry(seq: entry.seq, bytes: bytes))
    journalLeaf = Merkle.leaf(bytes, suite: Self.suite)
    journalFrontier.append(leaf: journalLeaf)
  }

  mutating func journalHead(_ way: Way) {
    let log = logs[way.rawValue]
    journal(
      .channelHead,
      [
        .text("origin", log.origin.description), .number("size", log.frontier.size),
        .digest("root", log.frontier.root),
      ])
  }

  // MARK: What the audited node holds

  mutating func source() throws -> SampleSource {
    if logs[0].frontier.size > 0, namesHeads { journalHead(.out) }
    if logs[1].frontier.size > 0 { journalHead(.back) }
    var second = contents
    second.version = 2
    let origin = JournalOrigin(federation: Self.federation, code: parties[0].code, epoch: 1)
    let head = Checkpoint(origin: origin.description, frontier: journalFrontier)
    let note = try head.signed(by: parties[0].record).encoded
    return SampleSource(
      notes: try [contents, second].map {
        try DirectoryDraft($0).sign(with: [authorityKey]).encoded
      },
      held: logs.enumerated().map { index, log in
        SampleSource.Held(
          channel: AuditChannel(
            number: Int64(index), origin: log.origin, isOutbound: index == 0,
            claimedSize: log.frontier.size, claimedRoot: log.frontier.root),
          entries: log.entries, checkpoints: log.checkpoints)
      },
      tiles: try tiles(),
      journal: AuditJournal(
        origin: origin, claimedSize: journalFrontier.size,
        checkpoint: AuditCheckpoint(
          size: head.size, root: head.root, note: note, receiptTime: nil)),
      journalEntries: journalEntries)
  }

  private func tiles() throws -> [SampleSource.TileAddress: [UInt8]] {
    var tiles: [SampleSource.TileAddress: [UInt8]] = [:]
    for (number, log) in logs.enumerated() {
      let leaves = log.entries.map { Merkle.leaf($0.header, suite: Self.suite) }
      let memory = MemorySource(suite: Self.suite, leaves: leaves)
      for index in 0..<UInt64(leaves.count / Tile.fullWidth) {
        let address = SampleSource.TileAddress(channel: Int64(number), level: 0, index: index)
        tiles[address] = try Tile(level: 0, index: index).bytes(from: memory)
      }
    }
    return tiles
  }
}
