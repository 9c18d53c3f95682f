/// What an audit can find. The names are stable: scripts compare them, `docs/audit.md` explains them.
public struct FindingKind: Hashable, Sendable, CustomStringConvertible {
  /// The dotted name.
  public let rawValue: String
  /// What it means, in English.
  public let title: String
  /// What it means, in Chinese.
  public let titleZH: String

  private init(_ rawValue: String, _ title: String, _ titleZH: String) {
    self.rawValue = rawValue
    self.title = title
    self.titleZH = titleZH
  }

  /// The dotted name.
  public var description: String { rawValue }

  // MARK: Log entries. `index` is the entry's seq.

  /// An entry is missing: the ones after it are held.
  public static let entryMissing = Self(
    "entry.missing", "an entry is missing from the middle of the log", "日志中间缺少记录")
  /// The header's bytes are not those whose hash was stored.
  public static let entryLeaf = Self(
    "entry.leaf", "the header is not the one whose hash was stored", "文书头与存储的哈希不符")
  /// The header does not parse.
  public static let headerMalformed = Self(
    "header.malformed", "the header does not parse", "文书头无法解析")
  /// The header names other agencies than its channel.
  public static let headerDirection = Self(
    "header.direction", "the header names other agencies", "文书头的收发机关与通道不符")
  /// The header names another place than it has.
  public static let headerSequence = Self(
    "header.seq", "the header names another place in the log", "文书头的序号与位置不符")
  /// The header does not follow the entry before it.
  public static let headerPrevious = Self(
    "header.prev", "the header does not follow the entry before it", "文书头未衔接前一记录")
  /// Time went back between records that were not refused.
  public static let headerTime = Self(
    "header.time", "time goes back, and the record was not refused", "时间倒退而未被拒收")
  /// `seen` went back and the record was not refused.
  public static let headerSeen = Self(
    "header.seen", "seen goes back, and the record was not refused", "所见范围倒退而未被拒收")
  /// `seen` is more than is held of the reverse channel.
  public static let headerSeenBeyond = Self(
    "header.seenBeyond", "the sender had seen more of the reverse channel than is held",
    "发送方所见超出反向通道现存范围")
  /// No directory of that version is held.
  public static let headerDirectory = Self(
    "header.directory", "no directory of that version is held", "未存有文书头所引用版本的名录")
  /// The schema is not one of the kind, and the record was not refused.
  public static let headerSchema = Self(
    "header.schema", "the schema is not one of the kind", "模式与类别不符")
  /// An epoch after the first does not begin with its own record, or another one is there.
  public static let headerEpoch = Self(
    "header.epoch", "an epoch after the first, and only that, begins with system.epoch",
    "首个之后的纪元须且仅须以 system.epoch 开始")
  /// A record that was not refused repeats an id.
  public static let headerID = Self(
    "header.id", "the id is that of another record, and neither was refused", "记录标识重复而未被拒收")
  /// The policy forbids the record, and it was not refused.
  public static let policyDenied = Self(
    "policy.denied", "the policy forbids it, and it was not refused", "策略不允许而未被拒收")
  /// The payload is not the one committed to.
  public static let payloadCommitment = Self(
    "payload.commitment", "the payload is not the one committed to", "内容与承诺值不符")
  /// There is no payload, and no record of an erasure explains that.
  public static let payloadMissing = Self(
    "payload.missing", "the payload is gone, and no erasure was sealed that covers it",
    "内容缺失，且无相应的数据清除文书")
  /// The node sealed that it erased the payload, and still holds it.
  public static let payloadUnerased = Self(
    "payload.unerased", "the node sealed that it had erased the payload, and it is held still",
    "已签发数据清除文书，而内容仍存")
  /// A record of an erasure does not carry the approvals of two operators.
  public static let erasureApprovals = Self(
    "erasure.approvals",
    "the record of an erasure lacks two operators' signatures over what it erases",
    "数据清除文书缺少两名运维人员对所清除文书的有效签名")
  /// The payload breaks its schema, and the record was not refused.
  public static let payloadInvalid = Self(
    "payload.invalid", "the payload breaks its schema, and it was not refused",
    "内容不符合模式而未被拒收")
  /// The thread's rules forbid the record at its cut, and it was not refused.
  public static let threadRule = Self(
    "thread.rule", "the thread's rules forbid it, and it was not refused",
    "移送链规则不允许而未被拒收")

  // MARK: Refusals. `index` is the refused entry's seq, or the refusal's.

  /// A record is marked as refused, and no refusal was sent.
  public static let refusalMissing = Self(
    "refusal.missing", "the record is marked as refused, but no refusal names it",
    "记录标记为拒收，但没有相应的拒收文书")
  /// A refusal was sent, and its target is not marked.
  public static let refusalUnheeded = Self(
    "refusal.unheeded", "a refusal names the record, but it is not marked as refused",
    "有拒收文书，但记录未标记为拒收")
  /// A refusal names no record of the reverse channel.
  public static let refusalUnknownTarget = Self(
    "refusal.unknownTarget", "the refusal names no record of the reverse channel",
    "拒收文书所指记录不存在")
  /// A refusal is itself marked as refused.
  public static let refusalRefused = Self(
    "refusal.refused", "a refusal is marked as refused", "拒收文书被标记为拒收")

  // MARK: Heads. `index` is the checkpoint's size.

  /// The checkpoint does not parse, or names another log or size.
  public static let checkpointMalformed = Self(
    "checkpoint.malformed", "the checkpoint is not one of this log and size", "检查点无效或不属于本日志")
  /// The sender's signature is missing, wrong, or by a key not valid then.
  public static let checkpointSignature = Self(
    "checkpoint.signature", "the sender did not sign the checkpoint with a key valid then",
    "检查点缺少发送方当时有效密钥的签名")
  /// The entries before it have another root.
  public static let checkpointRoot = Self(
    "checkpoint.root", "the entries held have another root than was signed",
    "现存记录的根与签名的根不符")
  /// A signed checkpoint covers more entries than are held.
  public static let checkpointBeyond = Self(
    "checkpoint.beyond", "a checkpoint covers more entries than are held: the log was cut short",
    "检查点覆盖的记录多于现存记录：日志被截短")
  /// Entries at the end are under no checkpoint.
  public static let checkpointMissing = Self(
    "checkpoint.missing", "the last entries are under no signed checkpoint",
    "末尾记录没有签名的检查点")
  /// The receipt is missing where one is claimed or due.
  public static let receiptMissing = Self(
    "receipt.missing", "there is no receipt where there must be one", "缺少应有的送达回执")
  /// The receiver's cosignature is wrong or by a key not valid then.
  public static let receiptSignature = Self(
    "receipt.signature", "the receipt is not signed with a key of the receiver valid then",
    "回执没有接收方当时有效密钥的签名")
  /// The receipt's time is not the stored one, or goes back.
  public static let receiptTime = Self(
    "receipt.time", "the receipt's time goes back or is not the stored one",
    "回执时间倒退或与存储值不符")

  // MARK: What the node keeps beside the log. `index` is a size, or a tile's first leaf.

  /// The node's own head is not that of its entries.
  public static let stateHead = Self(
    "state.head", "the node's own head is not that of its entries", "节点记录的日志头与现存记录不符")
  /// A tile is missing or not made of the entries.
  public static let tileMismatch = Self(
    "tile.mismatch", "a tile is missing or not made of the entries", "哈希块缺失或与记录不符")

  // MARK: The journal. `index` is the journal entry's number, or the head's size.

  /// A journal entry is missing.
  public static let journalMissing = Self(
    "journal.missing", "a journal entry is missing", "日志簿缺少条目")
  /// A journal entry does not parse.
  public static let journalMalformed = Self(
    "journal.malformed", "a journal entry does not parse", "日志簿条目无法解析")
  /// A journal entry does not follow the one before it.
  public static let journalChain = Self(
    "journal.chain", "a journal entry does not follow the one before it", "日志簿条目未衔接前一条目")
  /// Time went back in the journal.
  public static let journalTime = Self(
    "journal.time", "time goes back in the journal", "日志簿时间倒退")
  /// The journal's signed head is wrong.
  public static let journalCheckpoint = Self(
    "journal.checkpoint", "the journal's signed head is not that of its entries, or not its node's",
    "日志簿的签名头与条目不符或非本节点所签")
  /// Entries of the journal are under no signed head, although the node was in touch with a peer for
  /// minutes since. `index` is the first such entry.
  public static let journalUnsigned = Self(
    "journal.unsigned", "the journal's last entries are under no signed head, and long should be",
    "日志簿末尾条目早应签名而没有签名头")
  /// A witness's cosignature of the journal's head is wrong or by a key not valid then.
  public static let journalWitness = Self(
    "journal.witness", "a witness's cosignature of the journal's head is not good",
    "见证方对日志簿签名头的共签无效")
  /// The journal saw another head of a channel than its entries give.
  public static let journalHead = Self(
    "journal.head", "the journal saw another head of this channel", "日志簿记载的通道头与现存记录不符")
  /// A record was sealed with another commitment than was journalled, or without being journalled.
  public static let journalSubmission = Self(
    "journal.submission", "the record is not the one whose submission was journalled",
    "记录与日志簿记载的提交不符")
  /// A journalled submission is neither sealed, queued, cancelled nor dead.
  public static let journalDropped = Self(
    "journal.dropped", "a journalled submission is gone", "日志簿记载的提交已消失")

  // MARK: Heads held of other nodes' journals. `index` is the head's size.

  /// The head does not parse, is of another log, or its node did not sign it.
  public static let witnessHead = Self(
    "witness.head", "the head held of another node's journal is not one that it signed",
    "所存其他节点的日志簿头并非该节点所签")
  /// A cosignature of it is wrong or by a key not valid then.
  public static let witnessCosignature = Self(
    "witness.cosignature", "a cosignature of the head of another node's journal is not good",
    "对其他节点日志簿头的共签无效")
  /// The other node signed two heads of one size: it showed different histories.
  public static let witnessFork = Self(
    "witness.fork", "another node signed two different heads of one size: its journal has forked",
    "其他节点对同一长度签署了两个不同的头：其日志簿已分叉")

  // MARK: Exports. `index` is the first entry that the file is about.

  /// A file of an export is missing, malformed, or not what its name says.
  public static let exportFile = Self(
    "export.file", "a file of the export is missing, malformed or not what its name says",
    "导出文件缺失、格式有误或与名称不符")

  // MARK: Directories. `index` counts notes from 0.

  /// There is no directory.
  public static let directoryMissing = Self(
    "directory.missing", "a federation directory that was in force is not held", "未存有曾经生效的联邦名录")
  /// A directory does not follow from the ones before it, or from the pinned keys.
  public static let directoryChain = Self(
    "directory.chain", "a directory is not signed by those who may", "名录没有有权机构的签名")

  /// A trust anchor in it is no certificate, or of another time.
  public static let directoryCertificate = Self(
    "directory.certificate", "a trust anchor in the directory is no certificate of its time",
    "名录中的信任锚不是当时有效的证书")
  /// A file that it names is missing or another.
  public static let directoryFile = Self(
    "directory.file", "a file of clocks or calendars that the directory names is not held",
    "名录所指的时限或工作日历文件缺失或不符")

  /// Every kind, in the order of the documentation.
  public static let all: [FindingKind] = [
    entryMissing, entryLeaf, headerMalformed, headerDirection, headerSequence, headerPrevious,
    headerTime, headerSeen, headerSeenBeyond, headerDirectory, headerSchema, headerEpoch, headerID,
    policyDenied, payloadCommitment, payloadMissing, payloadUnerased, erasureApprovals,
    payloadInvalid,
    threadRule,
    refusalMissing, refusalUnheeded,
    refusalUnknownTarget, refusalRefused, checkpointMalformed, checkpointSignature,
    checkpointRoot, checkpointBeyond, checkpointMissing, receiptMissing, receiptSignature,
    receiptTime, stateHead, tileMismatch, journalMissing, journalMalformed, journalChain,
    journalTime, journalCheckpoint, journalUnsigned, journalWitness, journalHead, journalSubmission,
    journalDropped,
    witnessHead, witnessCosignature, witnessFork, exportFile, directoryMissing, directoryChain,
    directoryCertificate, directoryFile,
  ]
}
