import RecordModel

/// One direction between two agencies: its epochs one after another, with the next entry in view.
struct DirectionWalk {
  private var walks: [ChannelWalk]
  private var current = 0
  private(set) var head: WalkedEntry?
  var refusals = RefusalBook()

  init(_ channels: [AuditChannel], _ context: AuditContext) throws {
    walks = channels.sorted { $0.origin.epoch < $1.origin.epoch }.map { ChannelWalk($0, context) }
    try refill()
  }

  /// How much has been walked, as the other direction's `seen` counts it. The entry in view is not.
  var position: Seen {
    guard walks.indices.contains(current) else {
      guard let last = walks.last else { return Seen(epoch: 1, size: 0) }
      return Seen(epoch: last.channel.origin.epoch, size: last.position)
    }
    let walk = walks[current]
    return Seen(
      epoch: walk.channel.origin.epoch, size: head.map(\.seq) ?? walk.position)
  }

  /// Whether the audited node is the sender.
  var isOutbound: Bool { walks.first?.channel.isOutbound ?? false }

  /// Takes the entry in view.
  mutating func advance() throws -> WalkedEntry? {
    let taken = head
    try refill()
    return taken
  }

  private mutating func refill() throws {
    head = nil
    while head == nil, walks.indices.contains(current) {
      head = try walks[current].next()
      if head == nil { current += 1 }
    }
  }

  /// Adds a finding to the epoch that it belongs to.
  mutating func add(
    _ kind: FindingKind, epoch: UInt32, at index: UInt64, _ detail: String = "",
    zh detailZH: String? = nil
  ) {
    guard let place = walks.firstIndex(where: { $0.channel.origin.epoch == epoch }) else { return }
    walks[place].findings.add(kind, at: index, detail, zh: detailZH)
  }

  /// The channel of an epoch; nil when there is none.
  func origin(of epoch: UInt32) -> Origin? {
    walks.first { $0.channel.origin.epoch == epoch }?.channel.origin
  }

  /// Whether this is one of its channels.
  func holds(_ origin: Origin) -> Bool { walks.contains { $0.channel.origin == origin } }

  /// The channels that have an entry at `seq`.
  func channels(holding seq: UInt64) -> [AuditChannel] {
    walks.filter { $0.position > seq }.map(\.channel)
  }

  /// Notes a payload that was erased as it may be.
  mutating func note(_ erased: ErasedPayload, epoch: UInt32) {
    guard let place = walks.firstIndex(where: { $0.channel.origin.epoch == epoch }) else { return }
    walks[place].note(erased)
  }

  /// The channel of an epoch that holds the place `seq` already walked; nil when there is none.
  func channel(holding seq: UInt64) -> AuditChannel? {
    walks.last { $0.position > seq }?.channel
  }

  /// Checks the ends of all epochs and sums up.
  mutating func finish() throws -> [ChannelReport] {
    var reports: [ChannelReport] = []
    for index in walks.indices { reports.append(try walks[index].finish()) }
    return reports
  }
}
