import Auditor
import Cryptography
import Exchange
import Foundation
import NodeClient
import RecordModel
import SanxiangTesting
import Synchronization
import TransparencyLog

@testable import AuditService
@testable import sanxiang

/// Two nodes, what they serve (as exports in folders), and a witness that follows them.
final class WatchWorld {
  static let name = "audit.example/w1"

  let world: TestWorld
  let folder: String
  let key: SigningKey
  private(set) var witness: Witness
  let clock: Clock
  let raised: Raised
  /// Where each node's export lies; a test may point it elsewhere.
  var served: [Int: String] = [:]
  /// What the witness takes from its next beginning on.
  var limits = WatchLimits()
  private var resumes = false

  /// Time as the witness sees it, and stops in the middle of its writing.
  final class Clock: Sendable {
    let time: Mutex<Timestamp>
    /// Throws at this step, counted from now; nil for never.
    let fails = Mutex<(step: WatchFolder.Step, left: Int)?>(nil)
    init(_ now: Timestamp) { time = Mutex(now) }
    var now: Timestamp { time.withLock { $0 } }

    struct Stopped: Error {}
    func step(_ step: WatchFolder.Step) throws {
      try fails.withLock { fails in
        guard let wanted = fails, wanted.step == step else { return }
        if wanted.left == 0 {
          fails = nil
          throw Stopped()
        }
        fails = (step, wanted.left - 1)
      }
    }
  }

  final class Raised: Sendable {
    let alarms = Mutex<[WatchAlarm]>([])
  }

  init(in folder: String, leads: Int = 3) throws {
    self.folder = folder
    world = try TestWorld()
    key = try Suite.sha256Ed25519.generateSigningKey()
    let witnessKey = key.verificationKey
    _ = try world.federation.publish { contents in
      contents.witnesses = [
        WitnessEntry(
          name: Self.name, endpoint: "http://127.0.0.1:1",
          keys: [DatedKey(key: witnessKey, notBefore: contents.notBefore, notAfter: nil)])
      ]
    }
    try world.settle()
    try world.publish()
    clock = Clock(world.nodes[0].clock.now)
    raised = Raised()
    witness = try Self.open(
      folder + "/state", key, world, clock, raised, resumes: false)
    for number in world.nodes.indices { served[number] = "\(folder)/node\(number)" }
    try exchange(leads)
  }

  private static func open(
    _ state: String, _ key: SigningKey, _ world: TestWorld, _ clock: Clock, _ raised: Raised,
    resumes: Bool, limits: WatchLimits = WatchLimits()
  ) throws -> Witness {
    try Witness(
      .init(
        name: name, key: key, pinned: world.federation.pinned,
        followed: Set(world.nodes.map(\.code)), resumes: resumes, limits: limits),
      folder: WatchFolder(path: state) { step, _ in try clock.step(step) },
      now: { clock.now },
      onAlarm: { alarm in raised.alarms.withLock { $0.append(alarm) } })
  }

  /// Begins anew on the same folder, or on one that was put in its place.
  func reopen(resumes: Bool = false) throws {
    // The folder is let go of first.
    witness = try Self.open(
      "\(folder)/other-\(UUID().uuidString)", key, world, clock, raised, resumes: false)
    witness = try Self.open(
      folder + "/state", key, world, clock, raised, resumes: resumes, limits: limits)
  }

  /// Leads from the first node to the second, signed for and in both journals.
  func exchange(_ leads: Int) throws {
    for number in 0..<leads {
      let id = try world.submit(number)
      try world.settle()
      try world.act(KindName.leadSign, on: id)
      world.advance(milliseconds: 1100)
      for node in world.nodes.indices { try world.tick(node) }
    }
    try world.settle()
    for node in world.nodes.indices { try world.tick(node) }
    clock.time.withLock { $0 = world.nodes[0].clock.now }
  }

  /// Writes what the nodes serve now.
  func export(_ numbers: [Int] = [0, 1]) throws {
    for number in numbers {
      _ = try world.nodes[number].store.base.read { reader in
        try ExportRun(
          folder: ExportFolder(path: "\(folder)/node\(number)"), choice: .init(), authority: [],
          software: "test", time: clock.now
        ).run(reader)
      }
    }
  }

  /// One round through the nodes; what they serve is written anew unless told otherwise.
  @discardableResult
  func round(exporting: Bool = true) throws -> [Bool] {
    if exporting { try export() }
    let paths = served
    let codes = world.nodes.map(\.code)
    return codes.indices.map { number in
      NodeFollower(
        code: codes[number], witness: witness, staleAfter: 300,
        open: { try ExportFiles(path: paths[number] ?? "") },
        others: { code in
          try codes.firstIndex(of: code).flatMap { paths[$0] }.map { try ExportFiles(path: $0) }
        }
      ).round()
    }
  }

  /// The kinds of alarm that stand.
  var kinds: [WatchAlarm.Kind] { witness.alarms.map(\.kind) }

  // MARK: Journals

  /// A node's journal as it is signed now.
  func journal(_ number: Int = 0) throws -> (origin: String, size: UInt64, note: SignedNote) {
    let head = try world.nodes[number].store.base.read { reader in
      try reader.journalCheckpoint(epoch: 1)
    }
    let (note, checkpoint) = try Checkpoint.signed(parsing: head?.note ?? [])
    return (checkpoint.origin, checkpoint.size, note)
  }

  /// The body with which a node offers its journal's head.
  func request(_ number: Int = 0, old: UInt64) throws -> AddCheckpoint {
    let journal = try journal(number)
    let proof = try world.nodes[number].store.base.read { reader in
      let state = try reader.journalState()
      let log = ServedLog(
        state ?? JournalState(epoch: 1, suite: key.suite), epoch: 1, size: journal.size,
        federation: ThrowawayFederation.name, code: world.nodes[number].code)
      guard old > 0, old < journal.size else { return [Digest]() }
      return try Merkle.consistencyProof(
        oldSize: old, newSize: journal.size, source: log.subtrees(size: journal.size, reader))
    }
    return try AddCheckpoint(oldSize: old, proof: proof, note: journal.note)
  }

  /// A head of a node's that says what a test wants, truly signed.
  func forged(_ origin: String, size: UInt64, root: Digest, by number: Int = 0) throws -> SignedNote
  {
    try Checkpoint(origin: origin, size: size, root: root)
      .signed(by: world.nodes[number].member.identity.recordKey)
  }

  /// Where a log lies in what a node serves.
  func logFolder(_ origin: String, of number: Int = 0) -> String {
    "\(folder)/node\(number)/logs/\(origin)"
  }

  /// Puts another history of a small log in the place of what a node serves: one entry is changed, and
  /// everything after it follows truly, head included.
  func rewrite(_ origin: String, changing place: Int, of number: Int = 0) throws {
    let path = logFolder(origin, of: number)
    let head = try Checkpoint.signed(parsing: read("\(path)/checkpoint")).checkpoint
    let count = Int(head.size)
    let name = "\(path)/tile/entries/000.p/\(count)"
    var entries = try EntryBundle.decode(read(name), count: count).map(Array.init)
    entries[place][0] ^= 1
    var edge = TileEdge(suite: key.suite)
    for entry in entries { _ = edge.append(leaf: Merkle.leaf(entry, suite: key.suite)) }
    try write(EntryBundle.encode(entries), to: name)
    try write(edge.partials[0].bytes, to: "\(path)/tile/0/000.p/\(count)")
    try write(
      forged(origin, size: head.size, root: edge.root, by: number).encoded,
      to: "\(path)/checkpoint")
  }

  /// Changes the manifest that a node serves.
  func editManifest(of number: Int = 0, _ change: (inout ExportManifest) throws -> Void) throws {
    let path = "\(folder)/node\(number)/export.json"
    var manifest = try ExportManifest(parsing: read(path))
    try change(&manifest)
    try write(manifest.encoded, to: path)
  }

  func read(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else { throw Missing(path: path) }
    return Array(data)
  }

  func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  struct Missing: Error { var path: String }
}
