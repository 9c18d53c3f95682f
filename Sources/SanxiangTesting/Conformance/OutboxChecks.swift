import Exchange
import RecordModel

extension StoreConformance {
  static let outbox: [Check] = [
    Check("A submission comes back with every field") { fixture in
      let opening = fixture.submission()
      var answer = fixture.submission(
        to: fixture.other, thread: opening.id, replyTo: opening.id, priority: true)
      answer.urgency = .critical
      var empty = fixture.submission(payload: 0)
      empty.salt = []
      empty.urgency = .normal
      let dead = fixture.submission(dead: fixture.dead())
      for submission in [opening, answer, empty, dead] {
        try fixture.store.write { transaction in
          try transaction.insert(submission)
          try expectEqual(
            try transaction.submission(submission.id), submission, "in its transaction")
        }
        try expectEqual(
          try fixture.store.read { try $0.submission(submission.id) }, submission, "afterwards")
      }
      try expect(try fixture.store.read { try $0.submission(fixture.id()) } == nil, "no other")
    },
    Check("The same submission is not inserted twice") { fixture in
      let submission = fixture.submission()
      try fixture.store.write { try $0.insert(submission) }
      try expectFailure("inserting again") { try fixture.store.write { try $0.insert(submission) } }
      try expectEqual(
        try fixture.store.read { try $0.queued(to: fixture.peer, limit: 9) }, [submission], "queue")
    },
    Check("Everything in the outbox comes in the order of ids, dead letters too, page by page") {
      fixture in
      try expectEqual(
        try fixture.store.read { try $0.outboxItems(after: nil, limit: 9) }, [], "an empty one")
      let opening = fixture.submission()
      let all = [
        fixture.submission(to: fixture.other), fixture.submission(dead: fixture.dead()), opening,
        fixture.submission(thread: opening.id, replyTo: opening.id, priority: true),
      ]
      try fixture.store.write { transaction in
        for submission in all { try transaction.insert(submission) }
      }
      let items = all.map { OutboxItem($0) }.sorted { $0.id < $1.id }
      for limit in [1, 2, 3, 4, 9] {
        var found: [OutboxItem] = []
        while true {
          let after = found.last?.id
          let page = try fixture.store.read { try $0.outboxItems(after: after, limit: limit) }
          if page.isEmpty { break }
          try expect(page.count <= limit, "at most \(limit)")
          found += page
        }
        try expectEqual(found, items, "in pages of \(limit)")
      }
    },
    Check("The queue of an agency has priority first, then the order of submission") { fixture in
      let priorities = [false, true, false, true, false]
      let submissions = priorities.map { fixture.submission(priority: $0) }
      try fixture.store.write { transaction in
        for submission in submissions { try transaction.insert(submission) }
        try transaction.insert(fixture.submission(to: fixture.other))
      }
      let expected = [1, 3, 0, 2, 4].map { submissions[$0] }
      for limit in [1, 3, 5, 99] {
        let found = try fixture.store.read { try $0.queued(to: fixture.peer, limit: limit) }
        try expectEqual(found, Array(expected.prefix(limit)), "up to \(limit)")
      }
      try expectEqual(
        try fixture.store.read { try $0.queued(to: fixture.own, limit: 9) }, [], "nobody's")
    },
    Check("The queue of an agency ends before its payloads pass a size, but never before one") {
      fixture in
      let sizes = [100, 50, 0, 200, 1]
      let submissions = sizes.map { fixture.submission(payload: $0) }
      try fixture.store.write { transaction in
        for submission in submissions { try transaction.insert(submission) }
      }
      let cases = [(0, 1), (99, 1), (149, 1), (150, 3), (349, 3), (350, 4), (351, 5), (.max, 5)]
      for (bytes, count) in cases {
        let found = try fixture.store.read {
          try $0.queued(to: fixture.peer, limit: 9, maximumBytes: bytes)
        }
        try expectEqual(found, Array(submissions.prefix(count)), "up to \(bytes) bytes")
      }
      let both = try fixture.store.read {
        try $0.queued(to: fixture.peer, limit: 2, maximumBytes: 350)
      }
      try expectEqual(both, Array(submissions.prefix(2)), "up to two")
    },
    Check("The order of submission is that of inserting, not of ids or times") { fixture in
      var submissions = (0..<5).map { _ in fixture.submission() }
      submissions.reverse()
      submissions[2].submittedAt = Timestamp(milliseconds: 1)
      try fixture.store.write { transaction in
        for submission in submissions { try transaction.insert(submission) }
        try transaction.removeSubmission(submissions[4].id)
        try transaction.insert(submissions[4])
      }
      let found = try fixture.store.read { try $0.queued(to: fixture.peer, limit: 9) }
      try expectEqual(found, submissions, "the queue")
    },
    Check("What is removed is gone from queue, thread and counts") { fixture in
      let submissions = (0..<3).map { _ in fixture.submission() }
      try fixture.store.write { transaction in
        for submission in submissions { try transaction.insert(submission) }
        try transaction.removeSubmission(submissions[1].id)
      }
      try fixture.store.read { reader in
        try expectEqual(
          try reader.queued(to: fixture.peer, limit: 9), [submissions[0], submissions[2]], "queue")
        try expect(try reader.submission(submissions[1].id) == nil, "not found by its id")
        try expectEqual(try reader.queued(thread: submissions[1].id), [], "its thread")
        try expectEqual(try reader.outboxCounts()[fixture.peer]?.queued, 2, "count")
      }
    },
    Check("The queue of a thread is in the order of submission, without dead ones") { fixture in
      let opening = fixture.submission()
      let answers = [true, false, false].map {
        fixture.submission(to: fixture.other, thread: opening.id, priority: $0)
      }
      let stranger = fixture.submission(thread: fixture.id())
      try fixture.store.write { transaction in
        for item in [answers[0], stranger, opening, answers[1], answers[2]] {
          try transaction.insert(item)
        }
        try transaction.kill(answers[2].id, reason: fixture.dead())
      }
      let found = try fixture.store.read { try $0.queued(thread: opening.id) }
      try expectEqual(found.map(\.id), [answers[0].id, opening.id, answers[1].id], "the thread")
      try expectEqual(
        try fixture.store.read { try $0.queued(thread: stranger.id) }, [], "an answer's own id")
    },
    Check("A killed submission leaves the queue and lies among the dead, newest first") { fixture in
      let submissions = (0..<4).map { _ in fixture.submission() }
      try fixture.store.write { transaction in
        for submission in submissions { try transaction.insert(submission) }
      }
      var dead: [Submission] = []
      for index in [2, 0, 3] {
        var submission = submissions[index]
        let reason = fixture.dead("dead.\(index)")
        submission.dead = reason
        try fixture.store.write { try $0.kill(submission.id, reason: reason) }
        dead.insert(submission, at: 0)
      }
      try fixture.store.read { reader in
        try expectEqual(try reader.queued(to: fixture.peer, limit: 9), [submissions[1]], "queue")
        try expectEqual(try reader.deadLetters(limit: 9), dead, "dead letters")
        try expectEqual(try reader.deadLetters(limit: 2), Array(dead.prefix(2)), "the newest")
        try expectEqual(try reader.submission(dead[0].id), dead[0], "by its id")
      }
      try fixture.store.write { try $0.removeSubmission(dead[1].id) }
      try expectEqual(
        try fixture.store.read { try $0.deadLetters(limit: 9) }, [dead[0], dead[2]], "one less")
      try expectFailure("killing nothing") {
        try fixture.store.write { try $0.kill(fixture.id(), reason: fixture.dead()) }
      }
    },
    Check("The outbox counts what is queued, its bytes and age, and what is dead") { fixture in
      let first = fixture.submission(payload: 10, priority: true)
      var late = fixture.submission(payload: 200)
      late.submittedAt = Timestamp(milliseconds: 5)
      let dead = fixture.submission(payload: 4000, dead: fixture.dead())
      var oldDead = fixture.submission(to: fixture.other, payload: 7, dead: fixture.dead())
      oldDead.submittedAt = Timestamp(milliseconds: 1)
      try fixture.store.write { transaction in
        for item in [first, late, dead, oldDead] { try transaction.insert(item) }
      }
      let counts = try fixture.store.read { try $0.outboxCounts() }
      let expected = [
        fixture.peer: OutboxCount(
          queued: 2, priority: 1, bytes: 210, oldest: Timestamp(milliseconds: 5), dead: 1),
        fixture.other: OutboxCount(dead: 1),
      ]
      try expectEqual(counts, expected, "counts")
    },
    Check("An Idempotency-Key keeps its newest use until that is too old") { fixture in
      let times = [100, 200, 300].map { Timestamp(milliseconds: $0) }
      let keys = ["caf\u{E9}", "cafe\u{301}", "case"]
      let entries = zip(keys, times).map {
        IdempotencyEntry(key: $0, id: fixture.id(), request: fixture.digest(), time: $1)
      }
      try fixture.store.write { transaction in
        for entry in entries { try transaction.put(entry) }
        try expectEqual(try transaction.idempotency(keys[0])?.id, entries[0].id, "at once")
      }
      // Two spellings of one word are two keys.
      for entry in entries {
        let found = try fixture.store.read { try $0.idempotency(entry.key) }
        try expectEqual(found?.id, entry.id, "the key's id")
        try expectEqual(found?.request, entry.request, "the key's request")
        try expectEqual(found?.time, entry.time, "the key's time")
      }
      try expect(try fixture.store.read { try $0.idempotency("cas") } == nil, "no such key")
      var again = entries[0]
      again.time = Timestamp(milliseconds: 400)
      try fixture.store.write { transaction in
        try transaction.put(again)
        try transaction.removeIdempotency(before: Timestamp(milliseconds: 300))
      }
      let left = try fixture.store.read { reader in try keys.map { try reader.idempotency($0) } }
      try expectEqual(left.map { $0?.time.milliseconds }, [400, nil, 300], "times left")
    },
  ]
}
