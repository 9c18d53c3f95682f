/// A word that no name or title of a schema may use, because a field so named would hold what no
/// record may hold.
struct BarredTerm {
  enum Form {
    /// A whole word, or a run of words written together or apart: `partyMember`, `party_member`.
    case word
    /// The same, with anything behind it: `ethnic`, `ethnicity`, `ethnicGroup`.
    case stem
    /// Chinese characters anywhere.
    case chinese
  }

  /// UTF-8, Latin letters small.
  let text: [UInt8]
  let form: Form
  /// What makes it something else when it stands right before it.
  let except: [[UInt8]]

  private init(_ text: String, _ form: Form, except: [String]) {
    self.text = Array(text.utf8)
    self.form = form
    self.except = except.map { Array($0.utf8) }
  }

  static func word(_ text: String, except: [String] = []) -> BarredTerm {
    BarredTerm(text, .word, except: except)
  }

  static func stem(_ text: String) -> BarredTerm {
    BarredTerm(text, .stem, except: [])
  }

  static func chinese(_ text: String, except: [String] = []) -> BarredTerm {
    BarredTerm(text, .chinese, except: except)
  }

  func isIn(_ name: NameWords) -> Bool {
    switch form {
    case .word: name.contains(text, asStem: false, except: except)
    case .stem: name.contains(text, asStem: true, except: except)
    case .chinese: name.contains(chinese: text, except: except)
    }
  }
}

extension BarredTerm {
  /// Every term, with why it is here. Descriptions are not looked at: they may say what is *not*
  /// held. A bare `public-report` (群众举报) says that someone reported and nothing about who, so
  /// 举报 and `report` are free; so is `party`, which may be a party to a case. Left out, because
  /// it more often means something else: pinyin dangling (党龄, and an English word), xianren (线人,
  /// and 现任), zhengdang (政党, and 正当).
  static let all: [BarredTerm] = ethnicity + religion + politics + petitioning + informants

  private static let ethnicity: [BarredTerm] = [
    .stem("ethnic"),  // ethnicity, ethnicGroup, ethnicMinority
    .word("race"),  // whole, so that trace and embrace are free
    .stem("racial"),
    .word("nation", except: ["united"]),  // 民族 as often put into English; not national, nationwide
    .word("nationality"), .word("nationalities"),  // 民族 again; a lead needs no citizenship either
    .word("tribe"), .stem("tribal"),
    .word("minority"), .word("minorities"),  // 少数民族
    .word("ancestry"),  // 族裔
    .chinese("民族"),  // and 少数民族, 民族成分
    .chinese("族别"),  // the column's name in registers
    .chinese("种族"), .chinese("族裔"), .chinese("族群"), .chinese("族称"),
    .stem("minzu"),  // 民族
    .word("zubie"),  // 族别
    .word("zhongzu"),  // 种族
    .stem("shaoshuminzu"),  // 少数民族, written as one word
    .word("mz"),  // initials of 民族, as columns are named in registers
  ]

  private static let religion: [BarredTerm] = [
    .stem("religio"),  // religion, religious, religiosity
    .word("belief"), .stem("believer"),
    .word("faith", except: ["good", "bad"]),  // good faith 善意 is a term of law
    .word("creed"),
    .stem("worship"),
    .chinese("宗教"), .chinese("信仰"), .chinese("信教"), .chinese("教派"), .chinese("教徒"),
    .chinese("信徒"), .chinese("信众"),
    .stem("zongjiao"),  // 宗教
    .word("xinyang"),  // 信仰; the city 信阳 is a division code, never a field
    .word("xinjiao"),  // 信教
    .word("jiaopai"),  // 教派
    .stem("jiaotu"),  // 教徒
    .word("xintu"),  // 信徒; whole, so that xintuo (信托, a trust) is free
    .word("zjxy"),  // initials of 宗教信仰
  ]

  private static let politics: [BarredTerm] = [
    .stem("politic"),  // political status, opinion, party, affiliation; politics
    .stem("partymember"),  // partyMember, partyMembership; party alone is free
    .stem("partyaffiliation"), .stem("partystatus"), .stem("partyidentity"),
    .word("partybranch"), .word("partycard"), .word("partyjoin"), .word("joinedparty"),
    .stem("communist"),  // the party, and its youth league
    .word("cpcmember"), .word("ccpmember"), .word("youthleague"), .word("leaguemember"),
    .stem("ideolog"),  // ideology, ideological
    .chinese("政治"),  // 政治面貌, 政治身份, 政治立场, 政治观点, 政治倾向
    .chinese("党员"), .chinese("党派"), .chinese("党籍"), .chinese("党龄"), .chinese("政党"),
    .chinese("入党"), .chinese("党支部"), .chinese("党组织关系"),
    .chinese("团员"), .chinese("共青团"),  // the youth league's members are a political status
    .stem("zhengzhi"),  // 政治
    .stem("mianmao"),  // 面貌, short for 政治面貌
    .stem("dangyuan"),  // 党员
    .stem("dangpai"),  // 党派
    .word("dangji"),  // 党籍; 党纪 names a penalty that only members can have, so it tells as much
    .stem("rudang"),  // 入党
    .stem("tuanyuan"), .stem("gongqingtuan"),  // 团员, 共青团
    .word("zzmm"),  // initials of 政治面貌
  ]

  private static let petitioning: [BarredTerm] = [
    .stem("petition"),  // petition, petitioner, petitioning; competition and repetition are free
    .stem("xinfang"),  // 信访, also 信访件 and 信访人
    .stem("shangfang"),  // 上访
    .stem("fangmin"),  // 访民
    .chinese("信访"), .chinese("上访"), .chinese("访民"), .chinese("缠访"), .chinese("闹访"),
    .chinese("来访人"), .chinese("来信人"),
    .word("lettersandvisits"), .word("lettersvisits"),  // 信访 as the bureaux put it into English
  ]

  private static let informants: [BarredTerm] = [
    .stem("informant"), .stem("informer"), .stem("tipster"),
    .stem("reporter"),  // whoever reported; reportedAt and public-report are free
    .word("reportedby"), .word("reportingperson"), .word("whoreported"),
    .stem("complainant"), .stem("complainer"), .stem("accuser"), .stem("denouncer"),
    .stem("whistleblow"),  // whistleblower, whistle-blowing
    .word("sourceperson"), .word("leadprovider"),  // 线索提供人
    .chinese("举报人"), .chinese("举报者"), .chinese("实名举报"), .chinese("匿名举报"),
    .chinese("检举人"), .chinese("控告人"), .chinese("投诉人"), .chinese("告发人"),
    .chinese("报案人"), .chinese("反映人"),  // 反映人: who raised it, in petition offices
    .chinese("线索提供人"), .chinese("吹哨人"), .chinese("爆料人"),
    .chinese("线人", except: ["在"]),  // 在线人数, people on line, is another word
    .stem("jubaoren"), .stem("jubaozhe"),  // 举报人, 举报者
    .stem("jianjuren"),  // 检举人
    .stem("konggaoren"),  // 控告人
    .stem("tousuren"),  // 投诉人
    .stem("gaofaren"),  // 告发人
    .stem("baoanren"),  // 报案人
    .stem("fanyingren"),  // 反映人
    .stem("xiansuotigongren"),  // 线索提供人
    .stem("chuishaoren"),  // 吹哨人
    .stem("baoliaoren"),  // 爆料人
    .word("jbr"),  // initials of 举报人
  ]
}
