import Cryptography
import Foundation
import RecordModel
import TransparencyLog

/// Writes what a sender holds that has sent `records` leads to one agency, all of them receipted, as
/// plain files that ``VerifySource`` reads: the log with payloads, tiles, a cosigned checkpoint for
/// every batch, and the journal with every submission and a head each second. Everything in it is
/// true, so a verifier has to do all of its work.
struct VerifyHistory {
  /// What a node signs at once at most.
  private static let batch = 256
  /// Leads in a second of the history.
  private static let rate = 10_000
  private static let suite = Suite.sha256Ed25519
  private static let federation = "bench.example"
  private static let start = Timestamp(milliseconds: 1_795_396_500_000)

  /// A certificate of 2026 to 2126 of which nobody has the key.
  private static let anchor = """
    -----BEGIN CERTIFICATE-----
    MIIBRjCB+aADAgECAhQduDM4mFR1sK51Stbkw8Ak0dno1jAFBgMrZXAwGDEWMBQG
    A1UEAwwNU2FtcGxlIGFuY2hvcjAgFw0yNjExMjMxMTUwMzVaGA8yMTI2MTAzMDEx
    NTAzNVowGDEWMBQGA1UEAwwNU2FtcGxlIGFuY2hvcjAqMAUGAytlcAMhACHi6GND
    kxgt8tqW4MvTY1VMFanAAuneyQY1cagxmwW5o1MwUTAdBgNVHQ4EFgQUnbHF1+Wq
    PRl0ZRcwysGqsN8RGW4wHwYDVR0jBBgwFoAUnbHF1+WqPRl0ZRcwysGqsN8RGW4w
    DwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQBLSl9ECdxoH56Pb0mFUFDQ1pG2CfkB
    XkC0yJETH2bwGnPvHE137YcNP7w0/4TgNBuhHdxsVtAvDJNgstjYkDkG
    -----END CERTIFICATE-----

    """

  private let maker: SamplePayload
  private let records: Int
  private let files: VerifyFiles
  private let origin: Origin
  private let journalOrigin: JournalOrigin
  private let recordKey: SigningKey
  private let receiptKey: SigningKey
  private var random = SplitMix(state: 1)

  private var frontier = Frontier(suite: suite)
  private var lastLeaf = Digest.zero
  private var journalFrontier = Frontier(suite: suite)
  private var journalLeaf = Digest.zero
  private var tiles: [[UInt8]] = []

  /// Writes the whole history into a folder that is there and empty.
  static func write(records: Int, payload: Int, to folder: String) throws {
    var history = try VerifyHistory(records: records, payload: payload, folder: folder)
    try history.run(folder)
  }

  private init(records: Int, payload: Int, folder: String) throws {
    let codes = try ["11000000MB0000035K", "11000000MB0000027Q"].map { try AgencyCode($0) }
    self.records = records
    maker = SamplePayload(bytes: payload)
    files = try VerifyFiles(writing: folder)
    origin = Origin(
      federation: Self.federation, direction: Direction(from: codes[0], to: codes[1]), epoch: 1)
    journalOrigin = JournalOrigin(federation: Self.federation, code: codes[0], epoch: 1)
    recordKey = try Self.suite.generateSigningKey()
    receiptKey = try Self.suite.generateSigningKey()
  }

  private mutating func run(_ folder: String) throws {
    try writeDirectory(folder)
    try journal(.journalOpened, [.text("reason", "first")], at: Self.start)
    var done = 0
    var nextHead = Self.rate
    while done < records {
      let count = min(Self.batch, records - done)
      let time = Self.start.advanced(
        byMilliseconds: Int64(done + count) * 1000 / Int64(Self.rate))
      try write(leads: done..<(done + count), at: time)
      done += count
      if done >= nextHead || done == records {
        nextHead += Self.rate
        try journalHead(at: time)
      }
    }
    try files.finish()
    let head = Checkpoint(origin: journalOrigin.description, frontier: journalFrontier)
    let claims = VerifyClaims(
      origin: origin.description, size: frontier.size, root: frontier.root.bytes,
      journal: journalOrigin.description, journalSize: journalFrontier.size,
      journalRoot: journalFrontier.root.bytes,
      journalNote: try head.signed(by: recordKey).encoded)
    try claims.write(to: folder)
  }

  // MARK: Records

  private mutating func write(leads: Range<Int>, at time: Timestamp) throws {
    var made: [(id: RecordID, payload: [UInt8], salt: [UInt8], commitment: Digest)] = []
    for number in leads {
      let payload = maker.make(number)
      let salt = random.bytes(Commitment.saltBytes)
      let commitment = Commitment.make(salt: salt, payload: payload, suite: Self.suite)
      made.append((RecordID.generate(at: time) { random.bytes($0) }, payload, salt, commitment))
    }
    for lead in made {
      try journal(
        .submission,
        [
          .id("id", lead.id), .agency("to", origin.direction.to),
          .digest("commitment", lead.commitment),
        ], at: time)
    }
    for lead in made {
      let header = RecordHeader(
        id: lead.id, from: origin.direction.from, to: origin.direction.to, seq: frontier.size,
        prev: lastLeaf, time: time, seen: Seen(epoch: 1, size: 0), directory: 1,
        kind: KindName.leadTransfer, schema: KindName.leadTransfer + "/1", thread: lead.id,
        replyTo: nil, urgency: .normal,
        payload: PayloadReference(commitment: lead.commitment, size: lead.payload.count)
      ).encoded()
      try files.records.append(VerifyFiles.record(header, salt: lead.salt, payload: lead.payload))
      lastLeaf = Merkle.leaf(header, suite: Self.suite)
      try grow(lastLeaf)
    }
    try sign(at: time)
  }

  private mutating func grow(_ leaf: Digest) throws {
    var completed: [(level: Int, hash: Digest)] = []
    frontier.append(leaf: leaf) { level, _, hash in completed.append((level, hash)) }
    for (level, hash) in completed where level % Tile.height == 0 {
      let tile = level / Tile.height
      if tiles.count <= tile { tiles.append([]) }
      hash.withUnsafeBytes { tiles[tile].append(contentsOf: $0) }
      guard tiles[tile].count == Tile.fullWidth * Digest.byteCount else { continue }
      try files.append(tile: tiles[tile], level: tile)
      tiles[tile].removeAll(keepingCapacity: true)
    }
  }

  private func sign(at time: Timestamp) throws {
    let checkpoint = Checkpoint(origin: origin.description, frontier: frontier)
    var note = try checkpoint.signed(by: recordKey)
    let name = KeyName.receipt(federation: Self.federation, code: origin.direction.to)
    note.add(
      try Cosignature.cosign(
        checkpointText: note.text, name: name, key: receiptKey, time: UInt64(time.seconds)))
    try files.checkpoints.append(
      VerifyFiles.checkpoint(
        size: checkpoint.size, root: checkpoint.root, time: UInt64(time.seconds),
        note: note.encoded))
  }

  // MARK: Journal

  private mutating func journal(
    _ event: JournalEvent, _ fields: [JournalField], at time: Timestamp
  ) throws {
    let bytes = JournalEntry(
      seq: journalFrontier.size, prev: journalLeaf, time: time, event: event, fields: fields
    ).encoded()
    try files.journal.append(VerifyFiles.entry(bytes))
    journalLeaf = Merkle.leaf(bytes, suite: Self.suite)
    journalFrontier.append(leaf: journalLeaf)
  }

  private mutating func journalHead(at time: Timestamp) throws {
    try journal(
      .channelHead,
      [
        .text("origin", origin.description), .number("size", frontier.size),
        .digest("root", frontier.root),
      ], at: time)
  }

  // MARK: Directory

  private func writeDirectory(_ folder: String) throws {
    let authorityKey = try Self.suite.generateSigningKey()
    let label = KeyName.authority(federation: Self.federation, label: "bench")
    let authority = try Authority(
      threshold: 1,
      keys: [
        VerifierKey(
          name: label, key: authorityKey.verificationKey, type: Self.suite.noteSignatureType)
      ])
    let day: Int64 = 86_400_000
    var contents = DirectoryContents(
      federation: Self.federation, version: 1, notBefore: Self.start.advanced(byMilliseconds: -day),
      notAfter: Self.start.advanced(byMilliseconds: 365 * day), suite: Self.suite,
      authority: authority)
    contents.policy = .unrestricted
    let parties = [
      (origin.direction.from, AgencyRole.enforcement), (origin.direction.to, .discipline),
    ]
    for (code, role) in parties {
      func dated(_ key: SigningKey) -> [DatedKey] {
        [DatedKey(key: key.verificationKey, notBefore: contents.notBefore, notAfter: nil)]
      }
      let isSender = code == origin.direction.from
      contents.nodes[code] = NodeEntry(
        code: code, name: "示例机关", role: role, endpoint: nil,
        recordKeys: dated(isSender ? recordKey : try Self.suite.generateSigningKey()),
        receiptKeys: dated(isSender ? try Self.suite.generateSigningKey() : receiptKey),
        witnessKeys: dated(try Self.suite.generateSigningKey()),
        tlsAnchors: [Self.anchor])
    }
    try Files.write(
      try DirectoryDraft(contents).sign(with: [authorityKey]).encoded,
      to: folder + "/federation.note")
    try Files.write(
      AuthorityFile(federation: Self.federation, suite: Self.suite, authority: authority).encoded,
      to: folder + "/authority.json")
  }
}

/// SplitMix64: the same history's ids and salts in every run; nothing here is a secret.
private struct SplitMix {
  var state: UInt64

  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      word ^= word >> 31
      withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
