import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

extension TestWorld {
  /// The name under which a node cosigns journals.
  func witnessName(_ number: Int) -> String {
    KeyName.witness(federation: ThrowawayFederation.name, code: nodes[number].code)
  }

  func journalOrigin(_ number: Int, epoch: UInt32 = 1) -> String {
    "\(JournalOrigin(federation: ThrowawayFederation.name, code: nodes[number].code, epoch: epoch))"
  }

  /// Adds entries to a node's journal.
  func grow(_ number: Int, by entries: Int = 1) throws {
    let node = nodes[number].node
    for _ in 0..<entries { try call { try await node.noteDenied(1) } }
  }

  /// Lets ten seconds pass, signs the journals' heads and lets them be cosigned.
  func witness(_ numbers: [Int]? = nil) throws {
    advance(milliseconds: 10_000)
    for number in numbers ?? Array(nodes.indices) { try tick(number) }
    try settle()
  }

  /// What `by` holds of the journal of `of`.
  func held(by: Int, of: Int, epoch: UInt32 = 1) throws -> WitnessedHead? {
    let (origin, name) = (journalOrigin(of, epoch: epoch), witnessName(by))
    return try nodes[by].store.base.read {
      try $0.witnessedHead(origin: origin, witness: name)
    }
  }

  /// What `of` has stored of what `by` cosigned.
  func cosigned(of: Int, by: Int, epoch: UInt32 = 1) throws -> WitnessedHead? {
    let (origin, name) = (journalOrigin(of, epoch: epoch), witnessName(by))
    return try nodes[of].store.base.read {
      try $0.witnessedHead(origin: origin, witness: name)
    }
  }

  /// The newest head that a node has signed of its journal.
  func signed(_ number: Int, epoch: UInt32 = 1) throws -> StoredCheckpoint? {
    try nodes[number].store.base.read { try $0.journalCheckpoint(epoch: epoch) }
  }

  func conflicts(at number: Int) throws -> [HeadConflict] {
    try nodes[number].store.base.read { try $0.headConflicts(skipping: 0, limit: 999) }
  }

  func heads(at: Int, from: Int) -> [Head] {
    received(by: at, from: from).compactMap {
      if case .head(let head) = $0 { head } else { nil }
    }
  }

  func headAnswers(at: Int, from: Int) -> [HeadCosigned] {
    received(by: at, from: from).compactMap {
      if case .headCosigned(let answer) = $0 { answer } else { nil }
    }
  }

  /// The alarms in a node's journal with this code.
  func alarms(_ code: String, at number: Int) throws -> Int {
    try nodes[number].journal().count { $0.contains("\"code\":\"\(code)\"") }
  }

  /// What must hold at every moment where no backup comes back: what is witnessed is what the journal
  /// was at that size, and nothing conflicts.
  func brokenWitnessing() throws -> [String] {
    var broken: [String] = []
    for of in nodes {
      for by in nodes {
        guard let head = try held(by: by.number, of: of.number) else { continue }
        let leaves = try of.store.base.read {
          try $0.journalLeaves(epoch: 1, 0..<head.size)
        }
        var frontier = Frontier(suite: .sha256Ed25519)
        for leaf in leaves { frontier.append(leaf: leaf) }
        if frontier.root != head.root {
          broken.append("\(by.number) holds another \(head.size) of \(of.number)")
        }
        if let own = try cosigned(of: of.number, by: by.number), own.size > head.size {
          broken.append("\(of.number) has more of \(by.number) than it gave")
        }
      }
      if try !conflicts(at: of.number).isEmpty { broken.append("\(of.number) has conflicts") }
    }
    return broken
  }

  /// Checks that a witnessed head is signed by its journal's node and by its witness, at its time.
  func expectVerified(
    _ head: WitnessedHead, of: Int, by: Int, location: SourceLocation = #_sourceLocation
  ) throws {
    let (note, checkpoint) = try Checkpoint.signed(parsing: head.note)
    #expect(checkpoint.origin == head.origin, sourceLocation: location)
    #expect(checkpoint.size == head.size, sourceLocation: location)
    #expect(checkpoint.root == head.root, sourceLocation: location)
    let origin = try JournalOrigin(parsing: head.origin)
    let time = Timestamp(milliseconds: Int64(head.time) * 1000)
    let directory = federation.directory
    let keys =
      directory.journalVerifiers(origin: origin)
      + directory.witnessVerifiers(of: nodes[by].code, at: time)
    #expect(try note.verified(by: keys).count == 2, sourceLocation: location)
    #expect(origin.code == nodes[of].code, sourceLocation: location)
  }
}

extension HandPeer {
  var answers: [HeadCosigned] {
    heard.compactMap { if case .headCosigned(let answer) = $0 { answer } else { nil } }
  }

  var shown: [Head] {
    heard.compactMap { if case .head(let head) = $0 { head } else { nil } }
  }

  /// Shows a head and returns what is answered to it.
  func show(_ head: Head) -> HeadCosigned? {
    let before = answers.count
    say(.head(head))
    return answers.count > before ? answers.last : nil
  }
}

/// A journal of its own making under a node's real key: leaves that the test chooses.
struct MadeJournal {
  let identity: NodeIdentity
  var epoch: UInt32 = 1
  var leaves: [Digest] = []

  init(_ identity: NodeIdentity, epoch: UInt32 = 1, history: String = "a", count: Int = 0) {
    self.identity = identity
    self.epoch = epoch
    grow(history, count)
  }

  mutating func grow(_ history: String, _ count: Int) {
    for _ in 0..<count {
      leaves.append(Suite.sha256Ed25519.digest(Array("\(history) \(leaves.count)".utf8)))
    }
  }

  var origin: JournalOrigin {
    JournalOrigin(federation: identity.federation, code: identity.code, epoch: epoch)
  }

  private var source: MemorySource {
    var source = MemorySource(suite: .sha256Ed25519)
    for leaf in leaves { source.append(leaf: leaf) }
    return source
  }

  func root(_ size: Int) throws -> Digest { try Merkle.root(size: UInt64(size), source: source) }

  func note(_ size: Int, key: SigningKey? = nil) throws -> SignedNote {
    try Checkpoint(origin: origin.description, size: UInt64(size), root: try root(size))
      .signed(by: key ?? identity.recordKey)
  }

  /// The head of `size` with the proof from `old`.
  func head(_ size: Int, from old: Int = 0) throws -> Head {
    let proof =
      old == 0
      ? []
      : try Merkle.consistencyProof(
        oldSize: UInt64(old), newSize: UInt64(size), source: source)
    return Head(oldSize: UInt64(old), proof: proof, note: try note(size).encoded)
  }
}
