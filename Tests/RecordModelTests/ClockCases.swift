@testable import RecordModel

/// One act of a case.
struct CaseAct: Sendable {
  let kind: String
  let side: ClockWorld.Side
  let at: String
  let payload: String
  let answering: Int?

  static func opener(
    _ kind: String, _ at: String, _ payload: String = "{}", on answering: Int? = nil
  ) -> CaseAct {
    CaseAct(kind: kind, side: .opener, at: at, payload: payload, answering: answering)
  }

  static func receiver(
    _ kind: String, _ at: String, _ payload: String = "{}", on answering: Int? = nil
  ) -> CaseAct {
    CaseAct(kind: kind, side: .receiver, at: at, payload: payload, answering: answering)
  }
}

/// A thread, and what one rule must make of it, counted by hand.
struct ThreadCase: CustomStringConvertible, Sendable {
  let rule: String
  let roles: (opener: AgencyRole, receiver: AgencyRole)
  let acts: [CaseAct]
  /// Number of the act that starts the clock.
  let start: Int
  /// The last day, the moment, or nil.
  let due: String?
  let outcome: ClockOutcome
  var stop: Int?
  var stoppedAt: String?
  let working: String

  var description: String { "\(rule), \(outcome.rawValue): \(working)" }

  private static func lead(
    _ transferred: String, signedAt: String, _ transfer: String = "{}"
  ) -> [CaseAct] {
    [
      .opener("lead.transfer", transferred, transfer),
      .receiver(
        "lead.sign", signedAt,
        "{\"signedAt\":\"\(signedAt.replacing(" ", with: "T")):00.000+08:00\"}", on: 0),
    ]
  }

  private static func accepted(_ transferred: String, signedAt: String) -> [CaseAct] {
    lead(transferred, signedAt: signedAt) + [.receiver("lead.accept", signedAt, on: 1)]
  }

  static let all = police + supervised + others + asked

  // MARK: Administrative enforcement to the police

  private static let toPolice = (opener: AgencyRole.enforcement, receiver: AgencyRole.police)

  private static let police = [
    ThreadCase(
      rule: "forward-police", roles: toPolice,
      acts: lead("2026-03-02 09:00", signedAt: "2026-03-02 10:15")
        + [.receiver("lead.forwarded", "2026-03-03 10:59:59.999", on: 1)],
      start: 1, due: "2026-03-03 11:00", outcome: .met, stop: 2,
      stoppedAt: "2026-03-03 10:59:59.999",
      working: "hour 10-11 not counted; 24 hours from Monday 11:00; the last millisecond is in time"
    ),
    ThreadCase(
      rule: "forward-police", roles: toPolice,
      acts: lead("2026-03-02 09:00", signedAt: "2026-03-02 10:15")
        + [.receiver("lead.forwarded", "2026-03-03 11:00", on: 1)],
      start: 1, due: "2026-03-03 11:00", outcome: .late, stop: 2, stoppedAt: "2026-03-03 11:00",
      working: "hour 10-11 not counted; 24 hours from Monday 11:00; Tuesday 11:00 is too late"),
    ThreadCase(
      rule: "supplement-request", roles: toPolice,
      acts: lead("2026-03-02 09:00", signedAt: "2026-03-02 10:15")
        + [.receiver("supplement.request", "2026-03-03 10:30", on: 1)],
      start: 1, due: "2026-03-03 11:00", outcome: .met, stop: 2, stoppedAt: "2026-03-03 10:30",
      working: "hour 10-11 not counted; 24 hours from Monday 11:00"),
    ThreadCase(
      rule: "supplement-provide", roles: toPolice,
      acts: lead("2024-02-07 09:00", signedAt: "2024-02-07 10:15")
        + [
          .receiver("supplement.request", "2024-02-07 11:00", on: 1),
          .opener("supplement.provide", "2024-02-19 00:00", on: 2),
        ],
      start: 2, due: "2024-02-18 24:00", outcome: .late, stop: 3, stoppedAt: "2024-02-19 00:00",
      working: "Thu 8 (1), Fri 9 (2), Sat 10 (3) Spring Festival to Sat 17; Sun 18 is worked"),
    ThreadCase(
      rule: "filing-decide", roles: toPolice,
      acts: accepted("2026-03-02 09:00", signedAt: "2026-03-02 10:15")
        + [
          .receiver("supplement.request", "2026-03-03 10:00", on: 2),
          .opener("supplement.provide", "2026-03-06 15:00", on: 3),
          .receiver(
            "lead.decide", "2026-03-10 08:00", "{\"decision\":\"filed\",\"date\":\"2026-03-09\"}",
            on: 2),
        ],
      start: 1, due: "2026-03-09 24:00", outcome: .met, stop: 5,
      stoppedAt: "2026-03-09 23:59:59.999",
      working: "Tue 3 (1), 4-6 taken out, Sat 7 (2), Sun 8 (3) off, Mon 9; decided on the 9th"),
    ThreadCase(
      rule: "filing-decide", roles: toPolice,
      acts: accepted("2026-03-02 09:00", signedAt: "2026-03-02 10:15"),
      start: 1, due: "2026-03-05 24:00", outcome: .open,
      working: "Tue 3 (1), Wed 4 (2), Thu 5 (3)"),
    ThreadCase(
      rule: "filing-decide", roles: toPolice,
      acts: accepted("2026-03-02 09:00", signedAt: "2026-03-02 10:15")
        + [.receiver("supplement.request", "2026-03-05 23:00", on: 2)],
      start: 1, due: nil, outcome: .paused,
      working: "asked on the last day, Thu 5 (3), before it was over"),
    ThreadCase(
      rule: "filing-decide", roles: toPolice,
      acts: accepted("2026-03-02 09:00", signedAt: "2026-03-02 10:15")
        + [.receiver("supplement.request", "2026-03-06 00:00", on: 2)],
      start: 1, due: "2026-03-05 24:00", outcome: .open,
      working: "Thu 5 (3) was over when it was asked: nothing stands still any more"),
    ThreadCase(
      rule: "filing-decide", roles: toPolice,
      acts: lead("2026-03-02 09:00", signedAt: "2026-03-02 10:15")
        + [.receiver("lead.return", "2026-03-04 09:00", on: 1)],
      start: 1, due: "2026-03-05 24:00", outcome: .cancelled, stop: 2,
      stoppedAt: "2026-03-04 09:00", working: "Thu 5 (3); returned, so nothing is to be decided"),
    ThreadCase(
      rule: "review-request", roles: toPolice, acts: notFiled(),
      start: 3, due: "2026-04-07 24:00", outcome: .open,
      working: "told Fri 3; Sat 4 (1) Qingming, Sun 5 (2), Mon 6 (3) off; Tue 7"),
    ThreadCase(
      rule: "review-request", roles: toPolice,
      acts: notFiled() + [reviewRequest("reconsideration", "2026-04-07 23:59")],
      start: 3, due: "2026-04-07 24:00", outcome: .met, stop: 4, stoppedAt: "2026-04-07 23:59",
      working: "told Fri 3; 4-6 April off (1-3); Tue 7"),
    ThreadCase(
      rule: "review-decide", roles: toPolice,
      acts: notFiled() + [
        reviewRequest("reconsideration", "2026-04-07 12:00"),
        reviewDecide("upheld", date: "2026-04-11", "2026-04-11 10:00"),
      ],
      start: 4, due: "2026-04-10 24:00", outcome: .late, stop: 5, stoppedAt: "2026-04-11 10:00",
      working: "Wed 8 (1), Thu 9 (2), Fri 10 (3); decided Sat 11"),
    ThreadCase(
      rule: "supervision-request", roles: toPolice,
      acts: notFiled() + [
        reviewRequest("reconsideration", "2026-04-07 12:00"),
        reviewDecide("upheld", date: "2026-04-09", "2026-04-10 10:00"),
      ],
      start: 5, due: "2026-04-13 24:00", outcome: .open,
      working: "told Fri 10; Sat 11 (1), Sun 12 (2), Mon 13 (3)"),
    ThreadCase(
      rule: "filing-order-obey", roles: toPolice,
      acts: notFiled("2025-09-15") + [
        reviewRequest("supervision", "2025-09-16 12:00"),
        reviewDecide("ordered-to-file", date: "2025-09-20", "2025-09-22 10:00"),
        .receiver(
          "lead.decide", "2025-10-10 09:00", "{\"decision\":\"filed\",\"date\":\"2025-10-09\"}",
          on: 5),
      ],
      start: 5, due: "2025-10-09 24:00", outcome: .met, stop: 6,
      stoppedAt: "2025-10-09 23:59:59.999",
      working: "ordered Sat 20; 5 October is day 15, off to Wed 8; Thu 9, the day of the decision"),
  ]

  private static func notFiled(_ day: String = "2026-04-03") -> [CaseAct] {
    accepted("\(day) 08:00", signedAt: "\(day) 08:30") + [
      .receiver(
        "lead.decide", "\(day) 10:00", "{\"decision\":\"not-filed\",\"date\":\"\(day)\"}", on: 2)
    ]
  }

  private static func reviewRequest(_ procedure: String, _ at: String) -> CaseAct {
    .opener("review.request", at, "{\"procedure\":\"\(procedure)\"}", on: 3)
  }

  private static func reviewDecide(_ decision: String, date: String, _ at: String) -> CaseAct {
    .receiver(
      "review.decide", at, "{\"decision\":\"\(decision)\",\"date\":\"\(date)\"}", on: 4)
  }

  // MARK: Where the procuratorate supervises

  private static let supervised = [
    ThreadCase(
      rule: "nonfiling-explain", roles: (.procuratorate, .police),
      acts: [
        supervision("nonfiling-explain", dueBy: "2026-09-25", "2026-09-18 09:00"),
        .receiver("lead.feedback", "2026-09-28 17:00", on: 0),
      ],
      start: 0, due: "2026-09-28 24:00", outcome: .met, stop: 1, stoppedAt: "2026-09-28 17:00",
      working: "Sat 19 (1) to Fri 25 (7), Mid-Autumn to Sun 27; Mon 28"),
    ThreadCase(
      rule: "filing-order-report", roles: (.procuratorate, .police),
      acts: [
        supervision("filing-order-report", dueBy: "2026-02-20", "2026-01-30 09:00"),
        .receiver("lead.feedback", "2026-02-15 00:00", on: 0),
      ],
      start: 0, due: "2026-02-14 24:00", outcome: .late, stop: 1, stoppedAt: "2026-02-15 00:00",
      working: "14 February is day 15, a Saturday that is worked"),
    ThreadCase(
      rule: "filing-result", roles: (.procuratorate, .police),
      acts: accepted("2023-11-29 08:00", signedAt: "2023-11-29 09:00")
        + [
          .receiver(
            "lead.decide", "2023-12-01 09:00", "{\"decision\":\"filed\",\"date\":\"2023-11-30\"}",
            on: 2),
          .receiver(
            "lead.feedback", "2024-02-01 09:00",
            "{\"stage\":\"investigating\",\"outcome\":\"in-progress\",\"date\":\"2024-02-01\"}",
            on: 3),
          .receiver(
            "lead.feedback", "2024-03-01 08:00",
            "{\"stage\":\"concluded-investigation\",\"outcome\":\"in-progress\","
              + "\"date\":\"2024-02-29\"}", on: 3),
        ],
      start: 3, due: "2024-02-29 24:00", outcome: .met, stop: 5,
      stoppedAt: "2024-02-29 23:59:59.999",
      working: "filed 30 November; no 30 February: Thu 29; that it is under way is no result"),
    ThreadCase(
      rule: "nonfiling-tell", roles: (.enforcement, .procuratorate),
      acts: accepted("2025-01-17 08:00", signedAt: "2025-01-17 09:00")
        + [
          .receiver(
            "lead.decide", "2025-02-06 00:00",
            "{\"decision\":\"not-filed\",\"date\":\"2025-01-18\"}", on: 2)
        ],
      start: 3, due: "2025-02-05 24:00", outcome: .late, stop: 3, stoppedAt: "2025-02-06 00:00",
      working: "decided Sat 18; 28 January is day 10, off to Tue 4; Wed 5; told on the 6th"),
    ThreadCase(
      rule: "supplementary-investigation", roles: (.discipline, .procuratorate),
      acts: lead(
        "2026-01-30 08:00", signedAt: "2026-01-30 09:00", "{\"category\":\"duty-crime\"}")
        + [
          .receiver("supplement.request", "2026-01-31 09:00", on: 1),
          .opener("supplement.provide", "2026-02-28 23:00", on: 2),
        ],
      start: 2, due: "2026-02-28 24:00", outcome: .met, stop: 3, stoppedAt: "2026-02-28 23:00",
      working: "no 31 February: Sat 28, which is worked"),
  ]

  private static func supervision(_ rule: String, dueBy: String, _ at: String) -> CaseAct {
    .opener(
      "notice.remind", at,
      "{\"level\":\"supervise\",\"clock\":\"\(rule)\",\"dueBy\":\"\(dueBy)\"}")
  }

  // MARK: Letters, and rules that are off until they are verified

  private static func letter(_ type: String, _ at: String, _ more: String = "") -> CaseAct {
    .opener("letter.issue", at, "{\"type\":\"\(type)\"\(more)}")
  }

  private static let others = [
    ThreadCase(
      rule: "public-interest-reply", roles: (.procuratorate, .enforcement),
      acts: [
        letter("procuratorial-suggestion", "2025-08-01 09:00"),
        .receiver("letter.reply", "2025-10-10 00:00", on: 0),
      ],
      start: 0, due: "2025-10-09 24:00", outcome: .late, stop: 1, stoppedAt: "2025-10-10 00:00",
      working: "1 October, National Day with Mid-Autumn to Wed 8; Thu 9"),
    ThreadCase(
      rule: "public-interest-reply-urgent", roles: (.procuratorate, .enforcement),
      acts: [letter("procuratorial-suggestion", "2024-09-16 09:00", ",\"urgent\":true")],
      start: 0, due: "2024-10-08 24:00", outcome: .open,
      working: "30 September is day 14, 1 October day 15, off to Mon 7; Tue 8"),
    ThreadCase(
      rule: "judicial-suggestion-reply", roles: (.court, .enforcement),
      acts: [
        letter("judicial-suggestion", "2025-12-15 09:00"),
        .receiver("letter.reply", "2026-02-24 23:59", on: 0),
      ],
      start: 0, due: "2026-02-24 24:00", outcome: .met, stop: 1, stoppedAt: "2026-02-24 23:59",
      working: "15 February, Spring Festival to Mon 23; Tue 24"),
    ThreadCase(
      rule: "procuratorial-suggestion-reply", roles: (.procuratorate, .police),
      acts: [
        letter("procuratorial-suggestion", "2026-03-01 09:00"),
        .opener("record.withdraw", "2026-03-05 09:00", on: 0),
      ],
      start: 0, due: "2026-05-06 24:00", outcome: .cancelled, stop: 1,
      stoppedAt: "2026-03-05 09:00", working: "1 May, Labour Day to Tue 5; Wed 6; withdrawn"),
    ThreadCase(
      rule: "forward-discipline", roles: (.enforcement, .discipline),
      acts: lead("2026-02-11 08:00", signedAt: "2026-02-11 09:00")
        + [.receiver("lead.forwarded", "2026-02-26 00:00", on: 1)],
      start: 1, due: "2026-02-25 24:00", outcome: .late, stop: 2, stoppedAt: "2026-02-26 00:00",
      working: "Thu 12 (1), Fri 13 (2), Sat 14 worked (3), 15-23 off, Tue 24 (4), Wed 25 (5)"),
    ThreadCase(
      rule: "opinion-reply", roles: (.procuratorate, .enforcement),
      acts: accepted("2024-07-31 08:00", signedAt: "2024-08-01 09:00")
        + [.receiver("lead.feedback", "2024-09-30 23:59", on: 2)],
      start: 0, due: "2024-09-30 24:00", outcome: .met, stop: 3, stoppedAt: "2024-09-30 23:59",
      working: "no 31 September: Mon 30"),
    ThreadCase(
      rule: "lead-decide-discipline", roles: (.enforcement, .discipline),
      acts: accepted("2024-04-01 08:00", signedAt: "2024-04-01 09:00")
        + [
          .receiver(
            "lead.decide", "2024-05-07 09:00", "{\"decision\":\"filed\",\"date\":\"2024-05-07\"}",
            on: 2)
        ],
      start: 1, due: "2024-05-06 24:00", outcome: .late, stop: 3, stoppedAt: "2024-05-07 09:00",
      working: "1 May, Labour Day to Sun 5; Mon 6"),
  ]

  // MARK: Days that a record asks for

  private static let asked = [
    ThreadCase(
      rule: "asked-transfer-reply", roles: (.enforcement, .discipline),
      acts: lead(
        "2026-03-02 09:00", signedAt: "2026-03-02 10:15", "{\"replyBy\":\"2026-03-06\"}")
        + [.receiver("lead.accept", "2026-03-06 23:59:59.999", on: 1)],
      start: 0, due: "2026-03-06 24:00", outcome: .met, stop: 2,
      stoppedAt: "2026-03-06 23:59:59.999", working: "to the end of Fri 6; signing is no answer"),
    ThreadCase(
      rule: "asked-supplement", roles: (.enforcement, .discipline),
      acts: lead("2026-09-21 09:00", signedAt: "2026-09-21 10:15")
        + [
          .receiver("supplement.request", "2026-09-22 09:00", "{\"dueBy\":\"2026-10-01\"}", on: 1)
        ],
      start: 2, due: "2026-10-01 24:00", outcome: .open,
      working: "to the end of Thu 1, though it is off: a day that was named stays"),
    ThreadCase(
      rule: "asked-letter-reply", roles: (.discipline, .enforcement),
      acts: [
        letter("supervisory-suggestion", "2026-03-02 09:00", ",\"replyBy\":\"2026-03-31\""),
        .receiver("letter.reply", "2026-04-01 00:00", on: 0),
      ],
      start: 0, due: "2026-03-31 24:00", outcome: .late, stop: 1, stoppedAt: "2026-04-01 00:00",
      working: "to the end of Tue 31"),
    ThreadCase(
      rule: "asked-consult-reply", roles: (.enforcement, .discipline),
      acts: [
        .opener("lead.transfer", "2026-03-02 09:00"),
        .receiver("consult.open", "2026-03-03 09:00", "{\"replyBy\":\"2026-03-06\"}", on: 0),
        .receiver("consult.note", "2026-03-04 09:00", on: 1),
        .opener("consult.note", "2026-03-05 09:00", on: 1),
      ],
      start: 1, due: "2026-03-06 24:00", outcome: .met, stop: 3, stoppedAt: "2026-03-05 09:00",
      working: "to the end of Fri 6; a note of the end that asked is no opinion of the other"),
    ThreadCase(
      rule: "asked-reminder", roles: toPolice,
      acts: accepted("2026-03-02 09:00", signedAt: "2026-03-02 10:15")
        + [
          .opener(
            "notice.remind", "2026-03-06 09:00",
            "{\"level\":\"remind\",\"clock\":\"filing-decide\",\"dueBy\":\"2026-03-09\"}", on: 0),
          .receiver(
            "lead.feedback", "2026-03-07 09:00",
            "{\"stage\":\"investigating\",\"outcome\":\"in-progress\",\"date\":\"2026-03-07\"}",
            on: 2),
          .receiver(
            "lead.decide", "2026-03-09 20:00", "{\"decision\":\"filed\",\"date\":\"2026-03-09\"}",
            on: 2),
        ],
      start: 3, due: "2026-03-09 24:00", outcome: .met, stop: 5, stoppedAt: "2026-03-09 20:00",
      working: "to the end of Mon 9; only what stops filing-decide will do"),
    ThreadCase(
      rule: "asked-supervision", roles: (.discipline, .enforcement),
      acts: [
        supervision("asked-transfer-reply", dueBy: "2026-03-06", "2026-03-02 09:00"),
        .receiver("lead.feedback", "2026-03-07 00:00", on: 0),
      ],
      start: 0, due: "2026-03-06 24:00", outcome: .late, stop: 1, stoppedAt: "2026-03-07 00:00",
      working: "to the end of Fri 6"),
  ]
}
