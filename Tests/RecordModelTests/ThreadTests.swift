import RecordModel
import RecordSchema
import Testing

@Suite("Threads")
struct ThreadTests {
  @Test(
    "A lead is sent, signed for, and then accepted, refused or returned, once",
    arguments: [
      (KindName.leadAccept, ThreadState.accepted), (KindName.leadRefuse, .refused),
      (KindName.leadReturn, .returned),
    ])
  func wholeLife(kind: String, end: ThreadState) throws {
    var world = try ThreadWorld()
    #expect(ThreadRules.state(world.entries) == nil)
    let transfer = world.header(KindName.leadTransfer, by: .opener)
    #expect(world.rules(transfer).isEmpty)
    world.append(transfer)
    #expect(ThreadRules.state(world.entries) == .transferred)
    let sign = world.header(KindName.leadSign, by: .receiver, replyTo: transfer.id)
    #expect(world.rules(sign).isEmpty)
    world.append(sign)
    #expect(ThreadRules.state(world.entries) == .signed)
    let answer = world.header(kind, by: .receiver, replyTo: sign.id)
    #expect(world.rules(answer).isEmpty)
    world.append(answer)
    #expect(ThreadRules.state(world.entries) == end)
    #expect(ThreadRules.state(world.entries.reversed()) == end)
    // Neither may be done again, nor another instead.
    for next in [KindName.leadAccept, KindName.leadRefuse, KindName.leadReturn, KindName.leadSign] {
      let replyTo = next == KindName.leadSign ? transfer.id : sign.id
      let late = world.header(next, by: .receiver, replyTo: replyTo)
      let isRepeat = next == kind || next == KindName.leadSign
      #expect(world.rules(late) == [isRepeat ? "thread:duplicate" : "thread:successor"])
    }
  }

  @Test("An opening names its own id, answers nothing, and comes once")
  func openings() throws {
    var world = try ThreadWorld()
    let other = try RecordID(parsing: MalformedHeader.id)
    let astray = world.header(KindName.leadTransfer, by: .opener, id: other)
    #expect(world.rules(astray) == ["thread:opening"])
    let answering = world.header(KindName.leadTransfer, by: .opener, replyTo: other)
    #expect(world.rules(answering) == ["thread:opening"])
    world.append(world.header(KindName.leadTransfer, by: .opener))
    let again = world.header(KindName.leadTransfer, by: .opener)
    #expect(world.rules(again) == ["thread:duplicate"])
    let byOther = world.header(KindName.leadTransfer, by: .receiver)
    #expect(world.rules(byOther) == ["thread:duplicate"])
  }

  @Test("Who sends what, and what it answers, are checked each for itself")
  func partiesAndAnswers() throws {
    var world = try ThreadWorld()
    let other = try RecordID(parsing: MalformedHeader.id)
    let orphan = world.header(KindName.leadSign, by: .receiver, replyTo: other)
    #expect(world.rules(orphan) == ["thread:unknown"])
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    let bySender = world.header(KindName.leadSign, by: .opener, replyTo: transfer)
    #expect(world.rules(bySender) == ["thread:party"])
    let aimless = world.header(KindName.leadSign, by: .receiver)
    #expect(world.rules(aimless) == ["thread:answers"])
    let astray = world.header(KindName.leadSign, by: .receiver, replyTo: other)
    #expect(world.rules(astray) == ["thread:answers"])
    let early = world.header(KindName.leadAccept, by: .receiver, replyTo: transfer)
    #expect(world.rules(early) == ["thread:answers", "thread:successor"])
    let sign = world.append(world.header(KindName.leadSign, by: .receiver, replyTo: transfer))
    let pastSign = world.header(KindName.leadAccept, by: .receiver, replyTo: transfer)
    #expect(world.rules(pastSign) == ["thread:answers"])
    let wrong = world.header(KindName.leadAccept, by: .opener, replyTo: sign)
    #expect(world.rules(wrong) == ["thread:party"])
    let unknown = world.header("lead.dream", by: .receiver, replyTo: sign)
    #expect(world.rules(unknown) == ["thread:kind"])
  }

  @Test("A record is judged at its cut: what it had not seen does not exist")
  func cuts() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    let blind = world.header(KindName.leadSign, by: .receiver, replyTo: transfer, seen: 0)
    #expect(world.rules(blind) == ["thread:unknown"])
    let seeing = world.header(KindName.leadSign, by: .receiver, replyTo: transfer, seen: 1)
    world.append(seeing)
    // Judged again later, with itself and all that followed among the entries.
    world.append(world.header(KindName.leadAccept, by: .receiver, replyTo: seeing.id))
    for header in world.headers { #expect(world.rules(header).isEmpty) }
  }

  @Test("An earlier epoch comes before a later one, in the own log and in what was seen")
  func epochs() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    var sign = world.header(KindName.leadSign, by: .receiver, replyTo: transfer)
    sign.seen = Seen(epoch: 2, size: 0)
    #expect(world.rules(sign).isEmpty)
    var entries = world.entries
    entries[0].epoch = 3
    #expect(ThreadRules.judge(sign, epoch: 1, entries: entries).map(\.rule) == ["thread:unknown"])
    entries = world.entries + [ThreadEntry(sign, epoch: 1, refused: false)]
    // The log starts again at 0 in epoch 2, and its first record still comes after the sign.
    var accept = world.header(KindName.leadAccept, by: .receiver, replyTo: sign.id)
    accept.seen = sign.seen
    #expect(ThreadRules.judge(accept, epoch: 2, entries: entries).isEmpty)
    #expect(
      ThreadRules.judge(accept, epoch: 1, entries: entries).map(\.rule).contains(
        "thread:successor"))
  }

  @Test("A refused record does not exist")
  func refusals() throws {
    var world = try ThreadWorld()
    let transfer = world.header(KindName.leadTransfer, by: .opener)
    world.append(transfer, refused: true)
    #expect(ThreadRules.state(world.entries) == nil)
    let sign = world.header(KindName.leadSign, by: .receiver, replyTo: transfer.id)
    #expect(world.rules(sign) == ["thread:unknown"])
    world = try ThreadWorld()
    let good = world.append(world.header(KindName.leadTransfer, by: .opener))
    let bad = world.header(KindName.leadSign, by: .receiver, replyTo: good)
    world.append(bad, refused: true)
    #expect(ThreadRules.state(world.entries) == .transferred)
    #expect(world.rules(world.header(KindName.leadSign, by: .receiver, replyTo: good)).isEmpty)
  }

  @Test("System records stand outside threads, and are never refused")
  func systemRecords() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    let refusal = world.header(KindName.systemRefusal, by: .opener, replyTo: transfer)
    #expect(world.rules(refusal).isEmpty)
    world.append(refusal)
    world.append(world.header(KindName.systemEpoch, by: .receiver))
    #expect(ThreadRules.state(world.entries) == .transferred)
    let reply = world.header(KindName.leadSign, by: .receiver, replyTo: refusal.id)
    #expect(world.rules(reply) == ["thread:answers"])
  }

  @Test("Records of a third agency that name the thread are no part of it")
  func thirdParty() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    let direction = Direction(from: try Samples.discipline(), to: try Samples.enforcement())
    let intruder = ThreadEntry(
      id: try RecordID(parsing: MalformedHeader.id), direction: direction, epoch: 1, seq: 0,
      kind: KindName.leadSign, replyTo: transfer, time: Samples.time, refused: false,
      seen: Seen(epoch: 9, size: 9))
    let sign = world.header(KindName.leadSign, by: .receiver, replyTo: transfer)
    #expect(ThreadRules.judge(sign, epoch: 1, entries: world.entries + [intruder]).isEmpty)
    #expect(ThreadRules.state(world.entries + [intruder]) == .transferred)
  }

  @Test("A violation says, in both languages, what is allowed next")
  func messages() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    let sign = world.append(world.header(KindName.leadSign, by: .receiver, replyTo: transfer))
    let again = world.header(KindName.leadSign, by: .receiver, replyTo: transfer)
    let found = ThreadRules.judge(again, epoch: 1, entries: world.entries)
    #expect(found.map(\.pointer) == ["/kind"])
    #expect(
      found.first?.message
        == "This act has been done already. The thread is signed; next, the opener may send "
        + "consult.open, notice.remind, record.correct, record.withdraw; the receiver may send "
        + "consult.open, lead.accept, lead.forwarded, lead.refuse, lead.return, notice.remind, "
        + "record.correct, supplement.request.")
    #expect(
      found.first?.messageZH
        == "该行为已经作出。该移送链已签收，接下来发起方可发送提起会商、催办督办、更正、撤回；"
        + "接收方可发送提起会商、受理、转送告知、不予受理、退回、催办督办、更正、补正通知。")
    world.append(world.header(KindName.recordWithdraw, by: .opener, replyTo: transfer))
    let late = world.header(KindName.leadAccept, by: .receiver, replyTo: sign)
    let last = ThreadRules.judge(late, epoch: 1, entries: world.entries).first
    #expect(
      last?.message == "Not allowed at this point. The thread is withdrawn; nothing may follow.")
    #expect(last?.messageZH == "当前不允许此类文书。该移送链已撤回，不得再有后续文书。")
  }

}
